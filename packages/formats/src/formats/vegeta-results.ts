import { CsvCells } from '../csv-cells.ts';
import { csvRows } from '../csv-rows.ts';
import { hasKeys } from '../documents.ts';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldTable, type Labels, numberOf, plainNumber, textOf } from '../fields.ts';
import { segment } from '../json-pointer.ts';
import { type JsonObject, LiteralNumber } from '../json-value.ts';

/** Of one request, in JSON lines under these names. */
export const RESULT_FIELDS = {
  latency: { metric: 'request_latency', statistic: 'value', unit: 'ns', over: 'requests' },
  bytes_out: { metric: 'own', statistic: 'value', unit: 'bytes', over: 'requests' },
  bytes_in: { metric: 'own', statistic: 'value', unit: 'bytes', over: 'requests' },
} as const satisfies FieldTable;

/** In CSV they stand in this order, without a header; versions have six of them, or more. */
const COLUMNS = ['timestamp', 'code', 'latency', 'bytes_out', 'bytes_in', 'error', 'body', 'attack', 'seq', 'method', 'url', 'headers'];
const FEWEST = 6;
/** Nanoseconds since 1970, a status or 0, and three counts. */
const FIRST = /^\d{18,19},(?:0|[1-5]\d\d),\d{1,15},\d{1,15},\d{1,15},/;

/** Whether a text is the CSV of `vegeta encode`. */
export function isVegetaCsv(text: string): boolean {
  if (!FIRST.test(text)) return false;
  const cells = new CsvCells(text, ',');
  let width = 1;
  while (cells.next() && !cells.last && width <= COLUMNS.length) width += 1;
  return width >= FEWEST && width <= COLUMNS.length;
}

/** Whether an object is a line of `vegeta encode --to json`. */
export function isVegetaResult(object: JsonObject): boolean {
  return hasKeys(object, 'code', 'timestamp', 'latency', 'bytes_out', 'bytes_in', 'seq') && numberOf(object.latency) !== null;
}

/** Reads such a line. A request that got no answer, or an error, is a failed record. */
export function readVegetaResult(extract: Extract, result: JsonObject, at: string): void {
  const labels: Record<string, string> = { tool: 'vegeta' };
  addLabel(labels, 'test', result.attack, extract);
  addLabel(labels, 'method', result.method, extract);
  const failed = tellFailure(extract, { code: plainNumber(result.code), error: textOf(result.error) ?? '', pointer: `${at}/code` });
  for (const [field, meaning] of Object.entries(RESULT_FIELDS))
    addNumber(extract, result[field], meaning, { labels, pointer: at + segment(field), failed }, field);
}

/** Reads such CSV. */
export function readVegetaCsv(extract: Extract, text: string): void {
  const { rows, end } = csvRows(text, ',', extract.limits);
  const width = rows[0]?.cells.length ?? 0;
  const known = new Map<string, Labels>();
  for (const [index, { line, cells, broken }] of rows.entries()) {
    const at = (column: string): string => cells[COLUMNS.indexOf(column)] ?? '';
    if (index === rows.length - 1 && end !== 'line') {
      extract.warnings.endsInside();
      extract.warnings.add('last line', `line ${line}, the last one, has no line end and may be cut: it was not read`);
    } else if (cells.length === 1 && at('timestamp').trim() === '') {
      // A blank line.
    } else if (broken || cells.length !== width || !/^\d{1,3}$/.test(at('code')) || !/^\d{1,15}$/.test(at('latency')))
      extract.warnings.add('rows left out', `line ${line} is no result of a request: it was not read`);
    else {
      const key = `${at('method')} ${at('attack')}`;
      const labels = known.get(key) ?? labelsOfRow(at, extract);
      if (known.size < 1_000) known.set(key, labels);
      const failed = tellFailure(extract, { code: Number(at('code')), error: at('error'), pointer: `line ${line} column code` });
      for (const [field, meaning] of Object.entries(RESULT_FIELDS))
        if (/^\d{1,19}$/.test(at(field)))
          addNumber(extract, new LiteralNumber(at(field)), meaning, { labels, pointer: `line ${line} column ${field}`, failed }, field);
    }
  }
}

function labelsOfRow(at: (column: string) => string, extract: Extract): Labels {
  const labels: Record<string, string> = { tool: 'vegeta' };
  addLabel(labels, 'test', at('attack'), extract);
  addLabel(labels, 'method', at('method'), extract);
  return labels;
}

type Outcome = { code: number | null; error: string; pointer: string };

/** Counts the request, and keeps it as a failed record where it was no success as vegeta counts them. */
function tellFailure(extract: Extract, { code, error, pointer }: Outcome): boolean {
  extract.records += 1;
  if (code !== null && code >= 200 && code < 400 && error === '') return false;
  const why =
    code === 0 || code === null
      ? 'the request got no answer'
      : `the answer was ${code >= 200 && code < 400 ? 'broken' : 'an error'}: status ${code}`;
  extract.fail({ pointer, reason: error === '' ? why : `${why} (${excerpt(error, 80)})` });
  return true;
}
