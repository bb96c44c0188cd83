import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { unitOfSymbol } from '../unit-from-name.ts';
import { type AutocannonRun, CELL, runsIn } from './autocannon-console-runs.ts';

const latency = (statistic: string): FieldMeaning => ({ metric: 'request_latency', statistic, unit: 'ms', over: 'requests' });
const rate = (statistic: string): FieldMeaning => ({ metric: 'request_throughput', statistic, unit: 'req/s', over: 'samples' });
const bytes = (statistic: string): FieldMeaning => ({
  metric: 'own',
  statistic,
  unit: 'bytes/s',
  over: 'samples',
  note: 'in the unit of its cell',
});
const count: FieldMeaning = { metric: 'own', statistic: 'value', unit: null, over: 'runs' };

/** By row and column of the tables, and by the words of the lines below. */
export const CONSOLE_FIELDS: FieldTable = {
  'Latency 2.5%': latency('p2.5'),
  'Latency 50%': latency('median'),
  'Latency 97.5%': latency('p97.5'),
  'Latency 99%': latency('p99'),
  'Latency Avg': latency('mean'),
  'Latency Stdev': latency('stddev'),
  'Latency Max': latency('max'),
  'Req/Sec Avg': { ...rate('mean'), note: 'of the seconds of the run' },
  'Req/Sec Stdev': rate('stddev'),
  'Req/Sec Min': rate('min'),
  'Bytes/Sec Avg': bytes('mean'),
  'Bytes/Sec Stdev': bytes('stddev'),
  'Bytes/Sec Min': bytes('min'),
  'requests in': { metric: 'duration', statistic: 'value', unit: 's', over: 'runs' },
  errors: count,
  'non 2xx responses': count,
};

/** Reads the runs of a text. */
export function readAutocannonText(extract: Extract, text: string): void {
  for (const run of runsIn(extract, text)) readRun(extract, run);
}

function readRun(extract: Extract, run: AutocannonRun): void {
  const { line, labels, bad, errors, foreign, sampled } = run;
  extract.records += 1;
  const failed = tellFailures(extract, run);
  if (foreign !== null)
    extract.warnings.add(
      'foreign numbers',
      `line ${foreign}: the requests by second are not written as in English, so that a point may stand between thousands: they were not read`,
    );
  const isSampled = sampled !== null && Number(sampled) !== 1;
  if (isSampled)
    extract.warnings.add(
      'samples of other lengths',
      `line ${line}: requests and bytes were counted every ${sampled} seconds and not by second: they were not read`,
    );
  const cells = run.cells.filter(({ key }) => !isSampled || !/^(?:Req|Bytes)\/Sec/.test(key));
  const n = answeredOf(run);
  for (const { key, text, pointer } of [...cells, ...(bad === null ? [] : [bad]), ...(errors === null ? [] : [errors])]) {
    const meaning = CONSOLE_FIELDS[key];
    const [, whole = '', part = '', symbol = ''] = CELL.exec(text) ?? [];
    // Thousands are rounded: the warning above has them.
    if (meaning === undefined || /[kMG]$/.test(text)) continue;
    const unit = unitOfCell(symbol, meaning);
    if (whole === '' || unit === undefined) {
      extract.warnings.add('no numbers', `${pointer}: "${excerpt(text, 40)}" is no number in a unit that is known; it was not read`);
      continue;
    }
    const place = { labels, failed, pointer, n: meaning.over === 'requests' ? n : null };
    addNumber(
      extract,
      new LiteralNumber(whole.replaceAll(',', '') + part),
      { ...meaning, unit },
      place,
      key.split(' ')[0] === 'Bytes/Sec' ? 'Bytes/Sec' : key,
    );
  }
}

/** How many requests were answered; null where that is not printed, or rounded: `264k`. */
function answeredOf({ good, bad, sent, total }: AutocannonRun): number | null {
  if (good !== null && bad !== null) return good + Number(bad.text);
  return /^\d+$/.test(total) && !sent ? Number(total) : null;
}

/** @returns whether no request succeeded */
function tellFailures(extract: Extract, { line, good, bad, errors, silent, mismatches, total }: AutocannonRun): boolean {
  const [lost, others] = [errors?.text ?? '0', bad?.text ?? '0'];
  if (total === '0' || good === 0 || silent) {
    extract.fail({ pointer: `line ${line}`, reason: `no request succeeded: ${lost} errors, ${others} responses other than 2xx` });
    return true;
  }
  if (lost !== '0' || others !== '0')
    extract.warnings.add(
      'failed requests',
      `line ${line}: ${lost} errors (timeouts among them) and ${others} responses other than 2xx; the latencies are over all that were answered`,
    );
  if (mismatches !== null)
    extract.warnings.add(
      'mismatches',
      `line ${line}: ${mismatches} responses had another body than was expected; the latencies are over all that were answered`,
    );
  return false;
}

/** The unit of a cell; undefined where it is none of its row's. */
function unitOfCell(symbol: string, { unit }: FieldMeaning): string | null | undefined {
  if (unit === 'bytes/s') return symbol.endsWith('B') ? `${unitOfSymbol(symbol) ?? symbol}/s` : undefined;
  if (unit === 'ms') return symbol === 'ms' ? unit : undefined;
  return symbol === '' ? unit : undefined;
}
