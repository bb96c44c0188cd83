import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const ONE = {
  id: '1',
  name: 'get',
  rank: 1,
  rme: 0.5,
  sampleCount: 40,
  hz: 800,
  mean: 1.25,
  median: 1.125,
  sd: 0.25,
  sem: 0.04,
  min: 1,
  max: 2,
  p75: 1.5,
  p99: 1.75,
  p995: 1.875,
  p999: 2,
  samples: [],
  totalTime: 50,
};
const report = (...benchmarks: unknown[]) => ({
  files: [{ filepath: '/x/maps.bench.ts', groups: [{ fullName: 'maps.bench.ts > maps', benchmarks }] }],
});
const read = (...benchmarks: unknown[]) => readText('v.json', JSON.stringify(report(...benchmarks)));

describe('vitest bench', () => {
  it('reads statistics in milliseconds', () => {
    const reading = read(ONE);
    expect(reading).toMatchObject({ format: 'vitest-bench', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit, n }) => [metric, statistic, value, unit, n])).toEqual([
      ['execution_time', 'mean', 1.25, 'ms', 40],
      ['execution_time', 'median', 1.125, 'ms', 40],
      ['execution_time', 'stddev', 0.25, 'ms', 40],
      ['execution_time', 'stderr', 0.04, 'ms', 40],
      ['execution_time', 'min', 1, 'ms', 40],
      ['execution_time', 'max', 2, 'ms', 40],
      ['execution_time', 'p75', 1.5, 'ms', 40],
      ['execution_time', 'p99', 1.75, 'ms', 40],
      ['execution_time', 'p99.5', 1.875, 'ms', 40],
      ['execution_time', 'p99.9', 2, 'ms', 40],
      ['operation_throughput', 'value', 800, '1/s', null],
    ]);
    expect(reading.measurements[0]).toMatchObject({
      pointer: '/files/0/groups/0/benchmarks/0/mean',
      labels: { tool: 'vitest bench', test: 'maps.bench.ts > maps > get' },
    });
  });

  it('reads samples where they are kept', () => {
    const { sampleCount: _, ...old } = { ...ONE, samples: [1, 1.5] };
    const reading = read(old);
    expect(reading.at('/files/0/groups/0/benchmarks/0/samples/1')).toMatchObject({
      statistic: 'value',
      value: 1.5,
      unit: 'ms',
      over: 'repetitions',
    });
    expect(reading.measurements[0]?.n).toBe(2);
  });

  it('keeps a benchmark without samples as failed', () => {
    const reading = read({ ...ONE, sampleCount: 0, mean: null }, ONE, { name: 'x' });
    expect(reading.failed).toEqual([{ pointer: '/files/0/groups/0/benchmarks/0', reason: 'the benchmark has no sample' }]);
    expect(reading.measurements.filter(({ failed }) => failed).every(({ pointer }) => pointer.includes('/benchmarks/0/'))).toBe(true);
    expect(reading.warnings).toHaveLength(1);
  });

  it.each([{ samples: [] }, { sampleCount: 0 }])('keeps one that threw as failed: %j', (none) => {
    const reading = read(ONE, { id: '2', name: 'throws', rank: 2, rme: 0, ...none });
    expect(reading).toMatchObject({
      records: 2,
      failed: [{ pointer: '/files/0/groups/0/benchmarks/1', reason: 'the benchmark has no sample' }],
      warnings: [],
    });
  });

  it('reads what versions before 1.x wrote, by suite', () => {
    const { sampleCount: _, id: __, ...old } = ONE;
    const text = JSON.stringify({
      numTotalTestSuites: 2,
      numTotalTests: 3,
      testResults: {
        maps: [
          { ...old, samples: [1, 1.5] },
          { ...old, name: 'put', samples: 'ignore on terminal', hz: 400 },
        ],
        'sets/big': [{ ...old, name: 'add', mean: null, samples: [] }],
      },
    });
    const reading = readText('v.json', text);
    expect(reading).toMatchObject({ format: 'vitest-bench', records: 3, warnings: [] });
    expect(reading.at('/testResults/maps/0/mean')).toMatchObject({ value: 1.25, unit: 'ms', n: 2, labels: { test: 'maps > get' } });
    expect(reading.at('/testResults/maps/0/samples/1')).toMatchObject({ statistic: 'value', value: 1.5 });
    expect(reading.at('/testResults/maps/1/hz')).toMatchObject({ value: 400, unit: '1/s', labels: { test: 'maps > put' } });
    expect(reading.at('/testResults/maps/1/mean')?.n).toBeNull();
    expect(reading.failed).toEqual([{ pointer: '/testResults/sets~1big/0', reason: 'the benchmark has no sample' }]);
    expectNoFaultWhenMangled('v.json', text);
  });

  it('does not claim other files', () => {
    expect(readText('v.json', '{"numTotalTests": 1, "testResults": [{"name": "a", "assertionResults": []}]}').format).toBe('generic');
    expect(readText('v.json', JSON.stringify({ testResults: { a: [ONE] } })).format).toBe('generic');
    expect(read({ name: 'a', hz: 1 }).format).toBe('generic');
    expect(readText('v.json', '{"files": []}').format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('v.json', JSON.stringify(report(ONE, { ...ONE, samples: [1, 2] })));
  });
});

const absent = !existsSync(`${SAMPLES}vitest-bench`);
type Raw = { files: { groups: { fullName: string; benchmarks: { name: string; mean: number; hz: number; sampleCount: number }[] }[] }[] };

describe.skipIf(absent)(`vitest bench, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it.each(['1-four.json', '2-two.json'])('%s', (name) => {
    const raw: Raw = JSON.parse(readFileSync(`${SAMPLES}vitest-bench/${name}`, 'utf8'));
    const expected = raw.files.flatMap(({ groups }) =>
      groups.flatMap(({ fullName, benchmarks }) => benchmarks.map((one) => [`${fullName} > ${one.name}`, one.mean, 'ms', one.sampleCount])),
    );
    const reading = readSample(`vitest-bench/${name}`);
    expect(reading).toMatchObject({ format: 'vitest-bench', records: expected.length, failed: [], warnings: [] });
    expect(
      reading.measurements
        .filter(({ statistic }) => statistic === 'mean')
        .map(({ labels, value, unit, n }) => [labels.test, value, unit, n]),
    ).toEqual(expected);
  });
});
