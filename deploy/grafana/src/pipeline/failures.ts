import { AGENTS, NATS } from '../others.ts';
import { atLeast, type RowSpec, upTo } from '../panel.ts';
import { grown } from '../query.ts';

/** What did not end well. */
export const failures: RowSpec = {
  title: 'Failures',
  panels: [
    {
      kind: 'states',
      title: 'Readiness',
      shows: 'Of each process of a service, whether it is ready as /readyz says, over time.',
      well: 'Green throughout; a moment of red when a process starts.',
      act: 'Ask its /readyz: it gives each reason in a sentence. All red at once is NATS.',
      alerts: ['ChimeraServiceNotReady', 'ChimeraServiceDown'],
      leadsTo: NATS,
      unit: 'short',
      queries: [{ expr: 'min by (service, instance) (chimera_ready)', legend: '{{service}} {{instance}}' }],
      width: 12,
      steps: atLeast(1),
      words: { 0: { text: 'not ready', color: 'red' }, 1: { text: 'ready', color: 'green' } },
    },
    {
      kind: 'lines',
      title: 'Deliveries that did not end well',
      shows:
        'Deliveries in the ten minutes before that were not done at the first try: retried after an error, put off (later), given up (dead), or handed back when a service stopped.',
      well: 'None, or single ones when a service is started anew.',
      act: 'Each is in the log of its service with the reason.',
      unit: 'short',
      queries: [
        {
          expr: grown('messaging_client_consumed_messages_total', ['subject', 'outcome'], '{outcome!="done"}'),
          legend: '{{subject}} {{outcome}}',
        },
      ],
      width: 12,
    },
    {
      kind: 'lines',
      title: 'Dead letters',
      shows: 'Messages in the stream chimera_dead.',
      well: 'None.',
      act: 'A step is the moment to look up in the logs: "a message was not done: dead".',
      alerts: ['ChimeraDeadLetters'],
      leadsTo: NATS,
      unit: 'short',
      queries: [{ expr: 'max(stream:chimera_stream_messages:max{stream="chimera_dead"})', legend: 'held' }],
      width: 8,
      steps: upTo(1),
    },
    {
      kind: 'bars',
      title: 'Dead letters, by subject',
      shows: 'Messages given up since the services started, by subject.',
      well: 'None.',
      act: "Read them in the stream chimera_dead. An agent's dead letter still yields a report, by the template; any other is something that nobody did.",
      unit: 'short',
      queries: [{ expr: 'sum by (subject) (chimera_dead_letters_total)', legend: '{{subject}}' }],
      width: 8,
      steps: upTo(1),
    },
    {
      kind: 'bars',
      title: 'Failed model calls',
      shows: 'Model calls since the agents started that yielded nothing to print, by what went wrong.',
      well: 'Next to none: another server is asked, and only where none is left the template speaks.',
      act: 'Agents shows them by server and over time.',
      leadsTo: AGENTS,
      unit: 'short',
      queries: [{ expr: 'sum by (error_type) (gen_ai_client_operation_duration_seconds_count{error_type!=""})', legend: '{{error_type}}' }],
      width: 8,
      steps: upTo(1),
    },
  ],
};
