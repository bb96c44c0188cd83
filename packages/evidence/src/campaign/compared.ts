import { CAMPAIGN_FIELDS, type CampaignField, campaignMetric, isCanonical } from '@chimera/shared/domain';
import { type Judged, judge } from '../verdict.ts';
import { type CampaignCell, medianOf, sorted } from './cells.ts';
import { type Decision, decisionOf } from './decision.ts';

/** In which fields two profiles are compared: the family of their comparison. The wall clock decides. */
export const FAMILY: readonly CampaignField[] = [
  ...(['wall_clock', 'output_token_throughput', 'time_per_output_token', 'time_to_first_token', 'energy'] as const),
];

/** What is counted in tokens, which are no common unit of two models. */
const IN_TOKENS = new Set<CampaignField>(['output_token_throughput', 'time_per_output_token']);

/** Outputs whose lengths differ more than this make times answer different questions. */
const OUTPUT_DRIFT = 0.1;

/** Two cells and what is said of them: `judged` by metric, the wall clock (`execution_time`) first; the ratios are `of` over `to`. */
export type Compared<C extends CampaignCell> = {
  of: C;
  to: C;
  judged: readonly Judged[];
  /** p-values were multiplied by how many looks there were, and by how many comparisons of its sort stand side by side */
  looks: number;
  tests: number;
  caveats: readonly string[];
} & Decision;

/**
 * Compares two cells in the fields that both have; null where one has no wall clock.
 * @param tests how many comparisons of this sort are made side by side: of many, one comes out by chance. For comparisons with the
 *   best of k, k - 1 allows for the best having been chosen by what was measured (Hsu, "Multiple comparisons", 1996, chapter 4)
 */
export function compare<C extends CampaignCell>(
  of: C,
  to: C,
  fields: readonly CampaignField[],
  caveats: readonly string[] = [],
  tests = 1,
): Compared<C> | null {
  const looks = Math.max(of.looks, to.looks);
  const judged = judge(
    fields.flatMap((field) => {
      const metric = campaignMetric(field);
      return isCanonical(metric) ? [{ metric, of: sorted(of, field), to: sorted(to, field) }] : [];
    }),
    looks * tests,
  );
  const [first] = judged;
  if (first?.metric !== CAMPAIGN_FIELDS.wall_clock.metric) return null;
  return { of, to, judged, looks, tests, caveats, ...decisionOf(first) };
}

/** The family of a comparison: without what is counted in tokens, where the models differ. */
export function familyOf(of: CampaignCell, to: CampaignCell): CampaignField[] {
  return FAMILY.filter((field) => !(IN_TOKENS.has(field) && differ(of, to, 'model')));
}

export function differ(a: CampaignCell, b: CampaignCell, label: string): boolean {
  return a.labels[label] !== b.labels[label];
}

/** How many times as many tokens one side puts out, where that is beyond what can be overlooked; null where it is not, or not known. */
export function drift(of: CampaignCell, to: CampaignCell): number | null {
  const [a, b] = [medianOf(of, 'output_tokens'), medianOf(to, 'output_tokens')];
  if (a === null || b === null || b === 0 || differ(of, to, 'model')) return null;
  return Math.abs(a / b - 1) > OUTPUT_DRIFT ? a / b : null;
}
