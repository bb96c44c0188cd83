import type { Subject } from '@chimera/evidence';
import {
  type Block,
  byCodeUnit,
  type CAMPAIGN_CALL_UNITS,
  CAMPAIGN_PROFILE,
  campaignCallMetric,
  type Fact,
  type Inline,
  isCampaignCallMetric,
} from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { byPlace, placeOf } from './campaign-cells.ts';
import { others, spelt } from './campaign-words.ts';
import type { Cites } from './draft.ts';
import { code, heading, paragraph, text } from './inline.ts';

const MOST_ROWS = 60;

/** What is told of the calls of a row, in the order in which a call goes. */
const COLUMNS = [
  ...(['slot_wait_s', 'queue_s', 'time_to_first_token_s', 'wall_s'] as const),
  ...(['prompt_tokens', 'output_tokens', 'energy_j'] as const),
] satisfies (keyof typeof CAMPAIGN_CALL_UNITS)[];

/** Medians over the single calls of a campaign's runs: where the time of an arrangement goes. Nothing where no file lists the calls. */
export function campaignCalls(facts: Subject, cites: Cites): Block[] {
  const medians = facts
    .ofKind('series')
    .filter(
      ({ metric, statistic, labels }) =>
        isCampaignCallMetric(metric) && (statistic === 'median' || statistic === 'value') && labels[CAMPAIGN_PROFILE] !== undefined,
    );
  const rows = [...Map.groupBy(medians, ({ scope, labels }) => `${scope}\0${labelsJson(labels)}`).values()].flatMap((own) => {
    const [first] = own;
    return first === undefined ? [] : [{ first, of: (column: string) => own.find(({ metric }) => metric === campaignCallMetric(column)) }];
  });
  rows.sort((a, b) => byPlace(placeOf(a.first), placeOf(b.first)) || byCodeUnit(a.first.labels.agent ?? '', b.first.labels.agent ?? ''));
  const columns = COLUMNS.filter((column) => rows.some(({ of }) => isTold(of(column))));
  const several = new Set(rows.map(({ first }) => first.labels.model)).size > 1;
  if (columns.length === 0) return [];
  const cells = rows.slice(0, MOST_ROWS).map(({ first, of }): Inline[][] => {
    const { profile, arrangement, start } = placeOf(first);
    const { agent = '–', model = '–' } = first.labels;
    const place = [profile, arrangement, start, agent, ...(several ? [model] : [])];
    const most = columns.flatMap((column) => of(column) ?? []).reduce((a: Fact, b) => ((b.n ?? 0) > (a.n ?? 0) ? b : a), first);
    const values = columns.map((column): Inline[] => {
      const fact = of(column);
      return [fact === undefined ? text('–') : spelt(fact, cites)];
    });
    return [...place.map((name) => [code(name)]), [cites.cite(most, 'n')], ...values];
  });
  const head = ['Profile', 'Arrangement', 'Start', 'Agent', ...(several ? ['Model'] : []), 'n', ...columns.map(campaignCallMetric)];
  return [
    heading(4, 'Calls'),
    paragraph(
      text(
        'Medians over single calls, under the names of their columns; waits below a millisecond everywhere have none. Calls within a run depend on each other, so they are shown and never judged.',
      ),
    ),
    { type: 'table', head, rows: cells },
    ...others(rows, MOST_ROWS),
  ];
}

/** A wait of less is what asking takes, and no wait. */
const LEAST_SECONDS = 0.001;

function isTold(fact: Fact | undefined): boolean {
  return fact !== undefined && !(fact.unit === 's' && Number(fact.value) < LEAST_SECONDS);
}
