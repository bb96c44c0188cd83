import { existsSync, readFileSync } from 'node:fs';
import { canonicalValue } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const estimate = (point_estimate: number) => ({
  confidence_interval: { confidence_level: 0.95, lower_bound: point_estimate - 1, upper_bound: point_estimate + 1 },
  point_estimate,
  standard_error: 0.25,
});
const ESTIMATES = { mean: estimate(120.5), median: estimate(119.25), median_abs_dev: estimate(2), slope: null, std_dev: estimate(3.5) };
const numbers = (text: string, path = 'bench.txt') =>
  readText(path, text).measurements.map(({ metric, statistic, value, unit, n, pointer }) => [metric, statistic, value, unit, n, pointer]);

const TEXT = `running 2 tests
test ignored_one ... ignored
Benchmarking parse: Collecting 100 samples in estimated 5.0000 s (15k iterations)
parse/small             time:   [11.500 µs 12.250 µs 13.125 µs]
                        thrpt:  [71.5 MiB/s 76.25 MiB/s 81 MiB/s]
                        change: [-2.0565% -0.2521% +1.6377%] (p = 0.79 > 0.05)
                        No change in performance detected.
Benchmarking a name that is too long: Collecting 50 samples in estimated 5.0000 s (1k iterations)
a name that is far too long for its column
                        time:   [980.25 ns 1.0050 µs 1.0150 µs]
                 change:
                        time:   [+1.0000% +2.0000% +3.0000%] (p = 0.00 < 0.05)
`;

