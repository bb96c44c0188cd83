import { type CanonicalMetric, type Comparison, counted, type Fact, METRICS } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { fact, shown } from './fact.ts';
import { middleOf, type SampledGroup } from './groups.ts';
import { HEADLINE_METRICS } from './headline-metrics.ts';
import { CHANGES_WITH, differingLabels, type MeasuredConfiguration, type Study } from './studies.ts';
import { type Judged, judge, LEAST_RUNS, NOISE_FLOOR, type Pair } from './verdict.ts';

/** Comparisons of one study that are made: a full matrix of a hundred settings has thousands. */
export const MOST_COMPARISONS = 200;

/** Configurations of a study that are looked at, the best ones. */
export const MOST_RANKED = 120;

/** Output tokens that differ more than this make throughput and latency answer different questions. */
const OUTPUT_DRIFT = 0.1;

/** Labels whose absence leaves a doubt about any comparison. */
const WANTED = ['gpu', 'engine_version', 'quantization'];

/** Two configurations, and what is studied: the label in which they differ, or the file where no label does. */
export type Compared = { of: MeasuredConfiguration; to: MeasuredConfiguration; label: string };

/**
 * Pairs of a study that differ in exactly one label: of those that agree in all others, the best with each of the rest.
 * @param best configurations of the study, the best first
 */
export function pairsOf(study: Study, best: readonly MeasuredConfiguration[]): Compared[] {
  const ranked = best.slice(0, MOST_RANKED);
  const pairs: Compared[] = [];
  const mayCompare = hiddenDifferences(study);
  // A configuration is compared once in each label: with the best of those that it differs from in that label alone.
  const compared = new Set<string>();
  for (const [i, of] of ranked.entries()) {
    for (const [j, to] of ranked.entries()) {
      if (j <= i) continue;
      const labels = differingLabels(of, to);
      if (labels === null || labels.length > 1) continue;
      const [label = 'file'] = labels;
      if (!mayCompare({ of, to, label })) continue;
      const key = `${j} ${label}`;
      if (compared.has(key)) continue;
      compared.add(key);
      pairs.push({ of, to, label });
      if (pairs.length >= MOST_COMPARISONS) return pairs;
    }
  }
  return pairs;
}

/**
 * Where files say the same of themselves (`a100/8.json`, `h100/8.json`), something that only their names know sets them apart; two
 * that differ in a label too (`a100/16.json`, `h100/8.json`) then differ in more than it. Such are compared in a label only within
 * a folder in which every file says something else, or where their names differ in nothing but the label's value.
 */
function hiddenDifferences({ configurations }: Study): (pair: Compared) => boolean {
  let known: Ambiguity | null = null;
  return ({ of, to, label }) => {
    if (label === 'file' || of.scope === to.scope) return true;
    // Of very many configurations it is looked for only when it is asked for.
    known ??= ambiguityOf(configurations);
    const { anywhere, folders: ambiguous } = known;
    if (!anywhere) return true;
    const folder = folderOf(of);
    if (folder === folderOf(to) && !ambiguous.has(folder)) return true;
    const named = ({ scope, labels }: MeasuredConfiguration) => scope.split(labels[label] ?? '').join('\0');
    return (of.labels[label] ?? '') !== '' && named(of) === named(to);
  };
}

/** Whether two configurations say the same of themselves, and the folders within which two do. */
type Ambiguity = { anywhere: boolean; folders: ReadonlySet<string> };

function ambiguityOf(configurations: readonly MeasuredConfiguration[]): Ambiguity {
  if (new Set(configurations.map(labelsOf)).size === configurations.length) return { anywhere: false, folders: new Set() };
  const folders = new Set<string>();
  for (const [folder, own] of Map.groupBy(configurations, folderOf)) if (new Set(own.map(labelsOf)).size < own.length) folders.add(folder);
  return { anywhere: true, folders };
}

function labelsOf({ labels }: MeasuredConfiguration): string {
  return labelsJson(labels);
}

function folderOf({ scope }: MeasuredConfiguration): string {
  return scope.slice(0, scope.lastIndexOf('/') + 1);
}

/** The headline metrics that both have, of the same statistic. */
export function sharedMetrics(
  of: MeasuredConfiguration,
  to: MeasuredConfiguration,
): { metric: CanonicalMetric; of: SampledGroup; to: SampledGroup }[] {
  return HEADLINE_METRICS.flatMap((metric) => {
    const [a, b] = [of.metrics.get(metric), to.metrics.get(metric)];
    return a && b && a.group.statistic === b.group.statistic ? [{ metric, of: a, to: b }] : [];
  });
}

/** The verdicts of one comparison, a fact for each metric of its family; none where a side has too few runs for any. */
export function comparisonFacts({ of, to, label }: Compared): Fact[] {
  const shared = sharedMetrics(of, to).filter((one) => Math.min(one.of.group.n, one.to.group.n) >= LEAST_RUNS);
  if (shared.length === 0) return [];
  const judged = judge(shared.map((one): Pair => ({ metric: one.metric, of: runs(one.of), to: runs(one.to) })));
  const family = judged.map(({ metric }) => metric);
  const caveats = caveatsOf(of, to, label);
  return judged.flatMap((one) => {
    const sides = shared.find(({ metric }) => metric === one.metric);
    return sides ? [comparisonFact(one, sides, { label, ...namesOf({ of, to, label }), family, caveats })] : [];
  });
}

