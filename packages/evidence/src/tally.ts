import { counted, type Fact } from '@chimera/shared/domain';
import type { Series } from './artifact-series.ts';
import { lacksUnit } from './doubts.ts';
import { countFact } from './fact.ts';
import type { Steps } from './steps.ts';
import { TELEMETRY } from './telemetry.ts';

/** How much stands in series: what of one artifact is added up over all. */
export type Tally = {
  /** numbers in series */
  numbers: number;
  /** series by metric, statistic and unit; combinations of labels within one are not counted again */
  series: number;
  /** measured series, by metric and statistic, that state no unit */
  unitless: number;
  /** for each sort of telemetry the series, by metric and statistic, whose name tells of it */
  telemetry: readonly number[];
};

export const NOTHING: Tally = { numbers: 0, series: 0, unitless: 0, telemetry: TELEMETRY.map(() => 0) };

/** What several tallies come to together. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const total = { numbers: 0, series: 0, unitless: 0, telemetry: [...NOTHING.telemetry] };
  for (const tally of tallies) {
    total.numbers += tally.numbers;
    total.series += tally.series;
    total.unitless += tally.unitless;
    for (let i = 0; i < total.telemetry.length; i++) total.telemetry[i] = (total.telemetry[i] ?? 0) + (tally.telemetry[i] ?? 0);
  }
  return total;
}

/** Counts one artifact's series. */
export function* tallyOf(series: readonly Series[]): Steps<Tally> {
  const wholes = new Map<string, number>();
  const unitless = new Set<string>();
  const telemetry = TELEMETRY.map(() => new Set<string>());
  for (const { metric, statistic, unit, n } of series) {
    const whole = JSON.stringify([metric, statistic, unit]);
    // The whole has the most values of all that share its name and unit.
    wholes.set(whole, Math.max(n, wholes.get(whole) ?? 0));
    const place = JSON.stringify([metric, statistic]);
    if (lacksUnit({ unit, metric })) unitless.add(place);
    for (const [i, { words }] of TELEMETRY.entries()) if (words.test(metric)) telemetry[i]?.add(place);
    yield;
  }
  let numbers = 0;
  for (const n of wholes.values()) numbers += n;
  return { numbers, series: wholes.size, unitless: unitless.size, telemetry: telemetry.map((places) => places.size) };
}

/** How many numbers stand behind the series: those of failed records and of repeated files are in none of them. */
export function measurementCounts({ numbers, series }: Pick<Tally, 'numbers' | 'series'>): Fact[] {
  return [
    countFact({
      kind: 'count',
      metric: 'measurement_count',
      value: numbers,
      selector: 'measurements[counted][not failed]',
      claim: `${counted(numbers, 'number')} stand in the series; those of failed records and of repeated files do not.`,
    }),
    countFact({
      kind: 'count',
      metric: 'series_count',
      value: series,
      selector: 'measurements[counted][not failed] by artifact, metric, statistic and unit',
      claim: `The numbers form ${series} series: a column, or JSON numbers at one place.`,
    }),
  ];
}
