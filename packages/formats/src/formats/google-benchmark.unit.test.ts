import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const CONTEXT = { date: '2026-01-01', host_name: 'box', num_cpus: 8, cpu_scaling_enabled: false, library_build_type: 'release' };
const row = (name: string, more: object) => ({
  name,
  run_name: 'BM_A/8',
  run_type: 'iteration',
  repetitions: 2,
  threads: 1,
  iterations: 100,
  real_time: 12.5,
  cpu_time: 12.25,
  time_unit: 'us',
  ...more,
});
const REPORT = {
  context: CONTEXT,
  benchmarks: [
    row('BM_A/8', { repetition_index: 0, items_per_second: 640, hits: 3 }),
    row('BM_A/8', { repetition_index: 1, real_time: 13.5 }),
    row('BM_A/8_mean', { run_type: 'aggregate', aggregate_name: 'mean', real_time: 13 }),
    row('BM_A/8_cv', { run_type: 'aggregate', aggregate_name: 'cv', real_time: 0.05, cpu_time: 0.04, time_unit: 'us' }),
    row('BM_A/8_BigO', { run_type: 'aggregate', aggregate_name: 'BigO' }),
  ],
};
const read = (value: object) => readText('g.json', JSON.stringify(value));

describe('Google Benchmark', () => {
  it('reads repetitions and aggregates apart, each in its unit', () => {
    const reading = read(REPORT);
    expect(reading).toMatchObject({ format: 'google-benchmark', records: 4, failed: [] });
    expect(reading.warnings).toEqual(['/benchmarks/4: an aggregate "BigO" was not read']);
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, pointer }) => [metric, statistic, value, unit, n, pointer]),
    ).toEqual([
      ['execution_time', 'value', 12.5, 'us', null, '/benchmarks/0/real_time'],
      ['cpu_time', 'value', 12.25, 'us', null, '/benchmarks/0/cpu_time'],
      ['items_per_second', 'value', 640, 'items/s', null, '/benchmarks/0/items_per_second'],
      ['hits', 'value', 3, null, null, '/benchmarks/0/hits'],
      ['execution_time', 'value', 13.5, 'us', null, '/benchmarks/1/real_time'],
      ['cpu_time', 'value', 12.25, 'us', null, '/benchmarks/1/cpu_time'],
      ['execution_time', 'mean', 13, 'us', 2, '/benchmarks/2/real_time'],
      ['cpu_time', 'mean', 12.25, 'us', 2, '/benchmarks/2/cpu_time'],
      ['real_time cv', 'cv', 0.05, 'ratio', 2, '/benchmarks/3/real_time'],
      ['cpu_time cv', 'cv', 0.04, 'ratio', 2, '/benchmarks/3/cpu_time'],
    ]);
    const tests = new Set(reading.measurements.map(({ labels }) => JSON.stringify(labels)));
    expect([...tests]).toEqual([
      JSON.stringify({ tool: 'google-benchmark', host: 'box', timestamp: '2026-01-01', test: 'BM_A/8', threads: '1' }),
    ]);
  });

  it('knows the aggregates of old versions by their names, where the benchmark is there', () => {
    const old = (name: string) => ({ name, iterations: 10, real_time: 1, cpu_time: 1, time_unit: 'ns' });
    const reading = read({ context: CONTEXT, benchmarks: [old('BM_X'), old('BM_X_stddev'), old('BM_Y_mean'), old('BM_X_RMS')] });
    expect(
      reading.measurements.filter(({ metric }) => metric === 'execution_time').map(({ statistic, labels }) => [statistic, labels.test]),
    ).toEqual([
      ['value', 'BM_X'],
      ['stddev', 'BM_X'],
      ['value', 'BM_Y_mean'],
    ]);
  });

  it('keeps an error as a failed record, and warns of the build and the clock', () => {
    const reading = read({
      context: { ...CONTEXT, library_build_type: 'debug', cpu_scaling_enabled: true },
      benchmarks: [
        row('BM_A/8', { error_occurred: true, error_message: 'no file' }),
        { name: 'BM_B', skipped: true, skip_message: 'not here' },
      ],
    });
    expect(reading.failed).toEqual([
      { pointer: '/benchmarks/0', reason: 'the benchmark had an error: no file ("BM_A/8")' },
      { pointer: '/benchmarks/1', reason: 'the benchmark was skipped: not here ("BM_B")' },
    ]);
    expect(reading.measurements.every(({ failed }) => failed)).toBe(true);
    expect(reading.warnings).toHaveLength(2);
  });

  it('does not make a unit of a word that is none', () => {
    expect(read({ context: CONTEXT, benchmarks: [row('a', { time_unit: 'fortnight' })] }).at('/benchmarks/0/real_time')?.unit).toBeNull();
  });

  const CSV = `name,iterations,real_time,cpu_time,time_unit,bytes_per_second,items_per_second,label,error_occurred,error_message,"hits"
"BM_A/8",1000,12.5,12.25,us,2048,,"a, b",,,3
"BM_A/8_mean",2,12.75,12.25,us,,,,,,
"BM_B",0,0,0,us,,,,true,"no file",
"BM_C",10,5.5,5.25,ns,,,,,,1
`;

  it('reads CSV', () => {
    const reading = readText('g.csv', CSV);
    expect(reading).toMatchObject({ format: 'google-benchmark', records: 4 });
    expect(reading.failed).toEqual([{ pointer: 'line 4', reason: 'the benchmark had an error: no file ("BM_B")' }]);
    expect(reading.at('line 2 column real_time')).toMatchObject({
      metric: 'execution_time',
      value: 12.5,
      unit: 'us',
      labels: { test: 'BM_A/8', label: 'a, b' },
    });
    expect(reading.at('line 2 column hits')).toMatchObject({ metric: 'hits', value: 3, unit: null });
    expect(reading.at('line 3 column real_time')).toMatchObject({ statistic: 'mean', value: 12.75, labels: { test: 'BM_A/8' } });
    expect(reading.at('line 4 column real_time')?.failed).toBe(true);
  });

  it('reads CSV that shows aggregates alone', () => {
    const head = CSV.slice(0, CSV.indexOf('\n') + 1);
    const text = `${head}"BM_A_mean",3,12.5,12,us,,,,,,\n"BM_A_stddev",3,0.5,0.25,us,,,,,,\n"BM_C",10,5.5,5.25,ns,,,,,,1\n`;
    const times = readText('g.csv', text).measurements.filter(({ metric }) => metric === 'execution_time');
    expect(times.map(({ statistic, value, labels }) => [statistic, value, labels.test])).toEqual([
      ['mean', 12.5, 'BM_A'],
      ['stddev', 0.5, 'BM_A'],
      ['value', 5.5, 'BM_C'],
    ]);
    expectNoOtherNumberWhereCut('g.csv', text);
  });

  it('takes no coefficient of complexity for a time, in CSV either', () => {
    const head = CSV.slice(0, CSV.indexOf('\n') + 1);
    const text = `${head}"BM_F/8",10,5.5,5.25,ns,,,,,,1\n"BM_F_BigO",,0.75,0.5,N,,,,,,\n"BM_F_RMS",,0.125,0.25,,,,,,,\n"BM_F_RMS",10,6.5,6.25,ns,,,,,,1\n`;
    const reading = readText('g.csv', text);
    expect(reading.measurements.filter(({ metric }) => metric === 'execution_time').map(({ value, unit }) => [value, unit])).toEqual([
      [5.5, 'ns'],
      [6.5, 'ns'],
    ]);
    expect(reading.measurements.some(({ pointer }) => /^line [34] /.test(pointer))).toBe(false);
    expect(reading.warnings).toEqual(['line 3: an aggregate "BigO" was not read', 'line 4: an aggregate "RMS" was not read']);
  });

  it('has what was given with --benchmark_context as labels', () => {
    const context = { ...CONTEXT, executable: './b', library_version: 'v1.9.0', model: 'tiny', build: 'with LTO' };
    expect(read({ context, benchmarks: REPORT.benchmarks }).measurements[0]?.labels).toEqual({
      tool: 'google-benchmark',
      host: 'box',
      timestamp: '2026-01-01',
      test: 'BM_A/8',
      threads: '1',
      model: 'tiny',
      build: 'with LTO',
    });
  });

  it('has no more of them than anybody gives, and says so', () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`k${index}`, 'v']));
    const reading = read({ context: { ...CONTEXT, ...many }, benchmarks: REPORT.benchmarks });
    expect(Object.keys(reading.measurements[0]?.labels ?? {}).filter((key) => /^k\d/.test(key))).toHaveLength(64);
    expect(reading.warnings).toContain('/context: there are more than 64 keys of --benchmark_context: the others are no labels');
  });

  const ABOVE = `2026-01-01T10:00:00+00:00
Running ./build/bench
Run on (8 X 3000.1 MHz CPU s)
CPU Caches:
  L1 Data 32 KiB (x4)
Load Average: 0.10, 0.20, 0.15
***WARNING*** CPU scaling is enabled, the benchmark real time measurements may be noisy
`;

  it.each(['g.csv', 'g.txt'])('reads CSV below what --benchmark_out writes of the machine: %s', (path) => {
    const reading = readText(path, ABOVE + CSV);
    expect(reading).toMatchObject({ format: 'google-benchmark', records: 4, failed: [{ pointer: 'line 11' }] });
    expect(reading.at('line 9 column real_time')).toMatchObject({ value: 12.5, unit: 'us', labels: { test: 'BM_A/8', label: 'a, b' } });
    expect(reading.measurements.map(({ value, unit, statistic }) => [value, unit, statistic])).toEqual(
      readText('g.csv', CSV).measurements.map(({ value, unit, statistic }) => [value, unit, statistic]),
    );
    expect(reading.warnings).toEqual(['line 7: CPU scaling is enabled, the benchmark real time measurements may be noisy']);
    expect(readText(path, (ABOVE + CSV).replaceAll('\n', '\r\n')).measurements).toHaveLength(reading.measurements.length);
  });

  it.each([
    ['guidellm-like', { benchmarks: [{ name: 'a', real_time: 1, time_unit: 's' }] }],
    ['rows without times', { context: { num_cpus: 4 }, benchmarks: [{ name: 'a', run_type: 'iteration' }] }],
  ])('does not claim %s', (_, value) => {
    expect(read(value).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('g.json', JSON.stringify(REPORT));
    expectNoFaultWhenMangled('g.csv', CSV);
    expectNoOtherNumberWhereCut('g.csv', CSV);
    expectNoFaultWhenMangled('g.csv', ABOVE + CSV);
    expectNoOtherNumberWhereCut('g.csv', ABOVE + CSV);
  });
});

const absent = !existsSync(`${SAMPLES}google-benchmark`);
type Raw = { benchmarks: { name: string; run_type?: string; real_time?: number; time_unit?: string }[] };

describe.skipIf(absent)(`Google Benchmark, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it.each(['1-test1_run1.json', '2-test1_run2.json', '4-test3_run0.json', '5-gab-googlecpp_output.json'])('%s', (name) => {
    const path = `google-benchmark/${name}`;
    const raw: Raw = JSON.parse(readFileSync(`${SAMPLES}${path}`, 'utf8'));
    const expected = raw.benchmarks.flatMap((one, index) =>
      one.run_type === 'aggregate' ? [] : [[`/benchmarks/${index}/real_time`, one.name, one.real_time, one.time_unit]],
    );
    const reading = readSample(path);
    expect(reading).toMatchObject({ format: 'google-benchmark', failed: [] });
    expect(
      reading.measurements
        .filter(({ metric }) => metric === 'execution_time')
        .map(({ pointer, labels, value, unit }) => [pointer, labels.test, value, unit]),
    ).toEqual(expected);
  });

  it('leaves a file without any time to the generic reader', () => {
    expect(readSample('google-benchmark/3-test4_run.json').format).toBe('generic');
  });
});
