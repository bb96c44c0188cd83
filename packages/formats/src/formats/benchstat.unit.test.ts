import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const TEXT = `goos: linux
pkg: example.org/kv
           │   old.txt    │               new.txt               │
           │    sec/op    │   sec/op     vs base                │
Get/n=8-4     1.718µ ± 1%   422.5n ± 2%  -75.41% (p=0.000 n=10+9)
Put-4          30.65m ± ∞     31.00m ± ∞        ~ (p=0.446 n=3) ¹
Only-4                         2.50 ± 1%
geomean       2.295µ         2.090µ        -8.94%
¹ need >= 6 samples for confidence interval at level 0.95

           │   old.txt    │               new.txt               │
           │     B/op     │     B/op      vs base               │
Get/n=8-4    1.500Ki ± 0%   0.750Ki ± 0%  -50.00% (p=0.000 n=10)
`;
const CSV = `goos: linux
pkg: example.org/kv
,old.txt,,new.txt
,sec/op,CI,sec/op,CI,vs base,P
Get/n=8-4,1.718e-06,1%,4.225e-07,2%,-75.41%,p=0.000 n=10+9
"Put, twice",0.03065,∞,,,~,
geomean,2.295e-06,,2.09e-06,,-8.94%

,old.txt,,new.txt
,B/op,CI,B/op,CI,vs base,P
Get/n=8-4,1536,0%,768,0%,-50.00%,p=0.000 n=10
`;
const numbers = (path: string, text: string) =>
  readText(path, text).measurements.map(({ metric, statistic, value, unit, n, labels, pointer }) => [
    metric,
    statistic,
    value,
    unit,
    n,
    labels.test,
    labels.column,
    pointer,
  ]);

