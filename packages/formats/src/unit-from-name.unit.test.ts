import { describe, expect, it } from 'vitest';
import { unitFromName, unitOfSymbol } from './unit-from-name.ts';

/** Unit → names that state it. */
const STATED: Record<string, string[]> = {
  'tok/s': [
    ...['tokens_s', 'tok_s', 'mean_tokens_s', 'median_tokens_s', 'tokens_per_second', 'overall_tokens_per_second', 'avg_tokens_per_second'],
    ...['Tokens per Second', 'tok/s', 't/s', 'S_PP t/s', 'tokens/s', 'Tokens/s', 'Mean Tokens/s', 'P05 Tokens/s', 'tokens/second', 'tps'],
    ...['output_tps', 'tokens_per_sec', 'token_per_s', 'max_output_tokens_per_s', 'tokensPerSecond', 'Throughput (tok/s)', 'TP Δ (tok/s)'],
    ...['tokens_per_second_mean', 'Output Token Throughput (tokens/sec)', 'toks/s'],
  ],
  'req/s': ['req/s', 'requests_per_second', 'requests_s', 'Request Throughput (requests/sec)', 'qps', 'rps'],
  ms: [
    ...['mean_ttft_ms', 'p95_ms', 'p99.9_ttft_ms', 'generation_time_ms', 'latencyMs', 'Generation Time (ms)', 'Mean [ms]', 'TTFT Δ (ms)'],
    ...['latency_ms_p95', 'HTTP Duration (excl. conn) (ms)', 'TTFT (ms) (warm)', 'stdev_ms', 'elapsed_milliseconds'],
  ],
  s: [
    ...['ttft_s', 'load_s', 'eval_s', 'prompt_eval_s', 'eval_s_mean', 'mean_ttft_s', 'compile_time_s', 'inter_token_latency_s', 'total_s'],
    ...[
      'time_to_first_token_s',
      'time_per_output_token_seconds',
      'duration_sec',
      'elapsed_seconds',
      'Load (s)',
      'P95 TTFT (s)',
      'mean_s',
      'wall_s',
    ],
  ],
  us: ['gpu_time_us', 'time_µs', 'time_μs', 'Duration (µs)'],
  ns: ['avg_ns', 'request_start_ns'],
  bytes: ['model_size_bytes', 'memory_usage_byte', 'Size (B)'],
  KB: ['size_kb'],
  MB: ['memory_used_mb', 'network_sent_mb', 'usedMb', 'memory_used_MB', 'Memory MB'],
  GB: ['memory_total_gb', 'Size (GB)', 'VRAM [GB]'],
  MiB: ['memory.used [MiB]', 'rss_mib'],
  GiB: ['size_gib', 'sizeGib'],
  'MB/s': ['disk_mb_s', 'Bandwidth (MB/s)', 'mb_per_second'],
  'images/s': ['images_s', 'images_per_second'],
  'bytes/s': ['bytes_s', 'bytes_per_second'],
  '%': ['cpu_percent', 'cv_percent', 'usage_pct', 'utilization.gpu [%]', 'VRAM Headroom (%)', 'GPU %', 'cpu_percent_max'],
  W: ['power_watts', 'power.draw [W]', 'power_w'],
  J: ['energy_joules', 'energy_j'],
  MHz: ['clock_mhz', 'clocks.current.graphics [MHz]'],
  '°C': ['temp_celsius', 'temperature_c', 'Temp (°C)'],
};

/** Names that look as if they stated a unit, and do not. */
const SILENT = [
  ...['params', 'status', 'tokens', 'classes', 'num_s', 's', 'tokens_', 'eval_count', 'response_chars', 'model', 'p95', 'count', ''],
  ...['Tokens per GB', 'Efficiency (tok/s per GB)', 'tokens_per_second_per_gpu', 'latency_ms_per_token', 'num_completed_requests_per_min'],
  ...[
    'token_throughput_secs',
    'duration_min',
    'time_for_all_tokens_s',
    'temperature',
    'power_draw',
    'fan_speed',
    'Mean TTFT (warm)',
    'prompt_eval',
  ],
  ...[
    'prompt_per_second',
    'raw_w',
    'vec_j',
    'dns',
    'bonus',
    'percentile',
    'Speed (Mb/s)',
    'size [Mb]',
    'Memory Gb',
    'size_Mb',
    'Mb',
    'Kb_total',
    'Bandwidth Gb/s',
    'Mb per second',
    'disk_Mb_s',
    'T_PP s',
    'constructor',
    '__proto__',
  ],
];

describe('unitFromName', () => {
  for (const [unit, names] of Object.entries(STATED)) {
    it.each(names)(`reads ${unit} from %s`, (name) => expect(unitFromName(name)).toBe(unit));
  }

  it.each(SILENT)('reads no unit from %j', (name) => expect(unitFromName(name)).toBeNull());
});

describe('unitOfSymbol', () => {
  it('keeps bits and bytes, and mega and milli, apart', () => {
    expect(['MB', 'Mb', 'MiB', 'mJ', 'MJ', 'mj', 'Kbyte', 'block', '', 'x'].map(unitOfSymbol)).toEqual([
      'MB',
      null,
      'MiB',
      'mJ',
      'MJ',
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
