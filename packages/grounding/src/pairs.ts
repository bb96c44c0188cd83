import type { Fact } from '@chimera/shared/domain';
import type { Cluster } from './cluster.ts';
import type { Entry } from './entry.ts';
import type { Setting } from './frame.ts';
import type { LabelMention } from './mentions.ts';
import { isOfScope, namesValue } from './scope.ts';
import { comparisonKey, type Truth } from './truth.ts';

/** Two values of one label that a sentence sets against each other; `shared` is what it names of both. */
export type Pair = { key: string; of: ReadonlySet<string>; to: ReadonlySet<string>; shared: readonly LabelMention[] };

/** A comparison that is of a pair; `turned`: it is of the second against the first. */
export type Compared = { fact: Fact; pair: Pair; turned: boolean };

const AGAINST =
  /\b(?:compared (?:with|to)|relative to|versus|vs\.?|against|unlike|than)\s*(?:(?:with|for|of|on|in|at|under)\s+)?(?:the\s+|model\s+)?["'`*(]*\s*$/i;

/** The two configurations that a sentence compares: the first is said to be more, less, better … than the second. */
export type Sides = { of: Cluster; to: Cluster; pairs: readonly Pair[] };

/** The two that are compared around a claim, and each label in which they differ; null where it names no two. */
export function sidesOf({ start, end }: { start: number; end: number }, { text, mentions }: Setting): Sides | null {
  const { clusters } = mentions;
  const before = clusters.filter((cluster) => cluster.end <= start);
  const after = clusters.filter((cluster) => cluster.start >= end);
  for (const of of [...before].reverse())
    for (const to of after) {
      const pairs = between(of, to);
      if (pairs.length > 0) return { of, to, pairs };
    }
  // "Compared with A, B is faster": both before; "is higher with B than with A": both behind.
  for (const some of [before, after]) {
    const to = some.find((cluster) => AGAINST.test(text.slice(Math.max(0, cluster.start - 28), cluster.start)));
    const of = some.find((cluster) => cluster !== to && to !== undefined && between(cluster, to).length > 0);
    if (of && to) return { of, to, pairs: between(of, to) };
  }
  const [first, second] = clusters;
  const pairs = clusters.length === 2 && first && second ? between(first, second) : [];
  return first && second && pairs.length > 0 ? { of: first, to: second, pairs } : null;
}

function between(of: Cluster, to: Cluster): Pair[] {
  const [ours, others] = [of, to].map(({ mentions }) => mentions.flatMap((mention) => mention.parts ?? [mention]));
  const all = [...(ours ?? []), ...(others ?? [])];
  return (ours ?? []).flatMap((mine) =>
    (others ?? []).flatMap((theirs) =>
      [...mine.keys].flatMap(([key, values]) => {
        const theirValues = theirs.keys.get(key);
        if (theirValues === undefined || [...values].some((value) => theirValues.has(value))) return [];
        return [{ key, of: values, to: theirValues, shared: all.filter((mention) => !mention.keys.has(key)) }];
      }),
    ),
  );
}

/** The comparisons that are of one of these pairs, of these metrics and in these files where any are named. */
export function comparisonsOf(
  pairs: readonly Pair[],
  metrics: ReadonlySet<number> | null,
  { mentions }: Setting,
  truth: Truth,
): Compared[] {
  const paths = mentions.files.flatMap((file) => [...file.paths]);
  const fits = (fact: Fact) =>
    (metrics === null || metrics.has(truth.metricNumbers.get(fact.metric) ?? -1)) &&
    (paths.length === 0 || paths.some((path) => isIn(fact, path)));
  const some = new Set(
    pairs.flatMap(({ key, of }) =>
      [...of].flatMap((value) =>
        [...(metrics ?? truth.comparedMetrics)].flatMap(
          (metric) => truth.comparisonsByValue.get(comparisonKey(truth.metrics[metric] ?? '', key, value)) ?? [],
        ),
      ),
    ),
  );
  return [...some].filter(fits).flatMap((fact) => {
    const { comparison } = fact;
    const pair = pairs.find(
      ({ key, of, to, shared }) =>
        comparison?.label === key &&
        ((of.has(comparison.of) && to.has(comparison.to)) || (of.has(comparison.to) && to.has(comparison.of))) &&
        shared.every((mention) => isNamed(fact, mention)),
    );
    return pair && comparison ? [{ fact, pair, turned: !pair.of.has(comparison.of) }] : [];
  });
}

function isIn(fact: Fact, path: string): boolean {
  return isOfScope(path, fact.scope) || fact.sources.some((source) => 'path' in source && source.path === path);
}

function isNamed({ labels, scope }: Fact, { keys }: LabelMention): boolean {
  let differs = false;
  for (const [key, values] of keys) {
    const own = labels[key];
    if (own === undefined) continue;
    if (values.has(own)) return true;
    differs = true;
  }
  if (!differs) return true;
  return [...keys.values()].some((values) =>
    [...values].some((value) => Object.values(labels).some((own) => namesValue(own, value)) || namesValue(scope, value)),
  );
}

/** The medians (or means) that groups of a side have, of the metric at this position, in the files that are named; each value once. */
export function mediansOf(
  side: Cluster,
  metric: number,
  { mentions }: Setting,
  truth: Truth,
  statistic: 'median' | 'mean' = 'median',
): Entry[] {
  const paths = mentions.files.flatMap((file) => [...file.paths]);
  const sets = side.mentions.map(({ keys }) => truth.configurations.named(keys)[paths.length > 0 ? 'lenient' : 'strict']);
  const smallest = sets.reduce<ReadonlySet<number> | null>((least, set) => (least === null || set.size < least.size ? set : least), null);
  const found: Entry[] = [];
  for (const number of smallest ?? []) {
    if (!sets.every((set) => set.has(number))) continue;
    for (const entry of truth.byConfiguration[number] ?? []) {
      const { fact, statistics, value } = entry;
      if (
        entry.metric !== metric ||
        fact?.kind !== 'group' ||
        statistics.size !== 1 ||
        !(statistics.has(statistic) || statistics.has('value'))
      )
        continue;
      if (paths.length > 0 && !paths.some((path) => isIn(fact, path))) continue;
      if (!found.some((other) => other.value === value)) found.push(entry);
    }
  }
  return found;
}
