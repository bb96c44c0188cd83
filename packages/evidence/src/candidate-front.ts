import { type CanonicalMetric, METRICS } from '@chimera/shared/domain';
import { paretoFront } from '@chimera/statistics';
import { type Candidate, WEIGHED } from './candidates.ts';

/** Numbers of which greater is better, and how many candidates have them: thousands of one value are one point. */
type Point = { readonly at: readonly number[]; n: number };

/** Some candidates of a study, and which of them none of these beats. */
export class FrontPart {
  readonly #metric: CanonicalMetric;
  readonly #candidates: readonly Candidate[];
  /** for each of what is weighed, whether all of them have it */
  readonly isWhole: readonly boolean[];
  #known: { beside: string; points: readonly Point[] } | null = null;

  /** @param candidates the best first */
  constructor(metric: CanonicalMetric, candidates: readonly Candidate[]) {
    this.#metric = metric;
    this.#candidates = candidates;
    this.isWhole = WEIGHED.map((_, at) => candidates.every(({ weighed }) => weighed[at] !== null));
  }

  /** The points that no other beats in the metric and in what is weighed beside it, by their places in WEIGHED. They must not be changed. */
  points(beside: readonly number[]): readonly Point[] {
    const key = beside.join();
    if (this.#known?.beside !== key) {
      const signs = beside.map((at) => signOf(WEIGHED[at] as CanonicalMetric));
      const own = signOf(this.#metric);
      const points = this.#candidates.map(({ value, weighed }) => ({
        at: [own * value, ...beside.map((at, i) => (signs[i] ?? 1) * (weighed[at] ?? Number.NaN))],
        n: 1,
      }));
      this.#known = { beside: key, points: unbeaten(points) };
    }
    return this.#known.points;
  }
}

/**
 * How many candidates no other beats in every metric that was weighed: the one they are chosen by, and what all of them have beside it.
 * @param parts those with the best candidates first
 */
export function frontOf(metric: CanonicalMetric, parts: readonly FrontPart[]): number {
  const beside = WEIGHED.flatMap((one, at) => (one !== metric && parts.every(({ isWhole }) => isWhole[at]) ? [at] : []));
  return unbeaten(parts.flatMap((part) => part.points(beside))).reduce((sum, { n }) => sum + n, 0);
}

function signOf(metric: CanonicalMetric): number {
  return METRICS[metric].direction === 'lower' ? -1 : 1;
}

/** The points that no other beats, each once. Those that are best in the first number come first. */
function unbeaten(points: readonly Point[]): Point[] {
  // Equal points stand on the front together or not at all.
  const distinct = new Map<string, Point>();
  let leader: Point['at'] | null = null;
  for (const { at, n } of points) {
    // Nearly all of very many others are beaten by the one that leads in the second.
    if (leader !== null && isBeaten(at, leader)) continue;
    if (leader === null || (at[1] ?? 0) > (leader[1] ?? 0)) leader = at;
    const key = at.join();
    const known = distinct.get(key);
    if (known) known.n += n;
    else distinct.set(key, { at, n });
  }
  const all = [...distinct.values()];
  const front = paretoFront(
    all.map(({ at }) => at),
    (all[0]?.at ?? []).map(() => 'higher'),
  );
  return front.flatMap((i) => all[i] ?? []);
}

/** Whether the other is at least as good in everything, and better in something. */
function isBeaten(at: Point['at'], by: Point['at']): boolean {
  let isBetter = false;
  for (let i = 0; i < at.length; i++) {
    const [mine, other] = [at[i] ?? Number.NaN, by[i] ?? Number.NaN];
    if (!(other >= mine)) return false;
    if (other > mine) isBetter = true;
  }
  return isBetter;
}
