import type { Series } from '@chimera/evidence';
import type { Measurement, Reading } from '@chimera/shared/domain';
import type { ContentReading } from './content-reading.ts';

const OF_VALUES = ['median', 'min', 'max', 'mean', 'p95'] as const;
// A mean of means weighs runs of different length alike, and a percentile of percentiles is one of nothing.
const OF_STATISTICS = ['median', 'min', 'max'] as const;

/**
 * A reading whose single numbers nobody kept, with the statistics of its series in their place: each over the `n` values from the
 * first to the last of its pointer. A series of one value is that value.
 */
export function summaryOf({ outcome, series }: ContentReading): Reading {
  if (outcome.status === 'refused') {
    const { cut, ...refused } = outcome;
    return { ...refused, ...(cut ? { cut } : {}) };
  }
  const { cut, warnings, ...read } = outcome;
  const told = 'the measurements that are listed are statistics of its series, over the numbers from the first pointer to the last';
  return {
    ...read,
    warnings: series.length === 0 ? warnings : [...warnings, told],
    measurements: series.flatMap(statisticsOf),
    ...(cut ? { cut } : {}),
  };
}

function statisticsOf({ metric, statistic, unit, labels, n, first, last, ...values }: Series): Measurement[] {
  const base = { metric, unit, labels, text: null, failed: false };
  if (n === 1) return [{ ...base, statistic, value: values.median, n: null, pointer: first }];
  return (statistic === 'value' ? OF_VALUES : OF_STATISTICS).map((name) => ({
    ...base,
    statistic: statistic === 'value' ? name : `${name} of ${statistic}`,
    value: values[name],
    n,
    pointer: `${first} … ${last}`,
  }));
}
