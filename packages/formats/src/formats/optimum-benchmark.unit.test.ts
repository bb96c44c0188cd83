import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const latency = (values: number[]) => ({
  unit: 's',
  values,
  count: values.length,
  total: 9.75,
  mean: 0.5,
  p50: 0.51,
  p90: 0.6,
  p95: 0.61,
  p99: 0.62,
  stdev: 0.05,
  stdev_: 10,
});
const REPORT = {
  load_model: {
    memory: { unit: 'MB', max_ram: 900.5, max_global_vram: 5000, max_process_vram: null },
    latency: latency([0.5]),
    throughput: null,
    energy: null,
    efficiency: null,
  },
  prefill: {
    memory: null,
    latency: latency([0.49, 0.51]),
    throughput: { unit: 'samples/s', value: 4 },
    energy: { unit: 'kWh', cpu: 0.001, ram: 0.0002, gpu: 0.01, total: 0.0112 },
    efficiency: { unit: 'samples/kWh', value: 100 },
  },
  decode: { memory: null, latency: latency([0.5, 0.5]), throughput: { unit: 'tokens/s', value: 128.5 }, energy: null, efficiency: null },
  per_token: {
    memory: null,
    latency: latency([0.01, 0.02, 0.03]),
    throughput: { unit: 'tokens/s', value: 130 },
    energy: null,
    efficiency: null,
  },
  preprocess: { memory: null, latency: null, throughput: null, energy: null, efficiency: null },
};
const CONFIG = {
  name: 'x',
  backend: {
    name: 'pytorch',
    version: '2.5.1',
    model: 'acme/tiny-1b',
    device: 'cuda',
    torch_dtype: 'float16',
    quantization_scheme: 'gptq',
  },
  scenario: { input_shapes: { batch_size: 2, sequence_length: 256 }, generate_kwargs: { max_new_tokens: 64 } },
  environment: { cpu: 'Acme CPU', gpu: ['Acme X1', 'Acme X1'], gpu_count: 2, optimum_benchmark_version: '0.6.0' },
};

describe('optimum-benchmark', () => {
  const reading = readText('benchmark_report.json', JSON.stringify(REPORT));

  it('is recognised', () => {
    expect(reading).toMatchObject({ format: 'optimum-benchmark', records: 4, failed: [], warnings: [] });
  });

  it.each([
    ['/load_model/latency/mean', 'load_duration', 'mean', 0.5, 's', 1, 'repetitions'],
    ['/prefill/latency/values/1', 'prompt_eval_duration', 'value', 0.51, 's', null, 'repetitions'],
    ['/prefill/latency/p50', 'prompt_eval_duration', 'median', 0.51, 's', 2, 'repetitions'],
    ['/decode/latency/stdev', 'eval_duration', 'stddev', 0.05, 's', 2, 'repetitions'],
    ['/per_token/latency/p99', 'inter_token_latency', 'p99', 0.62, 's', 3, 'gaps'],
    ['/prefill/throughput/value', '/prefill/throughput/value', 'value', 4, 'samples/s', null, 'runs'],
    ['/decode/throughput/value', 'output_token_throughput', 'value', 128.5, 'tok/s', null, 'runs'],
    ['/per_token/throughput/value', '/per_token/throughput/value', 'value', 130, 'tok/s', null, 'runs'],
    ['/prefill/energy/total', 'energy', 'value', 0.0112, 'kWh', null, undefined],
    ['/prefill/energy/gpu', '/prefill/energy/gpu', 'value', 0.01, 'kWh', null, undefined],
    ['/prefill/efficiency/value', '/prefill/efficiency/value', 'value', 100, 'samples/kWh', null, undefined],
    ['/load_model/memory/max_global_vram', 'peak_memory', 'max', 5000, 'MB', null, undefined],
  ])('%s is %s', (pointer, metric, statistic, value, unit, n, over) => {
    expect(reading.at(pointer)).toMatchObject({ metric, statistic, value, unit, n });
    expect(reading.at(pointer)?.over).toBe(over);
  });

  it('labels the phase and which memory is meant, and leaves out sums and percentages', () => {
    expect(reading.at('/load_model/memory/max_ram')?.labels).toEqual({ tool: 'optimum-benchmark', test: 'load_model', memory: 'max_ram' });
    for (const name of ['total', 'stdev_', 'count']) expect(reading.at(`/decode/latency/${name}`)).toBeUndefined();
  });

  it('has no memory of 0 where the driver does not tell it: it would be the least of all', () => {
    const { memory, ...others } = REPORT.load_model;
    const report = { ...REPORT, load_model: { ...others, memory: { ...memory, max_process_vram: 0 } } };
    const read = readText('benchmark_report.json', JSON.stringify(report));
    expect(read.at('/load_model/memory/max_process_vram')).toBeUndefined();
    expect(read.at('/load_model/memory/max_ram')?.value).toBe(900.5);
  });

  it.each([
    ['null', null],
    ['phases that are null', { load_model: null, prefill: null, decode: null, per_token: null }],
  ])('keeps a run that has no report as failed: %s', (_, report) => {
    const config = { ...CONFIG, launcher: { name: 'process' } };
    const read = readText('benchmark.json', JSON.stringify({ config, report }));
    expect(read).toMatchObject({ format: 'optimum-benchmark', records: 1, measurements: [] });
    expect(read.failed).toEqual([{ pointer: '/report', reason: 'the run has no report: nothing of it was measured' }]);
    expect(readText('x.json', JSON.stringify({ config: { backend: {} }, report })).format).toBe('generic');
  });

  it('reads the report in benchmark.json with the configuration beside it', () => {
    const whole = readText('benchmark.json', JSON.stringify({ config: CONFIG, report: REPORT }));
    expect(whole).toMatchObject({ format: 'optimum-benchmark', records: 4 });
    expect(whole.at('/report/decode/throughput/value')).toMatchObject({ metric: 'output_token_throughput', value: 128.5 });
    expect(whole.at('/report/decode/throughput/value')?.labels).toEqual({
      tool: 'optimum-benchmark',
      tool_version: '0.6.0',
      model: 'acme/tiny-1b',
      backend: 'pytorch',
      engine_version: '2.5.1',
      quantization: 'gptq',
      dtype: 'float16',
      device: 'cuda',
      batch: '2',
      prompt_length: '256',
      output_length: '64',
      gpu: 'Acme X1',
      gpu_count: '2',
      cpu: 'Acme CPU',
      test: 'decode',
    });
  });

  it('takes tokens per second of a prefill for those of the prompt, and no 0', () => {
    const prefill = { ...REPORT.prefill, throughput: { unit: 'tokens/s', value: 512 } };
    const decode = { ...REPORT.decode, throughput: { unit: 'tokens/s', value: 0 } };
    const other = readText('r.json', JSON.stringify({ prefill, decode }));
    expect(other.at('/prefill/throughput/value')).toMatchObject({ metric: 'prompt_token_throughput', unit: 'tok/s' });
    expect(other.at('/decode/throughput/value')).toBeUndefined();
    expect(other.warnings).toEqual(['/decode: throughput is 0 throughout, so it was not measured; it was left out']);
  });

  it.each([
    ['a configuration alone', CONFIG],
    ['latencies of somebody', { a: { latency: { unit: 's', mean: 1 } } }],
  ])('does not claim %s', (_, value) => {
    expect(readText('b.json', JSON.stringify(value)).format).toBe('generic');
  });

  it('never fails where values are of the wrong type', () => {
    expectNoFaultWhenMangled(
      'b.json',
      JSON.stringify({ config: CONFIG, report: { prefill: REPORT.prefill, load_model: REPORT.load_model } }),
    );
  });
});

