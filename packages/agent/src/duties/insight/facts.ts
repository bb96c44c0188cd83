import {
  type Choice,
  changed,
  choices,
  coldStarts,
  firstTokenMedians,
  presentChanges,
  spreads,
  statedMiddles,
  throughputMedians,
} from '@chimera/evidence';
import { DATASET_SCOPE, type Fact } from '@chimera/shared/domain';
import type { SectionDuty } from '../../definition.ts';
import { type Candidate, rankFacts } from '../../rank-facts.ts';
import type { View } from '../../view.ts';
import { campaignIn } from './campaign.ts';
import type { InsightSection } from './sections.ts';

/** The sorts of facts that insight speaks of. */
type Sort = keyof typeof WEIGHTS;

/** How much a sort of facts matters to each section, in the order of the duties. */
const WEIGHTS = {
  /** of a campaign: what is recommended, arrangements, profiles, settings without effect, what is undecided; it was run to tell these */
  recommended: weights(2.2, 2, 2, 2.2, 1.4, 2.2),
  speedUps: weights(2, 2.2, 2.2, 2, 1.8, 2),
  profiles: weights(1.4, 1.6, 1.8, 1.6, 1, 1.2),
  withoutEffect: weights(1.8, 1.6, 2, 2, 1.4, 1.6),
  undecided: weights(1.6, 1.6, 1.6, 1.8, 2.2, 2),
  medians: weights(0.7, 0.9, 0.6, 0.8, 0.3, 0.4),
  /** what the collector names: how much there is, what could be read */
  overview: weights(1, 0.3, 0.3, 0.2, 0.3, 0.9),
  failures: weights(0.8, 0.2, 0.7, 0.3, 1, 0.3),
  doubts: weights(0.3, 0.2, 0.6, 0.1, 0.8, 0.2),
  gaps: weights(0.2, 0.2, 0.2, 0.6, 0.8, 0.6),
  best: weights(1, 0.7, 0.9, 1, 0.3, 0.8),
  cost: weights(0.5, 0.4, 0.8, 0.9, 0.5, 0.2),
  shown: weights(0.8, 0.7, 1, 0.9, 0.2, 0.6),
  notShown: weights(0.1, 0.3, 0.2, 0.2, 0.4, 0.4),
  range: weights(0.3, 0.6, 0.5, 0.4, 0.3, 0.3),
  needed: weights(0.3, 0.5, 0.3, 0.8, 0.9, 0.9),
  worse: weights(0.9, 0.6, 1, 0.6, 0.9, 0.5),
  better: weights(0.6, 0.5, 0.9, 0.4, 0.1, 0.5),
  /** of the dataset's history: what brought the present level of a metric */
  past: weights(0.7, 0.5, 0.8, 0.4, 0.7, 0.4),
  throughput: weights(0.5, 1, 0.5, 0.6, 0.2, 0.3),
  firstToken: weights(0.5, 1, 0.5, 0.7, 0.2, 0.3),
  stated: weights(0.2, 0.7, 0.3, 0.2, 0.2, 0.1),
  cold: weights(0.3, 0.7, 0.8, 0.6, 0.6, 0.2),
  spread: weights(0.2, 0.5, 0.6, 0.5, 0.8, 0.2),
} as const;

function weights(
  summary: number,
  performance: number,
  findings: number,
  recommendations: number,
  risks: number,
  conclusion: number,
): Readonly<Record<InsightSection, number>> {
  return { summary, performance, findings, recommendations, risks, conclusion };
}

/** Of a sort, in the order of its own finding: a large one need not be ranked to its end. */
const PER_SORT = 24;

/** The collector's facts that every section is shown: what all others are part of. */
const LEADING = 3;

/** The facts for one section, the most important first; the collector's foremost ones right after the best. */
export function insightFacts(view: View, { id }: Pick<SectionDuty, 'id'>): Fact[] {
  const sorts = Object.entries(sortsOf(view)) as [Sort, Fact[]][];
  const candidates = sorts.flatMap(([sort, facts]): Candidate[] =>
    facts.slice(0, PER_SORT).map((fact, i) => ({ fact, weight: weightOf(sort, id) * (1 - i / (2 * PER_SORT)) })),
  );
  const ranked = rankFacts(candidates);
  const leading = rankFacts(overview(view).map((fact) => ({ fact, weight: 1 }))).slice(0, LEADING);
  return [...new Set([...ranked.slice(0, 1), ...leading, ...ranked])];
}

/** What the collector would name: it is listed before what was measured. */
export function isOfCollector({ kind, scope }: Fact): boolean {
  return (
    scope === DATASET_SCOPE && (kind === 'count' || kind === 'gap' || kind === 'failure' || kind === 'duplicate' || kind === 'refusal')
  );
}

function weightOf(sort: Sort, section: string): number {
  const weight = Object.entries(WEIGHTS[sort]).find(([name]) => name === section)?.[1];
  if (weight === undefined) throw new Error(`Insight has no section "${section}".`);
  return weight;
}

function sortsOf(view: View): Record<Sort, Fact[]> {
  const told = choices(view);
  const compared = told.flatMap(({ comparisons }) => comparisons);
  const campaign = campaignIn(view);
  const isShown = ({ comparison }: Fact) => comparison?.verdict === 'better' || comparison?.verdict === 'worse';
  return {
    recommended: campaign?.recommended ? [campaign.recommended] : [],
    speedUps: [...(campaign?.speedUps ?? [])],
    profiles: [...(campaign?.comparisons ?? [])],
    withoutEffect: [...(campaign?.settings ?? [])],
    undecided: [...(campaign?.needed ?? [])],
    medians: [...(campaign?.medians ?? [])],
    overview: overview(view),
    failures: view.ofKind('failure').filter((f) => f.scope === DATASET_SCOPE || f.metric === 'succeeded_records'),
    doubts: doubtsIn(view),
    gaps: view.ofKind('gap'),
    best: told.map(({ best }) => best),
    cost: told.flatMap(({ costs }) => costs),
    shown: compared.filter(isShown),
    notShown: compared.filter((fact) => !isShown(fact)),
    range: factsOf(told, 'range'),
    needed: factsOf(told, 'needed'),
    worse: changed(view, 'worse'),
    better: changed(view, 'better'),
    past: presentChanges(view).map(({ fact }) => fact),
    throughput: throughputMedians(view),
    firstToken: firstTokenMedians(view),
    stated: [...statedMiddles(view, 'output_token_throughput').slice(0, 4), ...statedMiddles(view, 'time_to_first_token').slice(0, 4)],
    cold: coldStarts(view).flatMap(({ cold, warm }) => [cold, warm]),
    spread: spreads(view),
  };
}

/** What is alike in all runs of a campaign, or all of their calls, is as it was meant to be. */
function doubtsIn(view: View): Fact[] {
  const results = new Set(view.artifacts.flatMap(({ path, format }) => (format === 'chimera-campaign' ? [path] : [])));
  return view.ofKind('doubt').filter(({ scope, statistic }) => !(statistic === 'constant' && results.has(scope)));
}

function overview(view: View): Fact[] {
  return view.facts.filter(
    (f) => f.scope === DATASET_SCOPE && Object.keys(f.labels).length === 0 && f.kind !== 'size' && f.kind !== 'modification',
  );
}

function factsOf(told: readonly Choice[], field: 'range' | 'needed'): Fact[] {
  return told.flatMap((choice) => choice[field] ?? []);
}
