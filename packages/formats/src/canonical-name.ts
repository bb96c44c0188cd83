import { type CanonicalMetric, canonicalValue } from '@chimera/shared/domain';
import { isSettingName } from './labels.ts';
import { STATISTICS, wordsOf } from './name-words.ts';
import { remembered } from './remembered.ts';
import { statisticFromName } from './statistic-from-name.ts';
import { unitFromName } from './unit-from-name.ts';

/** Words that mean the same in a name. */
const SAME: ReadonlyMap<string, string> = new Map(
  Object.entries({
    token: 'tokens tok toks',
    request: 'requests req reqs',
    latency: 'latencies',
    generation: 'gen generated generate',
    decode: 'decoding',
    eval: 'evaluation evaluated',
    load: 'loading',
    memory: 'mem',
    utilization: 'utilisation util',
    'to first': 'tofirst',
    'e2e latency': 'e2elatency',
    second: 's sec secs seconds',
  }).flatMap(([word, others]) => others.split(' ').map((other): [string, string] => [other, word])),
);

/** What is counted per second, by the words that say so. */
const RATES = [
  ...['token per second', 't per second', 'token second', 'tps', 'request per second', 'request second', 'rps', 'qps'],
  ...['queries per second', 'query per second', 'ops per second', 'operations per second'],
].map((text) => text.split(' '));

/** Units that such words state: in `time_to_first_token_s` they are none. */
const PER_SECOND = new Set(['tok/s', 'req/s', 'ops/s']);

/** Units that may stand at the end of a name. */
const UNITS = new Set(
  (
    'second ms msec millis millisecond milliseconds us usec micros microsecond microseconds ns nanos nanosecond nanoseconds minutes hours ' +
    'byte bytes kb mb gb tb kib mib gib tib percent pct percentage % w watt watts mw milliwatts j joule joules wh kwh'
  ).split(' '),
);

/** Whether a word of a name is a unit of its own: `ms`, `seconds`, `mib`. */
export function isUnitWord(word: string): boolean {
  return UNITS.has(SAME.get(word) ?? word);
}

/** The tails that a rate of tokens may have behind what they are. */
const TAILS = ['', ' token', ' throughput', ' rate', ' speed', ' token throughput', ' token rate', ' token speed'];
const rates = (...heads: string[]): string[] => heads.flatMap((head) => TAILS.map((tail) => head + tail));

/** A name beside what it is short for: `Time to First Token (TTFT)`. */
const both = (short: string, long: string): string[] => [`${long} ${short}`, `${short} ${long}`];

/** Words that say it without doubt, in the order of the name, without statistic and unit → the metric; where two are, the unit decides. */
const PHRASES: readonly (readonly [CanonicalMetric, readonly string[]])[] = [
  [
    'time_to_first_token',
    [
      'ttft',
      'ttft latency',
      'ttft time',
      'time to first token',
      'first token latency',
      'first token time',
      ...both('ttft', 'time to first token'),
    ],
  ],
  ['time_per_output_token', ['tpot', 'time per output token', ...both('tpot', 'time per output token')]],
  ['inter_token_latency', ['itl', 'inter token latency', 'intertoken latency', ...both('itl', 'inter token latency')]],
  [
    'request_latency',
    ['e2el', 'e2e', 'e2e latency', 'e2e time', 'end to end latency', 'end to end time', 'request latency', 'e2e request latency'],
  ],
  ['load_duration', ['load', 'load duration', 'load time', 'model load', 'model load duration', 'model load time']],
  [
    'prompt_eval_duration',
    ['prompt eval', 'prompt eval duration', 'prompt eval time', 'prompt processing time', 'prefill', 'prefill duration', 'prefill time'],
  ],
  ['eval_duration', ['eval', 'eval duration', 'eval time']],
  [
    'output_token_throughput',
    ['', 'throughput', 'speed', ...rates('output', 'generation', 'token generation', 'decode', 'eval', 'completion', 'tg')],
  ],
  ['output_token_throughput_per_user', ['output token throughput per user', 'output throughput per user']],
  ['prompt_token_throughput', rates('prompt', 'prompt eval', 'prompt processing', 'prefill', 'pp')],
  ['total_token_throughput', ['total', 'total token', 'total throughput', 'total token throughput']],
  ['request_throughput', ['', 'throughput', 'request throughput']],
  ['operation_throughput', ['', 'throughput', 'operation throughput']],
  ['power', ['power', 'power draw', 'power usage', 'power consumption', 'gpu power', 'gpu power draw', 'gpu power usage']],
  ['energy', ['energy', 'energy consumption', 'energy consumed', 'energy used', 'total energy', 'gpu energy']],
  [
    'peak_memory',
    [
      'peak memory',
      'peak memory usage',
      'peak memory used',
      'peak gpu memory',
      'gpu peak memory',
      'memory peak',
      'peak vram',
      'peak vram usage',
      'vram peak',
    ],
  ],
  ['gpu_utilization', ['gpu utilization', 'utilization gpu']],
  ['accuracy', ['accuracy']],
  ['error_rate', ['error rate', 'failure rate']],
  ['duration', ['benchmark duration']],
];

