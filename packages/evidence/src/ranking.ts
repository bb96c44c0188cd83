import type { CanonicalMetric } from '@chimera/shared/domain';
import { FrontPart, frontOf } from './candidate-front.ts';
import { byMerit, type Candidate, candidateOf, WEIGHED } from './candidates.ts';
import { SortedBlocks } from './sorted-blocks.ts';
import type { Steps } from './steps.ts';
import type { MeasuredConfiguration } from './studies.ts';
import { LEAST_RUNS } from './verdict.ts';

/** How many values there are, and between which they lie. */
export type Extent = { n: number; least: number; greatest: number };

/** What is asked of all candidates, of some that follow each other. */
type Told = {
  fewestRuns: number;
  /** those with too few runs */
  few: readonly Candidate[];
  /** for each of what is weighed its medians, by the statistic that they are of */
  weighed: readonly ReadonlyMap<string, Extent>[];
  front: FrontPart;
};

/**
 * The configurations of a study that have a metric, the best first. Where one of many thousand comes or goes, what is asked of all of
 * them is found out anew of those beside it alone.
 */
export class Ranking {
  readonly metric: CanonicalMetric;
  readonly #candidates = new Map<MeasuredConfiguration, Candidate>();
  readonly #blocks: SortedBlocks<Candidate, Told>;

  constructor(metric: CanonicalMetric) {
    this.metric = metric;
    this.#blocks = new SortedBlocks(byMerit(metric), (candidates) => told(candidates, metric));
  }

  /** Takes configurations away, and others in. */
  *update(gone: Iterable<MeasuredConfiguration>, come: Iterable<MeasuredConfiguration>): Steps<void> {
    const leaving: Candidate[] = [];
    for (const one of gone) {
      const candidate = this.#candidates.get(one);
      if (candidate === undefined) continue;
      leaving.push(candidate);
      this.#candidates.delete(one);
    }
    const arriving: Candidate[] = [];
    for (const one of come) {
      const candidate = candidateOf(one, this.metric);
      if (candidate === null) continue;
      arriving.push(candidate);
      this.#candidates.set(one, candidate);
    }
    yield* this.#blocks.update(leaving, arriving);
  }

  get size(): number {
    return this.#candidates.size;
  }

  /** The best ones, at most so many. */
  best(most: number): Candidate[] {
    const best: Candidate[] = [];
    for (const { items } of this.#blocks.all) {
      if (best.length >= most) break;
      for (const one of items) best.push(one);
    }
    return best.slice(0, most);
  }

  get worst(): Candidate | undefined {
    return this.#blocks.all.at(-1)?.items.at(-1);
  }

  /** The fewest runs that one of them has; Infinity of none. */
  get fewestRuns(): number {
    return this.#blocks.all.reduce((fewest, { written }) => Math.min(fewest, written.fewestRuns), Number.POSITIVE_INFINITY);
  }

  /** How many have fewer than LEAST_RUNS, and the best of these, at most so many. */
  few(most: number): { n: number; best: Candidate[] } {
    const few = { n: 0, best: [] as Candidate[] };
    for (const { written } of this.#blocks.all) {
      few.n += written.few.length;
      if (few.best.length < most) few.best.push(...written.few.slice(0, most - few.best.length));
    }
    return few;
  }

  /** How many candidates no other beats in every metric that was weighed. */
  get front(): number {
    return frontOf(
      this.metric,
      this.#blocks.all.map(({ written }) => written.front),
    );
  }

  /** The medians of what is weighed, by its place in WEIGHED, as far as they are of that statistic. */
  weighed(at: number, statistic: string): Extent {
    const all = { n: 0, least: Number.POSITIVE_INFINITY, greatest: Number.NEGATIVE_INFINITY };
    for (const { written } of this.#blocks.all) {
      const some = written.weighed[at]?.get(statistic);
      if (some) add(all, some);
    }
    return all;
  }
}

function* told(candidates: readonly Candidate[], metric: CanonicalMetric): Steps<Told> {
  yield;
  return {
    fewestRuns: candidates.reduce((fewest, { runs }) => Math.min(fewest, runs), Number.POSITIVE_INFINITY),
    few: candidates.filter(({ runs }) => runs < LEAST_RUNS),
    weighed: WEIGHED.map((_, at) => weighedIn(candidates, at)),
    front: new FrontPart(metric, candidates),
  };
}

function weighedIn(candidates: readonly Candidate[], at: number): Map<string, Extent> {
  const extents = new Map<string, Extent>();
  for (const { configuration, weighed } of candidates) {
    const value = weighed[at] ?? null;
    const statistic = configuration.metrics.get(WEIGHED[at] as CanonicalMetric)?.group.statistic;
    if (value === null || statistic === undefined) continue;
    const one = { n: 1, least: value, greatest: value };
    const there = extents.get(statistic);
    if (there) add(there, one);
    else extents.set(statistic, one);
  }
  return extents;
}

function add(all: Extent, some: Extent): void {
  all.n += some.n;
  all.least = Math.min(all.least, some.least);
  all.greatest = Math.max(all.greatest, some.greatest);
}
