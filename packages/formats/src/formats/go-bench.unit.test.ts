import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const TEXT = `goos: linux
goarch: arm64
pkg: example.org/kv
cpu: Some Processor @ 2.00GHz
note: before
BenchmarkGet/size=10-8         \t 1000\t      1200.5 ns/op\t 64 B/op\t       2 allocs/op
BenchmarkGet/size=10-8         \t 1100\t      1180 ns/op\t 64 B/op\t       2 allocs/op
BenchmarkLines/in-8            \t 500\t       3000 ns/op\t 12.5 MB/s\t 17.25 lines/flush
PASS
ok  \texample.org/kv\t3.1s
pkg: example.org/other
BenchmarkGet/size=10-8         \t 1000\t      99 ns/op
`;

describe('go test -bench', () => {
  it('reads each line as a repetition, with what was said above it', () => {
    const reading = readText('bench.txt', TEXT);
    expect(reading).toMatchObject({ format: 'go-bench', records: 4, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, over, pointer }) => [metric, statistic, value, unit, over, pointer]),
    ).toEqual([
      ['execution_time', 'value', 1200.5, 'ns', 'repetitions', 'line 6 column ns/op'],
      ['B/op', 'value', 64, 'B/op', 'repetitions', 'line 6 column B/op'],
      ['allocs/op', 'value', 2, 'allocs/op', 'repetitions', 'line 6 column allocs/op'],
      ['execution_time', 'value', 1180, 'ns', 'repetitions', 'line 7 column ns/op'],
      ['B/op', 'value', 64, 'B/op', 'repetitions', 'line 7 column B/op'],
      ['allocs/op', 'value', 2, 'allocs/op', 'repetitions', 'line 7 column allocs/op'],
      ['execution_time', 'value', 3000, 'ns', 'repetitions', 'line 8 column ns/op'],
      ['MB/s', 'value', 12.5, 'MB/s', 'repetitions', 'line 8 column MB/s'],
      ['lines/flush', 'value', 17.25, 'lines/flush', 'repetitions', 'line 8 column lines/flush'],
      ['execution_time', 'value', 99, 'ns', 'repetitions', 'line 12 column ns/op'],
    ]);
    expect(reading.at('line 6 column ns/op')?.labels).toEqual({
      tool: 'go test -bench',
      os: 'linux',
      architecture: 'arm64',
      package: 'example.org/kv',
      cpu: 'Some Processor @ 2.00GHz',
      note: 'before',
      test: 'BenchmarkGet/size=10-8',
    });
    expect(reading.at('line 12 column ns/op')?.labels.package).toBe('example.org/other');
  });

  it('keeps a benchmark that failed as a failed record, and says where the rest may be missing', () => {
    const reading = readText('bench.log', `${TEXT}BenchmarkPut-8   \t--- FAIL: BenchmarkPut-8\n    kv_test.go:12: no\npanic: no more\n`);
    // The four that were measured, and this one.
    expect(reading.records).toBe(5);
    expect(reading.failed).toEqual([{ pointer: 'line 13', reason: 'the benchmark failed ("BenchmarkPut-8")' }]);
    expect(reading.warnings).toEqual(['line 15: "panic: no more": what it would have measured next may be missing']);
    expect(reading.measurements.every(({ failed }) => !failed)).toBe(true);
  });

  it('finds the name of numbers that a log tore from it', () => {
    const text = `goos: linux
BenchmarkLog-8   \t2026/01/01 00:00:00 opened 3 files
2026/01/01 00:00:00 7 rows
    1000\t      1200.5 ns/op\t 64 B/op
    2000\t      9 ns/op
BenchmarkNext-8  \t 500\t 30 ns/op
    77 \t 5 ns/op
PASS
`;
    const reading = readText('bench.txt', text);
    expect(reading.measurements.map(({ value, labels, pointer }) => [value, labels.test, pointer])).toEqual([
      [1200.5, 'BenchmarkLog-8', 'line 4 column ns/op'],
      [64, 'BenchmarkLog-8', 'line 4 column B/op'],
      [30, 'BenchmarkNext-8', 'line 6 column ns/op'],
    ]);
    expectNoOtherNumberWhereCut('bench.txt', text);
  });

  it('forgets a key that stands without a value', () => {
    const text = 'pkg: a/b\nnote: warm\nBenchmarkA 10 5 ns/op\npkg: \nnote:\nBenchmarkA 10 6 ns/op\n';
    expect(readText('b.txt', text).measurements.map(({ value, labels }) => [value, labels.package, labels.note])).toEqual([
      [5, 'a/b', 'warm'],
      [6, undefined, undefined],
    ]);
  });

  it('leaves out what is no number', () => {
    const reading = readText('bench.txt', 'BenchmarkX-2 10 5 ns/op NaN hits/op 1 ns/op\n');
    expect(reading.measurements.map(({ pointer }) => pointer)).toEqual(['line 1 column ns/op']);
    expect(reading.warnings).toHaveLength(2);
  });

  it.each([
    ['prose', 'Benchmarking is hard 3 4 ms\nBenchmark results below 1 2\n'],
    ['a line without units', 'BenchmarkX-8 1000 1200\n'],
    ['a page', 'BenchmarkX-8 1000 1200 ns/op\n'],
  ])('does not claim %s', (what, text) => {
    expect(readText(what === 'a page' ? 'README.md' : 'a.txt', text).format).not.toBe('go-bench');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('bench.txt', TEXT);
    expectNoOtherNumberWhereCut('bench.txt', TEXT);
  });
});

const absent = !existsSync(`${SAMPLES}go-bench`);

describe.skipIf(absent)(`go test -bench, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it.each([
    '1-benchstat-old.txt',
    '2-benchstat-new.txt',
    '4-benchstat-smallSample.txt',
    '6-benchstat-crc-old.txt',
    '7-benchstat-crc-new.txt',
    '8-gab-go_output.txt',
    '9-gab-go_fiber_duplicate_names.txt',
  ])('%s: every time that stands there', (name) => {
    const path = `go-bench/${name}`;
    const raw = readFileSync(`${SAMPLES}${path}`, 'utf8').split('\n');
    const expected = raw.flatMap((line, index) => {
      const [, test, value] = /^(Benchmark\S+)\s.*?([\d.]+) ns\/op/.exec(line) ?? [];
      return test === undefined ? [] : [[`line ${index + 1} column ns/op`, test, Number(value)]];
    });
    const reading = readSample(path);
    expect(reading).toMatchObject({ format: 'go-bench', failed: [], warnings: [] });
    expect(expected.length).toBeGreaterThan(0);
    expect(
      reading.measurements
        .filter(({ metric }) => metric === 'execution_time')
        .map(({ pointer, labels, value }) => [pointer, labels.test, value]),
    ).toEqual(expected);
  });

  it('keeps tests of one name in two packages apart, and units of a benchmark’s own', () => {
    const twice = readSample('go-bench/9-gab-go_fiber_duplicate_names.txt');
    const packages = twice.measurements
      .filter(({ labels }) => labels.test === 'BenchmarkAppendMsgitem-4')
      .map(({ labels }) => labels.package);
    expect(new Set(packages).size).toBe(2);
    expect(readSample('go-bench/5-benchstat-zero.txt').at('line 22 column b-bytes')).toMatchObject({
      metric: 'b-bytes',
      value: 171717171717,
      labels: { note: 'after', test: 'BenchmarkImperceptible' },
    });
  });
});
