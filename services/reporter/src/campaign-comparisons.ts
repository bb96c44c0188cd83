import { type Block, CAMPAIGN_FIELDS, type CampaignField, campaignMetric, type Fact, type Inline } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { placeOf } from './campaign-cells.ts';
import type { CampaignFacts } from './campaign-facts.ts';
import { capital, caveatNotes, NO_VERDICT, others, withInterval } from './campaign-words.ts';
import type { Cites } from './draft.ts';
import { code, heading, paragraph, text } from './inline.ts';
import { titleOf } from './screen-words.ts';

const MOST_ROWS = 60;

/** What each profile is against the recommended one: a row for each arrangement and start in which both ran. */
export function campaignComparisons({ comparisons: all, recommended }: CampaignFacts, cites: Cites): Block[] {
  const metrics = FAMILY.map(campaignMetric).filter((metric) => all.some((fact) => fact.metric === metric));
  const rows = [...Map.groupBy(all, ({ labels }) => labelsJson(labels)).values()];
  const [best] = recommended === null ? [] : [placeOf(recommended).profile];
  if (best === undefined || rows.length === 0) return [];
  const caveats = (facts: readonly Fact[]) => [...new Set(facts.flatMap(({ comparison }) => comparison?.caveats ?? []))];
  const shown = rows.slice(0, MOST_ROWS);
  const notes = shown.map((facts) => {
    const { profile, arrangement, start } = placeOf(facts[0] ?? { labels: {} });
    return { names: [profile, arrangement, start], caveats: caveats(facts) };
  });
  const cells = shown.map((facts): Inline[][] => {
    const [first] = facts;
    const { profile, arrangement, start } = placeOf(first ?? { labels: {} });
    return [
      [code(profile)],
      [code(arrangement)],
      [code(start)],
      [first === undefined ? text('–') : cites.cite(first, 'n')],
      ...metrics.map((metric): Inline[] => {
        const fact = facts.find((one) => one.metric === metric);
        return fact === undefined ? [text('–')] : [withInterval(fact, cites), text(`, ${fact.comparison?.verdict ?? ''}`)];
      }),
    ];
  });
  const titles = metrics.map((metric) => (metric === CAMPAIGN_FIELDS.wall_clock.metric ? 'Wall clock' : capital(titleOf(metric))));
  return [
    heading(4, 'Against the recommended profile'),
    paragraph(
      text('Ratios of medians: what the profile has over what '),
      code(best),
      text(` has in the same arrangement and start. ${NO_VERDICT}`),
    ),
    { type: 'table', head: ['Profile', 'Arrangement', 'Start', 'n of both', ...titles], rows: cells },
    ...others(rows, MOST_ROWS),
    ...caveatNotes(notes),
  ];
}

/** What profiles are compared in. */
const FAMILY = [
  ...(['wall_clock', 'output_token_throughput', 'time_per_output_token', 'time_to_first_token', 'energy'] as const),
] satisfies CampaignField[];
