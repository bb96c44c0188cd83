import type { NumberColumn, NumberSink, StreamedReading } from '@chimera/shared/domain';
import type { Limits } from '../limits.ts';
import { readArtifact } from '../read-artifact.ts';
import { StreamReader } from './stream-reader.ts';

/** A reading in a form in which two ways to read can be compared: each number with all that is said of it, in order. */
export type Comparable = {
  status: string;
  kind: string;
  format: string;
  records: number;
  failed: string[];
  cut: boolean;
  warnings: string[];
  reason: string;
  numbers: string[];
};

type Input = { path: string; bytes: Uint8Array; limits?: Partial<Limits> };

/** Reads bytes as a stream; null where they are none. */
export function readStreamed(input: Input, { chunk = 65_536, head = input.bytes.length } = {}): Comparable | null {
  const sink = new CollectingSink();
  const reader = StreamReader.of({ ...input, head: input.bytes.subarray(0, head), sink });
  if (reader === null) return null;
  for (let at = 0; at < input.bytes.length; at += chunk) {
    // A piece whose memory is used again afterwards.
    const piece = Uint8Array.from(input.bytes.subarray(at, at + chunk));
    reader.push(piece);
    piece.fill(0x39);
  }
  const reading = reader.end();
  const numbers = reading.status === 'read' ? sink.numbers() : [];
  if (reading.status === 'read' && reading.measurements !== numbers.length)
    throw new Error(`it says ${reading.measurements} numbers and gave ${numbers.length}`);
  return { ...comparable(reading), numbers: numbers.sort() };
}

/** Reads bytes whole. */
export function readWhole(input: Input): Comparable {
  const reading = readArtifact(input);
  const numbers =
    reading.status === 'read' ? reading.measurements.map(({ pointer, value, text: _, ...of }) => shown(of, value, pointer)) : [];
  return { ...comparable(reading), numbers: numbers.sort() };
}

function comparable(reading: StreamedReading | ReturnType<typeof readArtifact>): Omit<Comparable, 'numbers'> {
  const { status, kind, format } = reading;
  const cut = reading.cut === true;
  if (reading.status === 'refused') return { status, kind, format, cut, records: 0, failed: [], warnings: [], reason: reading.reason };
  const failed = reading.failed.map(({ pointer, reason }) => `${pointer}: ${reason}`);
  return { status, kind, format, cut, records: reading.records, failed, warnings: [...reading.warnings].sort(), reason: '' };
}

function shown(of: Omit<NumberColumn, 'tail'>, value: number, pointer: string): string {
  const { metric, statistic, unit, n, over, labels, failed } = of;
  const number = Object.is(value, -0) ? '-0' : String(value);
  return JSON.stringify([pointer, metric, statistic, number, unit, n, over ?? null, Object.entries(labels).sort(), failed]);
}

class CollectingSink implements NumberSink {
  readonly #columns: NumberColumn[] = [];
  readonly #numbers: { column: number; value: number; line: number }[] = [];
  readonly #dropped = new Set<number>();
  /** by column: its last line in a run */
  readonly #runs = new Map<number, number>();
  #line = 0;

  open(column: NumberColumn): number {
    return this.#columns.push(column) - 1;
  }

  add(column: number, value: number, line: number): void {
    if (line < this.#line) throw new Error(`line ${line} comes behind line ${this.#line}`);
    this.#line = line;
    this.#numbers.push({ column, value, line });
  }

  addRun(column: number, values: Float64Array, lines: Float64Array, length: number): void {
    for (let at = 0; at < length; at += 1) {
      const [value = Number.NaN, line = Number.NaN] = [values[at], lines[at]];
      if (!(line > (this.#runs.get(column) ?? 0))) throw new Error(`line ${line} of a column comes behind line ${this.#runs.get(column)}`);
      this.#runs.set(column, line);
      this.#line = Math.max(this.#line, line);
      this.#numbers.push({ column, value, line });
    }
  }

  drop(column: number): void {
    this.#dropped.add(column);
  }

  numbers(): string[] {
    return this.#numbers.flatMap(({ column, value, line }) => {
      const of = this.#columns[column];
      return of === undefined || this.#dropped.has(column) ? [] : [shown(of, value, `line ${line}${of.tail}`)];
    });
  }
}
