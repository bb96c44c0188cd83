import { AGENTS, TRUST } from '../others.ts';
import { PLAIN, type RowSpec } from '../panel.ts';
import { grown, spread } from '../query.ts';
import { STAGES } from './stages.ts';

/** How long it takes from drop to report, and how much is dropped. */
export const dropToReport: RowSpec = {
  title: 'From drop to report',
  panels: [
    {
      kind: 'lines',
      title: 'Drop to report, by stage',
      shows:
        'Seconds of each stage over the runs of the hour before: median and 95th percentile. ingest: from the quiet dataset to its inventory; analysis: both agents; report: check and print; total: all of it. Read from histogram buckets, each twice as wide as the one before: good for a trend, not for a digit.',
      well: 'Level lines, analysis the greatest of the parts.',
      act: 'A stage that grows is where to look: the agents for analysis, artifacts and disk for ingest, the reporter for report.',
      leadsTo: AGENTS,
      unit: 's',
      queries: spread(STAGES, ['stage'], '{{stage}}'),
      width: 12,
    },
    {
      kind: 'bars',
      title: 'Drop to report, mean by stage',
      shows: 'Mean seconds of each stage since the reporter started, so that the very first run shows.',
      well: 'The parts add up to about the total.',
      act: 'A total far above its parts is time spent waiting: see the queues.',
      unit: 's',
      queries: [{ expr: `sum by (stage) (${STAGES}_sum) / sum by (stage) (${STAGES}_count)`, legend: '{{stage}}' }],
      width: 6,
    },
    {
      kind: 'bars',
      title: 'Artifacts, by kind',
      shows: 'Artifacts read into inventories since ingest started, by kind. One that is in ten inventories counts ten times.',
      well: 'The kinds that you drop are there.',
      act: 'A kind that is missing was never dropped, or is refused: see Refused artifacts.',
      unit: 'short',
      queries: [{ expr: 'sum by (kind) (chimera_artifacts_total{status="read"})', legend: '{{kind}}' }],
      width: 6,
      steps: PLAIN,
    },
    {
      kind: 'lines',
      title: 'Inventories and reports',
      shows: 'Inventories published and reports printed in the ten minutes before.',
      well: 'Reports follow inventories.',
      act: 'Inventories without reports mean that something downstream stands still: see the queues and the failures.',
      unit: 'short',
      queries: [
        { expr: 'sum(increase(chimera_inventories_total[10m]))', legend: 'inventories' },
        { expr: 'sum(increase(chimera_reports_total{status="current"}[10m]))', legend: 'reports' },
      ],
      width: 8,
    },
    {
      kind: 'lines',
      title: 'Taking an inventory',
      shows: 'Seconds from the quiet dataset to its published inventory over the hour before: median and 95th percentile.',
      well: 'Seconds, and level: what was read once is remembered by its content.',
      act: 'Where it grows, see how much is dropped at once, and the CPU of ingest.',
      unit: 's',
      queries: spread('chimera_inventory_duration_seconds', [], ''),
      width: 8,
    },
    {
      kind: 'lines',
      title: 'Artifacts, by status',
      shows: 'Artifacts taken into inventories in the ten minutes before: read or refused.',
      well: 'Next to none refused.',
      act: 'Each report names what was refused, with the reason. Trust shows it by kind.',
      leadsTo: TRUST,
      unit: 'short',
      queries: [{ expr: grown('chimera_artifacts_total', ['status']), legend: '{{status}}' }],
      width: 8,
      stacked: true,
    },
  ],
};
