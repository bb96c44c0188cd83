import { existsSync, readFileSync } from 'node:fs';
import { canonicalValue } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const METRIC = {
  score: 2.5,
  scoreError: 0.5,
  scoreConfidence: [2, 3],
  scorePercentiles: { '0.0': 2.25, '50.0': 2.5, '90.0': 2.75, '100.0': 2.75 },
  scoreUnit: 'us/op',
  rawData: [[2.25, 2.5], [2.75]],
};
const ONE = {
  jmhVersion: '1.37',
  benchmark: 'org.example.Maps.get',
  mode: 'avgt',
  threads: 2,
  forks: 2,
  jvmArgs: ['-Xmx1G'],
  jdkVersion: '21',
  vmName: 'A VM',
  measurementBatchSize: 1,
  params: { size: '8', mode: 'x' },
  primaryMetric: METRIC,
  secondaryMetrics: { '·gc.alloc.rate.norm': { score: 24, scoreError: 'NaN', scoreUnit: 'B/op', rawData: [[24, 24], [24]] } },
};
const read = (...results: unknown[]) => readText('j.json', JSON.stringify(results));

describe('JMH', () => {
  it('reads time an operation, its samples and what profilers say', () => {
    const reading = read(ONE);
    expect(reading).toMatchObject({ format: 'jmh', records: 1, failed: [], warnings: [] });
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
      ['execution_time', 'mean', 2.5, 'us', 3, 'repetitions', '/0/primaryMetric/score'],
      ['execution_time', 'min', 2.25, 'us', 3, 'repetitions', '/0/primaryMetric/scorePercentiles/0.0'],
      ['execution_time', 'median', 2.5, 'us', 3, 'repetitions', '/0/primaryMetric/scorePercentiles/50.0'],
      ['execution_time', 'max', 2.75, 'us', 3, 'repetitions', '/0/primaryMetric/scorePercentiles/100.0'],
      ['scoreError', 'error', 0.5, 'us', 3, 'repetitions', '/0/primaryMetric/scoreError'],
      ['execution_time', 'value', 2.25, 'us', null, 'repetitions', '/0/primaryMetric/rawData/0/0'],
      ['execution_time', 'value', 2.5, 'us', null, 'repetitions', '/0/primaryMetric/rawData/0/1'],
      ['execution_time', 'value', 2.75, 'us', null, 'repetitions', '/0/primaryMetric/rawData/1/0'],
      ['gc.alloc.rate.norm', 'mean', 24, 'B/op', 3, 'repetitions', '/0/secondaryMetrics/·gc.alloc.rate.norm/score'],
      ['gc.alloc.rate.norm', 'value', 24, 'B/op', null, 'repetitions', '/0/secondaryMetrics/·gc.alloc.rate.norm/rawData/0/0'],
      ['gc.alloc.rate.norm', 'value', 24, 'B/op', null, 'repetitions', '/0/secondaryMetrics/·gc.alloc.rate.norm/rawData/0/1'],
      ['gc.alloc.rate.norm', 'value', 24, 'B/op', null, 'repetitions', '/0/secondaryMetrics/·gc.alloc.rate.norm/rawData/1/0'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'jmh',
      tool_version: '1.37',
      test: 'org.example.Maps.get',
      mode: 'avgt',
      'param mode': 'x',
      size: '8',
      threads: '2',
      jdk_version: '21',
      vm: 'A VM',
      jvm_args: '-Xmx1G',
    });
  });

  it.each([
    ['thrpt', 'ops/s', 'operation_throughput', 'ops/s'],
    ['thrpt', 'ops/ms', 'operation_throughput', 'ops/ms'],
    ['ss', 's/op', 'execution_time', 's'],
    ['sample', 'ns/op', 'execution_time', 'ns'],
    ['thrpt', 's/op', 'score', 's/op'],
    ['avgt', 'ops/s', 'score', 'ops/s'],
    ['avgt', 'calls', 'score', 'calls'],
  ])('%s in %s is %s in %s', (mode, scoreUnit, metric, unit) => {
    const reading = read({ ...ONE, mode, primaryMetric: { ...METRIC, scoreUnit } });
    expect(reading.at('/0/primaryMetric/score')).toMatchObject({ metric, unit });
    expect(reading.warnings).toHaveLength(metric === 'score' ? 1 : 0);
  });

  it.each([
    ['ops/s', 6],
    ['ops/ms', 6e3],
    ['ops/us', 6e6],
    ['ops/ns', 6e9],
    ['ops/min', 0.1],
  ])('6 %s are %d a second', (unit, perSecond) => {
    expect(canonicalValue('operation_throughput', 6, unit)).toBe(perSecond);
  });

  it('reads percentiles of single calls', () => {
    const { rawData: _, ...metric } = {
      ...METRIC,
      rawDataHistogram: [
        [
          [
            [2.25, 3],
            [2.5, 4],
          ],
          [[2.75, 5]],
        ],
      ],
    };
    // JMH writes them once more, each as a metric of its own.
    const again = { score: 2.75, scoreError: 'NaN', scorePercentiles: { '0.0': 2.75 }, scoreUnit: 'us/op', rawData: [[2.75]] };
    const reading = read({
      ...ONE,
      mode: 'sample',
      primaryMetric: metric,
      secondaryMetrics: { 'p0.90': again, 'get·p0.99': again, other: again },
    });
    expect(reading.at('/0/primaryMetric/scorePercentiles/90.0')).toMatchObject({ statistic: 'p90', value: 2.75, n: 12, over: 'samples' });
    const secondary = reading.measurements.filter(({ pointer }) => pointer.startsWith('/0/secondaryMetrics/'));
    expect(new Set(secondary.map(({ metric: name }) => name))).toEqual(new Set(['other']));
  });

  it('keeps a benchmark without a score as failed', () => {
    const text = JSON.stringify([{ ...ONE, primaryMetric: { ...METRIC, score: 0, scoreError: 'NaN', rawData: [] } }]).replace(
      '"score":0',
      '"score":NaN',
    );
    const reading = readText('j.json', text);
    expect(reading.failed).toEqual([{ pointer: '/0/primaryMetric/score', reason: 'the benchmark has no score' }]);
    expect(reading.measurements.filter(({ failed, pointer }) => !failed && pointer.startsWith('/0/primary'))).toEqual([]);
  });

  const CSV = `"Benchmark","Mode","Threads","Samples","Score","Score Error (99.9%)","Unit","Param: size"
"org.example.Maps.get","thrpt",1,5,1234.5,12.5,"ops/s",8
"org.example.Maps.get:·gc.count","thrpt",1,5,3.000000,NaN,"counts",8
"org.example.Maps.put","avgt",1,5,0.125,NaN,"ms/op",16
`;

  it('reads CSV', () => {
    const reading = readText('j.csv', CSV);
    expect(reading).toMatchObject({ format: 'jmh', records: 3, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, pointer }) => [metric, statistic, value, unit, n, pointer]),
    ).toEqual([
      ['operation_throughput', 'mean', 1234.5, 'ops/s', 5, 'line 2 column Score'],
      ['scoreError', 'error', 12.5, 'ops/s', 5, 'line 2 column Score Error (99.9%)'],
      ['gc.count', 'mean', 3, 'counts', 5, 'line 3 column Score'],
      ['execution_time', 'mean', 0.125, 'ms', 5, 'line 4 column Score'],
    ]);
    expect(reading.measurements[2]?.labels).toEqual({ tool: 'jmh', test: 'org.example.Maps.get', mode: 'thrpt', threads: '1', size: '8' });
  });

  it('reads the percentiles of single calls in CSV, of as many calls as their mean', () => {
    const row = (name: string, count: number, score: string) => `"a.B.c${name}","sample",1,${count},${score},NaN,"us/op",8\n`;
    const rows = [
      row('', 4096, '1.5'),
      row(':p0.00', 1, '0.25'),
      row(':c·p0.50', 1, '1.25'),
      row(':p0.999', 1, '9.5'),
      row(':p1.00', 1, '10'),
    ];
    const reading = readText('j.csv', `${CSV.split('\n')[0]}\n${rows.join('')}${row('', 64, '3')}`);
    expect(reading).toMatchObject({ records: 2, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, labels }) => [metric, statistic, value, unit, n, labels.test]),
    ).toEqual([
      ['execution_time', 'mean', 1.5, 'us', 4096, 'a.B.c'],
      ['execution_time', 'min', 0.25, 'us', 4096, 'a.B.c'],
      ['execution_time', 'median', 1.25, 'us', 4096, 'a.B.c'],
      ['execution_time', 'p99.9', 9.5, 'us', 4096, 'a.B.c'],
      ['execution_time', 'max', 10, 'us', 4096, 'a.B.c'],
      ['execution_time', 'mean', 3, 'us', 64, 'a.B.c'],
    ]);
  });

  it('has no port of an IDE in its labels, so that two starts are alike', () => {
    const started = (port: number) =>
      readText('j.json', JSON.stringify([{ ...ONE, jvmArgs: [`-javaagent:/ide/lib/idea_rt.jar=${port}:/ide/bin`, '-Xmx1G'] }]));
    expect(started(50123).measurements).toEqual(started(61234).measurements);
    expect(started(50123).measurements[0]?.labels.jvm_args).toBe('-javaagent:/ide/lib/idea_rt.jar:/ide/bin -Xmx1G');
  });

  it('reads CSV of a machine that writes commas in numbers', () => {
    const text = CSV.replaceAll(',', ';')
      .replace('99.9', '99,9')
      .replace('1234.5', '1234,5')
      .replace('12.5', '12,5')
      .replace('0.125', '0,125');
    const reading = readText('j.csv', text);
    expect(reading).toMatchObject({ format: 'jmh', records: 3, failed: [] });
    expect(reading.measurements.map(({ metric, value, unit }) => [metric, value, unit])).toEqual([
      ['operation_throughput', 1234.5, 'ops/s'],
      ['scoreError', 12.5, 'ops/s'],
      ['gc.count', 3, 'counts'],
      ['execution_time', 0.125, 'ms'],
    ]);
  });

  it('reads CSV whose numbers with commas stand in quotes', () => {
    const text = CSV.replace('99.9', '99,9').replaceAll(/(?<=,)(\d+)\.(\d+)(?=,)/g, '"$1,$2"');
    expect(text).toContain('1,5,"1234,5","12,5"');
    expect(readText('j.csv', text).measurements.map(({ metric, value, unit }) => [metric, value, unit])).toEqual([
      ['operation_throughput', 1234.5, 'ops/s'],
      ['scoreError', 12.5, 'ops/s'],
      ['gc.count', 3, 'counts'],
      ['execution_time', 0.125, 'ms'],
    ]);
  });

  it.each([
    ['ops/hr', 'thrpt', 'operation_throughput', 2 / 3600],
    ['min/op', 'avgt', 'execution_time', 120],
    ['hr/op', 'avgt', 'execution_time', 7200],
  ] as const)('2 %s can be compared', (unit, mode, metric, wanted) => {
    const [one] = readText(
      'j.csv',
      `${CSV.split('\n')[0]}\n"a.B.c","${mode}",1,5,2,NaN,"${unit}",8\n"a.B.d","${mode}",1,5,2,NaN,"${unit}",8\n`,
    ).measurements;
    expect(one?.metric).toBe(metric);
    expect(canonicalValue(metric, 2, one?.unit ?? null)).toBe(wanted);
  });

  it.each([
    ['others', [{ benchmark: 'a', mode: 'thrpt' }]],
    ['an object', { benchmark: 'a', primaryMetric: {} }],
  ])('does not claim %s', (_, value) => {
    expect(readText('j.json', JSON.stringify(value)).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('j.json', JSON.stringify([ONE]));
    expectNoFaultWhenMangled('j.csv', CSV);
    expectNoOtherNumberWhereCut('j.csv', CSV);
  });
});