export function runs({ group }: Pick<SampledGroup, 'group'>): Float64Array {
  return Float64Array.from(group.runs);
}

function namesOf({ of, to, label }: Compared): { of: string; to: string } {
  if (label === 'file') return { of: of.scope, to: to.scope };
  return { of: of.labels[label] ?? '', to: to.labels[label] ?? '' };
}

type About = Pick<Comparison, 'label' | 'of' | 'to' | 'family' | 'caveats'>;

function comparisonFact(judged: Judged, sides: { of: SampledGroup; to: SampledGroup }, about: About): Fact {
  const { group } = sides.of;
  const { [about.label]: _, ...common } = group.labels;
  return fact({
    kind: 'comparison',
    metric: judged.metric,
    statistic: `ratio of medians: ${about.label} ${about.of} to ${about.to}${about.label === 'file' || sides.to.group.scope === group.scope ? '' : ` in ${sides.to.group.scope}`}`,
    value: judged.ratio ?? judged.medians[0],
    unit: judged.ratio === null ? group.unit : 'times',
    n: judged.n[0] + judged.n[1],
    interval: judged.interval,
    labels: common,
    scope: group.scope,
    claim: comparisonClaim(judged, about, group.unit, common),
    formula: VERDICT_FORMULA,
    sources: [...sides.of.group.sources, ...sides.to.group.sources],
    comparison: comparisonOf(judged, about),
  });
}

/** How every verdict is come to, as reports print it. */
export const VERDICT_FORMULA = `median over median; a verdict needs: Mann-Whitney p adjusted over the family (Benjamini-Hochberg) < 0.05, the 95 % bootstrap interval of the ratio without 1, a difference of ${NOISE_FLOOR * 100} % at least, superiority 0.9 at least`;

export function comparisonOf(judged: Judged, about: About): Comparison {
  const { verdict, n, medians, p, adjusted, superiority, needed } = judged;
  return { ...about, verdict, n, medians, p, adjusted, superiority, floor: NOISE_FLOOR, needed };
}

/** The comparison as a sentence: both sides with n, the ratio with its interval, the verdict and what it rests on. */
export function comparisonClaim(judged: Judged, about: About, unit: string, common: Readonly<Record<string, string>>): string {
  const { medians, n, ratio, interval, verdict, needed, adjusted } = judged;
  const where = Object.entries(common)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  const side = (i: 0 | 1) => `${shown({ value: medians[i], unit })} (n = ${n[i]})`;
  const times =
    ratio === null
      ? ''
      : `, ${shown({ value: ratio, unit: 'times' })}${interval === null ? '' : ` (95 % interval ${shown({ value: interval[0], unit: null })} to ${shown({ value: interval[1], unit: null })})`}`;
  const told = verdict === 'not enough samples' ? `${verdict}: ${counted(needed, 'more run')} a side needed` : verdict;
  const because = adjusted === null ? '' : `; adjusted p ${shown({ value: adjusted, unit: null })} in a family of ${about.family.length}`;
  const caveats = about.caveats.length === 0 ? '' : ` Caveat: ${about.caveats.join('; ')}.`;
  return `${METRICS[judged.metric].title}${where === '' ? '' : ` of ${where}`}, ${about.label} ${about.of} against ${about.to}: ${side(0)} against ${side(1)}${times}: ${told}${because}.${caveats}`;
}

/** What leaves a doubt about a comparison: what neither says, outputs of other length, files alone. */
export function caveatsOf(of: MeasuredConfiguration, to: MeasuredConfiguration, label: string): string[] {
  const unknown = WANTED.filter((name) => name !== label && of.labels[name] === undefined);
  const caveats = unknown.length === 0 ? [] : [`not known of either: ${unknown.join(', ')}`];
  const drift = outputDrift(of, to);
  if (drift !== null) caveats.push(`their outputs differ in length (${shown({ value: drift, unit: 'times' })})`);
  for (const [name, other] of Object.entries(CHANGES_WITH))
    if (label === other && name !== 'engine_version' && of.labels[name] !== to.labels[name]) caveats.push(`${name} differs with it`);
  if (label === 'file') caveats.push('nothing but their files tells the two apart');
  return caveats;
}

/** How many times as long one side's outputs are, where that is known and beyond what can be overlooked. */
export function outputDrift(
  of: Pick<MeasuredConfiguration, 'outputTokens'>,
  to: Pick<MeasuredConfiguration, 'outputTokens'>,
): number | null {
  const [a, b] = [of.outputTokens, to.outputTokens].map((one) => (one === null ? 0 : middleOf(one)));
  if (!a || !b) return null;
  return Math.abs(a / b - 1) > OUTPUT_DRIFT ? a / b : null;
}
