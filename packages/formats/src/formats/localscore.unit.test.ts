import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const TEST = {
  build_commit: 'abc1234',
  model_name: 'Tiny 1B',
  model_quant_str: 'Q4_K - Medium',
  model_params_str: '1.0B',
  model_size: 12345678,
  n_prompt: 512,
  n_gen: 32,
  test_time: '2026-04-01T12:00:00Z',
  avg_time_ms: 812.5,
  stddev_time_ms: 0,
  prompt_tps: 2000.5,
  prompt_tps_watt: 0.0,
  prompt_tps_stddev: 12.5,
  gen_tps: 101.25,
  gen_tps_stddev: 0.0,
  name: 'pp512+tg32',
  power_watts: 0.0,
  ttft_ms: 265.75,
  samples_ns: [1, 2],
};
const report = (...results: object[]) =>
  JSON.stringify({
    runtime_info: { name: 'llamafile', version: '0.9.2', commit: 'x' },
    system_info: { cpu_name: 'Acme CPU', ram_gb: 64 },
    accelerator_info: { name: 'Acme X1', type: 'GPU', memory_gb: 24 },
    results,
    results_summary: { avg_prompt_tps: 2000.5, avg_gen_tps: 101.25, avg_ttft_ms: 265.75, performance_score: 456.5 },
  });

describe('LocalScore, JSON', () => {
  it('reads the tests, and no 0 for what was not measured', () => {
    const reading = readText('localscore.json', report(TEST));
    expect(reading).toMatchObject({ format: 'localscore', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit, pointer }) => [metric, statistic, value, unit, pointer])).toEqual([
      ['prompt_token_throughput', 'mean', 2000.5, 'tok/s', '/results/0/prompt_tps'],
      ['prompt_token_throughput', 'stddev', 12.5, 'tok/s', '/results/0/prompt_tps_stddev'],
      ['output_token_throughput', 'mean', 101.25, 'tok/s', '/results/0/gen_tps'],
      ['time_to_first_token', 'mean', 265.75, 'ms', '/results/0/ttft_ms'],
      ['/results/*/avg_time_ms', 'mean', 812.5, 'ms', '/results/0/avg_time_ms'],
      ['/results_summary/performance_score', 'value', 456.5, null, '/results_summary/performance_score'],
      ['/results_summary/avg_prompt_tps', 'mean', 2000.5, 'tok/s', '/results_summary/avg_prompt_tps'],
      ['/results_summary/avg_gen_tps', 'mean', 101.25, 'tok/s', '/results_summary/avg_gen_tps'],
      ['/results_summary/avg_ttft_ms', 'mean', 265.75, 'ms', '/results_summary/avg_ttft_ms'],
    ]);
    expect(reading.at('/results/0/gen_tps')?.labels).toEqual({
      tool: 'localscore',
      engine: 'llamafile',
      engine_version: '0.9.2',
      cpu: 'Acme CPU',
      gpu: 'Acme X1',
      test: 'pp512+tg32',
      model: 'Tiny 1B',
      quantization: 'Q4_K - Medium',
      parameters: '1.0B',
      prompt_length: '512',
      output_length: '32',
      engine_commit: 'abc1234',
      timestamp: '2026-04-01T12:00:00Z',
    });
  });

  it('reads the power where it was measured, and counts a test without rates as failed', () => {
    const reading = readText(
      'l.json',
      report({ ...TEST, power_watts: 180.5, gen_tps_watt: 0.5 }, { ...TEST, prompt_tps: 0, gen_tps: 0, ttft_ms: 1 }),
    );
    expect(reading.at('/results/0/power_watts')).toMatchObject({ metric: 'power', value: 180.5, unit: 'W' });
    expect(reading.at('/results/0/gen_tps_watt')).toMatchObject({ metric: '/results/*/gen_tps_watt', value: 0.5, unit: 'tok/s/W' });
    expect(reading.failed).toEqual([{ pointer: '/results/1', reason: 'prompt_tps and gen_tps are 0: nothing was measured' }]);
    expect(reading.at('/results/1/ttft_ms')).toBeUndefined();
  });

  it('never fails where values are of the wrong type, and does not claim other summaries', () => {
    expectNoFaultWhenMangled('l.json', report(TEST));
    expect(readText('l.json', '{"results": [], "results_summary": {"performance_score": 1}}').format).toBe('generic');
  });
});

const CSV =
  'test,n_prompt,n_gen,prompt_tps,gen_tps,ttft_ms\npp512+tg32,512,32,2000.50,101.25,265.75\npp64+tg128,64,128,800.25,99.50,80.00\n\n# Summary\n# avg_prompt_tps,1400.38\n# performance_score,456.50\n';

describe('LocalScore, CSV', () => {
  it('reads the tests, and not the summary in the comments', () => {
    const reading = readText('localscore.csv', CSV);
    expect(reading).toMatchObject({ format: 'localscore', records: 2, failed: [] });
    expect(reading.measurements.map(({ metric, value, unit, pointer }) => [metric, value, unit, pointer])).toEqual([
      ['prompt_token_throughput', 2000.5, 'tok/s', 'line 2 column prompt_tps'],
      ['output_token_throughput', 101.25, 'tok/s', 'line 2 column gen_tps'],
      ['time_to_first_token', 265.75, 'ms', 'line 2 column ttft_ms'],
      ['prompt_token_throughput', 800.25, 'tok/s', 'line 3 column prompt_tps'],
      ['output_token_throughput', 99.5, 'tok/s', 'line 3 column gen_tps'],
      ['time_to_first_token', 80, 'ms', 'line 3 column ttft_ms'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'localscore', test: 'pp512+tg32', prompt_length: '512', output_length: '32' });
  });

  it('names cells that are no numbers', () => {
    const reading = readText('l.csv', CSV.replace('2000.50', 'fast'));
    expect(reading.warnings).toContain('line 2 column prompt_tps: "fast" is no number: it was not read');
  });

  it('never fails on a mangled text, and yields no other number of a cut one', () => {
    expectNoFaultWhenMangled('l.csv', CSV);
    expectNoOtherNumberWhereCut('l.csv', CSV);
  });
});
