import { type CanonicalMetric, type Comparison, type Group, isCanonical } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { byCodePoint } from './code-point.ts';
import { comparisonOf } from './comparisons.ts';
import { HEADLINE_METRICS } from './headline-metrics.ts';
import { inOneGo, type Steps } from './steps.ts';
import { type Judged, judge } from './verdict.ts';

/** One side of a comparison of datasets: its groups, and how people call it. */
export type Side = { name: string; groups: readonly Group[] };

/** One metric of one configuration on both sides. */
export type Change = {
  metric: CanonicalMetric;
  statistic: string;
  /** the configuration now */
  labels: Readonly<Record<string, string>>;
  derived: readonly string[];
  scope: string;
  /** its artifact or artifacts before */
  before: string;
  unit: string;
  comparison: Comparison;
  ratio: number | null;
  interval: [number, number] | null;
  sources: readonly { now: Group; then: Group }[];
};

/** What differs between two datasets: configurations that came, that went, and those that both have, by metric. */
export type Changes = {
  of: string;
  to: string;
  changes: readonly Change[];
  /** configurations with at least one headline metric, that the other side has not */
  added: readonly ConfigurationName[];
  gone: readonly ConfigurationName[];
  /** headline metrics that a configuration had before and has no more, or states in another way: nothing compares them */
  lost: readonly (ConfigurationName & { metric: CanonicalMetric })[];
};
export type ConfigurationName = { labels: Readonly<Record<string, string>>; scope: string };

/** Labels that say which version was measured: between two datasets they are what changed, and keep nothing apart. */
export const VERSIONS = [
  ...['engine_version', 'engine_commit', 'tool_version', 'commit', 'version', 'driver_version', 'backend_version'],
  ...['python_version', 'jdk_version'],
];

/** Which of a file's own statistics is compared, where there are no raw values. */
const PREFERRED = ['value', 'median', 'mean'];

type Configuration = ConfigurationName & { derived: readonly string[]; metrics: Map<CanonicalMetric, Group> };

/**
 * Compares the groups of one dataset with those of another: configurations are the same where all their labels are, and their
 * files where several have these. Versions may differ where nothing else tells two apart, which is then a caveat.
 */
export function changesBetween(now: Side, then: Side): Changes {
  return inOneGo(changesIn(now, then));
}

/** The same in steps: datasets may have thousands of configurations. */
export function* changesIn(now: Side, then: Side): Steps<Changes> {
  const own = configurationsOf(now.groups);
  yield;
  const other = configurationsOf(then.groups);
  yield;
  const matched = matches(own, other);
  const changes: Change[] = [];
  for (const { of, to } of matched) {
    changes.push(...changesOf(of, to));
    yield;
  }
  const found = new Set(matched.flatMap(({ of, to }) => [of, to]));
  const unmatched = (all: readonly Configuration[]) => all.filter((one) => !found.has(one)).map(({ labels, scope }) => ({ labels, scope }));
  return { of: now.name, to: then.name, changes, added: unmatched(own), gone: unmatched(other), lost: matched.flatMap(lostIn) };
}

function lostIn({ of, to }: Match): Changes['lost'] {
  const { labels, scope } = of;
  const lost = [...to.metrics].filter(([metric, then]) => of.metrics.get(metric)?.statistic !== then.statistic);
  return lost.map(([metric]) => ({ labels, scope, metric }));
}

function configurationsOf(groups: readonly Group[]): Configuration[] {
  const found = new Map<string, Configuration>();
  for (const group of groups) {
    const { metric } = group;
    if (!isCanonical(metric) || !HEADLINE_METRICS.includes(metric) || !PREFERRED.includes(group.statistic)) continue;
    const { start, ...labels } = group.labels;
    if (start === 'cold') continue;
    const key = keyOf({ labels, scope: group.pattern });
    const there = found.get(key) ?? { labels, scope: group.pattern, derived: group.derived, metrics: new Map<CanonicalMetric, Group>() };
    found.set(key, there);
    const known = there.metrics.get(metric);
    if (known === undefined || PREFERRED.indexOf(group.statistic) < PREFERRED.indexOf(known.statistic)) there.metrics.set(metric, group);
  }
  return [...found].sort(([a], [b]) => byCodePoint(a, b)).map(([, configuration]) => configuration);
}

type Match = { of: Configuration; to: Configuration };

/** Matches by ever less: labels and file, labels alone, labels without versions and file, labels without versions. */
function matches(own: readonly Configuration[], other: readonly Configuration[]): Match[] {
  const found: Match[] = [];
  let [left, right] = [[...own], [...other]];
  for (const likeness of LIKENESSES) {
    const [a, b] = [Map.groupBy(left, likeness), Map.groupBy(right, likeness)];
    for (const [key, mine] of a) {
      const [of] = mine;
      const [to, ...more] = b.get(key) ?? [];
      // Where several could be meant, none is.
      if (of && to && mine.length === 1 && more.length === 0) found.push({ of, to });
    }
    const done = new Set(found.flatMap(({ of, to }) => [of, to]));
    [left, right] = [left.filter((one) => !done.has(one)), right.filter((one) => !done.has(one))];
  }
  return found.sort((a, b) => byCodePoint(keyOf(a.of), keyOf(b.of)));
}

function keyOf({ labels, scope }: ConfigurationName): string {
  return `${labelsJson(labels)}\0${scope}`;
}

const LIKENESSES: readonly ((one: Configuration) => string)[] = [
  keyOf,
  ({ labels }) => labelsJson(labels),
  ({ labels, scope }) => keyOf({ labels: withoutVersions(labels), scope }),
  ({ labels }) => labelsJson(withoutVersions(labels)),
];

export function withoutVersions(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !VERSIONS.includes(name)));
}

function changesOf(of: Configuration, to: Configuration): Change[] {
  const shared = HEADLINE_METRICS.flatMap((metric) => {
    const [now, then] = [of.metrics.get(metric), to.metrics.get(metric)];
    return now && then && now.statistic === then.statistic ? [{ metric, now, then }] : [];
  });
  const judged = judge(
    shared.map(({ metric, now, then }) => ({ metric, of: Float64Array.from(now.runs), to: Float64Array.from(then.runs) })),
  );
  const family = judged.filter(({ p }) => p !== null).map(({ metric }) => metric);
  const caveats = VERSIONS.filter((name) => of.labels[name] !== to.labels[name]).map(
    (name) => `${name} was ${to.labels[name] ?? 'not stated'} and is ${of.labels[name] ?? 'not stated'}`,
  );
  if (of.scope !== to.scope) caveats.push(`the file was ${to.scope} and is ${of.scope}`);
  return judged.flatMap((one: Judged): Change[] => {
    const sides = shared.find(({ metric }) => metric === one.metric);
    if (sides === undefined) return [];
    const comparison = comparisonOf(one, { label: 'dataset', of: 'now', to: 'before', family, caveats });
    const { statistic, unit, derived } = sides.now;
    const { labels, scope } = of;
    return [
      {
        metric: one.metric,
        statistic,
        labels,
        derived,
        scope,
        before: to.scope,
        unit,
        comparison,
        ratio: one.ratio,
        interval: one.interval,
        sources: [sides],
      },
    ];
  });
}

/** Whether something got worse: what `--fail-on-regression` asks. */
export function hasRegression({ changes }: Pick<Changes, 'changes'>): boolean {
  return changes.some(({ comparison }) => comparison.verdict === 'worse');
}
