import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const ABOVE = `2026-01-02T10:00:00+00:00
Running ./build/bench
Run on (8 X 3000.1 MHz CPU s)
CPU Caches:
  L1 Data 32 KiB (x4)
Load Average: 0.10, 0.20, 0.15
***WARNING*** Library was built as DEBUG. Timings may be affected.
`;
const LINE = '-'.repeat(100);
const table = (...rows: string[]): string =>
  [LINE, 'Benchmark                      Time             CPU   Iterations UserCounters...', LINE, ...rows, ''].join('\n');
const TEXT =
  ABOVE +
  table(
    'BM_Copy/8                    12.5 ns         12.3 ns     56000000 bytes_per_second=1.5Gi/s items_per_second=33.25M/s a word',
    'BM_Copy/8                    13.5 ns         13.1 ns     56000000 bytes_per_second=1.25Gi/s items_per_second=31.5M/s',
    'BM_Copy/8_mean               13.0 ns         12.7 ns            2 bytes_per_second=1.375Gi/s',
    'BM_Copy/8_stddev             0.75 ns        0.566 ns            2',
    'BM_Copy/8_cv                 5.44 %          4.45 %             2 bytes_per_second=12.86%',
    'BM_Copy/8_worst              13.5 ns         13.1 ns            2',
    'BM_Sort<int, long>/64        1.25 ms         1.20 ms          560 Hits=12.406k Rate=2.5/s Each=2.25us Left=-3 NotANumber=inf',
    'BM_Sort_BigO                 3.55 NlgN       3.54 NlgN',
    'BM_Sort_RMS                     2 %             2 %',
    "BM_File              ERROR OCCURRED: 'no file: it's gone'",
    "BM_Gpu               SKIPPED: 'no GPU'",
    'BM_Slow              2.3672e+10 ns   2.3594e+10 ns            1',
  );

const shown = (text: string, path = 'out.txt') =>
  readText(path, text).measurements.map(({ metric, statistic, value, unit, n, pointer }) => [metric, statistic, value, unit, n, pointer]);

