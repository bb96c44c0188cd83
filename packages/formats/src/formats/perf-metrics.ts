import { isCanonical, type Over } from '@chimera/shared/domain';
import type { FieldMeaning, FieldTable, MetricName } from '../fields.ts';
import { unitOfSymbol } from '../unit-from-name.ts';

/** What a metric of AIPerf or GenAI-Perf is. Its unit stands beside it in the file, and is always read from there. */
export type PerfMetric = {
  metric: MetricName;
  /** one value a run, which the files call its average */
  scalar: boolean;
  /** what the statistics are over; of a scalar: what it is one of */
  over?: Over;
  /** a time that is measured: 0 throughout means that it was not */
  timed?: boolean;
  /** what the unit `per sec` of old files counts */
  perSecond?: string;
  /** its `KB` and `MB` are of 1024 bytes */
  binary?: boolean;
  note?: string;
};

const request = (metric: MetricName, more: Partial<PerfMetric> = {}): PerfMetric => ({ metric, scalar: false, over: 'requests', ...more });
const ofRun = (metric: MetricName, more: Partial<PerfMetric> = {}): PerfMetric => ({ metric, scalar: true, over: 'runs', ...more });

const TTFT = request('time_to_first_token', { timed: true });
const SECOND_TOKEN = request('own', { timed: true, note: 'from the first chunk to the second' });
const PREFILL = request('own', { note: 'input tokens over time to first token, of one request: no rate of the system' });
const GOODPUT = ofRun('own', { perSecond: 'req/s', note: 'requests within the limits that the user set' });
const TOKEN_RATE = { perSecond: 'tok/s' };
const BYTES = request('own', { binary: true, note: 'of 1024 bytes a `KB`' });

/** By the tag of JSON and JSON lines; a row label of a CSV gives the same in lower case with underscores. */
export const PERF_METRICS: Readonly<Record<string, PerfMetric>> = {
  time_to_first_token: TTFT,
  ttft: { ...TTFT, note: 'early AIPerf' },
  time_to_second_token: SECOND_TOKEN,
  ttst: { ...SECOND_TOKEN, note: 'early AIPerf' },
  time_to_first_output_token: request('own', { timed: true, note: 'the first token that is no reasoning' }),
  inter_token_latency: request('time_per_output_token', {
    timed: true,
    note: '(request latency − time to first token) / (output tokens − 1) of each request',
  }),
  inter_chunk_latency: { metric: 'inter_token_latency', scalar: false, over: 'gaps', timed: true, note: 'gaps between chunks, pooled' },
  request_latency: request('request_latency', { timed: true }),
  output_token_throughput: ofRun('output_token_throughput', TOKEN_RATE),
  output_token_throughput_per_user: request('output_token_throughput_per_user', {
    ...TOKEN_RATE,
    note: '1 / inter-token latency: without the first token',
  }),
  output_token_throughput_per_request: request('own', { ...TOKEN_RATE, note: 'includes the time to the first token' }),
  e2e_output_token_throughput: request('own', { ...TOKEN_RATE, note: 'includes the time to the first token' }),
  total_token_throughput: ofRun('total_token_throughput', TOKEN_RATE),
  input_token_throughput: ofRun('prompt_token_throughput', { ...TOKEN_RATE, note: 'input tokens of all requests over the duration' }),
  prefill_throughput_per_user: PREFILL,
  prefill_throughput: { ...PREFILL, note: `${PREFILL.note ?? ''}; earlier name` },
  request_throughput: ofRun('request_throughput', { perSecond: 'req/s' }),
  request_error_rate: ofRun('error_rate'),
  benchmark_duration: ofRun('duration'),
  goodput: GOODPUT,
  request_goodput: { ...GOODPUT, note: 'GenAI-Perf' },
  good_request_count: ofRun('own'),
  request_count: ofRun('own', { note: 'requests that succeeded; the n of the statistics where no `count` stands beside them' }),
  error_request_count: ofRun('own'),
  input_sequence_length: request('own'),
  output_sequence_length: request('own'),
  output_token_count: request('own', { note: 'without reasoning' }),
  reasoning_token_count: request('own'),
  total_output_tokens: ofRun('own'),
  total_reasoning_tokens: ofRun('own'),
  total_isl: ofRun('own'),
  total_osl: ofRun('own'),
  http_req_data_sent: BYTES,
  http_req_data_received: BYTES,
  http_data_sent: { ...BYTES, note: `${BYTES.note ?? ''}; the name of \`http_req_data_sent\` in the CSV` },
  http_data_received: { ...BYTES, note: `${BYTES.note ?? ''}; the name of \`http_req_data_received\` in the CSV` },
  total_input_sequence_length: ofRun('own', { note: 'the name of `total_isl` in the CSV' }),
  total_output_sequence_length: ofRun('own', { note: 'the name of `total_osl` in the CSV' }),
};

