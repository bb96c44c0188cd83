import { labelsJson } from '@chimera/shared/store';
import { type Digest, isEachARun, thinnedRanks } from '../digest.ts';
import { conversionOf, digested, type SampleSet } from '../samples.ts';
import type { Steps } from '../steps.ts';
import { type Convert, extentOf, quantileOf, type Reduction, type Reductions, valueAtRank } from './reductions.ts';
import { countOf, firstPointer, lastPointer, type StoredColumn } from './stored-column.ts';

/** How many values sample sets may keep: each, and all of an artifact together. */
export type MostKept = { each: number; inAll: number };

/** A sample set before its numbers, whether it becomes a digest, and the reduction that has this where they are too many to be sorted. */
export type PlannedSamples = {
  set: Omit<SampleSet, 'values' | 'digest'>;
  columns: StoredColumn[];
  converts: Convert[];
  isDigest: boolean;
  reduction: Reduction | null;
};

/**
 * The sample sets of columns, which are in the order of their first numbers: those that `SampleGathering` gives of the same numbers, in
 * its order. Asks for what is to be computed of those that are not kept: sets of more values than may be, and the largest ones while
 * all together have too many.
 */
export function* plannedSamples(
  columns: readonly StoredColumn[],
  reductions: Reductions,
  most: MostKept,
  mostSorted: number,
): Steps<PlannedSamples[]> {
  const planned = yield* setsOf(columns);
  const least = leastDigested(
    planned.map((one) => countOf(one.columns)),
    most,
  );
  for (const one of planned) {
    const n = countOf(one.columns);
    one.isDigest = n >= least;
    if (!one.isDigest || n <= mostSorted) continue;
    const isAlike = one.columns.every(({ of }) => of.unit === one.columns[0]?.of.unit && of.metric === one.columns[0]?.of.metric);
    const ranks = isEachARun(one.set) ? thinnedRanks(n) : [];
    one.reduction = reductions.of(one.columns, isAlike ? null : one.converts, [0.5, 0.95, 0.99], ranks);
  }
  return planned;
}

/** Computes one sample set. `load` gives the numbers of columns that are few enough; those of several columns column by column. */
export function* streamedSamples(
  { set, columns, converts, isDigest, reduction }: PlannedSamples,
  reductions: Reductions,
  load: (columns: readonly StoredColumn[], converts: readonly Convert[]) => Float64Array,
): Steps<SampleSet> {
  if (reduction === null) {
    const values = load(columns, converts);
    return { ...set, ...(isDigest ? digested(set, values) : { values }) };
  }
  yield* reductions.compute(reduction);
  const convert = (reduction.converts === null ? converts[0] : undefined) ?? ((value: number) => value);
  const { min, max } = extentOf(reduction);
  const quantile = (p: number) => quantileOf(reduction, p, convert);
  const digest: Digest = {
    ...{ n: reduction.n, min: convert(min), max: convert(max), ...reductions.moments(reduction, converts) },
    ...{ median: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99) },
  };
  const runs = isEachARun(set) ? thinnedRanks(reduction.n) : [];
  return { ...set, digest, values: Float64Array.from(runs, (rank) => convert(valueAtRank(reduction, rank))) };
}

/** Of how many values on sets become digests: a function of their sizes alone. */
function leastDigested(sizes: readonly number[], { each, inAll }: MostKept): number {
  // A single value is no more than its digest.
  const kept = sizes.filter((n) => n > 1 && n <= each).sort((a, b) => b - a);
  let left = kept.reduce((sum, n) => sum + n, 0);
  let least = each + 1;
  for (const n of kept) {
    if (left <= inAll && n < least) break;
    least = n;
    left -= n;
  }
  return least;
}

function* setsOf(columns: readonly StoredColumn[]): Steps<PlannedSamples[]> {
  const found = new Map<string, PlannedSamples>();
  for (const column of columns) {
    yield;
    const { statistic, over = null, labels, n } = column.of;
    const { metric, convert } = conversionOf(column.of);
    // Either all numbers of a column are of a set or none: what is below zero lies in a column of its own.
    if (convert(column.least) === null) continue;
    const exact: Convert = (value) => convert(value) ?? Number.NaN;
    const key = `${metric}\0${statistic}\0${over}\0${labelsJson(labels)}`;
    const there = found.get(key);
    if (there) {
      there.columns.push(column);
      there.converts.push(exact);
    } else {
      const set = { metric, statistic, over, labels, n, first: firstPointer([column]), last: '' };
      found.set(key, { set, columns: [column], converts: [exact], isDigest: false, reduction: null });
    }
  }
  return Array.from(found.values(), (one) => ({ ...one, set: { ...one.set, last: lastPointer(one.columns) } }));
}
