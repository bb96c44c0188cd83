import type { ArtifactKind, NumberColumn, Reading } from '@chimera/shared/domain';
import { formatOf } from '../formats/registry.ts';
import { readJsonLines } from '../json-lines.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';
import { readArtifact } from '../read-artifact.ts';
import { Refusal } from '../refusal.ts';
import { Warnings } from '../warnings.ts';
import { type LineReading, linesOf } from './json-lines-of.ts';
import { JsonStream } from './json-stream.ts';
import { StreamOutput } from './stream-output.ts';

/** What a reading comes to, in a form in which two can be compared. */
export type Comparable = {
  status: 'read' | 'refused' | 'no stream';
  format: string;
  /** by all that a number says but its value and place: the values, ascending */
  values: Record<string, number[]>;
  records: number;
  failed: { pointer: string; reason: string }[];
  /** warnings without their numbers and quotes, sorted */
  topics: string[];
  reason: string;
};

/** JSON lines as the stream reads them, in pieces of so many bytes. */
export function streamed(
  text: string,
  { piece = 64 * 1024, head = text, limits = {} }: { piece?: number; head?: string; limits?: Partial<Limits> } = {},
): Comparable {
  const values: Record<string, number[]> = {};
  const keys: string[] = [];
  let before = 0;
  const warnings = new Warnings();
  const output = new StreamOutput(
    {
      open: (column) => keys.push(keyOf(column)) - 1,
      add(column, value, line) {
        if (line < before) throw new Error(`line ${line} comes behind line ${before}`);
        before = line;
        const key = keys[column];
        if (key === undefined) throw new Error(`column ${column} was not opened`);
        put(values, key, value);
      },
      addRun(column) {
        throw new Error(`column ${column} was given as of a table`);
      },
      drop(column) {
        throw new Error(`column ${column} was dropped`);
      },
    },
    { ...DEFAULT_LIMITS, ...limits },
    warnings,
  );
  const kind: ArtifactKind = 'jsonl';
  const stream = JsonStream.of({ kind, text: head, limits: output.limits, output });
  const nothing = { values: {}, records: 0, failed: [], topics: [] };
  if (stream === null) return { ...nothing, status: 'no stream', format: '', reason: '' };
  try {
    const bytes = Buffer.from(text);
    // Each piece lies in the same memory, as from a file.
    const memory = new Uint8Array(piece);
    for (let at = 0; at < bytes.length; at += piece) {
      const part = bytes.subarray(at, at + piece);
      memory.fill(0x7f);
      memory.set(part);
      stream.push(memory.subarray(0, part.length));
    }
    stream.end();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...nothing, status: 'refused', format: stream.format, reason: error.message };
  }
  output.end();
  const topics = warnings.list().map(topicOf).sort();
  return {
    status: 'read',
    format: stream.format,
    values: ascending(values),
    records: output.records,
    failed: output.failed,
    topics,
    reason: '',
  };
}

/** The same text as the ordinary reader reads it. */
export function whole(text: string, path = 'x.jsonl'): Comparable {
  const reading: Reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status === 'refused') {
    const { format, reason } = reading;
    return { status: 'refused', format, values: {}, records: 0, failed: [], topics: [], reason };
  }
  const { format, records, failed } = reading;
  const values: Record<string, number[]> = {};
  for (const measurement of reading.measurements) put(values, keyOf(measurement), measurement.value);
  return { status: 'read', format, values: ascending(values), records, failed, topics: reading.warnings.map(topicOf).sort(), reason: '' };
}

/** The same text as each line is read by itself, behind those of the head; its numbers in the order of the file. */
export function lineByLine(text: string, head: string): Comparable {
  const warnings = new Warnings();
  const all = readJsonLines(text, DEFAULT_LIMITS, warnings);
  const first = readJsonLines(head, DEFAULT_LIMITS, new Warnings());
  const format = formatOf({ kind: 'jsonl', shape: 'jsonl', lines: first });
  const lines = linesOf(format, DEFAULT_LIMITS, warnings);
  if (lines === null) throw new Error(`${format.name} is not read line by line`);
  const values: Record<string, number[]> = {};
  let opened = 0;
  const output = new StreamOutput({ open: () => opened++, add: () => {}, addRun: () => {}, drop: () => {} }, DEFAULT_LIMITS, warnings);
  const found: Comparable = { status: 'read', format: format.name, values, records: 0, failed: [], topics: [], reason: '' };
  let besideMarks = 0;
  let marked = false;
  const take = (reading: LineReading): void => {
    for (const measurement of reading.measurements) {
      const column = output.open({ ...measurement, tail: ` ${measurement.pointer.replace(/\bline \d+ /g, '')}` });
      const before = output.measurements;
      output.add(column, measurement.value, Number(/^\(?line (\d+)/.exec(measurement.pointer)?.[1]));
      if (output.measurements > before) put(values, keyOf(measurement), measurement.value);
    }
    found.failed.push(...reading.failed);
    found.records += reading.records;
    besideMarks += reading.recordsBesideMarks;
    marked ||= reading.marked;
  };
  take(lines.begin(first));
  for (const line of all.slice(first.length)) take(lines.read(line));
  const last = lines.end();
  if (last !== null) take(last);
  output.end();
  if (marked) found.records = besideMarks;
  return { ...found, values: ascending(values), topics: warnings.list().map(topicOf).sort() };
}

function put(values: Record<string, number[]>, key: string, value: number): void {
  const list = values[key] ?? [];
  values[key] = list;
  list.push(value);
}

function keyOf({ metric, statistic, unit, n, over, labels, failed }: Omit<NumberColumn, 'tail'>): string {
  return JSON.stringify([metric, statistic, unit, n, over ?? null, failed, Object.entries(labels).sort()]);
}

function ascending(values: Record<string, number[]>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(values).map(([key, list]) => [key, [...new Float64Array(list).sort()]]));
}

function topicOf(sentence: string): string {
  return sentence
    .replaceAll('/*', '/#')
    .replace(/"[^"]*"/g, '"…"')
    .replace(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g, '#');
}
