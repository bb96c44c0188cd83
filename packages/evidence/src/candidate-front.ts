import { type CanonicalMetric, METRICS } from '@chimera/shared/domain';
import { paretoFront } from '@chimera/statistics';
import { type Candidate, WEIGHED } from './candidates.ts';

/**
 * How many candidates no other beats in every metric that was weighed: the one they are chosen by, and what all of them have beside it.
 * @param candidates the best first
 */
export function frontOf(metric: CanonicalMetric, candidates: readonly Candidate[]): number {
  const sign = (one: CanonicalMetric) => (METRICS[one].direction === 'lower' ? -1 : 1);
  const beside = WEIGHED.flatMap((one, at) =>
    one !== metric && candidates.every(({ weighed }) => weighed[at] !== null) ? [{ at, sign: sign(one) }] : [],
  );
  const own = sign(metric);
  // Greater is better.
  const pointOf = ({ value, weighed }: Candidate) => [own * value, ...beside.map((one) => one.sign * (weighed[one.at] ?? Number.NaN))];
  // Equal points stand on the front together or not at all: thousands of one value are one point.
  const points = new Map<string, { point: number[]; n: number }>();
  let leader: number[] | null = null;
  for (const candidate of candidates) {
    // The best come first, so that nearly all of very many others are beaten by the one that leads in the second.
    if (leader !== null && isBeaten(candidate, leader)) continue;
    const point = pointOf(candidate);
    if (leader === null || (point[1] ?? 0) > (leader[1] ?? 0)) leader = point;
    const key = point.join();
    const known = points.get(key);
    if (known) known.n += 1;
    else points.set(key, { point, n: 1 });
  }
  const all = [...points.values()];
  const front = paretoFront(
    all.map(({ point }) => point),
    [metric, ...beside].map(() => 'higher'),
  );
  return front.reduce((sum, i) => sum + (all[i]?.n ?? 0), 0);

  /** Whether a point is at least as good in everything, and better in something. */
  function isBeaten({ value, weighed }: Candidate, by: readonly number[]): boolean {
    const first = by[0] ?? Number.NaN;
    if (!(first >= own * value)) return false;
    let isBetter = first > own * value;
    let at = 1;
    for (const one of beside) {
      const mine = one.sign * (weighed[one.at] ?? Number.NaN);
      const other = by[at++] ?? Number.NaN;
      if (!(other >= mine)) return false;
      if (other > mine) isBetter = true;
    }
    return isBetter;
  }
}
