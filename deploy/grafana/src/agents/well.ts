import { type RowSpec, upTo } from '../panel.ts';
import { HOUR, orZero, quantile } from '../query.ts';
import { and, CALLS, DURATION, FIRST, GENAI, NODE, OUTPUT, TOKENS } from './calls.ts';

const increase = (metric: string, matchers: string) => `sum(increase(${metric}${matchers}[${HOUR}]))`;

/** A part of the calls of the hour before; zero where there were calls and none of these. */
const shareOfCalls = (part: string) => `(${orZero(part)}) / ${increase(`${DURATION}_count`, GENAI)}`;

/** What one sees first. */
export const well: RowSpec = {
  title: 'Is it well?',
  panels: [
    {
      kind: 'stat',
      title: 'Generation speed',
      shows: 'Output tokens per second of a call as its server measured it: the median over the hour before.',
      well: 'What the card gives to one caller.',
      act: 'Where it falls: is the model still on the GPU, does somebody else use the card, is it hot? See the rows below by server.',
      unit: 'suffix:tok/s',
      queries: [{ expr: quantile(0.5, 'chimera_output_tokens_per_second', [], CALLS), legend: '' }],
      width: 3,
    },
    {
      kind: 'stat',
      title: 'First token, 95 %',
      shows: 'Within how many seconds 95 % of the calls of the hour before had their first token, loading of the model included.',
      well: 'A few seconds at most.',
      act: 'Minutes mean that the model is loaded anew for each call: see Queue of the server, and whether others ask it with other options.',
      unit: 's',
      queries: [{ expr: quantile(0.95, FIRST, [], GENAI), legend: '' }],
      width: 3,
    },
    {
      kind: 'stat',
      title: 'Failed calls',
      shows: 'Share of the calls of the hour before that yielded nothing to print.',
      well: 'Below one in a hundred.',
      act: 'See Calls, by error.',
      unit: 'percentunit',
      queries: [
        {
          expr: shareOfCalls(increase(`${DURATION}_count`, and(GENAI, 'error_type!=""'))),
          legend: '',
        },
      ],
      width: 3,
      steps: upTo(0.2, 0.05),
    },
    {
      kind: 'stat',
      title: 'Truncated prompts',
      shows: 'Share of the calls of the hour before whose prompt the server cut without a word.',
      well: 'Zero.',
      act: 'The context in force is smaller than num_ctx says: raise it at the server, or lower num_ctx in the profile, so that fewer facts are sent.',
      unit: 'percentunit',
      queries: [
        {
          expr: shareOfCalls(increase('chimera_model_calls_truncated_total', CALLS)),
          legend: '',
        },
      ],
      width: 3,
      steps: upTo(0.01),
    },
    {
      kind: 'stat',
      title: 'Answers from store',
      shows: 'Answers in the hour before that were taken from an earlier equal call: nothing was generated for them.',
      well: 'Some, where work is repeated.',
      act: 'Nothing to do. None at all while the same data is analysed again means that prompt, options or model changed.',
      unit: 'short',
      queries: [{ expr: orZero(increase('chimera_model_answers_stored_total', CALLS)), legend: '' }],
      width: 3,
    },
    {
      kind: 'stat',
      title: 'Wait for a slot, 95 %',
      shows: 'Within how many seconds 95 % of the calls of the hour before had a slot at a server.',
      well: 'Less than a call takes.',
      act: 'More work than slots: add a GPU node (docs/operations/add-a-gpu-node.md).',
      unit: 's',
      queries: [{ expr: quantile(0.95, 'chimera_model_call_slot_wait_seconds', [], CALLS), legend: '' }],
      width: 3,
    },
    {
      kind: 'stat',
      title: 'GPU power',
      shows: 'Power of the GPUs of each server during its latest call that was sampled.',
      well: 'Well above idle while a model writes.',
      act: 'Near idle during a call: the model runs on the CPU. "none": no nvidia-smi and no DCGM exporter beside the server.',
      unit: 'watt',
      queries: [{ expr: `max by (server_address) (chimera_gpu_power_watts${NODE})`, legend: '{{server_address}}' }],
      width: 3,
    },
    {
      kind: 'stat',
      title: 'Energy per token',
      shows:
        'Joules of all GPUs of a node for each token that it generated in the hour before, where it is sampled. Calls at the same time are each told all of the energy, so that it is too high by as many as ran at once.',
      well: 'Steady for a model on a card.',
      act: 'A rise says that the same words cost more: a smaller share of the model on the GPU, or another model.',
      unit: 'joule',
      queries: [
        {
          expr: `sum by (server_address) (increase(chimera_model_call_gpu_energy_joules_sum${CALLS}[${HOUR}])) / sum by (server_address) (increase(${TOKENS}_sum${OUTPUT}[${HOUR}]))`,
          legend: '{{server_address}}',
        },
      ],
      width: 3,
    },
  ],
};
