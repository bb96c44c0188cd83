import { type RowSpec, upTo } from '../panel.ts';
import { grown, quantile } from '../query.ts';
import { and, CALLS, DURATION, GENAI, NAMED, NODE, OF } from './calls.ts';

/** What calls wait for, and which fail. */
export const waiting: RowSpec = {
  title: 'Waiting, and what went wrong',
  panels: [
    {
      kind: 'lines',
      title: 'Queue of the server',
      shows: 'How long a server let a call wait for its runner, over the hour before: 95th percentile.',
      well: 'Zero: a slot is leased before the call, so nobody should be in front.',
      act: 'Somebody else uses the server, or it has fewer slots than it is told (`#slots=N`).',
      unit: 's',
      queries: [{ expr: quantile(0.95, 'chimera_model_call_queue_seconds', OF, CALLS), legend: NAMED }],
      width: 6,
    },
    {
      kind: 'lines',
      title: 'Wait for a slot',
      shows: 'How long a call waited for a slot before it was sent, over the hour before: 95th percentile, by agent and server.',
      well: 'Less than a call takes.',
      act: 'More work than slots: add a GPU node.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.95, 'chimera_model_call_slot_wait_seconds', ['agent', 'server_address'], CALLS),
          legend: '{{agent}} {{server_address}}',
        },
      ],
      width: 6,
    },
    {
      kind: 'lines',
      title: 'Slots',
      shows: 'Calls at once that each server is given, and those under way: the slots that all processes hold.',
      well: 'Held near given while there is work, zero else.',
      act: 'Held at zero while requests wait: see Servers left alone. Given at one where the card could do more: `#slots=N`, or let it be measured.',
      unit: 'short',
      queries: [
        { expr: `max by (server_address) (chimera_server_slots${NODE})`, legend: '{{server_address}} given' },
        { expr: `sum by (server_address) (chimera_server_slots_held${NODE})`, legend: '{{server_address}} held' },
      ],
      width: 6,
    },
    {
      kind: 'states',
      title: 'Servers left alone',
      shows: 'Of each server, whether a process leaves it alone because calls to it failed.',
      well: 'Green throughout.',
      act: 'Red: the server is down, out of memory or hangs. Others take its work; its calls and their errors stand below.',
      unit: 'short',
      queries: [{ expr: `max by (server_address) (chimera_server_left_alone${NODE})`, legend: '{{server_address}}' }],
      width: 6,
      steps: upTo(1),
      words: { 0: { text: 'asked', color: 'green' }, 1: { text: 'left alone', color: 'red' } },
    },
    {
      kind: 'lines',
      title: 'Wall time of calls',
      shows: 'Seconds of a whole call over the hour before: 95th percentile, by server and model, failed ones included.',
      well: 'Level.',
      act: 'Near a timeout of docs/configuration.md: calls are broken off there.',
      unit: 's',
      queries: [{ expr: quantile(0.95, DURATION, OF, GENAI), legend: NAMED }],
      width: 6,
    },
    {
      kind: 'lines',
      title: 'Calls, by error',
      shows: 'Failed calls in the ten minutes before, by server and what went wrong.',
      well: 'None.',
      act: 'model_not_found: pull it. out_of_memory: smaller context or model. busy: fewer slots. Timeouts: the server hangs, or the clocks of docs/configuration.md are too short.',
      unit: 'short',
      queries: [
        {
          expr: grown(`${DURATION}_count`, ['server_address', 'error_type'], and(GENAI, 'error_type!=""')),
          legend: '{{server_address}} {{error_type}}',
        },
      ],
      width: 6,
    },
    {
      kind: 'lines',
      title: 'Truncated prompts, by server',
      shows: 'Calls in the ten minutes before whose prompt the server cut.',
      well: 'None.',
      act: 'The context of that server is smaller than the profile asks for.',
      unit: 'short',
      queries: [{ expr: grown('chimera_model_calls_truncated_total', OF, CALLS), legend: NAMED }],
      width: 6,
    },
    {
      kind: 'lines',
      title: 'Answers generated and stored',
      shows: 'Calls in the ten minutes before, and answers that were taken from an earlier equal call instead.',
      well: 'Stored answers where the same is asked again.',
      act: 'Nothing to do.',
      unit: 'short',
      queries: [
        { expr: `sum(increase(${DURATION}_count${GENAI}[10m]))`, legend: 'asked' },
        { expr: `sum(increase(chimera_model_answers_stored_total${CALLS}[10m]))`, legend: 'from store' },
      ],
      width: 6,
    },
  ],
};
