import type { FieldMeaning, FieldTable } from '../fields.ts';

/** A metric of llama-benchy. `ofRequest`: one value a request and not one a run, which differs where several run at once. */
export type BenchyMetric = Pick<FieldMeaning, 'metric' | 'unit' | 'note'> & { ofRequest: boolean };

/** By the names of JSON, where each is `{mean, std, values}`. */
export const BENCHY_METRICS = {
  pp_throughput: { metric: 'prompt_token_throughput', unit: 'tok/s', ofRequest: false },
  pp_req_throughput: { metric: 'own', unit: 'tok/s', ofRequest: true, note: 'of one request' },
  tg_throughput: { metric: 'output_token_throughput', unit: 'tok/s', ofRequest: false },
  tg_req_throughput: { metric: 'output_token_throughput_per_user', unit: 'tok/s', ofRequest: true },
  peak_throughput: { metric: 'own', unit: 'tok/s', ofRequest: false, note: 'the best second of a run' },
  peak_req_throughput: { metric: 'own', unit: 'tok/s', ofRequest: true, note: 'the best second of a request' },
  ttfr: { metric: 'own', unit: 'ms', ofRequest: true, note: 'to the first response, which need not hold a token' },
  est_ppt: { metric: 'own', unit: 'ms', ofRequest: true, note: 'estimated: `ttfr` without the latency of the network' },
  e2e_ttft: { metric: 'time_to_first_token', unit: 'ms', ofRequest: true },
} as const satisfies Readonly<Record<string, BenchyMetric>>;

export type BenchyName = keyof typeof BENCHY_METRICS;

/** One statistic of a metric, over repetitions where each run sends one request. */
export function benchyMeaning(name: BenchyName, statistic: string, concurrency: number | null): FieldMeaning {
  const { metric, unit, ofRequest }: BenchyMetric = BENCHY_METRICS[name];
  return { metric, unit, statistic, over: ofRequest && concurrency !== 1 ? 'requests' : 'repetitions' };
}

/** As a table that people read. */
export const BENCHY_FIELDS: FieldTable = Object.fromEntries(
  Object.entries(BENCHY_METRICS).map(([name, { ofRequest, ...meaning }]): [string, FieldMeaning] => [
    name,
    { ...meaning, statistic: 'mean, stddev, value', over: ofRequest ? 'requests' : 'repetitions' },
  ]),
);