describe('Criterion', () => {
  it('reads estimates in nanoseconds', () => {
    const reading = readText('estimates.json', JSON.stringify(ESTIMATES));
    expect(reading).toMatchObject({ format: 'criterion', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit, pointer }) => [metric, statistic, value, unit, pointer])).toEqual([
      ['execution_time', 'mean', 120.5, 'ns', '/mean/point_estimate'],
      ['execution_time', 'median', 119.25, 'ns', '/median/point_estimate'],
      ['execution_time', 'stddev', 3.5, 'ns', '/std_dev/point_estimate'],
      ['/median_abs_dev/point_estimate', 'value', 2, 'ns', '/median_abs_dev/point_estimate'],
    ]);
  });

  it('reads estimates of early versions, whose names begin with capitals', () => {
    const early = {
      Mean: estimate(120.5),
      Median: estimate(119.25),
      MedianAbsDev: estimate(2),
      Slope: estimate(121),
      StdDev: estimate(3.5),
    };
    const reading = readText('estimates.json', JSON.stringify(early));
    expect(reading).toMatchObject({ format: 'criterion', records: 1, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, statistic, value, pointer }) => [metric, statistic, value, pointer])).toEqual([
      ['execution_time', 'mean', 120.5, '/Mean/point_estimate'],
      ['execution_time', 'median', 119.25, '/Median/point_estimate'],
      ['execution_time', 'stddev', 3.5, '/StdDev/point_estimate'],
      ['/median_abs_dev/point_estimate', 'value', 2, '/MedianAbsDev/point_estimate'],
      ['/slope/point_estimate', 'value', 121, '/Slope/point_estimate'],
    ]);
    expect(
      readText('estimates.json', JSON.stringify({ Mean: estimate(0.05), Median: estimate(0.04) })).measurements.map(({ unit }) => unit),
    ).toEqual(['ratio', 'ratio']);
  });

  it('takes estimates of a change for the ratios that they are', () => {
    const reading = readText('estimates.json', JSON.stringify({ mean: estimate(0.05), median: estimate(0.04) }));
    expect(reading.format).toBe('criterion');
    expect(reading.measurements.map(({ metric, value, unit }) => [metric, value, unit])).toEqual([
      ['/mean/point_estimate', 0.05, 'ratio'],
      ['/median/point_estimate', 0.04, 'ratio'],
    ]);
  });

  it('reads the console: each bound in its own unit, names that stand above, no changes', () => {
    expect(numbers(TEXT)).toEqual([
      ['time', 'lower', 11.5, 'us', 100, 'line 4 column time lower'],
      ['execution_time', 'value', 12.25, 'us', 100, 'line 4 column time value'],
      ['time', 'upper', 13.125, 'us', 100, 'line 4 column time upper'],
      ['thrpt', 'lower', 71.5, 'MiB/s', null, 'line 5 column thrpt lower'],
      ['thrpt', 'value', 76.25, 'MiB/s', null, 'line 5 column thrpt value'],
      ['thrpt', 'upper', 81, 'MiB/s', null, 'line 5 column thrpt upper'],
      ['time', 'lower', 980.25, 'ns', 50, 'line 10 column time lower'],
      ['execution_time', 'value', 1.005, 'us', 50, 'line 10 column time value'],
      ['time', 'upper', 1.015, 'us', 50, 'line 10 column time upper'],
    ]);
    const tests = readText('bench.log', TEXT).measurements.map(({ labels }) => labels.test);
    expect([...new Set(tests)]).toEqual(['parse/small', 'a name that is far too long for its column']);
  });

  it('knows picoseconds', () => {
    expect(numbers('a  time: [320.5 ps 321.5 ps 322.5 ps]\n')[1]).toEqual([
      'execution_time',
      'value',
      321.5,
      'ps',
      null,
      'line 1 column time value',
    ]);
    expect(canonicalValue('execution_time', 321.5, 'ps')).toBe(321.5e-12);
  });

  const BENCH = `test sort (big) ... bench:   1,672,496 ns/iter (+/- 10,166)
test sort (small) ... bench:         329.25 ns/iter (+/- 4.50) = 12 MB/s
test broken ... FAILED
`;

  it.each([
    ['a time', (line: string) => `2026-01-02T03:04:05.1234567Z ${line}`],
    ['a colour', (line: string) => line.replace(/^(\S+)/, '\u001b[32m$1\u001b[0m')],
  ])('has no %s in its names, which something put before each line', (_, before) => {
    const plain = TEXT.split('\n').map((line) => (line === '' ? line : before(line)));
    expect(readText('bench.log', plain.join('\n')).measurements).toEqual(readText('bench.log', TEXT).measurements);
  });

  it('says where a run broke off', () => {
    const text =
      "a  time: [320.5 ns 321.5 ns 322.5 ns]\nthread 'main' panicked at benches/b.rs:4:5:\nno\nerror: bench failed, to rerun pass `--bench b`\n";
    expect(readText('bench.log', text).warnings).toEqual([
      'line 2: "thread \'main\' panicked at benches/b.rs:4:5:": what it would have measured next may be missing',
      'line 4: "error: bench failed, to rerun pass `--bench b`": what it would have measured next may be missing',
    ]);
  });

  it('reads lines of the bencher layout, and what failed', () => {
    expect(numbers(BENCH)).toEqual([
      ['execution_time', 'value', 1672496, 'ns', null, 'line 1 column ns/iter'],
      ['+/-', 'deviation', 10166, 'ns', null, 'line 1 column +/-'],
      ['execution_time', 'value', 329.25, 'ns', null, 'line 2 column ns/iter'],
      ['+/-', 'deviation', 4.5, 'ns', null, 'line 2 column +/-'],
    ]);
    const reading = readText('bench.txt', BENCH);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'cargo bench', test: 'sort (big)' });
    expect(reading.records).toBe(3);
    expect(reading.failed).toEqual([{ pointer: 'line 3', reason: 'the benchmark failed ("broken")' }]);
  });

  const ESTIMATE = { estimate: 26.5, lower_bound: 26.25, upper_bound: 26.75, unit: 'us' };
  const COMPLETE = {
    ...{ reason: 'benchmark-complete', id: 'fib/20', report_directory: '/x', iteration_count: [1, 2, 3], unit: 'us', slope: null },
    ...{
      measured_values: [26, 53, 79.5],
      typical: ESTIMATE,
      mean: { ...ESTIMATE, estimate: 26.625 },
      median: { ...ESTIMATE, estimate: 26.375 },
    },
  };
  const MESSAGES = `${JSON.stringify(COMPLETE)}\n${JSON.stringify({ reason: 'group-complete', group_name: 'fib', benchmarks: ['fib/20'] })}\n`;

  it('reads what cargo criterion says of each benchmark, in the unit that it states', () => {
    const reading = readText('criterion.jsonl', MESSAGES);
    expect(reading).toMatchObject({ format: 'criterion', records: 1, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, n, pointer }) => [metric, statistic, value, unit, n, pointer]),
    ).toEqual([
      ['/typical/estimate', 'value', 26.5, 'us', 3, 'line 1 /typical/estimate'],
      ['execution_time', 'mean', 26.625, 'us', 3, 'line 1 /mean/estimate'],
      ['execution_time', 'median', 26.375, 'us', 3, 'line 1 /median/estimate'],
      ['execution_time', 'value', 26, 'us', null, 'line 1 /measured_values/0 ÷ line 1 /iteration_count/0'],
      ['execution_time', 'value', 26.5, 'us', null, 'line 1 /measured_values/1 ÷ line 1 /iteration_count/1'],
      ['execution_time', 'value', 26.5, 'us', null, 'line 1 /measured_values/2 ÷ line 1 /iteration_count/2'],
    ]);
    expect(new Set(reading.measurements.map(({ labels }) => JSON.stringify(labels)))).toEqual(
      new Set([JSON.stringify({ tool: 'criterion', test: 'fib/20' })]),
    );
    expectNoFaultWhenMangled('criterion.jsonl', MESSAGES);
    expectNoOtherNumberWhereCut('criterion.jsonl', MESSAGES);
  });

  it.each([
    ['a log', 'a.txt', 'real time: [1 2 3]\nbench: 12 ns/iter\n'],
    ['a page', 'a.md', BENCH],
    ['other estimates', 'a.json', '{"mean": {"point_estimate": 1}, "median": {"point_estimate": 1}}'],
  ])('does not claim %s', (_, path, text) => {
    expect(readText(path, text).format).not.toBe('criterion');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('estimates.json', JSON.stringify(ESTIMATES));
    for (const text of [TEXT, BENCH]) {
      expectNoFaultWhenMangled('bench.txt', text);
      expectNoOtherNumberWhereCut('bench.txt', text);
    }
  });
});

