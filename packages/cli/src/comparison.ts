import { type Change, type Changes, type ConfigurationName, VERDICT_FORMULA } from '@chimera/evidence';
import { byCodeUnit, counted, METRICS, numberText, type Verdict, valueText } from '@chimera/shared/domain';

/** What got worse comes first, what shows no difference last. */
export const VERDICT_ORDER = ['worse', 'better', 'not enough samples', 'no difference shown'] as const satisfies readonly Verdict[];

/** What stands where there is nothing to tell. */
export const NONE = '–';

/** One metric of one configuration on both sides, in words. */
export type Row = {
  verdict: Verdict;
  configuration: string;
  file: string;
  metric: string;
  before: string;
  after: string;
  change: string;
  interval: string;
  told: string;
};

/** What differs between two sides, in words: `of` is the new one, `to` the baseline. */
export type Comparison = {
  of: string;
  to: string;
  /** what became of all, in one sentence */
  sum: string;
  /** labels that all configurations of the rows have with the same value */
  common: string;
  rows: readonly Row[];
  /** configurations that one side alone has */
  added: readonly string[];
  gone: readonly string[];
  /** metrics that a configuration of both sides has no more */
  lost: readonly string[];
  caveats: readonly string[];
  legend: readonly string[];
};

type Labels = Readonly<Record<string, string>>;

/** How many metrics of configurations came to each verdict, and how many configurations one side alone has. */
export function countsOf({ changes, added, gone }: Changes): Record<Verdict | 'added' | 'gone', number> {
  const count = (verdict: Verdict) => changes.filter(({ comparison }) => comparison.verdict === verdict).length;
  return {
    worse: count('worse'),
    better: count('better'),
    'not enough samples': count('not enough samples'),
    'no difference shown': count('no difference shown'),
    added: added.length,
    gone: gone.length,
  };
}

/** The changes in the order in which they are shown: by verdict, the largest differences first. */
export function inOrder(changes: readonly Change[]): Change[] {
  const size = ({ ratio }: Change) => (ratio === null || ratio <= 0 ? 0 : Math.abs(Math.log(ratio)));
  const rank = ({ comparison }: Change) => VERDICT_ORDER.indexOf(comparison.verdict);
  return [...changes].sort((a, b) => rank(a) - rank(b) || size(b) - size(a) || byCodeUnit(a.scope, b.scope));
}

/** What `changes` say, as people read it. */
export function comparisonOf(changes: Changes): Comparison {
  const common = commonLabels(changes.changes.map(sharedLabels));
  const named = ({ labels, scope }: ConfigurationName) => `${labelsText(labels, {}) || 'without labels'} (${scope})`;
  return {
    of: changes.of,
    to: changes.to,
    sum: sumOf(changes),
    common: labelsText(common, {}),
    rows: inOrder(changes.changes).map((change) => rowOf(change, common)),
    added: changes.added.map(named),
    gone: changes.gone.map(named),
    lost: changes.lost.map((one) => `${METRICS[one.metric].title} of ${named(one)}`),
    caveats: caveatsOf(changes),
    legend: LEGEND,
  };
}

const LEGEND = [
  'Before and after are medians; n counts independent runs, not requests within one. The interval is of the change.',
  `A verdict: ${VERDICT_FORMULA}.`,
  'The family is the metrics of one configuration that have runs enough on both sides; it is no guard against looking at many configurations.',
];

function sumOf(changes: Changes): string {
  const { added, gone, ...counts } = countsOf(changes);
  const { of, to } = changes;
  const others = `${counted(added, 'configuration')} new, ${gone} gone`;
  if (changes.changes.length === 0) {
    if (added + gone === 0) return `Nothing can be compared: neither ${of} nor ${to} holds a metric that is compared, with a unit.`;
    if (added === 0)
      return `Nothing can be compared: ${of} holds no metric that is compared, with a unit; ${to} has ${gone} configurations.`;
    if (gone === 0)
      return `Nothing can be compared: ${to} holds no metric that is compared, with a unit; ${of} has ${added} configurations.`;
    return `Nothing can be compared: no configuration is on both sides; ${others}.`;
  }
  if (counts.worse + counts.better + counts['not enough samples'] + added + gone === 0)
    return `No difference shown between ${of} and ${to}, in any of ${counted(counts['no difference shown'], 'metric')}.`;
  return `${of} against ${to}: ${counts.worse} worse, ${counts.better} better, ${counts['no difference shown']} without a difference shown, ${counts['not enough samples']} with too few runs to tell; ${others}.`;
}

function rowOf(change: Change, common: Labels): Row {
  const { comparison, ratio, interval, derived, metric, statistic, unit, scope, before } = change;
  const { verdict, needed, medians, n } = comparison;
  const side = (i: 0 | 1) => `${valueText(medians[i], unit)} (n = ${n[i]})`;
  return {
    verdict,
    configuration: labelsText(sharedLabels(change), common, derived) || NONE,
    file: scope === before ? scope : `${before} → ${scope}`,
    metric: `${METRICS[metric].title}${statistic === 'value' ? '' : ` (${statistic})`}`,
    before: side(1),
    after: side(0),
    change: ratio === null ? NONE : `${percent(ratio)} %`,
    interval: interval === null ? NONE : `${percent(interval[0])} to ${percent(interval[1])} %`,
    told: verdict === 'not enough samples' ? `${verdict}: ${counted(needed, 'more run')} a side needed` : verdict,
  };
}

/** A ratio as a signed percentage of three significant digits: `-10.1`, `+0.25`. */
function percent(ratio: number): string {
  const exact = (ratio - 1) * 100;
  const value = Math.abs(exact) < 0.005 ? 0 : Number(exact.toPrecision(3));
  return `${value > 0 ? '+' : ''}${numberText(value)}`;
}

function caveatsOf({ changes }: Changes): string[] {
  const counts = new Map<string, number>();
  for (const { comparison } of changes)
    for (const caveat of comparison.caveats) if (!caveat.startsWith('the file was ')) counts.set(caveat, (counts.get(caveat) ?? 0) + 1);
  return [...counts].map(([caveat, n]) => (n === changes.length ? caveat : `${caveat} (in ${n} of ${changes.length})`));
}

/** The labels of both sides: what changed between them, such as a version, is a caveat. */
function sharedLabels({ labels, sources }: Change): Labels {
  return Object.fromEntries(
    Object.entries(labels).filter(([name, value]) =>
      sources.every(({ then }) => then.labels[name] === undefined || then.labels[name] === value),
    ),
  );
}

function commonLabels(all: readonly Labels[]): Labels {
  const [first = {}, ...others] = all;
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((labels) => labels[name] === value)));
}

function labelsText(labels: Labels, without: Labels, derived: readonly string[] = []): string {
  return Object.entries(labels)
    .filter(([name]) => !Object.hasOwn(without, name))
    .map(([name, value]) => `${name} ${value}${derived.includes(name) ? ' (derived)' : ''}`)
    .join(', ');
}
