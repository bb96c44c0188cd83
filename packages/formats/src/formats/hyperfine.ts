import { documentsOf, hasKeys } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { listAt, objectAt, plainNumber, type RecordPlace, readFields, readSamples, textOf, unknownLabels } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { CONSOLE_FIELDS, isHyperfineText, readHyperfineText } from './hyperfine-console.ts';
import { isHyperfineCsv, readHyperfineCsv } from './hyperfine-csv.ts';
import { commandLabels, failureOfCommand, failureOfExits } from './hyperfine-labels.ts';
import { isHyperfineTable, readHyperfineTable } from './hyperfine-markdown.ts';
import { RAW_FIELDS, RESULT_FIELDS, RUN_FIELDS } from './hyperfine-metrics.ts';
import { isSecondSchema, readSecondSchema } from './hyperfine-schema-2.ts';
import { hyperfineTextTables, isHyperfineTextTable } from './hyperfine-text-tables.ts';
import { readOtherTables } from './markdown-page.ts';
import { isPrinted, warnAboutCutLine } from './printed-text.ts';

const KNOWN_KEYS = new Set(['command', 'exit_codes', 'parameters', ...Object.keys(RESULT_FIELDS), ...Object.keys(RAW_FIELDS)]);

/** hyperfine, a benchmark of commands: JSON of both schemas, CSV, the tables of `--export-markdown`, `-orgmode` and `-asciidoc`, and what it prints. */
export const hyperfine: Format = {
  name: 'hyperfine',
  tool: 'hyperfine',
  signature:
    'JSON: `results[].command` with `mean` and `times` (since version 2 `measurements[].time_wall_clock`); CSV: `command,mean,stddev,…`; Markdown, Org and AsciiDoc: a table with `Command`, `Mean [ms]`; text: `Benchmark 1: …` and below it `Time (mean ± σ):     103.2 ms`',
  detect(content) {
    if (content.shape === 'text') return isPrinted(content.kind) && (isHyperfineText(content.text) || isHyperfineTextTable(content.text));
    if (content.shape === 'table') return content.tables.some(({ columns }) => isHyperfineCsv(columns));
    if (content.shape === 'markdown') return content.tables.some(({ columns }) => isHyperfineTable(columns));
    return documentsOf(content)
      .slice(0, 1)
      .some(({ value }) => isObject(value) && isExport(value));
  },
  read(content, extract) {
    if (content.shape === 'text') readText(extract, content.text);
    if (content.shape === 'table') for (const table of content.tables) readHyperfineCsv(extract, table);
    if (content.shape === 'markdown') readOtherTables(extract, content.tables);
    for (const { at, value } of documentsOf(content)) if (isObject(value) && isExport(value)) readExport(extract, value, at);
  },
  fields: {
    'of a command': RESULT_FIELDS,
    'of each of its runs': RAW_FIELDS,
    'of each run, since version 2': RUN_FIELDS,
    'on the terminal': CONSOLE_FIELDS,
  },
  labels: { command: 'command' },
  notes: [
    'JSON and CSV are in seconds, whatever the console said; the Markdown table states its unit in the header.',
    'A command is failed where any run of it had an exit code other than 0, or none, or where its name is marked `[ERROR]`: a command that cannot start is the fastest of all. CSV and Markdown say nothing of exit codes; the terminal says where one was ignored, on its standard error.',
    'What is printed is rounded. Where a command ran once, its time is the only one, without mean and range.',
    '`user` and `system` are processor time: over several cores they may exceed the time that passed.',
    'Parameters are labels under their own names. The columns `Relative`, `Change` and `Factor` only compare the rows with each other and are not read.',
  ],
};

function readText(extract: Extract, text: string): void {
  const { tables, cut, odd } = isHyperfineText(text) ? { tables: [], cut: null, odd: [] } : hyperfineTextTables(text, extract.limits);
  for (const line of odd) extract.warnings.add('odd rows', `line ${line}: the row has not as many cells as the header: it was not read`);
  for (const table of tables) readHyperfineTable(extract, table);
  if (cut !== null) warnAboutCutLine(extract, cut);
  if (tables.length === 0) readHyperfineText(extract, text);
}

function isExport(value: JsonObject): boolean {
  const first = listAt(value, 'results')[0];
  return isObject(first) && (isResult(first) || isSecondSchema(first));
}

/** Whether an object is a command's result of the first schema. */
function isResult(object: JsonObject): boolean {
  if (!hasKeys(object, 'command', 'mean') || textOf(object.command) === null) return false;
  return Array.isArray(object.times) || hasKeys(object, 'user', 'system', 'min', 'max');
}

function readExport(extract: Extract, value: JsonObject, at: string): void {
  const metadata = objectAt(value, 'metadata');
  for (const [index, result] of listAt(value, 'results').entries()) {
    const place = `${at}/results/${index}`;
    if (isObject(result) && isSecondSchema(result)) readSecondSchema(extract, result, metadata, place);
    else if (isObject(result) && isResult(result)) readResult(extract, result, place);
    else extract.warnings.add('results without a command', `${place}: no result of a command that is known: it was not read`);
  }
}

function readResult(extract: Extract, result: JsonObject, at: string): void {
  const command = textOf(result.command) ?? '';
  const labels = commandLabels(command, Object.entries(objectAt(result, 'parameters')));
  unknownLabels(result, (key) => KNOWN_KEYS.has(key), labels);
  extract.records += 1;
  const codes = listAt(result, 'exit_codes');
  const reason = failureOfCommand(command) ?? failureOfExits(codes);
  if (reason !== null) extract.fail({ pointer: at, reason: `${reason} ("${excerpt(command, 60)}")` });
  const times = listAt(result, 'times').filter((one) => plainNumber(one) !== null).length;
  const place: RecordPlace = { at, labels, failed: reason !== null, n: times > 0 ? times : null };
  if (codes.length > 0 && times > 0 && codes.length !== times)
    extract.warnings.add('exit codes', `${at}: ${times} times and ${codes.length} exit codes: it is not said how every run ended`);
  readFields(extract, result, RESULT_FIELDS, place);
  readSamples(extract, listAt(result, 'times'), RAW_FIELDS.times, { ...place, at: `${at}/times` });
  const memory = listAt(result, 'memory_usage_byte');
  // No program runs in no memory: where the system does not say, hyperfine writes 0.
  if (memory.some((one) => plainNumber(one) !== 0))
    readSamples(extract, memory, RAW_FIELDS.memory_usage_byte, { ...place, at: `${at}/memory_usage_byte` });
}