const absent = !existsSync(`${SAMPLES}criterion`);

describe.skipIf(absent)(`Criterion, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it('1-bencher-many.txt: the middle of each line of times', () => {
    const raw = readFileSync(`${SAMPLES}criterion/1-bencher-many.txt`, 'utf8');
    const expected = [...raw.matchAll(/^(\S.*?) +time: +\[\S+ \S+ (\S+) (\S+) /gm)].map(([, test, value, unit]) => [
      test,
      Number(value),
      unit?.replace('µ', 'u'),
    ]);
    const reading = readSample('criterion/1-bencher-many.txt');
    expect(reading).toMatchObject({ format: 'criterion', records: 5, failed: [], warnings: [] });
    expect(expected).toHaveLength(5);
    expect(
      reading.measurements.filter(({ metric }) => metric === 'execution_time').map(({ labels, value, unit }) => [labels.test, value, unit]),
    ).toEqual(expected);
    expect(reading.measurements.every(({ n }) => n === 100)).toBe(true);
  });

  it('2-gab-criterion_output.txt: each line of a benchmark', () => {
    const raw = readFileSync(`${SAMPLES}criterion/2-gab-criterion_output.txt`, 'utf8');
    const expected = [...raw.matchAll(/^test (.*) \.\.\. bench: +(\d+) ns/gm)].map(([, test, value]) => [test, Number(value), 'ns']);
    const reading = readSample('criterion/2-gab-criterion_output.txt');
    expect(expected).toHaveLength(4);
    expect(
      reading.measurements.filter(({ metric }) => metric === 'execution_time').map(({ labels, value, unit }) => [labels.test, value, unit]),
    ).toEqual(expected);
  });
});
