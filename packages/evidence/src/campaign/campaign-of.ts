import { byCodeUnit, CAMPAIGN_FIELDS, CAMPAIGN_PROFILE, type Fact, type FactIndex } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { campaignKey, isOfRuns } from './words.ts';

/** One profile in one arrangement and start as it was measured: of each metric the median, or the value where it has one run. */
export type MeasuredCell = { labels: Fact['labels']; facts: ReadonlyMap<string, Fact> };

/** What the facts say of one campaign, of which a file may hold several; each list in the order of its labels, comparisons by metric within. */
export type CampaignView = {
  /** the file, or pattern of files, that holds its results */
  scope: string;
  recommended: Fact | null;
  speedUps: readonly Fact[];
  comparisons: readonly Fact[];
  settings: readonly Fact[];
  needed: readonly Fact[];
  untold: readonly Fact[];
  cells: readonly MeasuredCell[];
};

/** Whether the facts are of a campaign's results. */
export function isCampaign(index: FactIndex): boolean {
  return index.ofKind('campaign').length > 0 || index.ofKind('group').some((fact) => isOfCell(fact) && isClock(fact));
}

/** The campaign of a dataset, that with the most cells where there are several; null where there is none. */
export function campaignOf(index: FactIndex): CampaignView | null {
  return campaignsOf(index)[0] ?? null;
}

/** All campaigns of a dataset, those with the most cells first. */
export function campaignsOf(index: FactIndex): CampaignView[] {
  const keyOf = ({ scope, labels }: Fact) => `${scope}\0${campaignKey(labels)}`;
  const measured = Map.groupBy(index.ofKind('group').filter(isOfCell), keyOf);
  const said = Map.groupBy(index.ofKind('campaign'), keyOf);
  // A list of calls has the labels of its runs, and no wall clock.
  const timed = [...measured].flatMap(([key, facts]) => (facts.some(isClock) ? [key] : []));
  return [...new Set([...timed, ...said.keys()])]
    .sort(byCodeUnit)
    .map((key) => viewOf(said.get(key) ?? [], measured.get(key) ?? []))
    .sort((a, b) => b.cells.length - a.cells.length || byCodeUnit(a.scope, b.scope));
}

function viewOf(said: readonly Fact[], measured: readonly Fact[]): CampaignView {
  const of = (...metrics: readonly string[]) => said.filter(({ metric }) => metrics.includes(metric)).sort(inOrder);
  return {
    scope: (said[0] ?? measured[0])?.scope ?? '',
    recommended: of('recommended_profile')[0] ?? null,
    speedUps: of('speed_up'),
    comparisons: said.filter(({ comparison }) => comparison?.label === CAMPAIGN_PROFILE).sort(inOrder),
    settings: of('setting_effect'),
    needed: of('runs_needed'),
    untold: of('speed_up_untold', 'comparison_untold'),
    cells: [...Map.groupBy(measured, ({ labels }) => labelsJson(labels))]
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([, facts]) => ({ labels: facts[0]?.labels ?? {}, facts: new Map(facts.map((fact) => [fact.metric, fact])) })),
  };
}

/** The facts that stand for a metric of a cell. */
function isOfCell({ labels, statistic }: Fact): boolean {
  return (statistic === 'median' || statistic === 'value') && isOfRuns({ labels, statistic: 'value', over: 'runs' });
}

function isClock({ metric }: Fact): boolean {
  return metric === CAMPAIGN_FIELDS.wall_clock.metric;
}

function inOrder(a: Fact, b: Fact): number {
  return byCodeUnit(labelsJson(a.labels), labelsJson(b.labels)) || byCodeUnit(a.metric, b.metric) || byCodeUnit(a.statistic, b.statistic);
}
