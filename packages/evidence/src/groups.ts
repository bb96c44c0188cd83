import {
  byCodeUnit,
  CAMPAIGN_PROFILE,
  type CanonicalMetric,
  type Group,
  isCanonical,
  METRICS,
  type Over,
  ownCampaignUnit,
  type Source,
} from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { quantileOfSorted, sortFinite } from '@chimera/statistics';
import { configurationOf } from './configuration.ts';
import { type Digest, digestOf, isEachARun, type PooledDigest, thinnedRanks } from './digest.ts';
import type { PathContext } from './path-context.ts';
import { KnownNumbers } from './repeats.ts';
import type { SampleSet } from './samples.ts';

/** One artifact's part of a group. */
export type Member = { path: string; sha256: string; set: SampleSet };

/**
 * A group with the values behind it: `values` ascend and are raw samples in the metric's unit, or what the files state as their
 * statistic; where there is a `digest` of these they are the runs. `group.runs` are those that comparisons use.
 */
export type SampledGroup = {
  key: string;
  group: Group;
  values: Float64Array;
  digest: PooledDigest | null;
  members: readonly Member[];
  /** the labels without `start`, as canonical JSON, and the pattern of the paths: groups of one configuration share both */
  configuration: string;
  /** of the members' numbers, those that repeat another member's and are not counted */
  repeats: readonly { member: Member; of: Member }[];
};

/** An artifact whose numbers count, with its samples. */
export type SampledArtifact = { path: string; sha256: string; samples: readonly SampleSet[] };

/** What a sample set says of the group that it is in, at the place of its artifact. */
export type Shape = Pick<Group, 'metric' | 'statistic' | 'over' | 'labels' | 'derived'> & { key: string; scope: string };

export function shapeOf(set: SampleSet, context: PathContext): Shape {
  const { labels, derived } = configurationOf(set.labels, context.labels);
  const { metric, statistic } = set;
  const over = overOf(set);
  const key = `${metric}\0${labelsJson(labels)}\0${statistic}\0${context.pattern}`;
  return { key, metric, statistic, over, labels, derived: [...derived], scope: context.pattern };
}

/** So many rows of one file are samples of one run, unless the file says what they are. */
function overOf({ statistic, over, digest }: SampleSet): Over | null {
  return over ?? (digest && statistic === 'value' ? 'samples' : null);
}

/** Where one file says more of what its values are than another, the more careful reading holds. */
export function overOfBoth(a: Over | null, b: Over | null): Over | null {
  if (a === b) return a;
  return [a, b].every((over) => over === null || over === 'samples') ? 'samples' : 'requests';
}

export function sampled(key: string, { scope, ...shape }: Shape, found: readonly Member[]): SampledGroup {
  const sorted = [...found].sort((a, b) => byCodeUnit(a.path, b.path));
  const { members, repeats } = withoutRepeats(sorted);
  const { values, runs, digest, over } = members.some(({ set }) => set.digest) ? digestedIn(shape, members) : valuesIn(shape, members);
  const [only] = members;
  // In the order of canonical JSON, which the engine can so write itself.
  const group: Group = {
    derived: shape.derived,
    labels: shape.labels,
    metric: shape.metric,
    n: runs.n,
    over,
    pattern: scope,
    runs: runs.listed,
    samples: digest?.n ?? values.length,
    scope: members.length === 1 && only ? only.path : scope,
    sources: members.map(sourceOfMember),
    statistic: shape.statistic,
    unit: isCanonical(shape.metric) ? METRICS[shape.metric].unit : (ownCampaignUnit(shape.metric) ?? 'tokens'),
  };
  const { start: _, ...labels } = shape.labels;
  return { key, group, values, digest, members, repeats, configuration: `${labelsJson(labels)}\0${scope}` };
}

/** What a group is made from: its values, how many runs there are with those that are listed, and the digest that stands for samples. */
type Content = Pick<SampledGroup, 'values' | 'digest'> & { over: Over | null; runs: { n: number; listed: number[] } };

