import { firstTokenMedians, LEAST_FOR_P95, otherMedians, type Subject, throughputMedians } from '@chimera/evidence';
import type { Block, Fact, Inline } from '@chimera/shared/domain';
import type { Cites } from './draft.ts';
import { code, heading, paragraph, text } from './inline.ts';

const MOST_ROWS = 12;
const MOST_OTHER_ROWS = 20;
const COLUMNS = ['min', 'median', 'p95', 'max'] as const;

/** The tables under Performance Analysis: throughput, time to first token, everything else with a unit; the largest samples first. */
export function performanceTables(facts: Subject, cites: Cites): Block[] {
  return [
    ...table('Throughput', throughputMedians(facts), facts, cites),
    ...table('Time to first token', firstTokenMedians(facts), facts, cites),
    ...table('Other measurements with a unit', otherMedians(facts), facts, cites, MOST_OTHER_ROWS),
  ];
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
