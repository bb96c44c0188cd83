import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { commandLabels, failureOfCommand } from './hyperfine-labels.ts';
import { type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';

const time = (statistic: string): FieldMeaning => ({
  metric: 'execution_time',
  statistic,
  unit: 's',
  over: 'repetitions',
  note: 'or in the unit that is printed behind it',
});
const cpuTime: FieldMeaning = { metric: 'own', statistic: 'mean', unit: 's', over: 'repetitions', note: 'processor time' };

/** By the words of the lines. */
export const CONSOLE_FIELDS: FieldTable = {
  'Time mean': time('mean'),
  'Time σ': time('stddev'),
  'Time abs': { ...time('value'), note: 'of the only run' },
  'Range min': time('min'),
  'Range max': time('max'),
  User: cpuTime,
  System: cpuTime,
};

const DURATION = String.raw`(\d{1,12}(?:\.\d{1,9})?) (s|ms|µs|μs|us)`;
const CPU = `(?: {1,40}\\[User: {1,20}${DURATION}, System: {1,20}${DURATION}\\])?`;
const HEAD = /^Benchmark #?\d{1,6}: (\S.{0,3000})$/;
// The signs between the words and numbers are not of ASCII, and not always whole.
const MEAN = new RegExp(`^Time \\(mean \\S{1,5} \\S{1,5}\\): {1,20}${DURATION} {1,5}\\S{1,5} {1,20}${DURATION}${CPU}$`, 'u');
const ONLY = new RegExp(`^Time \\(abs \\S{1,5}\\): {1,20}${DURATION}${CPU}$`, 'u');
const RANGE = new RegExp(
  `^Range \\(min \\S{1,5} max\\): {1,20}${DURATION} {1,5}\\S{1,5} {1,20}${DURATION}(?: {1,40}(\\d{1,9}) runs?)?$`,
  'u',
);
const IGNORED = /^Warning: Ignoring non-zero exit code/;
const ENDED = /^Error: (Command terminated .{1,200}|The command .{1,200})$/;

/** Whether a text holds what hyperfine prints of a command. */
export function isHyperfineText(text: string): boolean {
  return (
    text.includes('Benchmark ') &&
    /^[ \t]{0,40}Benchmark #?\d{1,6}: \S/m.test(text) &&
    /^[ \t]{0,40}Time \((?:mean|abs) \S{1,5}(?: \S{1,5})?\): {1,20}\d/mu.test(text)
  );
}

type Value = { field: string; literal: string; symbol: string; pointer: string };
type Command = { line: number; name: string; values: Value[]; runs: number | null; reason: string | null };

/** Reads the commands of a text, each with what is printed below its name. */
export function readHyperfineText(extract: Extract, text: string): void {
  let command: Command | null = null;
  for (const line of textLines(text)) {
    const own = line.text.trim();
    if (!line.ended && own !== '') {
      warnAboutCutLine(extract, line);
      break;
    }
    const name = HEAD.exec(own)?.[1];
    if (name !== undefined) {
      if (command !== null) readCommand(extract, command);
      command = { line: line.line, name, values: [], runs: null, reason: failureOfCommand(name) };
    } else if (command !== null) see(command, line, own);
  }
  if (command === null) return;
  if (!isWhole(command)) extract.warnings.endsInside();
  readCommand(extract, command);
}

function see(command: Command, { line }: TextLine, text: string): void {
  const add = (field: string, literal: string | undefined, symbol: string | undefined, place: string): void => {
    if (literal !== undefined && symbol !== undefined)
      command.values.push({ field, literal, symbol, pointer: `line ${line} column ${place}` });
  };
  const [, mean, meanUnit, deviation, deviationUnit, ...cpu] = MEAN.exec(text) ?? [];
  const [, only, onlyUnit, ...onlyCpu] = ONLY.exec(text) ?? [];
  const [, min, minUnit, max, maxUnit, runs] = RANGE.exec(text) ?? [];
  const [user, userUnit, system, systemUnit] = only === undefined ? cpu : onlyCpu;
  add('Time mean', mean, meanUnit, 'Time mean');
  add('Time σ', deviation, deviationUnit, 'Time σ');
  add('Time abs', only, onlyUnit, 'Time abs');
  add('User', user, userUnit, 'User');
  add('System', system, systemUnit, 'System');
  add('Range min', min, minUnit, 'Range min');
  add('Range max', max, maxUnit, 'Range max');
  if (only !== undefined) command.runs = 1;
  if (runs !== undefined) command.runs = Number(runs);
  const ended = ENDED.exec(text)?.[1];
  if (IGNORED.test(text)) command.reason ??= 'an exit code that was not 0 was ignored';
  if (ended !== undefined) command.reason ??= excerpt(ended, 100);
}

/** A mean has its range on the next line, which says how many runs there were. */
function isWhole({ values, reason }: Command): boolean {
  return reason !== null || values.some(({ field }) => field === 'Time abs' || field === 'Range max');
}

function readCommand(extract: Extract, command: Command): void {
  const { line, name, values, runs, reason } = command;
  const labels = commandLabels(name, []);
  if (!isWhole(command)) {
    extract.warnings.add('broken runs', `line ${line}: "${excerpt(name, 60)}" has no time, or no range of it: it was not read`);
    return;
  }
  extract.records += 1;
  if (reason !== null) extract.fail({ pointer: `line ${line}`, reason: `${reason} ("${excerpt(name, 60)}")` });
  for (const { field, literal, symbol, pointer } of values) {
    const meaning = CONSOLE_FIELDS[field];
    if (meaning === undefined) continue;
    const statistic = meaning.metric === 'own' && runs === 1 ? 'value' : meaning.statistic;
    const n = meaning.statistic === 'value' ? null : runs;
    addNumber(
      extract,
      new LiteralNumber(literal),
      { ...meaning, statistic, unit: unitOfSymbol(symbol) },
      { labels, n, pointer, failed: reason !== null },
      field,
    );
  }
}
