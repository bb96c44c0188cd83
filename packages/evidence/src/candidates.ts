import { type CanonicalMetric, METRICS } from '@chimera/shared/domain';
import { byCodePoint } from './code-point.ts';
import { middleOf, type SampledGroup } from './groups.ts';
import type { MeasuredConfiguration, Study } from './studies.ts';

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

/**
 * The configurations of a study that have a metric, the best first; of equally good ones the one that waits less for its first token, then
 * the more accurate one.
 * @param before what this gave for a study that had nearly all of them: they are in order already, which makes sorting cheap
 */
export function candidatesOf({ configurations }: Study, metric: CanonicalMetric, before: readonly Candidate[] = []): Candidate[] {
  const fresh = new Set<Candidate>();
  for (const configuration of configurations) {
    const candidate = candidateOf(configuration, metric);
    if (candidate !== null) fresh.add(candidate);
  }
  const candidates = before.filter((candidate) => fresh.delete(candidate));
  for (const candidate of fresh) candidates.push(candidate);
  const sign = METRICS[metric].direction === 'lower' ? 1 : -1;
  return candidates.sort((a, b) => sign * (a.value - b.value) || byWeighed(a, b) || byCodePoint(a.group.key, b.group.key));
}

// Where one of many thousand configurations comes to a study, all others are what they were.
const CANDIDATES = new WeakMap<MeasuredConfiguration, { metric: CanonicalMetric; candidate: Candidate | null }>();

function candidateOf(configuration: MeasuredConfiguration, metric: CanonicalMetric): Candidate | null {
  const known = CANDIDATES.get(configuration);
  if (known?.metric === metric) return known.candidate;
  const group = configuration.metrics.get(metric);
  const value = group ? middleOf(group) : Number.NaN;
  // Nothing takes no time: such a value was rounded away or never measured, and would always be the best.
  const none = METRICS[metric].unit === 's' && value === 0;
  const weighed = WEIGHED.map((one) => configuration.metrics.get(one)).map((one) => (one ? middleOf(one) : null));
  const candidate = group && !none ? { configuration, group, value, runs: group.group.n, weighed } : null;
  CANDIDATES.set(configuration, { metric, candidate });
  return candidate;
}

/** Of two that are equally good, the one that waits less for its first token, then the more accurate one. */
function byWeighed(a: Candidate, b: Candidate): number {
  for (let i = 0; i < WEIGHED.length; i++) {
    const own = a.weighed[i];
    const other = b.weighed[i];
    if (own === null || other === null || own === undefined || other === undefined || own === other) continue;
    return METRICS[WEIGHED[i] as CanonicalMetric].direction === 'lower' ? own - other : other - own;
  }
  return 0;
}