function valuesIn({ statistic, over }: Pick<Shape, 'statistic' | 'over'>, members: readonly Member[]): Content {
  const [only] = members;
  // Of hundreds of thousands of groups most hold one value, which the sample set holds already.
  const isOne = members.length === 1 && only?.set.values.length === 1;
  const values = isOne ? only.set.values : sortFinite(together(members.map(({ set }) => set.values)));
  const runs = runsOf(statistic, over, members, values);
  const listed = thinnedRanks(runs.length).map((rank) => runs[rank] ?? Number.NaN);
  return { values, digest: null, over, runs: { n: runs.length, listed } };
}

/** Of samples that one file alone has, and that are runs each, all count; else each file with its median. */
function digestedIn(shape: Pick<Shape, 'statistic' | 'over'>, members: readonly Member[]): Content {
  const [only, ...more] = members;
  const digests = members.map(({ set }) => set.digest ?? digestOf(set.values).digest);
  const [own] = digests;
  if (only === undefined || own === undefined) throw new RangeError('A group has a member.');
  if (more.length === 0 && isEachARun(shape)) {
    const values = only.set.values;
    return { values, digest: own, over: shape.over, runs: { n: own.n, listed: [...values] } };
  }
  const medians = Float64Array.from(digests, ({ median }) => median).sort();
  const listed = thinnedRanks(medians.length).map((rank) => medians[rank] ?? Number.NaN);
  // What a file calls its runs are samples of it, where a file counts once.
  const over = shape.over === 'runs' || shape.over === 'repetitions' ? 'samples' : shape.over;
  return { values: medians, digest: more.length === 0 ? own : pooled(digests), over, runs: { n: medians.length, listed } };
}

/** What is known of the samples of several digests: their extent and mean, and no quantile. */
function pooled(digests: readonly Digest[]): PooledDigest {
  const n = digests.reduce((sum, one) => sum + one.n, 0);
  const mean = digests.reduce((sum, one) => sum + one.n * one.mean, 0) / n;
  return {
    ...{ n, mean },
    min: digests.reduce((least, one) => Math.min(least, one.min), Number.POSITIVE_INFINITY),
    max: digests.reduce((greatest, one) => Math.max(greatest, one.max), Number.NEGATIVE_INFINITY),
  };
}

function together(all: readonly Float64Array[]): Float64Array {
  const values = new Float64Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const some of all) {
    values.set(some, at);
    at += some.length;
  }
  return values;
}

export function sourceOfMember({ path, sha256, set: { first, last } }: Member): Source {
  return { path, pointer: first === last ? first : `${first} … ${last}`, sha256 };
}

function withoutRepeats(sorted: readonly Member[]): Pick<SampledGroup, 'members' | 'repeats'> {
  const members: Member[] = [];
  const repeats: { member: Member; of: Member }[] = [];
  const known = new KnownNumbers<Member>(sorted.some(({ set }) => set.digest));
  for (const member of sorted) {
    const of = known.find(member.set);
    if (of) repeats.push({ member, of });
    else {
      members.push(member);
      known.add(member.set, member);
    }
  }
  return { members, repeats };
}

/**
 * Requests, gaps and clock samples of one run depend on each other: the run counts once, with their median. So do rows of which
 * nothing says what they are, where each of several files that number their repeats holds some: a file is then a run.
 */
function runsOf(statistic: string, over: Over | null, members: readonly Member[], values: Float64Array): Float64Array {
  if (statistic !== 'value' || over === 'runs' || over === 'repetitions' || (over === null && members.length === 1)) return values;
  return Float64Array.from(members, ({ set }) => quantileOfSorted(set.values.slice().sort(), 0.5)).sort();
}

/** The median of a group's samples; where it is not known, because several files have too many of them, that of their medians. */
export function middleOf({ values, digest }: Pick<SampledGroup, 'values' | 'digest'>): number {
  return digest?.median ?? quantileOfSorted(values, 0.5);
}

/** Whether a group is of a metric of the registry. */
export function isMeasured({ group }: Pick<SampledGroup, 'group'>): boolean {
  return isCanonical(group.metric);
}

/** Whether a group is of a campaign's results: these are judged by their own rules, and take part in no study. */
export function isOfCampaign({ group }: Pick<SampledGroup, 'group'>): boolean {
  return group.labels[CAMPAIGN_PROFILE] !== undefined;
}

/** The metric of a group that is one of the registry. */
export function metricOf({ metric }: Pick<Group, 'metric'>): CanonicalMetric | null {
  return isCanonical(metric) ? metric : null;
}
