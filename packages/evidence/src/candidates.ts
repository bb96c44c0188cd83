import { type CanonicalMetric, METRICS } from '@chimera/shared/domain';
import { byCodePoint } from './code-point.ts';
import { middleOf, type SampledGroup } from './groups.ts';
import type { MeasuredConfiguration } from './studies.ts';

/** What a choice weighs beside the metric it is made by. */
export const WEIGHED: readonly CanonicalMetric[] = ['time_to_first_token', 'accuracy'];

/** A configuration that may be chosen, with its median and runs. `weighed`: its medians of what else is weighed, null where it has none. */
export type Candidate = {
  configuration: MeasuredConfiguration;
  group: SampledGroup;
  value: number;
  runs: number;
  weighed: readonly (number | null)[];
};

/** A configuration as a candidate; null where it does not have the metric, or took no time. */
export function candidateOf(configuration: MeasuredConfiguration, metric: CanonicalMetric): Candidate | null {
  const group = configuration.metrics.get(metric);
  if (group === undefined) return null;
  const value = middleOf(group);
  // Nothing takes no time: such a value was rounded away or never measured, and would always be the best.
  if (METRICS[metric].unit === 's' && value === 0) return null;
  const weighed = WEIGHED.map((one) => configuration.metrics.get(one)).map((one) => (one ? middleOf(one) : null));
  return { configuration, group, value, runs: group.group.n, weighed };
}

/**
 * The order of candidates by a metric, the best first; of equally good ones the one that waits less for its first token, then the more
 * accurate one; one of which that is not known comes after those of which it is.
 */
export function byMerit(metric: CanonicalMetric): (a: Candidate, b: Candidate) => number {
  const sign = METRICS[metric].direction === 'lower' ? 1 : -1;
  return (a, b) => sign * (a.value - b.value) || byWeighed(a, b) || byCodePoint(a.group.key, b.group.key);
}

function byWeighed(a: Candidate, b: Candidate): number {
  for (let i = 0; i < WEIGHED.length; i++) {
    const own = a.weighed[i] ?? null;
    const other = b.weighed[i] ?? null;
    if (own === other) continue;
    if (own === null || other === null) return own === null ? 1 : -1;
    return METRICS[WEIGHED[i] as CanonicalMetric].direction === 'lower' ? own - other : other - own;
  }
  return 0;
}
