import { campaignOf } from '@chimera/evidence';
import { byCodeUnit, CAMPAIGN_PROFILE, type CampaignField, campaignMetric, type Fact } from '@chimera/shared/domain';
import type { View } from '../../view.ts';

/** What a campaign's facts say, the most telling of each sort first; as the agents use it. */
export type Campaign = {
  recommended: Fact | null;
  /** whether anything shows it to be better than another: its arrangement than serial, or it than another profile in its place */
  isShown: boolean;
  /** arrangements against `serial`: what is shown first, of that the recommended profile first */
  speedUps: readonly Fact[];
  /** other profiles against the recommended one, by their wall clocks first */
  comparisons: readonly Fact[];
  /** settings without effect */
  settings: readonly Fact[];
  /** comparisons that need more runs */
  needed: readonly Fact[];
  /** what the recommended profile measures in its arrangement */
  /** tries at its runs that count nowhere, and all tries; null where all count */
  excluded: { failed: Fact; records: Fact | null } | null;
  measured: (field: CampaignField) => Fact | null;
  /** medians of the recommended profile, then of the others, the wall clock first */
  medians: readonly Fact[];
};

/** What the dataset's campaign says; null where it holds none. */
export function campaignIn(view: View): Campaign | null {
  const found = campaignOf(view);
  if (found === null) return null;
  const { recommended } = found;
  const best = recommended?.labels[CAMPAIGN_PROFILE];
  const isOther = ({ labels }: Fact) => Number(best !== undefined && labels[CAMPAIGN_PROFILE] !== best);
  const isChosen = ({ labels }: Fact) =>
    recommended !== null && Object.entries(recommended.labels).every(([name, value]) => labels[name] === value);
  const byWorth = (a: Fact, b: Fact) =>
    unshown(a) - unshown(b) || isOther(a) - isOther(b) || isCold(a) - isCold(b) || distance(b) - distance(a) || byCodeUnit(a.id, b.id);
  const medians = found.cells
    .flatMap(({ facts }) => [...facts.values()])
    .sort(
      (a, b) => Number(isChosen(b)) - Number(isChosen(a)) || isOther(a) - isOther(b) || rankOf(a) - rankOf(b) || byCodeUnit(a.id, b.id),
    );
  const isHere = ({ labels }: Fact) => labels.arrangement === recommended?.labels.arrangement && labels.start === recommended?.labels.start;
  const isShown =
    found.speedUps.some((fact) => isChosen(fact) && fact.comparison?.verdict === 'better') ||
    found.comparisons.some((fact) => isHere(fact) && fact.comparison?.verdict === 'worse');
  return {
    ...{ recommended, isShown, excluded: excludedIn(view, found.scope) },
    speedUps: [...found.speedUps].sort(byWorth),
    comparisons: [...found.comparisons].sort((a, b) => isBeside(a) - isBeside(b) || byWorth(a, b)),
    settings: found.settings.filter(({ statistic }) => !statistic.endsWith(', not told')),
    needed: [...found.needed].sort(
      (a, b) => isCold(a) - isCold(b) || isOther(a) - isOther(b) || Number(a.value) - Number(b.value) || byCodeUnit(a.id, b.id),
    ),
    measured: (field) => medians.find((fact) => fact.metric === campaignMetric(field) && isChosen(fact)) ?? null,
    medians: medians.filter(({ metric }) => FIELDS.has(metric)),
  };
}

function isCold({ labels }: Fact): number {
  return Number(labels.start === 'cold');
}

/** Whether a comparison is of another metric than the wall clock. */
function isBeside({ metric }: Fact): number {
  return Number(metric !== campaignMetric('wall_clock'));
}

function excludedIn(view: View, scope: string): Campaign['excluded'] {
  const failed = view.find('failed_records', {}, 'count', scope);
  return failed === null ? null : { failed, records: view.find('records', {}, 'count', scope) };
}

/** What is told of the medians of a profile, the most telling first. */
const TOLD = ['wall_clock', 'output_token_throughput', 'time_to_first_token', 'sentences_survived', 'energy', 'server_seconds'] as const;
const FIELDS = new Map<string, number>(TOLD.map((field, rank) => [campaignMetric(field), rank]));

function rankOf({ metric }: Fact): number {
  return FIELDS.get(metric) ?? FIELDS.size;
}

/** Whether a comparison shows a difference: 0 where it does, 1 where it shows none, 2 where it cannot be told. */
export function unshown({ comparison }: Fact): number {
  if (comparison?.verdict === 'better' || comparison?.verdict === 'worse') return 0;
  return comparison?.verdict === 'no difference shown' ? 1 : 2;
}

function distance({ value }: Fact): number {
  return Number(value) > 0 ? Math.abs(Math.log(Number(value))) : 0;
}
