import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const metadata = (more: Record<string, unknown> = {}) => ({
  session_num: 0,
  request_start_ns: 1_790_000_000_000_000_000,
  benchmark_phase: 'profiling',
  was_cancelled: false,
  ...more,
});

const METRICS = {
  time_to_first_token: { value: 31.5, unit: 'ms' },
  request_latency: { value: 912.25, unit: 'ms' },
  inter_chunk_latency: { value: [10.5, 11, 9.25], unit: 'ms' },
  inter_token_latency: { value: 10.25, unit: 'ms' },
  output_sequence_length: { value: 64, unit: 'tokens' },
};

const lines = (...records: unknown[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('');

describe("AIPerf's records of requests", () => {
  const good = { metadata: metadata(), metrics: METRICS, error: null };

  it.each([
    ['line 2 /metrics/time_to_first_token/value', 'time_to_first_token', 31.5, 'ms', 'requests'],
    ['line 2 /metrics/request_latency/value', 'request_latency', 912.25, 'ms', 'requests'],
    ['line 2 /metrics/inter_token_latency/value', 'time_per_output_token', 10.25, 'ms', 'requests'],
    ['line 2 /metrics/inter_chunk_latency/value/2', 'inter_token_latency', 9.25, 'ms', 'gaps'],
    ['line 2 /metrics/output_sequence_length/value', 'output_sequence_length', 64, 'tokens', 'requests'],
  ])('%s is %s', (pointer, metric, value, unit, over) => {
    const reading = readText('profile_export.jsonl', lines(good, good));
    expect(reading).toMatchObject({ format: 'aiperf', records: 2, failed: [], warnings: [] });
    expect(reading.at(pointer)).toMatchObject({ metric, value, unit, over, statistic: 'value', n: null, failed: false });
  });

  it('are read from a file of one line, and without the key error', () => {
    const { error: _, ...newer } = good;
    const reading = readText('profile_export.jsonl', lines(newer));
    expect(reading).toMatchObject({ format: 'aiperf', records: 1 });
    expect(reading.at('line 1 /metrics/request_latency/value')?.value).toBe(912.25);
  });

  it('are failed records where a request failed or was cancelled, the first one, too', () => {
    const reading = readText(
      'profile_export.jsonl',
      lines(
        {
          metadata: metadata(),
          metrics: { error_isl: { value: 550, unit: 'tokens' } },
          error: { code: 503, type: 'HTTPError', message: 'busy' },
        },
        good,
        { metadata: metadata(), metrics: {}, error: { code: 499, type: 'RequestCancellationError', message: 'after 0.5 s' } },
        { metadata: metadata({ was_cancelled: true }), metrics: { request_latency: { value: 3, unit: 'ms' } }, error: null },
        { metadata: metadata(), metrics: null, error: 'connection reset' },
      ),
    );
    expect(reading.records).toBe(5);
    expect(reading.failed).toEqual([
      { pointer: 'line 1', reason: '503 HTTPError busy' },
      { pointer: 'line 3', reason: '499 RequestCancellationError after 0.5 s' },
      { pointer: 'line 4', reason: 'the request was cancelled' },
      { pointer: 'line 5', reason: 'connection reset' },
    ]);
    const failed = reading.measurements.filter((one) => one.failed).map(({ pointer }) => pointer);
    expect(failed).toEqual(['line 1 /metrics/error_isl/value', 'line 4 /metrics/request_latency/value']);
  });

  it('of the warm-up stand apart', () => {
    const reading = readText('x.jsonl', lines(good, { ...good, metadata: metadata({ benchmark_phase: 'warmup' }) }));
    expect(reading.at('line 1 /metrics/request_latency/value')?.labels).toEqual({ tool: 'aiperf' });
    expect(reading.at('line 2 /metrics/request_latency/value')?.labels).toEqual({ tool: 'aiperf', phase: 'warmup' });
  });

  it('whose output misses the length asked for are counted in a warning', () => {
    const of = (value: number) => ({ metadata: metadata(), metrics: { ...METRICS, osl_mismatch_diff_pct: { value, unit: '%' } } });
    expect(readText('x.jsonl', lines(of(-74), of(0), of(4.9), of(5))).warnings).toEqual([
      'the output of 2 of 4 requests misses the length that was asked for by 5 % or more (osl_mismatch_diff_pct): output throughput cannot be compared with runs of other lengths',
    ]);
    expect(readText('x.jsonl', lines(of(-4), of(0))).warnings).toEqual([]);
  });

  it('keep lists under their own name where no metric fits, and pass over what is no number', () => {
    const metrics = { chunks: { value: [1, null, 'x', 2], unit: 'tokens' }, request_latency: { value: null, unit: 'ms' }, odd: 3 };
    const reading = readText('x.jsonl', lines({ metadata: metadata(), metrics, error: null }));
    expect(reading.measurements.map(({ metric, value, pointer }) => [metric, value, pointer])).toEqual([
      ['chunks', 1, 'line 1 /metrics/chunks/value/0'],
      ['chunks', 2, 'line 1 /metrics/chunks/value/3'],
    ]);
  });

  it('survive a broken and a foreign line, which are named', () => {
    const reading = readText('x.jsonl', `${lines(good)}{"metadata": {"request\n${lines({ hello: 1 }, good)}`);
    expect(reading.records).toBe(2);
    expect(reading.warnings).toEqual([
      expect.stringContaining('line 2 is not valid JSON'),
      'line 3 is no record of AIPerf: it was not read',
    ]);
  });

  it('are not what the raw export holds', () => {
    const raw = { metadata: metadata(), payload: { messages: [] }, responses: [], error: { code: 500 } };
    expect(readText('profile_export_raw.jsonl', lines(raw, raw)).format).toBe('generic');
  });
});

describe("AIPerf's samples of GPUs", () => {
  const sample = (telemetry_data: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    timestamp_ns: 1_790_000_000_000_000_000,
    dcgm_url: 'http://node7:9400/metrics',
    gpu_index: 0,
    gpu_uuid: 'GPU-1',
    gpu_model_name: 'Acme X1',
    hostname: 'node7',
    telemetry_data,
    ...more,
  });

  it('have units by the names of their fields', () => {
    const reading = readText(
      'gpu_telemetry_export.jsonl',
      lines(
        sample({ gpu_power_usage: 300.25, energy_consumption: 32.5, gpu_utilization: 94, gpu_memory_used: 49.5, power_violation: 7 }),
        sample({
          nvidia_power_usage: 310,
          nvidia_gpu_utilization: 95,
          nvidia_memory_used: 50,
          fan_speed_percent: 30,
          mystery: 1,
          accuracy: 2,
        }),
      ),
    );
    expect(reading).toMatchObject({ format: 'aiperf', records: 2, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, value, unit, statistic, over }) => [metric, value, unit, statistic, over])).toEqual([
      ['power', 300.25, 'W', 'value', 'samples'],
      ['energy_consumption', 32.5, 'MJ', 'value', 'samples'],
      ['gpu_utilization', 94, '%', 'value', 'samples'],
      ['gpu_memory_used', 49.5, 'GB', 'value', 'samples'],
      ['power_violation', 7, 'us', 'value', 'samples'],
      ['power', 310, 'W', 'value', 'samples'],
      ['gpu_utilization', 95, '%', 'value', 'samples'],
      ['nvidia_memory_used', 50, 'GB', 'value', 'samples'],
      ['fan_speed_percent', 30, '%', 'value', 'samples'],
      ['mystery', 1, null, 'value', 'samples'],
      ['/accuracy', 2, null, 'value', 'samples'],
    ]);
  });

  it('have the metrics that somebody asked for beside the usual', () => {
    const custom = { nvidia_sm_clock: 1410, nvidia_temperature: 61, bad: 'x' };
    const reading = readText('x.jsonl', lines(sample({ gpu_power_usage: 300, custom_metrics: custom }), sample({ custom_metrics: 5 })));
    expect(reading.measurements.map(({ metric, value, unit, pointer }) => [metric, value, unit, pointer])).toEqual([
      ['power', 300, 'W', 'line 1 /telemetry_data/gpu_power_usage'],
      ['nvidia_sm_clock', 1410, null, 'line 1 /telemetry_data/custom_metrics/nvidia_sm_clock'],
      ['nvidia_temperature', 61, '°C', 'line 1 /telemetry_data/custom_metrics/nvidia_temperature'],
      ['custom_metrics', 5, null, 'line 2 /telemetry_data/custom_metrics'],
    ]);
    expect(reading.warnings).toHaveLength(1);
  });

  it('are told apart by GPU and by source', () => {
    const reading = readText(
      'x.jsonl',
      lines(sample({ gpu_power_usage: 1 }), sample({ gpu_power_usage: 2 }, { gpu_index: 1, hostname: null })),
    );
    expect(reading.at('line 1 /telemetry_data/gpu_power_usage')?.labels).toEqual({
      tool: 'aiperf',
      gpu: 'Acme X1',
      gpu_index: '0',
      gpu_uuid: 'GPU-1',
      host: 'node7',
      telemetry: 'http://node7:9400/metrics',
    });
    expect(reading.at('line 2 /telemetry_data/gpu_power_usage')?.labels).toMatchObject({ gpu_index: '1' });
    expect(reading.at('line 2 /telemetry_data/gpu_power_usage')?.labels.host).toBeUndefined();
  });
});