describe('what Google Benchmark prints on a terminal', () => {
  it('has a unit in each row, repetitions apart from aggregates, and counters with letters', () => {
    expect(shown(TEXT)).toEqual([
      ['execution_time', 'value', 12.5, 'ns', null, 'line 11 column Time'],
      ['cpu_time', 'value', 12.3, 'ns', null, 'line 11 column CPU'],
      ['bytes_per_second', 'value', 1.5, 'GiB/s', null, 'line 11 column bytes_per_second'],
      ['items_per_second', 'value', 33.25, 'M items/s', null, 'line 11 column items_per_second'],
      ['execution_time', 'value', 13.5, 'ns', null, 'line 12 column Time'],
      ['cpu_time', 'value', 13.1, 'ns', null, 'line 12 column CPU'],
      ['bytes_per_second', 'value', 1.25, 'GiB/s', null, 'line 12 column bytes_per_second'],
      ['items_per_second', 'value', 31.5, 'M items/s', null, 'line 12 column items_per_second'],
      ['execution_time', 'mean', 13, 'ns', 2, 'line 13 column Time'],
      ['cpu_time', 'mean', 12.7, 'ns', 2, 'line 13 column CPU'],
      ['bytes_per_second', 'mean', 1.375, 'GiB/s', 2, 'line 13 column bytes_per_second'],
      ['execution_time', 'stddev', 0.75, 'ns', 2, 'line 14 column Time'],
      ['cpu_time', 'stddev', 0.566, 'ns', 2, 'line 14 column CPU'],
      ['real_time cv', 'cv', 5.44, '%', 2, 'line 15 column Time'],
      ['cpu_time cv', 'cv', 4.45, '%', 2, 'line 15 column CPU'],
      ['bytes_per_second cv', 'cv', 12.86, '%', 2, 'line 15 column bytes_per_second'],
      ['execution_time', 'value', 1.25, 'ms', null, 'line 17 column Time'],
      ['cpu_time', 'value', 1.2, 'ms', null, 'line 17 column CPU'],
      ['Hits', 'value', 12.406, 'k', null, 'line 17 column Hits'],
      ['Rate', 'value', 2.5, '1/s', null, 'line 17 column Rate'],
      ['Each', 'value', 2.25, 'us', null, 'line 17 column Each'],
      ['Left', 'value', -3, null, null, 'line 17 column Left'],
      ['execution_time', 'value', 2.3672e10, 'ns', null, 'line 22 column Time'],
      ['cpu_time', 'value', 2.3594e10, 'ns', null, 'line 22 column CPU'],
    ]);
  });

  it('is of a test, under the names that JSON has, and says what was left out', () => {
    const reading = readText('out.log', TEXT);
    expect(reading).toMatchObject({ format: 'google-benchmark', records: 9 });
    expect(reading.measurements[0]).toMatchObject({ over: 'repetitions', failed: false });
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'google-benchmark',
      timestamp: '2026-01-02T10:00:00+00:00',
      test: 'BM_Copy/8',
      label: 'a word',
    });
    expect(reading.at('line 15 column Time')?.labels.test).toBe('BM_Copy/8');
    expect(reading.at('line 17 column Time')?.labels).toEqual({
      tool: 'google-benchmark',
      timestamp: '2026-01-02T10:00:00+00:00',
      test: 'BM_Sort<int, long>/64',
    });
    expect(reading.warnings).toEqual([
      'line 7: Library was built as DEBUG. Timings may be affected.',
      'line 18: an aggregate of complexity (BigO, RMS) was not read',
      'line 19: an aggregate of complexity (BigO, RMS) was not read',
      'line 16: an aggregate "worst" was not read',
    ]);
  });

  it('keeps what failed, or was skipped, as failed records without a time', () => {
    const reading = readText('out.txt', TEXT);
    expect(reading.failed).toEqual([
      { pointer: 'line 20', reason: 'the benchmark had an error: no file: it\'s gone ("BM_File")' },
      { pointer: 'line 21', reason: 'the benchmark was skipped: no GPU ("BM_Gpu")' },
    ]);
    expect(reading.measurements.filter(({ labels }) => ['BM_File', 'BM_Gpu'].includes(labels.test ?? ''))).toEqual([]);
  });

  it('keeps a benchmark whose time is no number as failed', () => {
    const reading = readText('a.txt', table('BM_A    nan ns    nan ns    0 Hits=3', 'BM_B    2.5 ns    2.5 ns    9'));
    expect(reading.failed).toEqual([{ pointer: 'line 4', reason: 'the benchmark has no time ("BM_A")' }]);
    expect(reading.measurements.map(({ metric, value, failed }) => [metric, value, failed])).toEqual([
      ['Hits', 3, true],
      ['execution_time', 2.5, false],
      ['cpu_time', 2.5, false],
    ]);
  });

  it('may show aggregates alone; how many are behind them is said by the name', () => {
    const text = table(
      'BM_A/repeats:5_mean           13.0 ns         12.7 ns            5',
      'BM_A/repeats:5_median         12.0 ns         11.7 ns            5',
      'BM_A/repeats:5_stddev         0.50 ns         0.25 ns            5',
      'BM_B_mean                     23.0 ns         22.7 ns          200',
      'BM_B_stddev                   1.50 ns         1.25 ns          200',
      'BM_geometric_mean             33.0 ns         32.7 ns          300',
      'BM_last_mean                  43.0 ns         42.7 ns          400',
    );
    expect(shown(text).filter(([metric]) => metric === 'execution_time')).toEqual([
      ['execution_time', 'mean', 13, 'ns', 5, 'line 4 column Time'],
      ['execution_time', 'median', 12, 'ns', 5, 'line 5 column Time'],
      ['execution_time', 'stddev', 0.5, 'ns', 5, 'line 6 column Time'],
      ['execution_time', 'mean', 23, 'ns', null, 'line 7 column Time'],
      ['execution_time', 'stddev', 1.5, 'ns', null, 'line 8 column Time'],
      ['execution_time', 'value', 33, 'ns', null, 'line 9 column Time'],
    ]);
    expect(readText('a.txt', text).warnings).toEqual([
      'line 10: "BM_last_mean" was not read: nobody can say whether it is a benchmark or an aggregate of one, because nothing follows',
    ]);
    expectNoOtherNumberWhereCut('a.txt', text);
  });

  const cells = (...all: string[]): string => all.map((one, at) => ` ${one.padStart([10, 10, 14][at] ?? 0)}`).join('');
  const TABULAR = [
    LINE,
    `Benchmark              Time             CPU   Iterations${cells('Bar', 'Memory Ops', 'foo_per_second')}`,
    LINE,
    `BM_A/1              12.5 ns         12.3 ns     56000000${cells('20', '33.25k', '1.5M/s')} two words`,
    `BM_A/2              22.5 ns         22.3 ns     56000000${cells('30', '4', '20/s')}`,
    '',
  ].join('\n');

  it('may have a column for each counter', () => {
    expect(shown(TABULAR)).toEqual([
      ['execution_time', 'value', 12.5, 'ns', null, 'line 4 column Time'],
      ['cpu_time', 'value', 12.3, 'ns', null, 'line 4 column CPU'],
      ['Bar', 'value', 20, null, null, 'line 4 column Bar'],
      ['Memory Ops', 'value', 33.25, 'k', null, 'line 4 column Memory Ops'],
      ['foo_per_second', 'value', 1.5, 'M/s', null, 'line 4 column foo_per_second'],
      ['execution_time', 'value', 22.5, 'ns', null, 'line 5 column Time'],
      ['cpu_time', 'value', 22.3, 'ns', null, 'line 5 column CPU'],
      ['Bar', 'value', 30, null, null, 'line 5 column Bar'],
      ['Memory Ops', 'value', 4, null, null, 'line 5 column Memory Ops'],
      ['foo_per_second', 'value', 20, '1/s', null, 'line 5 column foo_per_second'],
    ]);
    expect(readText('a.txt', TABULAR).measurements[0]?.labels).toEqual({ tool: 'google-benchmark', test: 'BM_A/1', label: 'two words' });
  });

  it('of an early version has rates without names, in units of 1024', () => {
    const text = [
      LINE,
      'Benchmark              Time           CPU Iterations',
      LINE,
      'BM_Set/1024/1      28928 ns      29349 ns      23853  133.097kB/s   33.2742k items/s',
      'BM_Set/1024/8      32065 ns      32913 ns      21375      949B/s         249 items/s odd',
      '',
    ].join('\n');
    expect(shown(text).filter(([metric]) => String(metric).endsWith('per_second'))).toEqual([
      ['bytes_per_second', 'value', 133.097, 'KiB/s', null, 'line 4 column bytes_per_second'],
      ['items_per_second', 'value', 33.2742, 'Ki items/s', null, 'line 4 column items_per_second'],
      ['bytes_per_second', 'value', 949, 'bytes/s', null, 'line 5 column bytes_per_second'],
      ['items_per_second', 'value', 249, 'items/s', null, 'line 5 column items_per_second'],
    ]);
    expect(readText('a.txt', text).measurements.at(-1)?.labels.label).toBe('odd');
  });

  it('may have the colours of a terminal, and be of several runs', () => {
    const coloured = TEXT.replaceAll(/^(BM_\S+)/gm, '\u001b[0;32m$1\u001b[m').replaceAll(/(\d ns)/g, '\u001b[0;33m$1\u001b[m');
    expect(shown(coloured)).toEqual(shown(TEXT));
    const twice = readText('a.txt', TEXT + TEXT.replace('2026-01-02', '2026-01-03'));
    expect(twice.measurements).toHaveLength(48);
    expect(twice.at('line 33 column Time')?.labels.timestamp).toBe('2026-01-03T10:00:00+00:00');
    expect(twice.at('line 35 column Time')).toMatchObject({ statistic: 'mean', n: 2 });
  });

  it('has what was given with --benchmark_context as labels, of its own run', () => {
    const [above, below] = [
      ABOVE.replace('***WARN', 'model: tiny\ntest: other\nnote: with: colon\n***WARN'),
      table('BM_A  1.5 ns  1.25 ns  10'),
    ];
    const reading = readText('a.txt', `word: before\n${above}${below}${ABOVE}${below}`);
    expect(reading.measurements.filter(({ metric }) => metric === 'execution_time').map(({ labels }) => labels)).toEqual([
      { tool: 'google-benchmark', timestamp: '2026-01-02T10:00:00+00:00', test: 'BM_A', model: 'tiny', note: 'with: colon' },
      { tool: 'google-benchmark', timestamp: '2026-01-02T10:00:00+00:00', test: 'BM_A' },
    ]);
    expect(readText('a.txt', `word: before\n${below}`).measurements[0]?.labels).toEqual({ tool: 'google-benchmark', test: 'BM_A' });
    const many = readText('a.txt', ABOVE + Array.from({ length: 65 }, (_, index) => `k${index}: v\n`).join('') + below);
    expect(Object.keys(many.measurements[0]?.labels ?? {}).filter((key) => /^k\d/.test(key))).toHaveLength(64);
    expect(many.warnings.filter((one) => one.includes('more than 64 keys'))).toHaveLength(1);
  });

  it('is not claimed where the header is another’s, or the table stands in a page', () => {
    expect(readText('a.txt', 'Benchmark  Time  CPU  Iterations\nBM_A  1 ns  1 ns  5\n').format).toBe('unknown');
    expect(readText('a.txt', `Benchmark (size)  Mode  Cnt  Score  Error  Units\n${LINE}\n`).format).not.toBe('google-benchmark');
    expect(readText('a.md', `# Results\n\n\`\`\`\n${TEXT}\`\`\`\n`).format).not.toBe('google-benchmark');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('a.txt', TEXT);
    expectNoOtherNumberWhereCut('a.txt', TEXT);
    expectNoOtherNumberWhereCut('a.txt', TABULAR);
  });
});
