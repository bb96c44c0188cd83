import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';

const over = 'runs';
const ESTIMATE: FieldMeaning = {
  metric: 'execution_time',
  statistic: 'value',
  unit: 'ns',
  over,
  note: 'or in the unit that it is printed in',
};
const ITER: FieldMeaning = { metric: 'execution_time', statistic: 'value', unit: 'ns', over };
const own = (statistic: string): FieldMeaning => ({ metric: 'own', statistic, unit: null });

/** What docs/formats.md prints. */
export const CONSOLE: FieldTable = {
  'time: [… middle …]': ESTIMATE,
  'time: [lower … upper]': { ...own('lower'), note: 'and `upper`, in the unit that they are printed in' },
  'thrpt: […]': { ...own('value'), note: 'in the unit that it is printed in' },
  'bench: … ns/iter': ITER,
  '(+/- …)': { ...own('deviation'), unit: 'ns' },
};

const NUMBER = String.raw`(\d{1,15}(?:\.\d{1,15})?)`;
const TIME = `${NUMBER} (ps|ns|us|µs|μs|ms|s)`;
const RATE = String.raw`${NUMBER} ([KMGT]?i?(?:elem|B|bytes|bits|b)\/s|[A-Za-z]{1,12}\/s)`;
const THREE = (one: string): string => String.raw`\[${one} ${one} ${one}\]`;
const TIMED = new RegExp(`^(\\S.{0,400}?)?[ \\t]{1,60}time:[ \\t]{1,20}${THREE(TIME)}[ \\t]*$`, 'u');
const THROUGHPUT = new RegExp(`^[ \\t]{1,60}thrpt:[ \\t]{1,20}${THREE(RATE)}[ \\t]*$`, 'u');
const BENCH = /^test (\S.{0,400}?) +\.\.\. bench: {1,20}([\d,.]{1,30}) ns\/iter \(\+\/- ([\d,.]{1,30})\)(?: = \d{1,15} MB\/s)?[ \t]*$/;
const NOT_RUN = /^test (\S.{0,400}?) +\.\.\. (?:bench: +)?FAILED\b/;
/** Criterion runs all benchmarks in one process, which ends where one panics. */
const BROKEN =
  /^(?:thread '.{1,200}' (?:\(\d{1,20}\) )?panicked at |error: (?:bench failed|could not compile|process didn't exit successfully))/;
const COLLECTING = /: Collecting (\d{1,9}) samples in /;
/** A name that is too long for its column stands on a line of its own, right above. */
const NAME_ABOVE = /^\S.{0,400}$/;
const BEGUN = /^(?:test .{1,400} \.\.\. bench:|.{0,400}\s(?:time|thrpt):\s)/;

const SOME = new RegExp(`(?:^|[\\r\\n])[^\\r\\n]{0,400}[ \\t]time:[ \\t]{1,20}${THREE(TIME)}`, 'u');
const SOME_BENCH = /(?:^|[\r\n])test \S[^\r\n]{0,400} \.\.\. bench: {1,20}[\d,.]{1,30} ns\/iter \(\+\/- [\d,.]{1,30}\)/;

/** Whether a text is what Criterion or Rust's harness prints. */
export function isCriterionText(text: string): boolean {
  if (text.includes(' ns/iter (+/- ') && SOME_BENCH.test(text)) return true;
  return text.includes('time:') && near(text, 'time:').some((part) => SOME.test(part));
}

/** What stands around a word, so that an expression need not look at the whole text. */
function near(text: string, word: string): string[] {
  const parts: string[] = [];
  for (let at = text.indexOf(word); at >= 0 && parts.length < 200; at = text.indexOf(word, at + word.length))
    parts.push(text.slice(Math.max(0, at - 500), at + 200));
  return parts;
}

/** Reads the estimates in a text. */
export function readCriterionText(extract: Extract, text: string): void {
  let above = '';
  let test = '';
  let n: number | null = null;
  for (const line of textLines(text)) {
    const { text: shown } = line;
    n = countIn(shown) ?? n;
    const timed = TIMED.exec(shown);
    const rates = THROUGHPUT.exec(shown);
    const bench = BENCH.exec(shown);
    if (timed !== null) {
      test = (timed[1] ?? above).trim();
      readThree(extract, timed.slice(2), { line, test, n, name: 'time', meaning: ESTIMATE });
      n = null;
    } else if (rates !== null) readThree(extract, rates.slice(1), { line, test, n: null, name: 'thrpt', meaning: own('value') });
    else if (bench !== null) readBench(extract, line, bench);
    else if (!line.ended && BEGUN.test(shown)) warnAboutCutLine(extract, line);
    const [, failed] = NOT_RUN.exec(shown) ?? [];
    if (failed !== undefined) {
      extract.records += 1;
      extract.fail({ pointer: `line ${line.line}`, reason: `the benchmark failed ("${excerpt(failed, 80)}")` });
    } else if (BROKEN.test(shown))
      extract.warnings.add('broken runs', `line ${line.line}: "${excerpt(shown, 80)}": what it would have measured next may be missing`);
    above = NAME_ABOVE.test(shown) ? shown : '';
  }
}

function countIn(line: string): number | null {
  const [, count] = (line.includes(': Collecting ') && COLLECTING.exec(line)) || [];
  return count === undefined ? null : Number(count);
}

type Three = { line: TextLine; test: string; n: number | null; name: string; meaning: FieldMeaning };

/** Lower bound, estimate and upper bound, each with its unit. */
function readThree(extract: Extract, found: readonly (string | undefined)[], { line, test, n, name, meaning }: Three): void {
  const labels: Record<string, string> = { tool: 'criterion' };
  addLabel(labels, 'test', test, extract);
  if (name === 'time') extract.records += 1;
  for (const [index, statistic] of ['lower', 'value', 'upper'].entries()) {
    const [literal, symbol] = [found[2 * index], found[2 * index + 1]];
    if (literal === undefined || symbol === undefined) continue;
    const unit = /^[µμ]s$/u.test(symbol) ? 'us' : symbol;
    const what = statistic === 'value' ? { ...meaning, unit } : { ...own(statistic), unit };
    addNumber(extract, new LiteralNumber(literal), what, { labels, n, pointer: `line ${line.line} column ${name} ${statistic}` }, name);
  }
}

function readBench(extract: Extract, { line }: TextLine, [, test, estimate, deviation]: RegExpExecArray): void {
  const labels: Record<string, string> = { tool: 'cargo bench' };
  addLabel(labels, 'test', test, extract);
  extract.records += 1;
  const add = (literal: string | undefined, meaning: FieldMeaning, column: string): void => {
    const plain = withoutGroups(literal ?? '');
    const pointer = `line ${line} column ${column}`;
    if (plain === null) extract.warnings.add('no numbers', `${pointer}: "${excerpt(literal ?? '', 40)}" is no number; it was not read`);
    else addNumber(extract, new LiteralNumber(plain), meaning, { labels, pointer }, column);
  };
  add(estimate, ITER, 'ns/iter');
  add(deviation, { ...own('deviation'), unit: 'ns' }, '+/-');
}

/** The harness writes thousands in groups of three, with commas between them. */
function withoutGroups(literal: string): string | null {
  if (/^\d{1,15}(?:\.\d{1,9})?$/.test(literal)) return literal;
  return /^\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?$/.test(literal) ? literal.replaceAll(',', '') : null;
}
