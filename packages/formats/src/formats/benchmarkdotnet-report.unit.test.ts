import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const PAGE = `\`\`\`
BenchmarkDotNet v0.13.12, Ubuntu 22.04
\`\`\`
| Method     | Job    | N    | Mean       | Error    | StdDev   | Ratio | Gen0   | Allocated |
|----------- |------- |----- |-----------:|---------:|---------:|------:|-------:|----------:|
| **Hash**   | .NET 8 | 1000 | 1,234.5 ns | 12.30 ns | 10.10 ns |  1.00 | 0.0100 |     112 B |
| HashLong   | .NET 8 | 1000 |   2.345 \u03bcs | 0.012 \u03bcs | 0.011 \u03bcs |  1.90 |      - |    1.5 KB |
|            |        |      |            |          |          |       |        |           |
| HashBroken | .NET 9 | 1000 |         NA |       NA |       NA |     ? |     NA |        NA |
`;
const CSV = `Method;Runtime;N;Mean [us];Error [us];StdDev [us];Median [us];Allocated [B]
Hash;.NET 8.0;1000;1,234.5;12.3;10.1;1,230.0;112
HashLong;.NET 8.0;1000;2.5;0.5;0.25;2.25;-
`;

describe('a report of BenchmarkDotNet', () => {
  it('on a page has a unit in each cell, groups of thousands, and sizes of 1024', () => {
    const reading = readText('x-report-github.md', PAGE);
    expect(reading).toMatchObject({ format: 'benchmarkdotnet', records: 3, warnings: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit, pointer }) => [metric, statistic, value, unit, pointer])).toEqual([
      ['execution_time', 'mean', 1234.5, 'ns', 'line 6 column Mean'],
      ['Error', 'error', 12.3, 'ns', 'line 6 column Error'],
      ['execution_time', 'stddev', 10.1, 'ns', 'line 6 column StdDev'],
      ['Allocated', 'value', 112, 'bytes', 'line 6 column Allocated'],
      ['execution_time', 'mean', 2.345, 'us', 'line 7 column Mean'],
      ['Error', 'error', 0.012, 'us', 'line 7 column Error'],
      ['execution_time', 'stddev', 0.011, 'us', 'line 7 column StdDev'],
      ['Allocated', 'value', 1.5, 'KiB', 'line 7 column Allocated'],
    ]);
    expect(reading.measurements[0]).toMatchObject({ n: null, over: 'repetitions', failed: false });
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'BenchmarkDotNet', test: 'Hash', job: '.NET 8', n: '1000' });
  });

  it('keeps a benchmark that did not complete as a failed record', () => {
    expect(readText('r.md', PAGE).failed).toEqual([
      { pointer: 'line 9 column Mean', reason: 'the benchmark has no mean: it did not complete' },
    ]);
  });

  it('has no deviation where no benchmark completed, and is no table of settings', () => {
    const text = 'Method,Job,UnrollFactor,Mean,Error,Ratio\nHash,DefaultJob,16,NA,NA,?\nHashLong,DefaultJob,16,NA,NA,?\n';
    const reading = readText('x-report.csv', text);
    expect(reading).toMatchObject({ format: 'benchmarkdotnet', records: 2, measurements: [] });
    expect(reading.failed.map(({ pointer }) => pointer)).toEqual(['line 2 column Mean', 'line 3 column Mean']);
    expect(readText('x.csv', 'Method,Job,Mean,Error\nHash,a,1,2\n').format).toBe('generic');
  });

  it('has the same names on a page, where they are HTML, as in CSV', () => {
    const page =
      '| Method | Mean | Error | StdDev |\n|---|---|---|---|\n| &#39;fast &amp; &quot;small&quot; &lt;1&gt;&#39; | 1.5 ns | 0.5 ns | 0.25 ns |\n';
    const csv = 'Method,Mean,Error,StdDev\n"\'fast & ""small"" <1>\'",1.5 ns,0.5 ns,0.25 ns\n';
    const names = [page, csv].map((text, at) => readText(at === 0 ? 'r.md' : 'r.csv', text).measurements[0]?.labels.test);
    expect(names).toEqual(['\'fast & "small" <1>\'', '\'fast & "small" <1>\'']);
    expect(readText('r.md', page.replace('&#39;', '&#55555;')).measurements[0]?.labels.test).toContain('&#55555;');
  });

  it('as CSV may state its units in the heading', () => {
    const reading = readText('x-report.csv', CSV);
    expect(reading).toMatchObject({ format: 'benchmarkdotnet', records: 2, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit }) => [metric, statistic, value, unit])).toEqual([
      ['execution_time', 'mean', 1234.5, 'us'],
      ['Error', 'error', 12.3, 'us'],
      ['execution_time', 'stddev', 10.1, 'us'],
      ['execution_time', 'median', 1230, 'us'],
      ['Allocated', 'value', 112, 'bytes'],
      ['execution_time', 'mean', 2.5, 'us'],
      ['Error', 'error', 0.5, 'us'],
      ['execution_time', 'stddev', 0.25, 'us'],
      ['execution_time', 'median', 2.25, 'us'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'BenchmarkDotNet', test: 'Hash', runtime: '.NET 8.0', n: '1000' });
  });

  it('may be in a language with commas before fractions', () => {
    const german = PAGE.replaceAll(/\d[\d.,]*(?= (?:ns|\u03bcs|B|KB)|\s+\|)/g, (number) =>
      number.replace(/[.,]/g, (sign) => (sign === '.' ? ',' : '.')),
    );
    expect(german).toContain('| 1.234,5 ns | 12,30 ns |');
    const values = (text: string) => readText('r.md', text).measurements.map(({ value, unit }) => [value, unit]);
    expect(values(german)).toEqual(values(PAGE));
    const french = 'Method;Mean;Error;StdDev\na;1\u202f234,5 ns;2,345 ns;1,250 ns\n';
    expect(readText('r.csv', french).measurements.map(({ value }) => value)).toEqual([1234.5, 2.345, 1.25]);
  });

  it('is not read where a comma may group thousands or begin a fraction', () => {
    const reading = readText('r.md', '| Method | Mean | Error | StdDev |\n|---|---|---|---|\n| a | 1,234 us | 12 us | 2,500 us |\n');
    expect(reading.measurements.map(({ metric, value }) => [metric, value])).toEqual([['Error', 12]]);
    expect(reading.warnings).toEqual([
      'line 3 column Mean: "1,234 us" was not read: nothing in its table says whether the sign groups thousands or begins a fraction',
      'line 3 column StdDev: "2,500 us" was not read: nothing in its table says whether the sign groups thousands or begins a fraction',
    ]);
  });

  it('does not read a number without a unit, or with one that is none', () => {
    const reading = readText('r.csv', 'Method,Mean,Error,StdDev\na,12.5,1.5 ns,0.5 parsecs\n');
    expect(reading.measurements.map(({ metric, value }) => [metric, value])).toEqual([['Error', 1.5]]);
    expect(reading.warnings).toEqual(['line 2 column Mean: "12.5" was not read', 'line 2 column StdDev: "0.5 parsecs" was not read']);
  });

  it.each([
    ['means of something', 'Method,Mean,StdDev\na,1 ns,2 ns\n'],
    ['a table of JMH', 'Benchmark,Mode,Cnt,Score,Error,Units\na,thrpt,5,12.5,1.5,ops/s\n'],
  ])('does not claim %s', (_, text) => expect(readText('a.csv', text).format).not.toBe('benchmarkdotnet'));

  it('survives whatever stands there', () => {
    for (const [name, text] of [
      ['r.md', PAGE],
      ['r.csv', CSV],
    ] as const) {
      expectNoFaultWhenMangled(name, text);
      expectNoOtherNumberWhereCut(name, text);
    }
  });
});
