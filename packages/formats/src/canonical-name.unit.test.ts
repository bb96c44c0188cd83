import { describe, expect, it } from 'vitest';
import { canonicalMetricOf, isBareRate } from './canonical-name.ts';
import { unitFromName } from './unit-from-name.ts';

const metricOf = (name: string): string | null => canonicalMetricOf(name, unitFromName(name));

describe('canonicalMetricOf', () => {
  it.each<[string, string[]]>([
    [
      'time_to_first_token',
      [
        'ttft_s',
        'Mean TTFT (s)',
        'p99_ttft_ms',
        'P99.9 TTFT (ms)',
        'time_to_first_token_ms',
        'Time to First Token (ms)',
        'timeToFirstToken_ms',
      ],
    ],
    ['time_per_output_token', ['tpot_ms', 'median_tpot_ms', 'time_per_output_token_s', 'Time per Output Token (ms)']],
    ['inter_token_latency', ['itl_ms', 'Inter-Token Latency (ms)', 'inter_token_latency_s', 'p95 ITL [ms]']],
    [
      'request_latency',
      ['e2el_ms', 'e2e_latency_s', 'E2E Latency (s)', 'end_to_end_latency_s', 'End-to-End Latency (ms)', 'request_latency_ms'],
    ],
    ['load_duration', ['load_s', 'Load Time (s)', 'load_duration_ns', 'model_load_time_s', 'mean_load_s']],
    ['prompt_eval_duration', ['prompt_eval_s', 'prompt_eval_duration_ns', 'Prefill Time (ms)']],
    ['eval_duration', ['eval_s', 'eval_s_mean', 'eval_duration_ms']],
    [
      'output_token_throughput',
      [
        ...['tokens_s', 'Tokens per Second', 'tokensPerSecond', 'mean_tokens_s', 'tok/s', 'Eval rate (tokens/s)', 'Mean Tokens/s'],
        ...['Output Token Throughput (tok/s)', 'output_tokens_per_second', 'generation_tps', 'decode_tps', 'Decode Speed (tok/s)'],
        ...['Throughput (tok/s)', 'throughput_tokens_per_s', 'tg_tps', 'p5_tokens_per_sec'],
      ],
    ],
    [
      'prompt_token_throughput',
      ['prompt_eval_rate_tokens_s', 'Prompt eval rate (tokens/s)', 'prefill_tps', 'pp_tps', 'Prompt processing (tok/s)'],
    ],
    ['total_token_throughput', ['total_tokens_per_second', 'Total Token Throughput (tok/s)']],
    ['request_throughput', ['rps', 'qps', 'requests_per_second', 'Request Throughput (req/s)', 'throughput_mean_rps', 'Requests/s']],
    ['power', ['power_w', 'power.draw [W]', 'avg_power_w', 'Power Draw (W)']],
    ['energy', ['energy_j', 'Total Energy (J)']],
    ['gpu_utilization', ['utilization.gpu [%]', 'gpu_util_percent', 'GPU Utilization (%)']],
    ['peak_memory', ['peak_memory_mb', 'Peak GPU Memory (GiB)', 'peak_vram_gb']],
    ['accuracy', ['accuracy_pct', 'Accuracy (%)']],
    ['error_rate', ['error_rate_percent', 'Failure Rate (%)']],
  ])('is %s', (metric, names) => expect(names.map((name) => [name, metricOf(name)])).toEqual(names.map((name) => [name, metric])));

  it.each<[string, string[]]>([
    [
      'a name without a unit',
      ['ttft', 'tokens', 'accuracy', 'load', 'power', 'gpu_utilization', 'total_duration', 'prompt_eval', 'eval rate'],
    ],
    [
      'what could be of several things',
      ['latency_ms', 'Mean Latency (ms)', 'mean_time_ms', 'response_time_ms', 'duration_s', 'total_time_s', 'mean_ms'],
    ],
    ['transactions', ['tps', 'mean_tps', 'total_tps']],
    ['a fan', ['fan_speed', 'fan.speed [%]', 'Fan Speed (%)']],
    [
      'neighbours',
      [
        'time_to_second_token_ms',
        'time_to_first_output_token_ms',
        'ttfr (ms)',
        'first_prompt_ttft_s',
        'page_load_time_ms',
        'load_average_1m',
      ],
    ],
    [
      'what is made of a metric',
      [
        'ttft_improvement_ms',
        'TTFT Δ (ms)',
        'TP Δ (tok/s)',
        'TTFT > 1 s (%)',
        'ttft_target_ms',
        'ttft_ms_count',
        '±tok/s',
        'Peak Throughput (tok/s)',
      ],
    ],
    [
      'rates of something',
      ['Efficiency (tok/s per GB)', 'tokens_per_joule', 'latency_ms_per_token', 'energy_per_token_j', 'output_tokens_per_second_per_gpu'],
    ],
    [
      'several kinds of tokens',
      ['S t/s', 'S_PP t/s', 'S_TG t/s', 'input_throughput_tokens_per_s', 'train_tokens_per_second', 'overall_tokens_per_second'],
    ],
    ['settings', ['request_rate', 'num_gpu', 'max_tokens', 'gpu_memory_utilization_percent', 'request_rate_rps']],
    ['two statistics', ['mean_p99_ttft_ms', 'min_max_ttft_ms']],
    ['memory that is no peak', ['memory.used [MiB]', 'memory_used_mb', 'model_size_bytes']],
    ['power that is not drawn', ['power.limit [W]', 'tdp_w']],
  ])('is nothing: %s', (_why, names) => expect(names.map((name) => [name, metricOf(name)])).toEqual(names.map((name) => [name, null])));

  it('asks for a unit of the metric’s dimension', () => {
    expect(canonicalMetricOf('ttft', 'ms')).toBe('time_to_first_token');
    expect(canonicalMetricOf('ttft', 'tok/s')).toBeNull();
    expect(canonicalMetricOf('throughput', 'req/s')).toBe('request_throughput');
    expect(canonicalMetricOf('throughput', 'tok/s')).toBe('output_token_throughput');
    expect(canonicalMetricOf('throughput', 'MB/s')).toBeNull();
    expect(canonicalMetricOf('accuracy', '%')).toBe('accuracy');
    expect(canonicalMetricOf('power', 'dBm')).toBeNull();
  });

  it('reads no long names, and does not slow down on them', () => {
    expect(canonicalMetricOf(`${'ttft '.repeat(100_000)}(ms)`, 'ms')).toBeNull();
    expect(canonicalMetricOf('', 'tok/s')).toBe('output_token_throughput');
  });
});

describe('isBareRate', () => {
  it.each(['tokens_s', 'Throughput (tok/s)', 'mean_tokens_per_second', 'speed (tok/s)'])('%s does not say which tokens', (name) =>
    expect(isBareRate(name, unitFromName(name))).toBe(true),
  );
  it.each(['output_tokens_per_second', 'eval rate (tokens/s)', 'prefill_tps', 'tps', 'ttft_s'])('%s does, or is no rate', (name) =>
    expect(isBareRate(name, unitFromName(name))).toBe(false),
  );
});
