import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

function distribution(mean: number, count: number, more: Record<string, unknown> = {}) {
  return {
    mean,
    median: mean * 0.75,
    mode: mean,
    variance: 4,
    std_dev: 2,
    min: mean / 2,
    max: mean * 2,
    count,
    total_sum: mean * count,
    percentiles: { p001: mean / 2, p01: mean / 2, p50: mean * 0.75, p90: mean * 1.5, p99: mean * 1.75, p999: mean * 2 },
    pdf: null,
    ...more,
  };
}

const ZERO = distribution(0, 0);

function metric(mean: number, count: number, more: Record<string, unknown> = {}) {
  return {
    successful: distribution(mean, count, more),
    errored: ZERO,
    incomplete: distribution(mean * 10, 1),
    total: distribution(mean, count + 1),
  };
}

function metrics(more: Record<string, unknown> = {}) {
  return {
    request_totals: { successful: 40, errored: 0, incomplete: 1, total: 41 },
    requests_per_second: metric(3.5, 40),
    request_concurrency: metric(6, 40),
    request_latency: metric(1.5, 40),
    prompt_token_count: metric(512, 40),
    output_token_count: metric(128, 40),
    time_to_first_token_ms: metric(80, 40),
    time_per_output_token_ms: metric(11.5, 5120),
    inter_token_latency_ms: metric(11, 5080),
    prompt_tokens_per_second: metric(1792, 20480),
    output_tokens_per_second: metric(448, 5120),
    tokens_per_second: metric(2240, 25600),
    ...more,
  };
}

const point = (more: Record<string, unknown> = {}) => ({
  type_: 'generative_benchmark',
  config: {
    strategy: { type_: 'constant', rate: 3.75, max_concurrency: 256 },
    backend: { kind: 'openai_http', model: 'acme/tiny-1b', api_key: 'secret' },
  },
  metrics: metrics(),
  start_time: 1790000000.5,
  duration: 12.25,
  ...more,
});

const report = (...benchmarks: unknown[]) => ({
  metadata: { version: 2, guidellm_version: '0.8.0' },
  config: { spec: { data: [{ kind: 'synthetic_text', prompt_tokens: 512, output_tokens: 128 }] } },
  benchmarks,
});

const read = (value: unknown) => readText('benchmarks.json', JSON.stringify(value));