describe.skipIf(!existsSync(SAMPLES))("AIPerf's real records", () => {
  it('of requests', () => {
    const reading = readSample('aiperf/4-qwen_c1_profile_export.jsonl');
    expect(reading).toMatchObject({ format: 'aiperf', records: 10, failed: [], warnings: [] });
    expect(reading.at('line 1 /metrics/request_latency/value')).toMatchObject({
      metric: 'request_latency',
      value: 3644.2601019999997,
      unit: 'ms',
    });
    expect(reading.at('line 2 /metrics/inter_token_latency/value')).toMatchObject({
      metric: 'time_per_output_token',
      value: 18.233836944723617,
    });
    expect(reading.at('line 1 /metrics/inter_chunk_latency/value/1')).toMatchObject({
      metric: 'inter_token_latency',
      value: 18.349401999999998,
      unit: 'ms',
      over: 'gaps',
    });
    expect(reading.measurements.filter(({ metric }) => metric === 'request_latency')).toHaveLength(10);
  });

  it('of GPUs', () => {
    const reading = readSample('aiperf/5-qwen_c1_gpu_telemetry_export.jsonl');
    expect(reading).toMatchObject({ format: 'aiperf', records: 20, failed: [], warnings: [] });
    expect(reading.at('line 1 /telemetry_data/gpu_power_usage')).toMatchObject({
      metric: 'power',
      value: 30.257,
      unit: 'W',
      over: 'samples',
    });
    expect(reading.at('line 6 /telemetry_data/gpu_utilization')).toMatchObject({
      metric: 'gpu_utilization',
      value: 94,
      unit: '%',
      labels: { gpu: 'NVIDIA RTX 6000 Ada Generation', gpu_index: '0', host: '2e2a9f1c15f9' },
    });
    expect(reading.measurements).toHaveLength(300);
  });
});