const absent = !existsSync(`${SAMPLES}jmh`);
type Raw = { benchmark: string; mode: string; primaryMetric: { score: number; scoreUnit: string; rawData: number[][] } }[];

describe.skipIf(absent)(`JMH, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it.each([
    ['2-bencher-six.json', 'operation_throughput', 'ops/s'],
    // Mode and unit contradict each other in this one.
    ['3-bencher-latency.json', 'score', 's/op'],
    ['4-bencher-throughput.json', 'operation_throughput', 'ops/s'],
    ['5-gab-jmh_output.json', 'operation_throughput', 'ops/s'],
  ])('%s', (name, metric, unit) => {
    const raw: Raw = JSON.parse(readFileSync(`${SAMPLES}jmh/${name}`, 'utf8'));
    const reading = readSample(`jmh/${name}`);
    expect(reading).toMatchObject({ format: 'jmh', records: raw.length, failed: [] });
    for (const [index, { benchmark, primaryMetric }] of raw.entries()) {
      const n = primaryMetric.rawData.flat().length;
      expect(reading.at(`/${index}/primaryMetric/score`)).toMatchObject({
        metric,
        unit,
        n,
        value: primaryMetric.score,
        labels: { test: benchmark },
      });
      const samples = reading.measurements.filter(({ pointer }) => pointer.startsWith(`/${index}/primaryMetric/rawData/`));
      expect(samples.map(({ value }) => value)).toEqual(primaryMetric.rawData.flat());
    }
  });
});
