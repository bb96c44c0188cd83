import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { goDuration } from '../go-duration.ts';
import { LiteralNumber } from '../json-value.ts';
import { type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';

const latency = (statistic: string): FieldMeaning => ({
  metric: 'request_latency',
  statistic,
  unit: 's',
  over: 'requests',
  note: 'or in the unit that it is printed in',
});
const ofRun = (metric: FieldMeaning['metric'], unit: string | null): FieldMeaning => ({ metric, statistic: 'value', unit, over: 'runs' });

/** By the name of the line and the word in its brackets. */
export const TEXT_FIELDS: FieldTable = {
  'Requests total': ofRun('own', null),
  'Requests rate': ofRun('own', 'req/s'),
  'Requests throughput': ofRun('request_throughput', 'req/s'),
  'Duration total': ofRun('own', 's'),
  'Duration attack': ofRun('duration', 's'),
  'Duration wait': ofRun('own', 's'),
  'Latencies min': latency('min'),
  'Latencies mean': latency('mean'),
  'Latencies 50': latency('median'),
  'Latencies 90': latency('p90'),
  'Latencies 95': latency('p95'),
  'Latencies 99': latency('p99'),
  'Latencies max': latency('max'),
  'Bytes In total': ofRun('own', 'bytes'),
  'Bytes In mean': { ...ofRun('own', 'bytes'), statistic: 'mean', over: 'requests' },
  'Bytes Out total': ofRun('own', 'bytes'),
  'Bytes Out mean': { ...ofRun('own', 'bytes'), statistic: 'mean', over: 'requests' },
  'Success ratio': ofRun('own', '%'),
};

// A report that was pasted elsewhere may have a margin.
const LINE = /^(Requests|Duration|Latencies|Bytes In|Bytes Out|Success)[ \t]{1,40}\[([a-z0-9, ]{1,80})\][ \t]{1,40}(\S.{0,400})$/;
const SOME = /^[ \t]{0,40}Requests[ \t]{1,40}\[total, rate(?:, throughput)?\][ \t]{1,40}\d/m;
const OTHER = /^[ \t]{0,40}Latencies[ \t]{1,40}\[[a-z0-9, ]{1,80}\][ \t]{1,40}\d/m;

/** Whether a text holds a report of vegeta's. */
export function isVegetaText(text: string): boolean {
  return text.includes('[total, rate') && SOME.test(text) && OTHER.test(text);
}

type Line = { at: TextLine; name: string; words: string[]; values: string[] };

/** Reads the reports of a text: each begins with its line of requests. */
export function readVegetaText(extract: Extract, text: string): void {
  let report: Line[] = [];
  const all: Line[][] = [];
  for (const at of textLines(text)) {
    const [, name, words = '', values = ''] = LINE.exec(at.text.trim()) ?? [];
    if (name === undefined) continue;
    if (!at.ended) {
      warnAboutCutLine(extract, at);
      continue;
    }
    if (name === 'Requests') {
      report = [];
      all.push(report);
    }
    report.push({ at, name, words: words.split(', '), values: values.split(', ') });
  }
  for (const one of all) readReport(extract, one);
}

function readReport(extract: Extract, lines: readonly Line[]): void {
  const of = (name: string, word: string): string | undefined => {
    const line = lines.find((one) => one.name === name);
    return line?.values[line.words.indexOf(word)];
  };
  const total = of('Requests', 'total') ?? '';
  const requests = /^\d{1,15}$/.test(total) ? Number(total) : null;
  const ratio = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(of('Success', 'ratio') ?? '')?.[1];
  extract.records += 1;
  const success = ratio === undefined ? null : Number(ratio) / 100;
  const pointer = `line ${(lines.find(({ name }) => name === 'Success') ?? lines[0])?.at.line ?? 1}`;
  const failed = tellSuccess(extract, { success, requests, pointer });
  if (success === null)
    extract.warnings.add(
      'reports cut off',
      `${pointer}: the report does not say how many requests succeeded: the latencies may be of failures`,
    );
  for (const { at, name, words, values } of lines) {
    if (words.length !== values.length) {
      extract.warnings.add('broken lines', `line ${at.line}: ${values.length} values for ${words.length} names: it was not read`);
      continue;
    }
    for (const [index, word] of words.entries()) {
      const key = `${name} ${word}`;
      const meaning = Object.hasOwn(TEXT_FIELDS, key) ? TEXT_FIELDS[key] : undefined;
      if (meaning === undefined) continue;
      const n = meaning.metric === 'request_latency' ? requests : null;
      addPrinted(extract, values[index] ?? '', meaning, { pointer: `line ${at.line} column ${key}`, n, failed }, key);
    }
  }
}

type Place = { pointer: string; n: number | null; failed: boolean };

function addPrinted(extract: Extract, value: string, meaning: FieldMeaning, place: Place, key: string): void {
  const labels = { tool: 'vegeta' };
  const duration = meaning.unit === 's' ? goDuration(value) : null;
  const plain = /^(\d{1,15}(?:\.\d{1,12})?)(%?)$/.exec(value);
  if (duration !== null)
    addNumber(
      extract,
      duration.text === null ? duration.value : new LiteralNumber(duration.text),
      { ...meaning, unit: duration.unit },
      { ...place, labels },
      key,
    );
  else if (plain?.[1] !== undefined && meaning.unit !== 's' && (plain[2] === '%') === (meaning.unit === '%'))
    addNumber(extract, new LiteralNumber(plain[1]), meaning, { ...place, labels }, key);
  // A run without requests prints durations as 0s, which goDuration reads.
  else extract.warnings.add('no numbers', `${place.pointer}: "${excerpt(value, 40)}" is no number that is known; it was not read`);
}

/**
 * Keeps a run of which no request succeeded as a failed record, or warns of those that did not.
 * @returns whether none succeeded
 */
export function tellSuccess(extract: Extract, run: { success: number | null; requests: number | null; pointer: string }): boolean {
  const { success, requests, pointer } = run;
  if (requests === 0 || success === 0) {
    extract.fail({
      pointer,
      reason: requests === 0 ? 'no request was sent' : `no request succeeded${requests === null ? '' : ` of ${requests}`}`,
    });
    return true;
  }
  if (success !== null && success < 1)
    extract.warnings.add(
      'failed requests',
      `${pointer}: not every request succeeded; the latencies are over all of them, those that failed too`,
    );
  return false;
}
