import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const event = (Package: string, Output: string, more: object = {}): string =>
  JSON.stringify({ Time: '2026-01-01T00:00:00Z', Action: 'output', Package, ...more, Output });
const KV = 'example.org/kv';
const WEB = 'example.org/web';
const EVENTS = [
  JSON.stringify({ Action: 'start', Package: KV }),
  event(KV, 'goos: linux\n'),
  event(WEB, 'goos: linux\n'),
  event(KV, 'goarch: arm64\n'),
  event(KV, `pkg: ${KV}\n`),
  event(KV, 'cpu: Some Processor\n'),
  JSON.stringify({ Action: 'run', Package: KV, Test: 'BenchmarkGet' }),
  event(KV, '=== RUN   BenchmarkGet\n', { Test: 'BenchmarkGet' }),
  event(KV, 'BenchmarkGet\n', { Test: 'BenchmarkGet' }),
  event(KV, 'BenchmarkGet-8   \t', { Test: 'BenchmarkGet' }),
  event(WEB, 'BenchmarkServe-8   \t     500\t      3000 ns/op\t 12.5 MB/s\n'),
  event(KV, '    1000\t      1200.5 ns/op\t      64 B/op\t       2 allocs/op\n', { Test: 'BenchmarkGet' }),
  event(KV, 'BenchmarkGet-8   \t    1100\t      1180 ns/op\nBenchmarkPut-8   \t'),
  event(KV, '--- FAIL: BenchmarkPut-8\n'),
  event(KV, 'FAIL\texample.org/kv\t3.1s\n'),
  JSON.stringify({ Action: 'fail', Package: KV, Elapsed: 3.1 }),
];
const TEXT = `${EVENTS.join('\n')}\n`;

describe('go test -json', () => {
  it.each(['bench.json', 'bench.jsonl', 'bench.txt'])('puts the outputs of each package together: %s', (path) => {
    const reading = readText(path, TEXT);
    expect(reading).toMatchObject({ format: 'go-test-json', records: 4 });
    expect(reading.failed).toEqual([{ pointer: 'line 14 /Output', reason: 'the benchmark failed ("BenchmarkPut-8")' }]);
    expect(
      reading.measurements.map(({ metric, value, unit, over, labels, pointer }) => [metric, value, unit, over, labels.test, pointer]),
    ).toEqual([
      ['execution_time', 1200.5, 'ns', 'repetitions', 'BenchmarkGet-8', 'line 12 /Output column ns/op'],
      ['B/op', 64, 'B/op', 'repetitions', 'BenchmarkGet-8', 'line 12 /Output column B/op'],
      ['allocs/op', 2, 'allocs/op', 'repetitions', 'BenchmarkGet-8', 'line 12 /Output column allocs/op'],
      ['execution_time', 1180, 'ns', 'repetitions', 'BenchmarkGet-8', 'line 13 /Output column ns/op'],
      ['execution_time', 3000, 'ns', 'repetitions', 'BenchmarkServe-8', 'line 11 /Output column ns/op'],
      ['MB/s', 12.5, 'MB/s', 'repetitions', 'BenchmarkServe-8', 'line 11 /Output column MB/s'],
    ]);
    expect(reading.warnings).toContain('line 15 /Output: "FAIL example.org/kv 3.1s": what it would have measured next may be missing');
  });

  it('has the labels of what go test prints as text, of each package its own', () => {
    const reading = readText('bench.jsonl', TEXT);
    const kv = { tool: 'go test -bench', os: 'linux', architecture: 'arm64', package: KV, cpu: 'Some Processor', test: 'BenchmarkGet-8' };
    expect(reading.at('line 12 /Output column ns/op')?.labels).toEqual(kv);
    expect(reading.at('line 11 /Output column ns/op')?.labels).toEqual({
      tool: 'go test -bench',
      os: 'linux',
      package: WEB,
      test: 'BenchmarkServe-8',
    });
    const printed = 'goos: linux\ngoarch: arm64\npkg: example.org/kv\ncpu: Some Processor\nBenchmarkGet-8 \t 1000\t 1200.5 ns/op\n';
    expect(readText('bench.txt', printed).measurements[0]?.labels).toEqual(kv);
  });

  it('reads no unit of somebody’s own that may go on, and no line beyond what a tool prints', () => {
    const cut = readText('b.jsonl', `${event(KV, 'goos: linux\n')}\n${event(KV, 'BenchmarkX-8 \t 10\t 5 ns/op\t 7 hits/o')}\n`);
    expect(cut.measurements.map(({ pointer }) => pointer)).toEqual(['line 2 /Output column ns/op']);
    expect(cut.warnings).toContainEqual(expect.stringContaining('may be cut'));
    const long = readText(
      'b.jsonl',
      `${event(KV, 'x'.repeat(5_000))}\n${event(KV, 'BenchmarkX-8 \t 10\t 5 ns/op\n')}\n${event(KV, 'BenchmarkY-8 \t 10\t 6 ns/op\n')}\n`,
    );
    expect(long.measurements.map(({ value }) => value)).toEqual([6]);
  });

  it.each([
    ['tests without benchmarks', [event(KV, 'ok\n'), event(KV, 'PASS\n')]],
    ['other lines with actions', ['{"Action":"buy","Package":"a","Output":"BenchmarkX-8 1 2 ns/op\\n"}', '{"Action":"buy"}']],
    ['other lines with outputs', ['{"Output":"BenchmarkX-8 1 2 ns/op\\n"}', '{"Output":"b"}']],
  ])('does not claim %s', (_, lines) => {
    expect(readText('a.jsonl', `${lines.join('\n')}\n`).format).not.toBe('go-test-json');
  });

  it('survives whatever stands there, and yields no other number where it is cut', () => {
    expectNoFaultWhenMangled('bench.jsonl', TEXT);
    expectNoOtherNumberWhereCut('bench.jsonl', TEXT);
  });
});