describe('optimum-benchmark, Markdown', () => {
  const table = (...rows: string[]) => ['| metric | value | unit |', '| :--- | ---: | ---: |', ...rows, ''].join('\n');
  const PAGE = [
    '# load_model:\n\n## memory:\n',
    table('| max_ram | 900.50 | MB |', '| max_process_vram | 0.00 | MB |'),
    '# prefill:\n\n## latency:\n',
    table(
      '| count | 4 | - |',
      '| total | 2.000000 | s |',
      '| mean | 0.500000 | s |',
      '| p50 | 0.490000 | s |',
      '| stdev | 0.010000 | s |',
      '| stdev_ | 2.00 | % |',
    ),
    '## throughput:\n',
    table('| throughput | 4.00 | samples/s |'),
    '# decode:\n\n## throughput:\n',
    table('| throughput | 128.50 | tokens/s |'),
    '## energy:\n',
    table('| gpu | 0.010000 | kWh |', '| total | 0.011200 | kWh |'),
  ].join('\n');
  const numbers = (page: string) =>
    readText('benchmark_report.md', page).measurements.map(({ metric, statistic, value, unit, n, labels }) => [
      metric,
      statistic,
      value,
      unit,
      n,
      labels.test,
    ]);

  it('reads each phase as the JSON of the same run', () => {
    expect(readText('benchmark_report.md', PAGE)).toMatchObject({ format: 'optimum-benchmark', records: 3, failed: [], warnings: [] });
    expect(numbers(PAGE)).toEqual([
      ['peak_memory', 'max', 900.5, 'MB', null, 'load_model'],
      ['prompt_eval_duration', 'mean', 0.5, 's', 4, 'prefill'],
      ['prompt_eval_duration', 'median', 0.49, 's', 4, 'prefill'],
      ['prompt_eval_duration', 'stddev', 0.01, 's', 4, 'prefill'],
      ['/prefill/throughput/value', 'value', 4, 'samples/s', null, 'prefill'],
      ['output_token_throughput', 'value', 128.5, 'tok/s', null, 'decode'],
      ['/decode/energy/gpu', 'value', 0.01, 'kWh', null, 'decode'],
      ['energy', 'value', 0.0112, 'kWh', null, 'decode'],
    ]);
  });

  it('points at the line, and reads the other tables of the page as any table', () => {
    const text = `| run | latency_ms |\n| --- | --- |\n| a | 12.5 |\n\n${PAGE}`;
    const page = readText('r.md', text);
    const line = text.split('\n').indexOf('| throughput | 128.50 | tokens/s |') + 1;
    expect(page.measurements.find(({ metric }) => metric === 'output_token_throughput')?.pointer).toBe(`line ${line} column value`);
    expect(page.measurements.find(({ unit }) => unit === 'ms')).toMatchObject({ value: 12.5 });
  });

  it('tells two reports of a page apart', () => {
    const deeper = PAGE.replace(/^#/gm, '##');
    const { measurements } = readText('r.md', `# Before\n\n${deeper}\n# After\n\n${deeper}`);
    expect(measurements.map(({ labels }) => labels.place)).toEqual([...Array(8).fill('Before'), ...Array(8).fill('After')]);
  });

  it('never fails where cells are of another sort', () => {
    expectNoFaultWhenMangled('r.md', PAGE);
  });

  it('is no page with other headings', () => {
    const other = PAGE.replaceAll(':\n', '\n');
    expect(readText('r.md', other).format).toBe('generic');
  });
});
