import type { Chance } from '../../test/simulator/chance.ts';
import type { World } from './worlds.ts';

/** What people call a metric, and all metrics that may be meant by it. */
type Spoken = { words: string; metrics: readonly string[] };

const own = (metric: string, ...words: string[]): Spoken[] => words.map((word) => ({ words: word, metrics: [metric] }));

const RATES = [
  'output_token_throughput',
  'total_token_throughput',
  'prompt_token_throughput',
  'output_token_throughput_per_user',
  'request_throughput',
  'operation_throughput',
];
const LATENCIES = ['request_latency', 'time_to_first_token', 'inter_token_latency', 'time_per_output_token', 'latency_ms'];

const SPOKEN: Readonly<Record<string, readonly Spoken[]>> = {
  time_to_first_token: own('time_to_first_token', 'time to first token', 'TTFT', 'TTFT'),
  inter_token_latency: own('inter_token_latency', 'inter-token latency', 'ITL'),
  time_per_output_token: own('time_per_output_token', 'time per output token', 'TPOT'),
  request_latency: [...own('request_latency', 'request latency', 'end-to-end latency'), { words: 'latency', metrics: LATENCIES }],
  output_token_throughput: [
    ...own('output_token_throughput', 'output token throughput', 'output throughput'),
    { words: 'throughput', metrics: RATES },
    { words: 'generation speed', metrics: RATES },
  ],
  total_token_throughput: own('total_token_throughput', 'total token throughput'),
  prompt_token_throughput: own('prompt_token_throughput', 'prompt token throughput'),
  request_throughput: own('request_throughput', 'request throughput'),
  load_duration: own('load_duration', 'load duration', 'load time'),
  peak_memory: own('peak_memory', 'peak memory', 'memory usage'),
  gpu_utilization: own('gpu_utilization', 'GPU utilization'),
  power: own('power', 'power draw', 'power consumption'),
  energy: own('energy', 'energy consumption', 'energy'),
  execution_time: own('execution_time', 'execution time'),
  startup_s: own('startup_s', '`startup_s`'),
  latency_ms: own('latency_ms', '`latency_ms`'),
};

/** Whether the bench has words for a metric. */
export function isSpoken(metric: string): boolean {
  return Object.hasOwn(SPOKEN, metric);
}

/** Words for a metric; a word that means several is taken only where the file has but one of them. */
export function metricWords(world: World, metric: string, file: string, chance: Chance): Spoken {
  const there = new Set(
    world.facts.filter((fact) => fact.scope === file || !world.artifacts.some(({ path }) => path === file)).map((fact) => fact.metric),
  );
  const all = (SPOKEN[metric] ?? []).filter(({ metrics }) => metrics.length === 1 || metrics.filter((one) => there.has(one)).length === 1);
  return chance.pick(all);
}

const STATISTICS: Readonly<Record<string, readonly string[]>> = {
  mean: ['mean', 'average'],
  median: ['median'],
  min: ['minimum', 'lowest'],
  max: ['maximum', 'highest'],
  stddev: ['standard deviation of the'],
  p95: ['p95', '95th percentile'],
  p99: ['p99', '99th percentile'],
};

/** Words for a statistic, to stand before the metric; nothing for a single value. */
export function statisticWord(statistic: string | null, chance: Chance): string {
  return statistic === null ? '' : `${chance.pick(STATISTICS[statistic] ?? [statistic])} `;
}

/** A configuration as prose names it: the model first, then what was set. */
export function configuration(labels: Readonly<Record<string, string>>, chance: Chance): string {
  const { model, quantization, ...rest } = labels;
  const sign = chance.pick([' ', '=', ' = ']);
  const settings = Object.entries(rest).map(([key, value]) => settingWords(key, value, sign));
  const head = [model, quantization].filter((word) => word !== undefined);
  if (head.length === 0) return settings.join(' and ');
  if (settings.length === 0 && head.length === 1) return chance.pick([head[0] ?? '', `\`${head[0]}\``, `model ${head[0]}`]);
  return chance.pick([
    `${head.join(' ')}${settings.length === 0 ? '' : ` at ${settings.join(' and ')}`}`,
    `${head[0]} (${[...head.slice(1), ...settings].join(', ')})`,
    `${head[0]} with ${[...head.slice(1).map((word) => (word === quantization ? `quantization ${word}` : word)), ...settings].join(' and ')}`,
  ]);
}

function settingWords(key: string, value: string, sign: string): string {
  if (key === 'start') return `a ${value} start`;
  if (key === 'command') return `\`${value}\``;
  if (['engine', 'backend', 'test'].includes(key)) return `${key} ${value}`;
  return sign === ' ' ? `${key.startsWith('num_') ? key : key.replaceAll('_', ' ')} ${value}` : `${key}${sign}${value}`;
}

/** A file as prose names it: by its path or its last name, mostly as code. */
export function fileWords(world: World, path: string, chance: Chance): string {
  const last = path.slice(path.lastIndexOf('/') + 1);
  const alone = world.artifacts.filter(({ path: other }) => other.endsWith(`/${last}`) || other === last).length === 1;
  const name = alone && chance.of(0.4) ? last : path;
  return chance.of(0.7) ? `\`${name}\`` : name;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
