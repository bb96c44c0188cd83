import {
  byCodeUnit,
  CAMPAIGN_PROFILE,
  type CanonicalMetric,
  type Group,
  isCanonical,
  METRICS,
  MOST_RUNS,
  type Over,
  ownCampaignUnit,
  type Source,
} from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { quantileOfSorted } from '@chimera/statistics';
import { configurationOf } from './configuration.ts';
import type { PathContext } from './path-context.ts';
import type { SampleSet } from './samples.ts';

/** One artifact's part of a group. */
export type Member = { path: string; sha256: string; set: SampleSet };

/**
 * A group with the values behind it: `values` ascend and are raw samples in the metric's unit, or what the files state as their
 * statistic; `group.runs` are those that comparisons use.
 */
export type SampledGroup = {
  key: string;
  group: Group;
  values: Float64Array;
  members: readonly Member[];
  /** the labels without `start`, as canonical JSON, and the pattern of the paths: groups of one configuration share both */
  configuration: string;
  /** of the members' numbers, those that repeat another member's and are not counted */
  repeats: readonly { member: Member; of: Member }[];
};

/** An artifact whose numbers count, with its samples. */
export type SampledArtifact = { path: string; sha256: string; samples: readonly SampleSet[] };

/** What was computed of groups before, in their order: one that has the same members is the same. */
export type GroupMemory = Map<string, { members: readonly Member[]; known: SampledGroup }>;

/** Shapes by sample set: they depend on the place of the artifact too, which seldom changes. */
const SHAPES = new WeakMap<SampleSet, { context: PathContext; shape: Shape }>();

/**
 * The groups of a dataset: samples of one metric and statistic under one configuration, over all artifacts. Repeats of one run
 * come together; artifacts that differ in more than what numbers repeats stay apart, because what sets them apart may stand in
 * their names alone. In the order of their keys, whatever the order of the artifacts.
 */
export function groupsOf(
  artifacts: readonly SampledArtifact[],
  contextOf: (path: string) => PathContext,
  memory: GroupMemory = new Map(),
): SampledGroup[] {
  const found = new Map<string, { shape: Shape; members: Member[] }>();
  for (const { path, sha256, samples } of artifacts) {
    if (samples.length === 0) continue;
    const context = contextOf(path);
    for (const set of samples) {
      const shape = shapeOf(set, context);
      const there = found.get(shape.key);
      if (there) {
        there.members.push({ path, sha256, set });
        // Where one file says more of what its values are than another, the more careful reading holds.
        if (there.shape.over !== set.over) there.shape = { ...there.shape, over: 'requests' };
      } else found.set(shape.key, { shape, members: [{ path, sha256, set }] });
    }
  }
  // As far as they were there before they are in order, which makes sorting them cheap.
  const keys = [...memory.keys()].filter((key) => found.has(key));
  for (const key of found.keys()) if (!memory.has(key)) keys.push(key);
  const before = new Map(memory);
  memory.clear();
  const groups: SampledGroup[] = [];
  for (const key of keys.sort(byCodeUnit)) {
    const there = found.get(key);
    if (there === undefined) continue;
    const { shape, members } = there;
    const last = before.get(key);
    const known =
      last && sameMembers(last.members, members) && last.known.group.over === shape.over ? last.known : sampled(key, shape, members);
    memory.set(key, { members, known });
    groups.push(known);
  }
  return groups;
}

type Shape = Pick<Group, 'metric' | 'statistic' | 'over' | 'labels' | 'derived'> & { key: string; scope: string };

function shapeOf(set: SampleSet, context: PathContext): Shape {
  const known = SHAPES.get(set);
  if (known && known.context.pattern === context.pattern && known.context.labels.model === context.labels.model) return known.shape;
  const shape = newShape(set, context);
  SHAPES.set(set, { context, shape });
  return shape;
}

function newShape(set: SampleSet, context: PathContext): Shape {
  const { labels, derived } = configurationOf(set.labels, context.labels);
  const { metric, statistic, over } = set;
  const key = `${metric}\0${labelsJson(labels)}\0${statistic}\0${context.pattern}`;
  return { key, metric, statistic, over, labels, derived: [...derived], scope: context.pattern };
}

function sameMembers(a: readonly Member[], b: readonly Member[]): boolean {
  return a.length === b.length && a.every((member, i) => member.set === b[i]?.set && member.path === b[i]?.path);
}

function sampled(key: string, { scope, ...shape }: Shape, found: readonly Member[]): SampledGroup {
  const sorted = [...found].sort((a, b) => byCodeUnit(a.path, b.path));
  const { members, repeats } = withoutRepeats(sorted);
  const values = ascending(members.flatMap(({ set }) => [...set.values]));
  const runs = runsOf(shape.statistic, shape.over, members, values);
  const [only] = members;
  const group: Group = {
    metric: shape.metric,
    statistic: shape.statistic,
    unit: isCanonical(shape.metric) ? METRICS[shape.metric].unit : (ownCampaignUnit(shape.metric) ?? 'tokens'),
    over: shape.over,
    labels: shape.labels,
    derived: shape.derived,
    scope: members.length === 1 && only ? only.path : scope,
    pattern: scope,
    samples: values.length,
    n: runs.length,
    runs: [...thinned(runs)],
    sources: members.map(sourceOfMember),
  };
  const { start: _, ...labels } = shape.labels;
  return { key, group, values, members, repeats, configuration: `${labelsJson(labels)}\0${scope}` };
}

export function sourceOfMember({ path, sha256, set: { first, last } }: Member): Source {
  return { path, sha256, pointer: first === last ? first : `${first} … ${last}` };
}

/** Fewest equal numbers that show that a file repeats another's: two files may well agree in one or two. */
const LEAST_REPEATED = 3;

/** A file whose numbers are another's, digit by digit, tells of the same runs: they count once. */
export function repeatsNumbers(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length || a.length < LEAST_REPEATED) return false;
  if (a.every((value) => value === a[0])) return false;
  // Writers differ in the last digit of a double.
  return a.every((value, i) => Math.abs(value - (b[i] ?? Number.NaN)) <= 1e-12 * Math.abs(value));
}

function withoutRepeats(sorted: readonly Member[]): Pick<SampledGroup, 'members' | 'repeats'> {
  const members: Member[] = [];
  const repeats: { member: Member; of: Member }[] = [];
  for (const member of sorted) {
    const of = members.find((other) => repeatsNumbers(other.set.values, member.set.values));
    if (of) repeats.push({ member, of });
    else members.push(member);
  }
  return { members, repeats };
}

/**
 * Requests, gaps and clock samples of one run depend on each other: the run counts once, with their median. So do rows of which
 * nothing says what they are, where each of several files that number their repeats holds some: a file is then a run.
 */
function runsOf(statistic: string, over: Over | null, members: readonly Member[], values: Float64Array): Float64Array {
  if (statistic !== 'value' || over === 'runs' || over === 'repetitions' || (over === null && members.length === 1)) return values;
  return ascending(members.map(({ set }) => quantileOfSorted(ascending(set.values), 0.5)));
}

function ascending(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Evenly spaced values of the order, the least and the greatest among them. */
function thinned(runs: Float64Array): Float64Array {
  if (runs.length <= MOST_RUNS) return runs;
  return Float64Array.from({ length: MOST_RUNS }, (_, i) => runs[Math.round((i * (runs.length - 1)) / (MOST_RUNS - 1))] ?? Number.NaN);
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
