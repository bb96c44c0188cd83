import { type Comparison, counted, DATASET_SCOPE, type Fact, type Group, type Source } from '@chimera/shared/domain';
import type { Change, Changes } from './changes.ts';
import { comparisonClaim, VERDICT_FORMULA } from './comparisons.ts';
import { greatestOf } from './extent.ts';
import { countFact, fact } from './fact.ts';
import { configurationText } from './group-facts.ts';
import type { Judged } from './verdict.ts';

/**
 * The changes as facts: how many of each sort, and each with its verdict.
 * @param unchanged files and series of files that were left out because they hold the same measurements; null where none were
 */
export function changeFacts({ changes, added, gone, lost, to }: Changes, unchanged: number | null = null): Fact[] {
  const count = (verdict: Comparison['verdict']) => changes.filter(({ comparison }) => comparison.verdict === verdict).length;
  const total = (metric: string, value: number, claim: string): Fact =>
    countFact({
      kind: 'change',
      metric,
      value,
      claim,
      selector: `configurations and metrics against ${to}`,
      formula: 'count over all configurations and headline metrics that were compared',
    });
  return [
    total('changes_better', count('better'), `Against ${to}: better in ${counted(count('better'), 'metric')} of a configuration.`),
    total('changes_worse', count('worse'), `Against ${to}: worse in ${counted(count('worse'), 'metric')} of a configuration.`),
    total(
      'changes_none_shown',
      count('no difference shown'),
      `Against ${to}: no difference shown in ${counted(count('no difference shown'), 'metric')} of a configuration.`,
    ),
    total(
      'changes_untold',
      count('not enough samples'),
      `Against ${to}: not enough samples in ${counted(count('not enough samples'), 'metric')} of a configuration.`,
    ),
    total(
      'configurations_added',
      added.length,
      `${counted(added.length, 'configuration')} ${added.length === 1 ? 'is' : 'are'} new against ${to}.`,
    ),
    total(
      'configurations_gone',
      gone.length,
      `${counted(gone.length, 'configuration')} ${gone.length === 1 ? 'is' : 'are'} gone that ${to} had.`,
    ),
    total(
      'metrics_lost',
      lost.length,
      `${counted(lost.length, 'metric')} of configurations that are still there ${lost.length === 1 ? 'is' : 'are'} gone against ${to}, or stated in another way${lostText(lost)}.`,
    ),
    ...neededFact(changes, to),
    ...(unchanged === null ? [] : [unchangedFact(unchanged, to)]),
    ...changes.map((change) => changeFact(change, to)),
  ];
}

/** Metrics that the claim names; all of them stand in what was compared. */
const MOST_LOST = 3;

function lostText(lost: Changes['lost']): string {
  if (lost.length === 0) return '';
  const named = lost.slice(0, MOST_LOST).map(({ metric, labels, scope }) => `${metric} of ${configurationText(labels) || scope}`);
  return `: ${named.join('; ')}${lost.length > MOST_LOST ? '; and others' : ''}`;
}

/** How many more runs a side would allow every verdict that cannot be told. */
function neededFact(changes: readonly Change[], to: string): Fact[] {
  const needed = greatestOf([0, ...changes.map(({ comparison }) => comparison.needed)]);
  if (needed === 0) return [];
  return [
    countFact({
      kind: 'change',
      metric: 'changes_runs_needed',
      value: needed,
      claim: `Against ${to}: where there are not enough samples, up to ${counted(needed, 'more run')} a side ${needed === 1 ? 'is' : 'are'} needed.`,
      selector: `configurations and metrics against ${to}`,
      formula: 'the most runs that a comparison lacks',
    }),
  ];
}

function unchangedFact(unchanged: number, to: string): Fact {
  return countFact({
    kind: 'change',
    metric: 'measurements_unchanged',
    value: unchanged,
    claim: `${counted(unchanged, 'file or series of files', 'files and series of files')} ${unchanged === 1 ? 'holds' : 'hold'} the same measurements as in ${to}, so nothing is compared in ${unchanged === 1 ? 'it' : 'them'}.`,
    selector: `files and series of files with measurements that are the same in ${to}`,
  });
}

function changeFact(change: Change, to: string): Fact {
  const { metric, comparison, ratio, interval, unit, labels, derived, scope, statistic } = change;
  const judged: Judged = { metric, ratio, interval, shift: null, ...comparison };
  const name = configurationText(labels, derived);
  return fact({
    kind: 'change',
    metric,
    statistic: `${statistic === 'value' ? 'median' : `median of ${statistic}`} now over before`,
    value: ratio ?? comparison.medians[0],
    unit: ratio === null ? unit : 'times',
    n: comparison.n[0] + comparison.n[1],
    interval,
    labels,
    scope: scope === '' ? DATASET_SCOPE : scope,
    claim: `${name === '' ? scope : name}, now against ${to}: ${comparisonClaim(judged, { ...comparison }, unit, {})}`,
    formula: VERDICT_FORMULA,
    sources: change.sources.flatMap(({ now, then }) => [...now.sources, ...sourcesBefore(then, to)]),
    comparison,
    ...(derived.length > 0 ? { derivedLabels: [...derived] } : {}),
  });
}

/** Places on the other side that a fact names; the evidence of that side has all. */
const MOST_BEFORE = 20;

/** Where the values before stand: in artifacts of the other side, which this inventory does not hold. */
function sourcesBefore({ sources }: Group, to: string): Source[] {
  const named = sources.slice(0, MOST_BEFORE).map((source): Source => {
    if (!('path' in source)) return source;
    return { observation: `${to}: ${source.path} at ${source.pointer} (sha256 ${source.sha256})` };
  });
  const more = sources.length - named.length;
  return more > 0 ? [...named, { observation: `${to}: ${counted(more, 'further file')}` }] : named;
}
