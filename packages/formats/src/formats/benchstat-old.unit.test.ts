import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const numbers = (path: string, text: string) =>
  readText(path, text).measurements.map(({ metric, statistic, value, unit, n, labels, pointer }) => [
    metric,
    statistic,
    value,
    unit,
    n,
    labels.package,
    labels.test,
    labels.column,
    pointer,
  ]);

const TEXT = `name         old time/op    new time/op    delta
pkg:example.org/a goos:linux
Wide-8         1.50µs ±12%    2.50µs ±150%   +66.67%  (p=0.008 n=5+4)
pkg:example.org/b goos:linux
Wide-8          250ns ± 3%

name         old alloc/op   new alloc/op   delta
None-8          0.00B          0.00B          ~     (all equal)
Less-8          64.0B ± 0%      0.0B       -100.00%  (p=0.008 n=5+5)

name         old p99-time/op  new p99-time/op  delta
Wide-8          1.25ms ±25%      1.75ms ±10%  +40.00%  (p=0.008 n=5+5)

name \\ time/op   a.txt        b.txt        c.txt
pkg:example.org/a goos:linux
Wide-8           1.50µs ±12%                250ns ± 3%
pkg:example.org/b goos:linux
Wide-8                        40.0ns ± 1%
[Geo mean]       1.50µs       40.0ns       250ns
`;

const CSV = `name,old time/op (ns/op),±,new time/op (ns/op),±,delta,±
pkg:example.org/a goos:linux
Wide-8,1.50000E+03,12%,2.50000E+03,150%,+66.67%,(p=0.008 n=5+4)
pkg:example.org/b goos:linux
Wide-8,2.50000E+02,3%,,,~,
[Geo mean],6.12372E+02,,2.50000E+03,,

name,old heap-bytes (heap-bytes),±,new heap-bytes (heap-bytes),±,delta,±
Wide-8,6.40000E+01,0%,0.00000E+00,,-100.00%,(p=0.008 n=5+4)
`;

