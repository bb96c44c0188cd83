import { TRUST } from '../others.ts';
import type { RowSpec } from '../panel.ts';
import { mean, quantile } from '../query.ts';
import { and, CALLS, FIRST, GENAI, NAMED, OF, OUTPUT, TOKENS } from './calls.ts';

/** How fast models write, by server. */
export const speed: RowSpec = {
  title: 'Speed',
  panels: [
    {
      kind: 'lines',
      title: 'Generation speed, by server and model',
      shows:
        'Output tokens per second of a call as its server measured it, the mean over the calls of the half hour before, and over those of the day before, its own past.',
      well: 'Each card near its day.',
      act: 'One that falls while the others stay is that node: look at its GPUs below. All that fall: more calls at once than the servers are worth.',
      alerts: ['ChimeraNodeSlow'],
      unit: 'suffix:tok/s',
      queries: [
        { expr: `server_model:chimera_output_tokens_per_second:mean_30m${GENAI}`, legend: NAMED },
        { expr: `server_model:chimera_output_tokens_per_second:mean_1d${GENAI}`, legend: `${NAMED} day` },
      ],
      width: 8,
    },
    {
      kind: 'lines',
      title: 'Time to first token, by server and model',
      shows:
        'Seconds from the call to its first token over the half hour before, loading and the wait at the server included: median and 95th percentile.',
      well: 'Below a few seconds; the 95th percentile near the median.',
      act: 'A high 95th percentile alone: the model is loaded anew at times. Both high: long prompts, or others in front.',
      alerts: ['ChimeraFirstTokenSlow'],
      unit: 's',
      queries: [
        { expr: `server_model:${FIRST}:p50_30m${GENAI}`, legend: `${NAMED} p50` },
        { expr: `server_model:${FIRST}:p95_30m${GENAI}`, legend: `${NAMED} p95` },
      ],
      width: 8,
    },
    {
      kind: 'lines',
      title: 'Tokens read and generated',
      shows: 'Tokens per second of wall time over all calls, idle time included: how busy the models are, not how fast they are.',
      well: 'It follows what is dropped.',
      act: 'Zero while requests wait: see whether the servers can be reached.',
      unit: 'suffix:tok/s',
      queries: [
        {
          expr: `sum by (server_address, gen_ai_token_type) (rate(${TOKENS}_sum${GENAI}[$__rate_interval]))`,
          legend: '{{server_address}} {{gen_ai_token_type}}',
        },
      ],
      width: 8,
    },
    {
      kind: 'lines',
      title: 'Tokens per answer',
      shows: 'Mean output tokens of a call over the hour before, by server and model.',
      well: 'A few hundred at most: a section is some sentences.',
      act: 'Thousands are a model that repeats itself or thinks aloud: set num_predict, or take another model.',
      unit: 'short',
      queries: [{ expr: mean(TOKENS, OF, OUTPUT), legend: NAMED }],
      width: 8,
    },
    {
      kind: 'lines',
      title: 'Gaps between tokens',
      shows: 'The 95th percentile of the gaps within an answer: its median over the calls of the hour before, by server.',
      well: 'About one divided by the generation speed.',
      act: 'Far above it: the server stops in mid-answer, for another call or for memory.',
      unit: 's',
      queries: [
        {
          expr: quantile(0.5, 'chimera_model_call_token_gap_seconds', ['server_address'], and(CALLS, 'statistic="p95"')),
          legend: '{{server_address}}',
        },
      ],
      width: 8,
    },
    {
      kind: 'bars',
      title: 'Generation speed of finished runs',
      shows: 'Mean output tokens per second over the finished runs since the reporter started, by agent, as the reports print it.',
      well: 'Near the speed of the servers.',
      act: 'Far below it: the sections wait for each other; give the server more slots if it is worth more than one call at once.',
      unit: 'suffix:tok/s',
      queries: [
        {
          expr: 'sum by (agent) (chimera_run_output_tokens_per_second_sum{agent=~"$agent"}) / sum by (agent) (chimera_run_output_tokens_per_second_count{agent=~"$agent"})',
          legend: '{{agent}}',
        },
      ],
      width: 4,
    },
    {
      kind: 'bars',
      title: 'Tokens of a run',
      shows: 'Mean tokens that were generated for a finished run since the reporter started, by agent.',
      well: 'Some hundred for each agent.',
      act: 'A rise without new sections: more repairs. See Trust.',
      leadsTo: TRUST,
      unit: 'short',
      queries: [
        {
          expr: 'sum by (agent) (chimera_run_output_tokens_sum{agent=~"$agent"}) / sum by (agent) (chimera_run_output_tokens_count{agent=~"$agent"})',
          legend: '{{agent}}',
        },
      ],
      width: 4,
    },
  ],
};