/** They say when a run was, in nanoseconds since 1970, and measure nothing. */
export const PERF_CLOCKS: ReadonlySet<string> = new Set([
  'min_request_timestamp',
  'max_response_timestamp',
  'minimum_request_timestamp',
  'maximum_response_timestamp',
]);

/** What a tag means; undefined for one that is not known. */
export function perfMetricOf(tag: string): PerfMetric | undefined {
  return Object.hasOwn(PERF_METRICS, tag) ? PERF_METRICS[tag] : undefined;
}

/** What a run of which no request succeeded still says truly: counts, and how long it took. */
export function isTotal(tag: string): boolean {
  return tag === 'benchmark_duration' || tag === 'request_error_rate' || /_count$/.test(tag) || tag.startsWith('error_');
}

const STATISTICS: ReadonlyMap<string, string> = new Map([
  ['avg', 'mean'],
  ['std', 'stddev'],
  ['min', 'min'],
  ['max', 'max'],
]);

/** The statistic that a key or a column names; null for `unit`, `count`, `sum` and whatever else is none. */
export function perfStatistic(name: string): string | null {
  const known = STATISTICS.get(name);
  if (known !== undefined) return known;
  const percentile = /^p(\d{1,2}(?:\.\d{1,3})?)$/.exec(name)?.[1];
  return percentile === undefined ? null : percentileName(Number(percentile));
}

/** `median` for 50, `p99.9` for 99.9. */
export function percentileName(percentile: number): string {
  return percentile === 50 ? 'median' : `p${percentile}`;
}

/** `Time to First Token` → `time_to_first_token`. */
export function tagOfLabel(label: string): string {
  return label
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

/** The name of a metric of the file's own; one that the registry has, but that nothing says to be the same, gets a slash. */
export function ownName(name: string): string {
  return isCanonical(name) ? `/${name}` : name;
}

/** Longest unit. */
const UNIT_CHARS = 32;

/** The unit that a file states, as this project spells it; null where it states none. */
export function perfUnit(stated: unknown, meaning: PerfMetric | undefined): string | null {
  const text = typeof stated === 'string' ? stated.trim() : '';
  if (text === '' || text.length > UNIT_CHARS || /\p{C}/u.test(text)) return null;
  if (text === 'tokens/sec/user') return 'tok/s';
  if (text === 'per sec') return meaning?.perSecond ?? text;
  if (meaning?.binary === true && /^[KMGT]B$/.test(text)) return `${text.slice(0, 1)}iB`;
  return unitOfSymbol(text) ?? text;
}

/** The table for people: each metric once, with the statistics that its keys name. */
export function perfFieldTable(): FieldTable {
  const meaningOf = ({ metric, scalar, over, note }: PerfMetric): FieldMeaning => ({
    metric,
    statistic: scalar ? 'value' : 'as its key says',
    unit: 'as its `unit` says',
    ...(over === undefined ? {} : { over }),
    ...(note === undefined ? {} : { note }),
  });
  return Object.fromEntries(Object.entries(PERF_METRICS).map(([tag, metric]) => [tag, meaningOf(metric)]));
}
