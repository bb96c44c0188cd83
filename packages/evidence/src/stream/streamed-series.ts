import { labelsJson } from '@chimera/shared/store';
import {
  bySeriesName,
  type Combination,
  numbersOf,
  rowsOf,
  type Series,
  type SeriesName,
  type SeriesNumbers,
  type SeriesRow,
  seriesOfRow,
} from '../artifact-series.ts';
import type { Steps } from '../steps.ts';
import { extentOf, quantileOf, type Reduction, type Reductions } from './reductions.ts';
import { countOf, firstPointer, lastPointer, type StoredColumn } from './stored-column.ts';

/** The columns of one metric, statistic and unit, by their labels. */
type Group = SeriesName & { combinations: Map<string, StoredColumn[]>; columns: StoredColumn[] };

/** A series before its numbers, and the reduction that has them where there are too many to be sorted. */
export type PlannedSeries = { name: SeriesName; row: SeriesRow; columns: readonly StoredColumn[]; reduction: Reduction | null };

const same = (value: number) => value;

/**
 * The series of columns, which are in the order of their first numbers: those that `SeriesGathering` gives of the same numbers, in its
 * order. Asks for what is to be computed of more than `mostSorted` numbers.
 */
export function* plannedSeries(columns: readonly StoredColumn[], reductions: Reductions, mostSorted: number): Steps<PlannedSeries[]> {
  const planned: PlannedSeries[] = [];
  for (const { combinations, columns: all, ...name } of yield* groupsOf(columns)) {
    const own = [...combinations];
    const parts = own.map(
      ([labels, some], index): Combination => ({
        ...{ labels, index, n: countOf(some) },
        ...{ first: firstPointer(some), last: lastPointer(some) },
      }),
    );
    for (const row of rowsOf(parts, lastPointer(all))) {
      const some = row.of === null ? all : (own[row.of]?.[1] ?? []);
      const isLarge = countOf(some) > mostSorted;
      planned.push({ name, row, columns: some, reduction: isLarge ? reductions.of(some, null, [0.5, 0.95], []) : null });
      yield;
    }
  }
  return planned;
}

/** Computes one series. `load` gives the numbers of columns that are few enough; `room` has as many places. */
export function* streamedSeries(
  { name, row, columns, reduction }: PlannedSeries,
  reductions: Reductions,
  load: (columns: readonly StoredColumn[]) => Float64Array,
  room: Float64Array,
): Steps<Series> {
  if (reduction === null) return seriesOfRow(name, row, numbersOf(load(columns), room));
  yield* reductions.compute(reduction);
  return seriesOfRow(name, row, reducedNumbers(reduction, reductions));
}

function reducedNumbers(reduction: Reduction, reductions: Reductions): SeriesNumbers {
  const { min, max } = extentOf(reduction);
  const { mean, stddev } = reductions.moments(reduction, null);
  const [median, p95] = [quantileOf(reduction, 0.5, same), quantileOf(reduction, 0.95, same)];
  return { n: reduction.n, min, median, mean, stddev, p95, max, summed: 'compensated' };
}

function* groupsOf(columns: readonly StoredColumn[]): Steps<Group[]> {
  const found = new Map<string, Group>();
  for (const column of columns) {
    const metric = column.of.metric.toWellFormed();
    const statistic = column.of.statistic.toWellFormed();
    const unit = column.of.unit === null ? null : column.of.unit.toWellFormed();
    const key = JSON.stringify([metric, statistic, unit]);
    const group: Group = found.get(key) ?? { metric, statistic, unit, combinations: new Map(), columns: [] };
    found.set(key, group);
    group.columns.push(column);
    const labels = labelsJson(column.of.labels);
    const combination = group.combinations.get(labels);
    if (combination) combination.push(column);
    else group.combinations.set(labels, [column]);
    yield;
  }
  return [...found.values()].sort(bySeriesName);
}
