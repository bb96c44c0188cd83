import type { NumberColumn, NumberSink } from '@chimera/shared/domain';
import type { Series } from '../artifact-series.ts';
import { MOST_KEPT } from '../digest.ts';
import { conversionOf, type SampleSet } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { NumberStore, STORE_SIZES, type StoreSizes } from './number-store.ts';
import { type Convert, Reductions } from './reductions.ts';
import type { Spill } from './spill.ts';
import { byPlace, countOf, type StoredColumn } from './stored-column.ts';
import { type MostKept, plannedSamples, streamedSamples } from './streamed-samples.ts';
import { plannedSeries, streamedSeries } from './streamed-series.ts';
import { twice } from './twice.ts';

/** Within what memory an artifact's numbers are gathered. */
export type StreamSizes = {
  store: StoreSizes;
  /** numbers that are sorted as one series, and held at a time where there are more */
  mostSorted: number;
  mostHeld: number;
  mostKept: MostKept;
};

/** No artifact that is read whole has more measurements than all sample sets may keep together. */
export const STREAM_SIZES: StreamSizes = {
  store: STORE_SIZES,
  mostSorted: MOST_KEPT,
  mostHeld: 2 ** 20,
  mostKept: { each: MOST_KEPT, inAll: 2_000_000 },
};

/**
 * Gathers an artifact's series and samples out of its numbers as they come, however many they are: a few buffers are in memory, the
 * rest in a spill. n, least and greatest value and quantiles are those of all numbers; up to MOST_KEPT numbers give the same series and
 * samples, to the last bit, as `SeriesGathering` and `SampleGathering` do. Throws what the spill throws.
 */
export class StreamGathering implements NumberSink {
  readonly #sizes: StreamSizes;
  readonly #store: NumberStore;
  readonly #columns: NumberColumn[] = [];
  /** the line of the number that was added last, and the how-manieth it is there */
  #line = 0;
  #at = 0;
  /** by column: where its numbers below zero are kept, plus one; 0 while there is no such place */
  #below = new Int32Array(64);
  /** by column: the lines of its first and last number, and the how-manieth of its line each is; 0 while it has none */
  #firstLines = new Float64Array(64);
  #firsts = new Float64Array(64);
  #lastLines = new Float64Array(64);
  #lasts = new Float64Array(64);

  constructor(spill: Spill, sizes: StreamSizes = STREAM_SIZES) {
    this.#sizes = sizes;
    this.#store = new NumberStore(spill, sizes.store);
  }

  open(column: NumberColumn): number {
    const id = this.#opened(column);
    if (column.failed) this.drop(id);
    // A metric that cannot be less than nothing has such numbers in its series, and none of them in its samples.
    else if (!isSplit(column)) this.#below[id] = id + 1;
    return id;
  }

  add(column: number, value: number, line: number): void {
    this.#at = line === this.#line ? this.#at + 1 : 1;
    this.#line = line;
    this.#addOne(column, value, line, this.#at);
  }

  addRun(column: number, values: Float64Array, lines: Float64Array, length: number, at: number): void {
    if (this.#below[column] !== column + 1 && hasBelowZero(values, length)) {
      for (let i = 0; i < length; i += 1) this.#addOne(column, values[i] ?? Number.NaN, lines[i] ?? Number.NaN, at);
      return;
    }
    this.#place(column, lines[0] ?? Number.NaN, lines[length - 1] ?? Number.NaN, at);
    this.#store.addRun(column, values, length);
  }