describe('benchstat', () => {
  it('reads the medians of its text by the bars above them', () => {
    expect(numbers('b.txt', TEXT)).toEqual([
      ['execution_time', 'median', 1.718, 'us', 10, 'Get/n=8-4', 'old.txt', 'line 5 column old.txt sec/op'],
      ['execution_time', 'median', 422.5, 'ns', 9, 'Get/n=8-4', 'new.txt', 'line 5 column new.txt sec/op'],
      ['execution_time', 'median', 30.65, 'ms', 3, 'Put-4', 'old.txt', 'line 6 column old.txt sec/op'],
      ['execution_time', 'median', 31, 'ms', 3, 'Put-4', 'new.txt', 'line 6 column new.txt sec/op'],
      ['execution_time', 'median', 2.5, 's', null, 'Only-4', 'new.txt', 'line 7 column new.txt sec/op'],
      ['B/op', 'median', 1.5, 'KiB', 10, 'Get/n=8-4', 'old.txt', 'line 13 column old.txt B/op'],
      ['B/op', 'median', 0.75, 'KiB', 10, 'Get/n=8-4', 'new.txt', 'line 13 column new.txt B/op'],
    ]);
    expect(readText('b.txt', TEXT).measurements[0]?.labels).toEqual({
      tool: 'benchstat',
      os: 'linux',
      package: 'example.org/kv',
      test: 'Get/n=8-4',
      column: 'old.txt',
    });
  });

  it('reads percentages that were moved to the right, and says where a median was not read', () => {
    const table = `         │   old.txt    │               new.txt               │
         │    sec/op    │   sec/op     vs base                │
Get-4      1.718µ ±  2%   422.5n ± 12%  -75.41% (p=0.000 n=10)
Put-4      1.25 ± fast      31.00m ±  1%  ~ (p=0.446 n=10)
`;
    const reading = readText('b.txt', table);
    expect(reading.measurements.map(({ value, unit, n, pointer }) => [value, unit, n, pointer])).toEqual([
      [1.718, 'us', 10, 'line 3 column old.txt sec/op'],
      [422.5, 'ns', 10, 'line 3 column new.txt sec/op'],
      [31, 'ms', 10, 'line 4 column new.txt sec/op'],
    ]);
    expect(reading.warnings).toEqual(['line 4: 1 of 2 medians stand between no two bars, or in no form that is known: they were not read']);
  });

  it('names a column by all lines above its unit, and takes keys of any kind as labels until they are unset', () => {
    const text = `note: warm
/size: 8
.file: x.txt
        │            old.txt             │    new.txt    │
        │      gob      │     json       │      gob      │
        │ p99-sec       │ p99-sec        │ p99-sec       │
Put-4     -1.250m ± ∞ ¹     2.000µ ± 1%     30.00n ±  12%

note: 
          │  old.txt   │
          │   a-bytes  │
Put-4       2.500Ki ± 0%
Odd-4       1.5.25 ± 0%
`;
    expect(
      readText('b.txt', text).measurements.map(({ metric, value, unit, labels: { column, note, size, file }, pointer }) => [
        metric,
        value,
        unit,
        column,
        note,
        size,
        file,
        pointer,
      ]),
    ).toEqual([
      ['p99-sec', -1.25, 'ms', 'old.txt / gob', 'warm', '8', 'x.txt', 'line 7 column old.txt / gob p99-sec'],
      ['p99-sec', 2, 'us', 'old.txt / json', 'warm', '8', 'x.txt', 'line 7 column old.txt / json p99-sec'],
      ['p99-sec', 30, 'ns', 'new.txt / gob', 'warm', '8', 'x.txt', 'line 7 column new.txt / gob p99-sec'],
      ['a-bytes', 2.5, 'KiB', 'old.txt', undefined, '8', 'x.txt', 'line 12 column old.txt a-bytes'],
    ]);
    const csv = `/size: 8
,old.txt,,old.txt,,,,new.txt,,,
,gob,,json,,,,gob,,,
,sec/op,CI,sec/op,CI,vs base,P,sec/op,CI,vs base,P
Put-4,1.5e-06,1%,2e-06,2%,~,p=0.4 n=6,3e-06,1%,+9%,p=0.1 n=6
`;
    expect(numbers('b.csv', csv).map(([, , value, unit, n, , column]) => [value, unit, n, column])).toEqual([
      [1.5e-6, 's', 6, 'old.txt / gob'],
      [2e-6, 's', 6, 'old.txt / json'],
      [3e-6, 's', 6, 'new.txt / gob'],
    ]);
    expect(readText('b.csv', csv).measurements[0]?.labels.size).toBe('8');
  });

  it('reads its CSV', () => {
    const expected = [
      ['execution_time', 'median', 1.718e-6, 's', 10, 'Get/n=8-4', 'old.txt', 'line 5 column old.txt sec/op'],
      ['execution_time', 'median', 4.225e-7, 's', 9, 'Get/n=8-4', 'new.txt', 'line 5 column new.txt sec/op'],
      ['execution_time', 'median', 0.03065, 's', null, 'Put, twice', 'old.txt', 'line 6 column old.txt sec/op'],
      ['B/op', 'median', 1536, 'bytes', 10, 'Get/n=8-4', 'old.txt', 'line 11 column old.txt B/op'],
      ['B/op', 'median', 768, 'bytes', 10, 'Get/n=8-4', 'new.txt', 'line 11 column new.txt B/op'],
    ];
    expect(numbers('b.csv', CSV)).toEqual(expected);
    expect(numbers('b.txt', CSV)).toEqual(expected);
  });

  it('reads a key whose value has a comma, which CSV puts in quotes', () => {
    const csv = CSV.replace('pkg: example.org/kv', '"cpu: Fast(R), 3 GHz"');
    expect(readText('b.csv', csv).measurements[0]?.labels.cpu).toBe('Fast(R), 3 GHz');
  });

  it('reads nothing of a row through which a bar goes', () => {
    const text = '      │ a.txt │\n      │ sec/op │\nA-4  1.5µ ± 1%\nB-4    2.5µ ± 1%\n';
    expect(numbers('b.txt', text)).toEqual([['execution_time', 'median', 2.5, 'us', null, 'B-4', 'a.txt', 'line 4 column a.txt sec/op']]);
    expect(readText('b.txt', text).warnings).toEqual([
      'line 3: 1 of 1 medians stand between no two bars, or in no form that is known: they were not read',
    ]);
  });

  it('has words for parts of a count, so that none is taken for a unit', () => {
    const table = (median: string) => `      │ a.txt │\n      │ allocs/op │\nA-4    ${median} ± 1%\n`;
    const units = ['500.0m', '1.5k', '2.0M', '3.0'].map((median) => readText('b.txt', table(median)).measurements[0]?.unit);
    expect(units).toEqual(['thousandths', 'thousands', 'millions', null]);
  });

  it('reads no table below a header of more lines than anybody makes', () => {
    const table = (lines: number) => `${'      │ a │\n'.repeat(lines)}      │ sec/op │\nA-4    1.5n ± 1%\n`;
    expect(readText('b.txt', table(19)).measurements[0]?.labels.column).toBe(Array(19).fill('a').join(' / '));
    expect(readText('b.txt', table(20)).measurements).toEqual([]);
  });

  const OLD = `name        old time/op    new time/op    delta
GobEncode-4   13.6ms ± 1%    11.8\u00b5s ± 10%  -13.31%  (p=0.016 n=4+5)
JSONEncode-4  32.1ns ± 1%     1.25s ± 2%     ~     (p=0.286 n=5+5)
Gone-4         5.0ns ± 1%
Shifted-4 5.0ns ± 1%
[Geo mean]    1.00ms         2.00ms       +100.00%

name        old alloc/op   new alloc/op   delta
GobEncode-4   1.20kB ± 0%    12.0B ± 0%   -8.33%  (p=0.008 n=5+5)

name        speed
GobEncode-4  56.4MB/s ± 1%

name \\ allocs/op  a.txt      b.txt      c.txt
GobEncode-4       3.00 ± 0%  1.5k ± 0%  7.00 ± 0%
`;

  it('reads the means that versions before 2023 printed, each with its own prefix', () => {
    expect(numbers('b.txt', OLD)).toEqual([
      ['execution_time', 'mean', 13.6, 'ms', 4, 'GobEncode-4', 'old', 'line 2 column old time/op'],
      ['execution_time', 'mean', 11.8, 'us', 5, 'GobEncode-4', 'new', 'line 2 column new time/op'],
      ['execution_time', 'mean', 32.1, 'ns', 5, 'JSONEncode-4', 'old', 'line 3 column old time/op'],
      ['execution_time', 'mean', 1.25, 's', 5, 'JSONEncode-4', 'new', 'line 3 column new time/op'],
      ['execution_time', 'mean', 5, 'ns', null, 'Gone-4', 'old', 'line 4 column old time/op'],
      ['alloc/op', 'mean', 1.2, 'KB', 5, 'GobEncode-4', 'old', 'line 9 column old alloc/op'],
      ['alloc/op', 'mean', 12, 'bytes', 5, 'GobEncode-4', 'new', 'line 9 column new alloc/op'],
      ['speed', 'mean', 56.4, 'MB/s', null, 'GobEncode-4', undefined, 'line 12 column speed'],
      ['allocs/op', 'mean', 3, null, null, 'GobEncode-4', 'a.txt', 'line 15 column a.txt allocs/op'],
      ['allocs/op', 'mean', 1.5, 'thousands', null, 'GobEncode-4', 'b.txt', 'line 15 column b.txt allocs/op'],
      ['allocs/op', 'mean', 7, null, null, 'GobEncode-4', 'c.txt', 'line 15 column c.txt allocs/op'],
    ]);
    expect(readText('b.txt', OLD).warnings).toEqual(['line 5: 1 mean for 2 columns: it was not read']);
    expect(numbers('b.txt', OLD.replaceAll('\n', '\r\n'))).toEqual(numbers('b.txt', OLD));
    expectNoFaultWhenMangled('b.txt', OLD);
    expectNoOtherNumberWhereCut('b.txt', OLD);
  });

  it('has no colours in its names', () => {
    const coloured = TEXT.replace(/^(\S+)/gm, '\u001b[32m$1\u001b[0m');
    expect(numbers('b.txt', coloured)).toEqual(numbers('b.txt', TEXT));
  });

  it('does not claim other tables', () => {
    expect(readText('b.txt', '│ a │ b │\n│ 1 │ 2 │\n').format).toBe('unknown');
    expect(readText('b.csv', 'name,sec/op,CI\na,1,2\n').format).toBe('generic');
    expect(readText('b.md', TEXT).format).not.toBe('benchstat');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('b.txt', TEXT);
    expectNoFaultWhenMangled('b.csv', CSV);
    expectNoOtherNumberWhereCut('b.txt', TEXT);
    expectNoOtherNumberWhereCut('b.csv', CSV);
  });
});
