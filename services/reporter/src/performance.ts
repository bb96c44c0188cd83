import { firstTokenMedians, LEAST_FOR_P95, otherMedians, type Subject, throughputMedians } from '@chimera/evidence';
import {
  type Block,
  CAMPAIGN_FIELD_NAMES,
  CAMPAIGN_PROFILE,
  campaignMetric,
  type Fact,
  type Inline,
  isCampaignCallMetric,
} from '@chimera/shared/domain';
import type { Cites } from './draft.ts';
import { code, heading, paragraph, text } from './inline.ts';

const MOST_ROWS = 12;
const MOST_OTHER_ROWS = 20;
const COLUMNS = ['min', 'median', 'p95', 'max'] as const;

/** The tables under Performance Analysis: throughput, time to first token, everything else with a unit; the largest samples first. */
export function performanceTables(facts: Subject, cites: Cites): Block[] {
  const others = (medians: readonly Fact[]) => medians.filter((fact) => !isInCampaign(fact));
  return [
    ...table('Throughput', others(throughputMedians(facts)), facts, cites),
    ...table('Time to first token', others(firstTokenMedians(facts)), facts, cites),
    ...table('Other measurements with a unit', others(otherMedians(facts)), facts, cites, MOST_OTHER_ROWS),
  ];
}

/** What the tables of a campaign hold is not told once more, with a dozen labels on each line. */
const CAMPAIGN_METRICS: ReadonlySet<string> = new Set(CAMPAIGN_FIELD_NAMES.map(campaignMetric));

function isInCampaign({ kind, metric, labels }: Fact): boolean {
  return isCampaignCallMetric(metric) || (kind === 'group' && labels[CAMPAIGN_PROFILE] !== undefined && CAMPAIGN_METRICS.has(metric));
}

function table(title: string, medians: readonly Fact[], facts: Subject, { cite }: Cites, most = MOST_ROWS): Block[] {
  if (medians.length === 0) return [];
  const rows = medians.slice(0, most).map((median): Inline[][] => [
    [code(median.metric)],
    [code(median.scope)],
    [
      code(
        Object.entries(median.labels)
          .map(([k, v]) => `${k}=${v}`)
          .join(' ') || '–',
      ),
    ],
    [cite(median, 'n')],
    ...COLUMNS.map((statistic): Inline[] => {
      const fact =
        statistic === 'p95' && (median.n ?? 0) < LEAST_FOR_P95 ? null : facts.find(median.metric, median.labels, statistic, median.scope);
      return [fact ? cite(fact) : text('–')];
    }),
  ]);
  const blocks: Block[] = [heading(3, title), { type: 'table', head: ['Metric', 'Artifact', 'Labels', 'n', ...COLUMNS], rows }];
  if (medians.length > most)
    blocks.push(paragraph(text('These are the largest samples; the others are in '), code('evidence.json'), text('.')));
  return blocks;
}