const BY_PHRASE = new Map<string, CanonicalMetric[]>();
for (const [metric, phrases] of PHRASES) for (const phrase of phrases) BY_PHRASE.set(phrase, [...(BY_PHRASE.get(phrase) ?? []), metric]);

/** No longer name says one thing only. */
const LONGEST = 80;

/** What is left of names that count tokens per second and do not say which. */
const BARE = new Set(['', 'throughput', 'speed']);

/** Alone, `tps` may be transactions. */
const TRANSACTIONS = new Set([...BARE, 'total', 'total throughput']);

/**
 * The metric of the registry that a name and a unit say without doubt, whatever the statistic.
 * @param name a column's header or a JSON key: `mean_ttft_ms`, `Eval rate (tokens/s)`, `load_s`
 * @param unit as the file states it; null where it does not: then no name is enough
 * @returns null where the name has other words too (`peak throughput`, `fan speed`), is a setting's, or could mean two things (`latency_ms`)
 */
export function canonicalMetricOf(name: string, unit: string | null): CanonicalMetric | null {
  if (unit === null || name.length > LONGEST || isSettingName(name)) return null;
  const core = coreOf(name, unit);
  if (core === null) return null;
  return BY_PHRASE.get(core)?.find((metric) => canonicalValue(metric, 1, unit) !== null) ?? null;
}

/** A unit of each dimension that metrics of the registry have. */
const ONE_OF_EACH = ['s', 'tok/s', 'req/s', 'ops/s', 'W', 'J', 'bytes', '%'];

/** Whether a name says a metric of the registry, with its own unit or one of those that it might have. */
export function saysMetric(name: string): boolean {
  const own = unitFromName(name);
  return (own === null ? ONE_OF_EACH : [own]).some((unit) => canonicalMetricOf(name, unit) !== null);
}

/** Names with other signs say more than their words do: `TTFT Δ (ms)`, `TTFT > 1 s (%)`, `± tok/s`. */
const OTHER_SIGNS = /[^\w\s./:()[\]%µ-]/;

/** Whether a name counts tokens per second and does not say which: `tokens_s`, `Throughput (tok/s)`. */
export function isBareRate(name: string, unit: string | null): boolean {
  const core = unit === 'tok/s' ? coreOf(name, unit) : null;
  return core !== null && BARE.has(core);
}

/** What is left of a name without statistic and unit; null where its statistic cannot be told. */
function coreOf(name: string, unit: string): string | null {
  return PER_SECOND.has(unit) ? coreOfRate(name) : coreOfOther(name);
}

const coreOfRate = remembered((name) => coreAs(name, true));
const coreOfOther = remembered((name) => coreAs(name, false));

function coreAs(name: string, isRate: boolean): string | null {
  if (OTHER_SIGNS.test(name)) return null;
  const plain = name.replace(/(?<![a-zA-Z0-9])[pP]\d{1,2}\.\d{1,2}(?![a-zA-Z0-9])/, 'p99');
  const statistic = statisticFromName(name);
  const words = wordsOf(plain).filter((word) => {
    if (word === 'min' || word === 'max') return statistic !== word;
    return !(STATISTICS.has(word) || /^p\d{1,2}$/.test(word)) || statistic === 'value';
  });
  const same = words.flatMap((word) => (SAME.get(word) ?? word).split(' '));
  // Capital letters take `E2E` apart.
  const core = ((isRate ? withoutRate(same) : null) ?? withoutUnit(same)).join(' ').replace('e2 e', 'e2e');
  return same.includes('tps') && TRANSACTIONS.has(core) ? null : core;
}

function withoutRate(words: readonly string[]): string[] | null {
  for (const rate of RATES) {
    const at = words.findIndex((_, begin) => rate.every((word, index) => words[begin + index] === word));
    if (at >= 0) return [...words.slice(0, at), ...words.slice(at + rate.length)];
  }
  return null;
}

function withoutUnit(words: readonly string[]): readonly string[] {
  const last = words.at(-1) ?? '';
  if (!UNITS.has(last)) return words;
  return words.at(-2) === 'in' ? words.slice(0, -2) : words.slice(0, -1);
}
