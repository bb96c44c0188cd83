import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const STATS = {
  min: 0.25,
  max: 0.5,
  mean: 0.375,
  stddev: 0.125,
  rounds: 2,
  median: 0.375,
  iqr: 0.125,
  q1: 0.3125,
  q3: 0.4375,
  ops: 2.6666666666666665,
  total: 0.75,
  data: [0.25, 0.5],
  iterations: 3,
};
const ONE = {
  group: 'io',
  name: 'test_a',
  fullname: 'test_io.py::test_a[8-fast]',
  params: { size: 8, mode: 'fast' },
  param: '8-fast',
  extra_info: { gpu: 'none', hits: 3, 'wait (ms)': 2.5, of: { more: 1 } },
  stats: STATS,
};
const report = (...benchmarks: unknown[]) => ({
  machine_info: { node: 'box', python_version: '3.12.1', cpu: { brand_raw: 'A Processor' } },
  commit_info: { id: 'abc123', dirty: false },
  benchmarks,
  datetime: '2026-01-02T03:04:05',
  version: '5.1.0',
});
const read = (...benchmarks: unknown[]) => readText('b.json', JSON.stringify(report(...benchmarks)));

describe('pytest-benchmark', () => {
  it('reads statistics over the rounds in seconds, and the rounds', () => {
    const reading = read(ONE);
    expect(reading).toMatchObject({ format: 'pytest-benchmark', records: 1, failed: [], warnings: [] });
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
      ['execution_time', 'mean', 0.375, 's', 2, 'repetitions', '/benchmarks/0/stats/mean'],
      ['execution_time', 'stddev', 0.125, 's', 2, 'repetitions', '/benchmarks/0/stats/stddev'],
      ['execution_time', 'median', 0.375, 's', 2, 'repetitions', '/benchmarks/0/stats/median'],
      ['execution_time', 'min', 0.25, 's', 2, 'repetitions', '/benchmarks/0/stats/min'],
      ['execution_time', 'max', 0.5, 's', 2, 'repetitions', '/benchmarks/0/stats/max'],
      ['execution_time', 'p25', 0.3125, 's', 2, 'repetitions', '/benchmarks/0/stats/q1'],
      ['execution_time', 'p75', 0.4375, 's', 2, 'repetitions', '/benchmarks/0/stats/q3'],
      ['operation_throughput', 'value', 2.6666666666666665, '1/s', null, 'runs', '/benchmarks/0/stats/ops'],
      ['hits', 'value', 3, null, null, undefined, '/benchmarks/0/extra_info/hits'],
      ['wait (ms)', 'value', 2.5, 'ms', null, undefined, '/benchmarks/0/extra_info/wait (ms)'],
      ['execution_time', 'value', 0.25, 's', null, 'repetitions', '/benchmarks/0/stats/data/0'],
      ['execution_time', 'value', 0.5, 's', null, 'repetitions', '/benchmarks/0/stats/data/1'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'pytest-benchmark',
      tool_version: '5.1.0',
      timestamp: '2026-01-02T03:04:05',
      test: 'test_io.py::test_a[8-fast]',
      group: 'io',
      param: '8-fast',
      size: '8',
      mode: 'fast',
      gpu: 'none',
      cpu: 'A Processor',
      host: 'box',
      python_version: '3.12.1',
      commit: 'abc123',
    });
  });

  it('does not take some of the rounds for all', () => {
    const reading = read({ ...ONE, stats: { ...STATS, rounds: 900 } });
    expect(reading.measurements.filter(({ statistic, metric }) => statistic === 'value' && metric === 'execution_time')).toEqual([]);
    expect(reading.warnings).toEqual(['/benchmarks/0/stats/data: 2 values for 900 rounds: they were not read']);
  });

  it('keeps a benchmark without rounds, or with an error, as failed', () => {
    const reading = read({ ...ONE, stats: { ...STATS, rounds: 0, data: [] } }, { ...ONE, has_error: true }, ONE);
    expect(reading.failed.map(({ pointer }) => pointer)).toEqual(['/benchmarks/0', '/benchmarks/1']);
    expect(new Set(reading.measurements.map(({ pointer, failed }) => `${pointer.slice(0, 13)} ${failed}`))).toEqual(
      new Set(['/benchmarks/0 true', '/benchmarks/1 true', '/benchmarks/2 false']),
    );
  });

  it('says that a repository was dirty, and what is no result', () => {
    const text = JSON.stringify({ ...report(ONE, { name: 'x' }), commit_info: { id: 'a', dirty: true } });
    expect(readText('b.json', text).warnings).toEqual([
      '/commit_info/dirty: the repository had changes that are in no commit: the commit does not say what was run',
      '/benchmarks/1: no result of a benchmark that is known: it was not read',
    ]);
  });

  it.each([
    ['other benchmarks', { machine_info: {}, benchmarks: [{ name: 'a', stats: { mean: 1 } }] }],
    ['benchmarks without a machine', { benchmarks: [ONE] }],
    ['none', { machine_info: {}, benchmarks: [] }],
  ])('does not claim %s', (_, value) => {
    expect(readText('pytest.json', JSON.stringify(value)).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('b.json', JSON.stringify(report(ONE)));
  });
});

const absent = !existsSync(`${SAMPLES}pytest-benchmark`);
type Raw = { benchmarks: { fullname: string; stats: { mean: number; median: number; rounds: number; ops: number; data: unknown[] } }[] };

describe.skipIf(absent)(`pytest-benchmark, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it.each(['1-gab-pytest_output.json', '2-gab-pytest_several_units.json'])('%s', (name) => {
    const path = `pytest-benchmark/${name}`;
    const raw: Raw = JSON.parse(readFileSync(`${SAMPLES}${path}`, 'utf8'));
    const reading = readSample(path);
    expect(reading).toMatchObject({ format: 'pytest-benchmark', records: raw.benchmarks.length, failed: [] });
    for (const [index, { fullname, stats }] of raw.benchmarks.entries()) {
      const at = `/benchmarks/${index}/stats`;
      expect(reading.at(`${at}/mean`)).toMatchObject({ value: stats.mean, n: stats.rounds, unit: 's', labels: { test: fullname } });
      expect(reading.at(`${at}/median`)).toMatchObject({ value: stats.median, statistic: 'median' });
      expect(reading.at(`${at}/ops`)).toMatchObject({ value: stats.ops, metric: 'operation_throughput' });
      // Some lists end in a text, and hold four of thousands.
      const held = stats.data.filter((value) => typeof value === 'number');
      const read = reading.measurements.filter(({ pointer }) => pointer.startsWith(`${at}/data/`)).map(({ value }) => value);
      expect(read).toEqual(held.length === stats.rounds ? held : []);
    }
  });
});