describe('a report of GuideLLM', () => {
  const reading = read(report(point(), point({ config: { strategy: { type_: 'concurrent', streams: 8, max_concurrency: 8 } } })));
  const M = '/benchmarks/0/metrics';

  it.each([
    [`${M}/request_latency/successful/mean`, 'request_latency', 'mean', 1.5, 's', 'requests', 40],
    [`${M}/request_latency/successful/percentiles/p999`, 'request_latency', 'p99.9', 3, 's', 'requests', 40],
    [`${M}/request_latency/successful/percentiles/p001`, 'request_latency', 'p0.1', 0.75, 's', 'requests', 40],
    [`${M}/time_to_first_token_ms/successful/median`, 'time_to_first_token', 'median', 60, 'ms', 'requests', 40],
    [`${M}/time_to_first_token_ms/successful/std_dev`, 'time_to_first_token', 'stddev', 2, 'ms', 'requests', 40],
    [`${M}/time_per_output_token_ms/successful/mean`, 'time_per_output_token_ms', 'mean', 11.5, 'ms', undefined, 5120],
    [`${M}/inter_token_latency_ms/successful/mean`, 'inter_token_latency', 'mean', 11, 'ms', 'gaps', 5080],
    [`${M}/requests_per_second/successful/mean`, 'request_throughput', 'value', 3.5, 'req/s', 'runs', null],
    [`${M}/output_tokens_per_second/successful/mean`, 'output_token_throughput', 'value', 448, 'tok/s', 'runs', null],
    [`${M}/tokens_per_second/successful/mean`, 'total_token_throughput', 'value', 2240, 'tok/s', 'runs', null],
    [`${M}/prompt_tokens_per_second/successful/mean`, 'prompt_token_throughput', 'value', 1792, 'tok/s', 'runs', null],
    [`${M}/prompt_token_count/successful/max`, 'prompt_token_count', 'max', 1024, 'tokens', 'requests', 40],
    [`${M}/request_totals/incomplete`, 'requests_incomplete', 'value', 1, null, undefined, null],
    ['/benchmarks/0/duration', 'duration', 'value', 12.25, 's', 'runs', null],
  ])('%s is %s', (pointer, name, statistic, value, unit, over, n) => {
    const found = reading.at(pointer);
    expect(found).toMatchObject({ metric: name, statistic, value, unit, n, failed: false });
    expect(found?.over).toBe(over);
  });

  it('is a record for each rate point, and of each only what succeeded', () => {
    expect(reading).toMatchObject({ format: 'guidellm', records: 2, failed: [], warnings: [] });
    expect(reading.measurements.filter(({ pointer }) => /errored\/|incomplete\/|total\//.test(pointer))).toEqual([]);
  });

  it('has no median of a throughput, and no 50th percentile beside the median', () => {
    expect(reading.at(`${M}/output_tokens_per_second/successful/median`)).toBeUndefined();
    expect(reading.at(`${M}/request_latency/successful/percentiles/p50`)).toBeUndefined();
  });

  it('gives each rate point its labels, and no key to anybody', () => {
    const common = {
      tool: 'guidellm',
      tool_version: '0.8.0',
      timestamp: '1790000000.5',
      prompt_length: '512',
      output_length: '128',
      dataset: 'synthetic_text',
    };
    expect(reading.at('/benchmarks/0/duration')?.labels).toEqual({
      ...common,
      model: 'acme/tiny-1b',
      backend: 'openai_http',
      strategy: 'constant',
      request_rate: '3.75',
      concurrency: '256',
    });
    expect(reading.at('/benchmarks/1/duration')?.labels).toEqual({ ...common, strategy: 'concurrent', concurrency: '8' });
    expect(JSON.stringify(reading)).not.toContain('secret');
  });

  it('reads the shape of 0.4 to 0.6: args at the top', () => {
    const args = {
      data: ['prompt_tokens=400,prompt_tokens_stdev=150,output_tokens=300'],
      backend: 'openai_http',
      backend_kwargs: { model: 'acme/tiny-2b' },
    };
    const { at } = read({
      metadata: { version: 1, guidellm_version: '0.6.0' },
      args,
      benchmarks: [point({ config: { strategy: { type_: 'synchronous' } } })],
    });
    expect(at('/benchmarks/0/duration')?.labels).toMatchObject({
      tool_version: '0.6.0',
      model: 'acme/tiny-2b',
      backend: 'openai_http',
      strategy: 'synchronous',
      concurrency: '1',
      prompt_length: '400',
      output_length: '300',
    });
  });

  it('reads the shape of 0.1 to 0.3: everything in the rate point', () => {
    const { request_totals, ...old } = metrics();
    const { format, at } = read({
      benchmarks: [
        {
          args: { strategy: { type_: 'poisson', rate: 9 } },
          worker: { backend_type: 'openai_http', backend_model: 'acme/tiny-3b' },
          request_loader: { data: '{"prompt_tokens": 1000, "output_tokens": 200}' },
          run_stats: { requests_made: request_totals },
          metrics: old,
          duration: 9,
        },
      ],
    });
    expect(format).toBe('guidellm');
    expect(at('/benchmarks/0/run_stats/requests_made/successful')?.value).toBe(40);
    expect(at('/benchmarks/0/duration')?.labels).toMatchObject({
      model: 'acme/tiny-3b',
      backend: 'openai_http',
      strategy: 'poisson',
      request_rate: '9',
      prompt_length: '1000',
      output_length: '200',
      saturated: 'yes',
    });
  });

  it('has no latency for a rate point of which no request succeeded', () => {
    const empty = Object.fromEntries(
      Object.keys(metrics()).map((key) => [key, { successful: ZERO, errored: ZERO, incomplete: ZERO, total: ZERO }]),
    );
    const failed = point({ metrics: { ...empty, request_totals: { successful: 0, errored: 7, incomplete: 0, total: 7 } } });
    const reading = read(report(point(), failed));
    expect(reading.failed).toEqual([{ pointer: '/benchmarks/1', reason: 'no request succeeded of 7' }]);
    const rest = reading.measurements.filter(({ pointer }) => pointer.startsWith('/benchmarks/1'));
    expect(rest.map(({ metric, value, failed }) => [metric, value, failed])).toEqual([
      ['duration', 12.25, true],
      ['requests_successful', 0, true],
      ['requests_errored', 7, true],
      ['requests_incomplete', 0, true],
    ]);
  });

  it('warns of errors, of times that were not measured, and of a server that fell behind', () => {
    const reading = read(
      report(
        point({
          config: { strategy: { type_: 'constant', rate: 10 } },
          metrics: metrics({
            request_totals: { successful: 40, errored: 2, incomplete: 0, total: 42 },
            time_to_first_token_ms: metric(0, 40),
            inter_token_latency_ms: metric(0, 5080),
          }),
        }),
      ),
    );
    expect(reading.warnings).toEqual([
      '/benchmarks/0: 2 of 42 requests failed; the statistics are over the others',
      expect.stringContaining('/benchmarks/0: 10 requests a second were asked for and 3.50 served'),
      expect.stringContaining('time_to_first_token_ms is 0 throughout'),
      expect.stringContaining('inter_token_latency_ms is 0 throughout'),
    ]);
    expect(reading.at(`${M}/time_to_first_token_ms/successful/mean`)).toBeUndefined();
    expect(reading.at('/benchmarks/0/duration')?.labels.saturated).toBe('yes');
  });

  it('does not call a run saturated that had no queue', () => {
    const short = point({
      config: { strategy: { type_: 'constant', rate: 10 } },
      metrics: metrics({ request_concurrency: metric(0.25, 40) }),
    });
    expect(read(report(short)).at('/benchmarks/0/duration')?.labels.saturated).toBeUndefined();
  });

  it('keeps the requests that it finds, and metrics that it does not know', () => {
    const successful = [
      {
        request_latency: 1.25,
        time_to_first_token_ms: 70.5,
        inter_token_latency_ms: 9.25,
        time_per_output_token_ms: 9.75,
        output_tokens: 128,
        output: 'text',
      },
      { request_latency: 1.5, time_to_first_token_ms: null },
      'none',
    ];
    const reading = read(
      report(point({ requests: { successful, errored: [{ request_latency: 0 }] }, metrics: metrics({ queue_time_ms: metric(4, 40) }) })),
    );
    expect(reading.at('/benchmarks/0/requests/successful/0/request_latency')).toMatchObject({
      metric: 'request_latency',
      value: 1.25,
      unit: 's',
      over: 'requests',
    });
    expect(reading.at('/benchmarks/0/requests/successful/0/time_to_first_token_ms')).toMatchObject({
      metric: 'time_to_first_token',
      value: 70.5,
      unit: 'ms',
    });
    expect(reading.at('/benchmarks/0/requests/successful/0/inter_token_latency_ms')?.metric).toBe('inter_token_latency_ms');
    expect(reading.at('/benchmarks/0/requests/errored/0/request_latency')).toBeUndefined();
    expect(reading.at(`${M}/queue_time_ms/successful/mean`)).toMatchObject({ metric: 'queue_time_ms', value: 4, unit: 'ms' });
  });

  it('copes with what should not be there', () => {
    const odd = point({
      metrics: {
        ...metrics(),
        request_latency: { successful: null },
        text: { tokens: [] },
        time_to_first_token_ms: { successful: { mean: '3', count: 1 } },
      },
    });
    const reading = read(report(odd, 7, null));
    expect(reading.records).toBe(1);
    expect(reading.warnings).toEqual([
      '/benchmarks/1 is no rate point: it was not read',
      '/benchmarks/2 is no rate point: it was not read',
    ]);
    expect(reading.measurements.some(({ metric }) => metric === 'request_latency' || metric === 'time_to_first_token')).toBe(false);
  });

  it.each([
    ['benchmarks of another tool', { benchmarks: [{ name: 'x', real_time: 3, time_unit: 'ns' }] }],
    ['none', { benchmarks: [] }],
    ['metrics without what succeeded', { benchmarks: [{ metrics: { time_to_first_token_ms: { mean: 3 } } }] }],
  ])('is not %s', (_, value) => {
    expect(read(value).format).not.toBe('guidellm');
  });
});

describe.skipIf(!existsSync(SAMPLES))('the real report of GuideLLM', () => {
  it('has both rate points', () => {
    const reading = readSample('guidellm/1-guidellm_report_v2.json');
    expect(reading).toMatchObject({ format: 'guidellm', records: 2, failed: [], warnings: [] });
    const M = '/benchmarks/0/metrics';
    expect(reading.at(`${M}/request_latency/successful/mean`)).toMatchObject({
      metric: 'request_latency',
      value: 0.01978909969329834,
      unit: 's',
      n: 2,
    });
    expect(reading.at(`${M}/time_to_first_token_ms/successful/mean`)).toMatchObject({
      metric: 'time_to_first_token',
      value: 11.481165885925293,
      unit: 'ms',
    });
    expect(reading.at(`${M}/time_per_output_token_ms/successful/mean`)?.metric).toBe('time_per_output_token_ms');
    expect(reading.at(`${M}/inter_token_latency_ms/successful/mean`)).toMatchObject({
      metric: 'inter_token_latency',
      value: 1.1508464813232422,
      n: 14,
    });
    expect(reading.at(`${M}/output_tokens_per_second/successful/mean`)).toMatchObject({
      metric: 'output_token_throughput',
      value: 3.1950675815128577,
    });
    expect(reading.at('/benchmarks/1/duration')?.labels).toMatchObject({
      model: 'e2e-mock-model',
      strategy: 'constant',
      request_rate: '4',
      tool_version: '0.8.0.dev18',
    });
  });

  it('is told from a summary that somebody made of one', () => {
    expect(readSample('guidellm/2-rsevilla_parsed_results.json').format).toBe('generic');
  });
});
