import { NATS } from '../others.ts';
import { type RowSpec, upTo } from '../panel.ts';
import { quantile } from '../query.ts';

/** Where work waits. */
export const queues: RowSpec = {
  title: 'Queues',
  panels: [
    {
      kind: 'lines',
      title: 'Waiting',
      shows: 'Messages not yet delivered, by durable consumer.',
      well: 'Zero at rest.',
      act: 'What grows here needs more workers, or has none that runs. `<agent>_worker_<model>`: start another with `chimera work`.',
      alerts: ['ChimeraBacklogGrows'],
      unit: 'short',
      queries: [{ expr: 'durable:chimera_queue_pending_messages:max', legend: '{{durable}}' }],
      width: 6,
      steps: upTo(50, 10),
    },
    {
      kind: 'lines',
      title: 'In work',
      shows: 'Messages delivered and not yet acknowledged, by durable consumer: what is being worked on, or waits for another try.',
      well: 'As many as there are workers or slots, for as long as they work.',
      act: 'Where it stays up while nothing is finished, a handler fails again and again: see Deliveries that did not end well.',
      unit: 'short',
      queries: [{ expr: 'durable:chimera_queue_unacknowledged_messages:max', legend: '{{durable}}' }],
      width: 6,
    },
    {
      kind: 'lines',
      title: 'Lag',
      shows: 'Age of the oldest change that is in no inventory, and of the oldest current inventory that has no report.',
      well: 'Teeth: it rises while work is done and falls back to zero.',
      act: 'A line that only rises says that something stands still: not taken in is a matter of ingest, no report one of the agents and the reporter.',
      alerts: ['ChimeraReportMissing'],
      unit: 's',
      queries: [
        { expr: 'max(chimera_drop_lag_seconds)', legend: 'not taken in' },
        { expr: 'max(chimera_report_lag_seconds)', legend: 'no report' },
      ],
      width: 6,
      steps: upTo(1_800),
    },
    {
      kind: 'lines',
      title: 'Handling a message',
      shows:
        'Seconds from delivery to its acknowledgement or refusal over the hour before: 95th percentile, by subject. The requests hold the work of the model.',
      well: 'Requests take as long as a model writes; all others less than a second.',
      act: 'A slow subject names the handler: look at the log and the CPU of its service.',
      leadsTo: NATS,
      unit: 's',
      queries: [{ expr: quantile(0.95, 'messaging_process_duration_seconds', ['subject']), legend: '{{subject}}' }],
      width: 6,
    },
  ],
};
