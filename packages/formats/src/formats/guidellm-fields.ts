import type { FieldMeaning, FieldTable } from '../fields.ts';

const DISTRIBUTION = 'as its key says';
const request = (metric: FieldMeaning['metric'], unit: string | null, note?: string): FieldMeaning => ({
  metric,
  statistic: DISTRIBUTION,
  unit,
  over: 'requests',
  ...(note === undefined ? {} : { note }),
});
const tokens = (note: string): FieldMeaning => ({ metric: 'own', statistic: DISTRIBUTION, unit: null, note });

/** Distributions over what succeeded: `metrics.<field>.successful`. */
export const GUIDELLM_DISTRIBUTIONS: FieldTable = {
  request_latency: request('request_latency', 's', 'seconds, beside milliseconds'),
  time_to_first_token_ms: request('time_to_first_token', 'ms'),
  time_to_first_output_token_ms: request('own', 'ms', 'the first token that is no reasoning'),
  time_per_output_token_ms: {
    metric: 'own',
    statistic: DISTRIBUTION,
    unit: 'ms',
    note: 'includes the time to the first token; each request counts as often as it has tokens, and n is that of the tokens',
  },
  inter_token_latency_ms: {
    metric: 'inter_token_latency',
    statistic: DISTRIBUTION,
    unit: 'ms',
    over: 'gaps',
    note: 'the mean gap of each request, which counts as often as it has gaps: the mean is that of all gaps, the percentiles are smoother',
  },
  prompt_token_count: request('own', 'tokens'),
  output_token_count: request('own', 'tokens'),
  total_token_count: request('own', 'tokens'),
  request_streaming_iterations_count: request('own', null),
  request_concurrency: tokens('requests at once over the time, measured'),
  output_tokens_per_iteration: tokens('tokens of a chunk'),
  iter_tokens_per_iteration: tokens('tokens of a chunk, without the first'),
};

const rate = (metric: FieldMeaning['metric'], unit: string): FieldMeaning => ({ metric, statistic: 'value', unit, over: 'runs' });

/** Rates of the run: of each only the mean is one, its median and percentiles are over moments of time. */
export const GUIDELLM_RATES: FieldTable = {
  requests_per_second: rate('request_throughput', 'req/s'),
  prompt_tokens_per_second: rate('prompt_token_throughput', 'tok/s'),
  output_tokens_per_second: rate('output_token_throughput', 'tok/s'),
  tokens_per_second: rate('total_token_throughput', 'tok/s'),
};

/** Times that are 0 throughout where responses were not streamed. */
export const GUIDELLM_TIMES: ReadonlySet<string> = new Set([
  'request_latency',
  'time_to_first_token_ms',
  'time_to_first_output_token_ms',
  'time_per_output_token_ms',
  'inter_token_latency_ms',
]);

/** Of each request, where the file keeps them: `requests.successful`. */
export const GUIDELLM_REQUEST: FieldTable = {
  request_latency: { metric: 'request_latency', statistic: 'value', unit: 's', over: 'requests' },
  time_to_first_token_ms: { metric: 'time_to_first_token', statistic: 'value', unit: 'ms', over: 'requests' },
  time_per_output_token_ms: { metric: 'own', statistic: 'value', unit: 'ms', over: 'requests', note: 'includes the first token' },
  inter_token_latency_ms: { metric: 'own', statistic: 'value', unit: 'ms', over: 'requests', note: 'the mean gap of one request' },
  prompt_tokens: { metric: 'own', statistic: 'value', unit: 'tokens', over: 'requests' },
  output_tokens: { metric: 'own', statistic: 'value', unit: 'tokens', over: 'requests' },
};

/** Statistics of a distribution. */
export const GUIDELLM_STATISTICS: Readonly<Record<string, string>> = {
  mean: 'mean',
  median: 'median',
  std_dev: 'stddev',
  min: 'min',
  max: 'max',
};

/** Percentiles of a distribution: `p001` is 0.1 and `p999` is 99.9. The 50th stands there as the median, too. */
export const GUIDELLM_PERCENTILES: Readonly<Record<string, string>> = {
  p001: 'p0.1',
  p01: 'p1',
  p05: 'p5',
  p10: 'p10',
  p25: 'p25',
  p75: 'p75',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
  p999: 'p99.9',
};
