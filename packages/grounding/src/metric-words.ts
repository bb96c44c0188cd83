import { type CanonicalMetric, isCanonical, METRICS } from '@chimera/shared/domain';
import { phraseOf } from './words.ts';

/** What people call a quantity, the metrics of the registry that may be meant, and the words by which a file's own metric is one. */
type Family = { phrases: readonly string[]; metrics: readonly CanonicalMetric[]; own: RegExp | null };

const RATES = ['output_token_throughput', 'output_token_throughput_per_user', 'total_token_throughput', 'prompt_token_throughput'] as const;

const FAMILIES: readonly Family[] = [
  {
    phrases: ['ttft', 'time to first token', 'first token', 'first token latency', 'first token time', 'time to first tokens', 'ttfs'],
    metrics: ['time_to_first_token'],
    own: /\bttft\b|first token/,
  },
  {
    phrases: [
      'throughput',
      'tokens per second',
      'token per second',
      'tokens s',
      'tok s',
      'tokens sec',
      'tokens second',
      'tps',
      'token rate',
      'generation speed',
      'generation rate',
      'decode speed',
      'output speed',
      'token throughput',
      'token generation rate',
      'inference speed',
      'speed',
    ],
    metrics: [...RATES, 'request_throughput', 'operation_throughput'],
    own: /throughput|tokens? (?:per )?s(?:ec(?:ond)?)?\b|\btok s\b|\btps\b|\bspeed\b(?! up)|per s(?:ec|econd)\b/,
  },
  {
    phrases: [
      'prompt throughput',
      'prefill speed',
      'prefill throughput',
      'prompt processing',
      'prompt token throughput',
      'prompt tokens per second',
    ],
    metrics: ['prompt_token_throughput'],
    own: /prompt.*(?:per second|throughput|tokens? s\b)/,
  },
  {
    phrases: ['output token throughput', 'output throughput', 'decode throughput', 'generation throughput'],
    metrics: ['output_token_throughput'],
    own: null,
  },
  { phrases: ['total token throughput', 'total throughput'], metrics: ['total_token_throughput'], own: null },
  {
    phrases: ['request throughput', 'requests per second', 'request rate', 'rps', 'qps'],
    metrics: ['request_throughput'],
    own: /requests? (?:per )?s(?:ec(?:ond)?)?\b|\brps\b|\bqps\b/,
  },
  {
    phrases: ['latency', 'latencies', 'response time', 'response times', 'delay'],
    metrics: ['request_latency', 'time_to_first_token', 'inter_token_latency', 'time_per_output_token'],
    own: /latenc|\belapsed\b|response time|\bp\d\d\b|\b(?:mean|median|p\d\d|min|max|stdev|avg) ms\b/,
  },
  {
    phrases: ['request latency', 'end to end latency', 'e2e latency', 'e2el'],
    metrics: ['request_latency'],
    own: /e2e|request latency|end to end/,
  },
  { phrases: ['inter token latency', 'itl', 'inter token'], metrics: ['inter_token_latency'], own: /\bitl\b|inter token/ },
  { phrases: ['time per output token', 'tpot'], metrics: ['time_per_output_token'], own: /\btpot\b|per output token/ },
  {
    phrases: ['load time', 'load duration', 'loading time', 'model load', 'model loading', 'load'],
    metrics: ['load_duration'],
    own: /\bload\b/,
  },
  {
    phrases: ['prompt eval', 'prompt evaluation', 'prompt eval duration', 'prompt evaluation duration', 'prompt eval time'],
    metrics: ['prompt_eval_duration'],
    own: /prompt eval/,
  },
  {
    phrases: ['eval duration', 'evaluation duration', 'eval time', 'evaluation time'],
    metrics: ['eval_duration'],
    own: /(?<!prompt )\beval\b/,
  },
  {
    phrases: [
      'execution time',
      'run time',
      'runtime',
      'inference time',
      'compile time',
      'compilation time',
      'processing time',
      'generation time',
      'kernel time',
      'wall time',
      'wall clock',
      'execution times',
      'time',
      'duration',
    ],
    metrics: ['execution_time', 'duration', 'request_latency', 'eval_duration'],
    own: /\btime\b|\bduration\b|\b(?:mean|median|p\d\d|min|max|avg) ms\b|\belapsed\b/,
  },
  { phrases: ['benchmark duration', 'test duration'], metrics: ['duration'], own: /(?:benchmark|test) duration/ },
  {
    phrases: ['memory', 'memory usage', 'vram', 'ram', 'peak memory', 'gpu memory', 'memory consumption', 'footprint'],
    metrics: ['peak_memory'],
    own: /memory|\bmem\b|vram|\bram\b|\bvms\b|\brss\b/,
  },
  {
    phrases: ['gpu utilization', 'utilization', 'gpu usage', 'utilisation'],
    metrics: ['gpu_utilization'],
    own: /utili[sz]ation|\butil\b|\bload percent\b|\bpercent\b/,
  },
  { phrases: ['power', 'power draw', 'power consumption', 'wattage'], metrics: ['power'], own: /power|\bwatts?\b/ },
  { phrases: ['energy', 'energy consumption'], metrics: ['energy'], own: /energy|joule/ },
  { phrases: ['accuracy', 'quality', 'correctness'], metrics: ['accuracy'], own: /accuracy|quality|\bscore\b/ },
  { phrases: ['error rate', 'failure rate'], metrics: ['error_rate'], own: /error rate|failure rate/ },
  { phrases: ['success rate'], metrics: [], own: /success rate/ },
  { phrases: ['loss'], metrics: [], own: /\bloss\b/ },
  { phrases: ['fan speed'], metrics: [], own: /fan speed/ },
  { phrases: ['temperature', 'gpu temperature'], metrics: [], own: /temperature|\btemp\b/ },
  {
    phrases: ['tokens', 'token count', 'total tokens', 'tokens generated', 'eval count', 'token counts', 'generated tokens'],
    metrics: [],
    own: /\btokens?\b(?! (?:per )?s)|(?:eval|token) count/,
  },
  { phrases: ['characters', 'response length', 'response chars'], metrics: [], own: /chars?\b|characters/ },
];

