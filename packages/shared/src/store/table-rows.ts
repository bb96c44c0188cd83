import type { DuckDBAppender, DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import type { Measurement } from '../domain/measurement.ts';
import { labelsJson } from './content-hash.ts';

/**
 * Two tables hold the measurements that are appended: what differs in each of them, and, once for many, what they share. Each text
 * that goes over to DuckDB is a call into it, and most of the time of a reading was spent in these.
 */
export const CREATE_ROWS = [
  'create table numbers (content integer, ordinal bigint, shared bigint, value double, text varchar, pointer varchar, failed boolean)',
  'create table shared (content integer, shared bigint, metric varchar, statistic varchar, unit varchar, n bigint, "over" varchar, labels varchar)',
] as const;

/** All that was appended, as one table. */
export const APPENDED = `select content, ordinal, metric, statistic, value, text, unit, n, "over", labels, pointer, failed
  from numbers join shared using (content, shared)`;

/** The tables whose rows belong to a content. */
export const ROW_TABLES = ['numbers', 'shared'] as const;

export type RowParts = {
  numbers: DuckDBAppender;
  shared: DuckDBAppender;
  /** an empty chunk for columns of `numbers` */
  chunk: DuckDBDataChunk;
  /** how many rows it takes */
  chunkRows: number;
};

type Shared = Pick<Measurement, 'metric' | 'statistic' | 'unit' | 'n'> & { over: Measurement['over']; id: bigint };

// Where each number has labels of its own there is nothing to remember; what is forgotten is written once more.
const MOST_REMEMBERED = 10_000;
/** … and of one metric under the same labels, so that looking for one is quick. */
const MOST_OF_METRIC = 16;

/** Appends measurements, many at once. */
export class TableRows {
  readonly #parts: RowParts;
  #columns: DuckDBValue[][] = emptyColumns();
  #rows = 0;
  #nextShared = 0n;
  /** by labels as JSON, then by metric, what the present content's rows shared so far */
  readonly #known = new Map<string, Map<string, Shared[]>>();
  #remembered = 0;
  #content = -1;
  // Readers give the numbers of one row the same labels.
  #labels: Measurement['labels'] | null = null;
  #labelsText = '';

  constructor(parts: RowParts) {
    this.#parts = parts;
  }

  append(content: number, ordinal: bigint, measurement: Measurement): void {
    const shared = this.#sharedBy(content, measurement);
    const [contents, ordinals, ids, values, texts, pointers, failed] = this.#columns as Columns;
    contents.push(content);
    ordinals.push(ordinal);
    ids.push(shared);
    values.push(measurement.value);
    texts.push(measurement.text);
    pointers.push(measurement.pointer);
    failed.push(measurement.failed);
    this.#rows += 1;
    if (this.#rows === this.#parts.chunkRows) this.#writeChunk();
  }

  /** All that was appended can be asked for afterwards, and deleted: nothing that comes later refers to it. */
  flush(): void {
    this.#writeChunk();
    this.#content = -1;
    this.#parts.numbers.flushSync();
    this.#parts.shared.flushSync();
  }

  /** What was not written yet is of no use any more. */
  close(): void {
    for (const appender of [this.#parts.numbers, this.#parts.shared]) {
      appender.clear();
      appender.closeSync();
    }
  }

  #writeChunk(): void {
    if (this.#rows === 0) return;
    const { chunk, numbers } = this.#parts;
    chunk.reset();
    chunk.setColumns(this.#columns);
    numbers.appendDataChunk(chunk);
    this.#columns = emptyColumns();
    this.#rows = 0;
  }

  /** The number of what a measurement shares with others of its content. */
  #sharedBy(content: number, measurement: Measurement): bigint {
    if (content !== this.#content || this.#remembered >= MOST_REMEMBERED) {
      this.#known.clear();
      this.#remembered = 0;
      this.#content = content;
    }
    if (measurement.labels !== this.#labels) {
      this.#labels = measurement.labels;
      this.#labelsText = labelsJson(measurement.labels);
    }
    const { metric, statistic, unit, n, over } = measurement;
    const ofLabels = kept(this.#known, this.#labelsText, () => new Map<string, Shared[]>());
    const ofMetric = kept(ofLabels, metric, (): Shared[] => []);
    const known = ofMetric.find((one) => one.statistic === statistic && one.unit === unit && one.n === n && one.over === over);
    if (known !== undefined) return known.id;
    const id = this.#nextShared++;
    if (ofMetric.length === MOST_OF_METRIC) ofMetric.length = 0;
    ofMetric.push({ id, metric, statistic, unit, n, over });
    this.#remembered += 1;
    appendShared(this.#parts.shared, content, id, measurement, this.#labelsText);
    return id;
  }
}

type Columns = [number[], bigint[], bigint[], number[], (string | null)[], string[], boolean[]];

function emptyColumns(): Columns {
  return [[], [], [], [], [], [], []];
}

function kept<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function appendShared(
  appender: DuckDBAppender,
  content: number,
  id: bigint,
  { metric, statistic, unit, n, over }: Measurement,
  labels: string,
): void {
  appender.appendInteger(content);
  appender.appendBigInt(id);
  appender.appendVarchar(metric);
  appender.appendVarchar(statistic);
  unit === null ? appender.appendNull() : appender.appendVarchar(unit);
  n === null ? appender.appendNull() : appender.appendBigInt(BigInt(n));
  over === undefined ? appender.appendNull() : appender.appendVarchar(over);
  appender.appendVarchar(labels);
  appender.endRow();
}