describe('what benchstat printed before 2023', () => {
  it('reads wide percentages, means of zero, groups, and rows that lack a mean by their places', () => {
    const a = 'example.org/a';
    const b = 'example.org/b';
    expect(numbers('b.txt', TEXT)).toEqual([
      ['execution_time', 'mean', 1.5, 'us', 5, a, 'Wide-8', 'old', 'line 3 column old time/op'],
      ['execution_time', 'mean', 2.5, 'us', 4, a, 'Wide-8', 'new', 'line 3 column new time/op'],
      ['execution_time', 'mean', 250, 'ns', null, b, 'Wide-8', 'old', 'line 5 column old time/op'],
      ['alloc/op', 'mean', 0, 'bytes', null, undefined, 'None-8', 'old', 'line 8 column old alloc/op'],
      ['alloc/op', 'mean', 0, 'bytes', null, undefined, 'None-8', 'new', 'line 8 column new alloc/op'],
      ['alloc/op', 'mean', 64, 'bytes', 5, undefined, 'Less-8', 'old', 'line 9 column old alloc/op'],
      ['alloc/op', 'mean', 0, 'bytes', 5, undefined, 'Less-8', 'new', 'line 9 column new alloc/op'],
      ['p99-time/op', 'mean', 1.25, 'ms', 5, undefined, 'Wide-8', 'old', 'line 12 column old p99-time/op'],
      ['p99-time/op', 'mean', 1.75, 'ms', 5, undefined, 'Wide-8', 'new', 'line 12 column new p99-time/op'],
      ['execution_time', 'mean', 1.5, 'us', null, a, 'Wide-8', 'a.txt', 'line 16 column a.txt time/op'],
      ['execution_time', 'mean', 250, 'ns', null, a, 'Wide-8', 'c.txt', 'line 16 column c.txt time/op'],
      ['execution_time', 'mean', 40, 'ns', null, b, 'Wide-8', 'b.txt', 'line 18 column b.txt time/op'],
    ]);
    expect(readText('b.txt', TEXT).warnings).toEqual([]);
  });

  it('reads its CSV, each number in the unit of the heading', () => {
    const expected = [
      ['execution_time', 'mean', 1500, 'ns', 5, 'example.org/a', 'Wide-8', 'old', 'line 3 column old time/op'],
      ['execution_time', 'mean', 2500, 'ns', 4, 'example.org/a', 'Wide-8', 'new', 'line 3 column new time/op'],
      ['execution_time', 'mean', 250, 'ns', null, 'example.org/b', 'Wide-8', 'old', 'line 5 column old time/op'],
      ['heap-bytes', 'mean', 64, 'bytes', 5, undefined, 'Wide-8', 'old', 'line 9 column old heap-bytes'],
      ['heap-bytes', 'mean', 0, 'bytes', 4, undefined, 'Wide-8', 'new', 'line 9 column new heap-bytes'],
    ];
    expect(numbers('b.csv', CSV)).toEqual(expected);
    expect(numbers('b.txt', CSV)).toEqual(expected);
    const without = 'name,time/op (ns/op)\nA-8,1.50000E+03\n\nname \\ speed (MB/s),x,y,z\nA-8,5.00000E+00,,7.00000E+00\n';
    expect(numbers('b.csv', without)).toEqual([
      ['execution_time', 'mean', 1500, 'ns', null, undefined, 'A-8', undefined, 'line 2 column time/op'],
      ['speed', 'mean', 5, 'MB/s', null, undefined, 'A-8', 'x', 'line 5 column x speed'],
      ['speed', 'mean', 7, 'MB/s', null, undefined, 'A-8', 'z', 'line 5 column z speed'],
    ]);
  });

  it('takes no count in the name of a benchmark for that of its repetitions', () => {
    const text =
      'name        old time/op  new time/op  delta\nSort/n=1000  13.6ms ± 1%  11.8ms ± 2%  -13.2%  (p=0.016 n=4+5)\nTop/n=7     1.00ms ± 1%  1.00ms ± 2%   ~     (all equal)\n';
    const csv =
      'name,old time/op (ns/op),±,new time/op (ns/op),±,delta,±\nSort/n=1000,1.36000E+07,1%,1.18000E+07,2%,-13.2%,(p=0.016 n=4+5)\nTop/n=7,1.00000E+06,1%,1.00000E+06,2%,~,(all equal)\n';
    for (const [path, shown] of [['b.txt', text] as const, ['b.csv', csv] as const])
      expect(readText(path, shown).measurements.map(({ n }) => n)).toEqual([4, 5, null, null]);
  });

  it('does not claim tables of others', () => {
    expect(readText('b.csv', 'name,latency (ms),±\na,1,2\n').format).toBe('generic');
    expect(readText('b.csv', 'name,mean (ms)\na,1\n').format).toBe('generic');
    expect(readText('b.txt', 'name  value\nOne  1.5ms ±12%\n').format).toBe('unknown');
    expect(readText('b.txt', 'name  tok/s\nOne  45.25 ± 0.5\n').format).toBe('unknown');
  });

  it('says which means it does not know', () => {
    const text = 'name  old time/op  new time/op  delta\nA-8   1.50ms ± 1%  1.25XX ± 2%  -16.67%\n';
    expect(readText('b.txt', text).warnings).toEqual(['line 2: 1 of 2 means stand in no form that is known: they were not read']);
    expect(numbers('b.txt', text)).toEqual([
      ['execution_time', 'mean', 1.5, 'ms', null, undefined, 'A-8', 'old', 'line 2 column old time/op'],
    ]);
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('b.txt', TEXT);
    expectNoFaultWhenMangled('b.csv', CSV);
    expectNoOtherNumberWhereCut('b.txt', TEXT);
    expectNoOtherNumberWhereCut('b.csv', CSV);
  });
});
