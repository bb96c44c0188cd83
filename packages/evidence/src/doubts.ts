import { type Fact, isPooled, isRowNumber, isSetting } from '@chimera/shared/domain';
import type { SeriesRow } from '@chimera/shared/store';
import { countFact, fact, shown } from './fact.ts';
import { seriesName } from './series.ts';

const DURATION = new Set(['s', 'ms', 'us', 'ns']);
const RATE = new Set(['tok/s', 'req/s', '1/s']);
const LEAST_FOR_CONSTANT = 3;
const LEAST_FOR_SPREAD = 4;
// A first request that loads the model is typically this much slower than the next.
const SPREAD_FACTOR = 5;

/** Series whose numbers should not be taken at their word: all equal, far spread, zero, or of no stated unit. */
export function doubtFacts(rows: readonly SeriesRow[]): Fact[] {
  const timed = rows.filter((row) => row.unit !== null && (DURATION.has(row.unit) || RATE.has(row.unit)));
  const unitless = new Set(
    rows
      .filter((row) => row.unit === null && !isSetting(row.metric) && !isRowNumber(row.metric))
      .map((row) => JSON.stringify([row.path, row.metric, row.statistic])),
  ).size;
  const facts = timed.flatMap((row) => [...constant(row), ...(isPooled(row) ? [] : spread(row)), ...zero(row)]);
  if (unitless > 0) {
    facts.push(
      countFact({
        kind: 'doubt',
        metric: 'series_without_unit',
        value: unitless,
        selector: 'series outside of Markdown whose name states no unit',
        claim: `${unitless} series of numbers outside of Markdown state no unit: they are in the evidence and are never judged.`,
      }),
    );
  }
  return facts;
}

function constant(row: SeriesRow): Fact[] {
  if (row.n < LEAST_FOR_CONSTANT || row.min !== row.max || row.min === 0) return [];
  return [
    doubt(
      row,
      'constant',
      row.min,
      row.unit,
      `All ${row.n} values of ${seriesName(row)} are exactly ${shown({ value: row.min, unit: row.unit })}: a measured quantity would vary, so it cannot be told what it is.`,
      'least = greatest',
    ),
  ];
}

function spread(row: SeriesRow): Fact[] {
  if (row.n < LEAST_FOR_SPREAD || row.median <= 0 || row.unit === null || !DURATION.has(row.unit) || row.max < SPREAD_FACTOR * row.median)
    return [];
  const value = row.max / row.median;
  return [
    doubt(
      row,
      'max over median',
      value,
      'times',
      `The greatest value of ${seriesName(row)} is ${shown({ value, unit: 'times' })} its median: a cold start or an outlier is in it, and its mean stands for neither.`,
      'greatest / median',
    ),
  ];
}

function zero(row: SeriesRow): Fact[] {
  if (row.max !== 0 || row.n < 2) return [];
  return [
    doubt(
      row,
      'zero',
      0,
      row.unit,
      `${seriesName(row)} is exactly zero in every value: nothing takes no time, so it is no result.`,
      'least = greatest = 0',
    ),
  ];
}

function doubt(row: SeriesRow, statistic: string, value: number, unit: string | null, claim: string, formula: string): Fact {
  return fact({
    kind: 'doubt',
    claim,
    metric: row.metric,
    statistic,
    value,
    unit,
    n: row.n,
    labels: row.labels,
    scope: row.path,
    formula,
    sources: [{ path: row.path, sha256: row.sha256, pointer: row.first === row.last ? row.first : `${row.first} … ${row.last}` }],
  });
}
