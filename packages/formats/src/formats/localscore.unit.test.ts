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

  it('reads what early versions wrote: no summary, a rate by no power, memory', () => {
    const text = report({ ...TEST, prompt_tps_watt: 1, vram_used_mb: 5120.5 }).replace(/,"results_summary".*$/, '}');
    const reading = readText(
      'l.json',
      text.replace('"prompt_tps_watt":1', '"prompt_tps_watt":inf').replace('"gen_tps_stddev":0', '"gen_tps_stddev":-nan'),
    );
    expect(reading).toMatchObject({ format: 'localscore', records: 1, failed: [] });
    expect(reading.at('/results/0/gen_tps')).toMatchObject({ metric: 'output_token_throughput', value: 101.25 });
    expect(reading.at('/results/0/prompt_tps_watt')).toBeUndefined();
    expect(reading.at('/results/0/gen_tps_stddev')).toBeUndefined();
    expect(reading.at('/results/0/vram_used_mb')).toMatchObject({ value: 5120.5, unit: 'MiB' });
    expect(reading.warnings).toEqual(['2 values are NaN or Infinity, which JSON does not know: read as absent']);
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

const BORDER = `+${'-'.repeat(107)}+`;
const ESCAPE = '\u001b[A\u001b[2K';
const CONSOLE = `${BORDER}
|                              Acme X1 - 23.6 GiB                              |
|                          Tiny 1B - Q4_K - Medium                             |
${BORDER}
|          test | run number |   avg time | tokens processed |     pp t/s |     tg t/s |       ttft |
| ------------- | ---------- | ---------- | ---------------- | ---------- | ---------- | ---------- |
|   pp1024+tg16 |        1/4 |    0.00 ms |       512 / 4160 |       0.00 |       0.00 |    0.00 ms |
${ESCAPE}|   pp1024+tg16 |        4/4 |     1.11 s |      4160 / 4160 |    1264.59 |      60.50 |  828.25 ms |
${ESCAPE}|   pp1024+tg16 |        4/4 |     1.12 s |      4160 / 4160 |    1264.59 |      53.91 |  828.38 ms |
|   pp16+tg1536 |        4/4 |  900.11 ms |      6208 / 6208 |     164.59 |      51.91 |     1.05 s |
${BORDER}
`;

describe('LocalScore, on the terminal', () => {
  it.each(['score.txt', 'score.log'])('reads the last state of each row, each time in the unit behind it: %s', (path) => {
    const reading = readText(path, CONSOLE);
    expect(reading).toMatchObject({ format: 'localscore', records: 2, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, over, pointer }) => [
        metric,
        statistic,
        value,
        unit,
        n,
        over,
        pointer,
      ]),
    ).toEqual([
      ['avg time', 'mean', 1.12, 's', 4, 'repetitions', 'line 9 column avg time'],
      ['prompt_token_throughput', 'mean', 1264.59, 'tok/s', 4, 'repetitions', 'line 9 column pp t/s'],
      ['output_token_throughput', 'mean', 53.91, 'tok/s', 4, 'repetitions', 'line 9 column tg t/s'],
      ['time_to_first_token', 'mean', 828.38, 'ms', 4, 'repetitions', 'line 9 column ttft'],
      ['avg time', 'mean', 900.11, 'ms', 4, 'repetitions', 'line 10 column avg time'],
      ['prompt_token_throughput', 'mean', 164.59, 'tok/s', 4, 'repetitions', 'line 10 column pp t/s'],
      ['output_token_throughput', 'mean', 51.91, 'tok/s', 4, 'repetitions', 'line 10 column tg t/s'],
      ['time_to_first_token', 'mean', 1.05, 's', 4, 'repetitions', 'line 10 column ttft'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({
      ...{ tool: 'localscore', accelerator: 'Acme X1', model: 'Tiny 1B', quantization: 'Q4_K - Medium' },
      ...{ test: 'pp1024+tg16', prompt_length: '1024', output_length: '16' },
    });
  });

  it('keeps a test that did not end as failed, and does not read one behind which nothing stands', () => {
    const stopped = readText(
      'score.txt',
      CONSOLE.replace('|        4/4 |  900.11 ms |      6208 / 6208 |', '|        3/4 |  900.11 ms |      5000 / 6208 |'),
    );
    expect(stopped.failed).toEqual([{ pointer: 'line 10', reason: 'the test did not end ("pp16+tg1536")' }]);
    expect(stopped.at('line 10 column tg t/s')).toMatchObject({ failed: true, n: null });
    const cut = readText('score.txt', CONSOLE.slice(0, -BORDER.length - 1));
    expect(cut.measurements.map(({ labels }) => labels.test)).not.toContain('pp16+tg1536');
    expect(cut.warnings).toEqual(['line 10: the table may go on where the text ends: its last test was not read']);
  });

  it('reads power and memory where there are columns of them, and no table of llama-bench', () => {
    const wide = `| test | run number | avg time | power | vram | tokens processed | pp t/s | tg t/s | pp t/s/watt | ttft |
| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| pp64+tg1024 | 2/2 | 1.50 s | 150.25 W | 5120.50 MiB | 2176 / 2176 | 800.50 | 50.25 | inf | 20.50 ms |
${BORDER}
`;
    const reading = readText('score.txt', wide);
    expect(reading.at('line 3 column power')).toMatchObject({ metric: 'power', value: 150.25, unit: 'W' });
    expect(reading.at('line 3 column vram')).toMatchObject({ metric: 'vram', value: 5120.5, unit: 'MiB' });
    expect(reading.at('line 3 column pp t/s/watt')).toBeUndefined();
    expect(readText('a.txt', '| test | run number | t/s |\n|---|---|---|\n| pp64 | 2/2 | 1 |\n').format).not.toBe('localscore');
  });

  it('never fails on a mangled text, and yields no other number of a cut one', () => {
    expectNoFaultWhenMangled('score.txt', CONSOLE);
    expectNoOtherNumberWhereCut('score.txt', CONSOLE);
  });
});