  drop(column: number): void {
    const below = (this.#below[column] ?? 0) - 1;
    if (below >= 0) this.#store.close(below);
    this.#store.close(column);
    this.#below[column] = column + 1;
  }

  /** The series in their order and the sample sets in theirs. Nothing can be added afterwards. */
  *finish(): Steps<{ series: Series[]; samples: SampleSet[] }> {
    const { mostSorted, mostHeld, mostKept } = this.#sizes;
    this.#store.settle();
    const columns = this.#stored();
    const reductions = new Reductions(this.#store, mostHeld);
    yield;
    const planned = yield* plannedSeries(columns, reductions, mostSorted);
    const sets = yield* plannedSamples(columns, reductions, mostKept, mostSorted);
    const sorted = new Float64Array(Math.min(mostSorted, countOf(columns)));
    const room = sorted.slice();
    const series: Series[] = [];
    for (const one of planned) {
      series.push(yield* streamedSeries(one, reductions, (some) => this.#load(some, [], sorted), room));
      yield;
    }
    const samples: SampleSet[] = [];
    for (const one of sets) {
      samples.push(yield* streamedSamples(one, reductions, (some, converts) => this.#load(some, converts)));
      yield;
    }
    return { series, samples };
  }

  #addOne(column: number, value: number, line: number, at: number): void {
    const own = value < 0 ? this.#belowOf(column) : column;
    this.#place(own, line, line, at);
    this.#store.add(own, value);
  }

  /** A column has numbers from one line to another. */
  #place(column: number, first: number, last: number, at: number): void {
    if (this.#lasts[column] === 0) {
      this.#firsts[column] = at;
      this.#firstLines[column] = first;
    }
    this.#lasts[column] = at;
    this.#lastLines[column] = last;
  }

  #opened(column: NumberColumn): number {
    const id = this.#store.open();
    this.#columns[id] = column;
    if (id === this.#below.length) {
      this.#below = twice(this.#below);
      this.#firstLines = twice(this.#firstLines);
      this.#firsts = twice(this.#firsts);
      this.#lastLines = twice(this.#lastLines);
      this.#lasts = twice(this.#lasts);
    }
    return id;
  }

  #belowOf(column: number): number {
    const known = this.#below[column] ?? 0;
    if (known > 0) return known - 1;
    const of = this.#columns[column];
    if (of === undefined) throw new RangeError(`There is no column ${column} to add a number to.`);
    const id = this.#opened(of);
    this.#below[column] = id + 1;
    return id;
  }

  /** The columns that have numbers, in the order of their first ones. */
  #stored(): StoredColumn[] {
    const columns = this.#columns.flatMap((of, id): StoredColumn[] => {
      const n = this.#store.count(id);
      if (n === 0) return [];
      const first = { line: this.#firstLines[id] ?? 0, at: this.#firsts[id] ?? 0 };
      const last = { line: this.#lastLines[id] ?? 0, at: this.#lasts[id] ?? 0 };
      return [{ id, of, n, ...this.#store.extent(id), first, last }];
    });
    return columns.sort((a, b) => byPlace(a.first, b.first));
  }

  /** The numbers of columns that are few enough, one column behind the other, each converted as asked. */
  #load(columns: readonly StoredColumn[], converts: readonly Convert[], into: Float64Array | null = null): Float64Array {
    const all = into?.subarray(0, countOf(columns)) ?? new Float64Array(countOf(columns));
    const ids = new Map<number, { at: number; convert: Convert | undefined }>();
    let at = 0;
    for (const [i, { id, n }] of columns.entries()) {
      ids.set(id, { at, convert: converts[i] });
      at += n;
    }
    for (const { column, values } of this.#store.pieces([...ids.keys()])) {
      const place = ids.get(column);
      if (place === undefined) throw new Error('A store gives the numbers of the columns that it is asked for.');
      all.set(place.convert ? values.map(place.convert) : values, place.at);
      place.at += values.length;
    }
    return all;
  }
}

/** Whether numbers below zero are of no sample set, and others are. */
function isSplit(column: NumberColumn): boolean {
  const { convert } = conversionOf(column);
  return convert(1) !== null && convert(-1) === null;
}

function hasBelowZero(values: Float64Array, length: number): boolean {
  for (let i = 0; i < length; i += 1) if ((values[i] as number) < 0) return true;
  return false;
}