const GENERIC = new Set(
  'mean median value values min max count total sum name s ms std stdev n p95 p99 p50 avg average index id results result metrics data summary tests test runs run files type model models config rate score a b x y'.split(
    ' ',
  ),
);

/** The metrics of an index by what prose calls them: phrase → positions in `metrics`. Longer phrases mean less. */
export function metricPhrases(metrics: readonly string[]): Map<string, ReadonlySet<number>> {
  const phrases = new Map<string, Set<number>>();
  const add = (phrase: string, i: number) => {
    const known = phrases.get(phrase);
    if (known) known.add(i);
    else phrases.set(phrase, new Set([i]));
  };
  const named = metrics.map((metric) => ({ metric, phrase: phraseOf(metric) }));
  for (const family of FAMILIES)
    for (const [i, { metric, phrase }] of named.entries()) {
      const meant = isCanonical(metric) ? family.metrics.includes(metric) : family.own?.test(phrase) === true;
      if (meant) for (const words of family.phrases) add(words, i);
    }
  for (const [i, { metric, phrase }] of named.entries()) {
    if (isCanonical(metric)) {
      add(phraseOf(METRICS[metric].title), i);
      add(phrase, i);
    } else for (const own of ownPhrases(metric)) add(own, i);
  }
  // A phrase that no metric here has still says what is spoken of: nothing that is here.
  for (const family of FAMILIES) for (const words of family.phrases) if (!phrases.has(words)) phrases.set(words, new Set());
  return phrases;
}

/** `/results/…/gpu/fan_speed`: its last name, its last two, and all of it; a column without the unit in brackets. */
function ownPhrases(metric: string): string[] {
  const parts = metric.split('/').filter((part) => part !== '' && part !== '*');
  const last = parts.at(-1) ?? metric;
  const own = [phraseOf(metric), phraseOf(parts.slice(-2).join(' ')), phraseOf(last), phraseOf(last.replace(/\s*\([^)]*\)\s*$/, ''))];
  return [...new Set(own)].filter((phrase) => phrase.length > 1 && !GENERIC.has(phrase) && !/^\d+$/.test(phrase));
}
