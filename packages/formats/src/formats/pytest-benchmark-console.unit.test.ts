import { canonicalValue } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText } from './reading-for-test.ts';

const LINE = '-'.repeat(150);
const HEAD =
  'Name (time in us)                  Min                 Max                Mean            StdDev              Median               IQR            Outliers  OPS (Kops/s)            Rounds  Iterations';
const TEXT = `============================= test session starts ==============================
test_io.py .F.                                                           [100%]

=================================== FAILURES ===================================
________________________________ TestIo.test_bad ________________________________
    assert False

${'-'.repeat(60)} benchmark 'io': 3 tests ${'-'.repeat(60)}
${HEAD}
${LINE}
test_fast[8]                   12.3456 (1.0)       99.5000 (1.0)       15.2500 (1.0)      2.1250 (1.0)       14.7500 (1.0)      0.5000 (1.0)         12;34       65.5738 (1.0)       1234           1
test_slow[a b]              1,234.5678 (100.00)  2,345.7500 (23.57)  1,500.5000 (98.39)  100.2500 (47.18)  1,450.1250 (98.31)  10.5000 (21.00)       1;2        0.6664 (0.01)         100          10
test_bad                   20,000.2500 (>1000.0) 20,500.5000 (206.03) 20,100.7500 (>1000.0) 0.2500 (0.12)  20,050.5000 (>1000.0) 0.0000 (0.0)          0;0        0.0498 (0.00)           5           1
${LINE}

${'-'.repeat(60)} benchmark: 1 tests ${'-'.repeat(60)}
Name (time in s)        Min     Max    Mean  StdDev  Median     IQR  Outliers     OPS  Rounds  Iterations
${LINE}
test_long            1.2500  1.7500  1.5000  0.2500  1.4375  0.1250       1;0  0.6667       5           1
${LINE}

Legend:
  Outliers: 1 Standard Deviation from Mean; 1.5 IQR (InterQuartile Range) from 1st Quartile and 3rd Quartile.
  OPS: Operations Per Second, computed as 1 / Mean
========================= 1 failed, 3 passed in 10.20s =========================
`;

describe('what pytest-benchmark prints on a terminal', () => {
  it('has the unit of its header, and thousands between commas', () => {
    const reading = readText('out.txt', TEXT);
    expect(reading).toMatchObject({ format: 'pytest-benchmark', records: 4, warnings: [] });
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
      ['execution_time', 'min', 12.3456, 'us', 1234, 'repetitions', 'line 11 column Min'],
      ['execution_time', 'max', 99.5, 'us', 1234, 'repetitions', 'line 11 column Max'],
      ['execution_time', 'mean', 15.25, 'us', 1234, 'repetitions', 'line 11 column Mean'],
      ['execution_time', 'stddev', 2.125, 'us', 1234, 'repetitions', 'line 11 column StdDev'],
      ['execution_time', 'median', 14.75, 'us', 1234, 'repetitions', 'line 11 column Median'],
      ['operation_throughput', 'value', 65.5738, 'ops/ms', null, 'runs', 'line 11 column OPS (Kops/s)'],
      ['execution_time', 'min', 1234.5678, 'us', 100, 'repetitions', 'line 12 column Min'],
      ['execution_time', 'max', 2345.75, 'us', 100, 'repetitions', 'line 12 column Max'],
      ['execution_time', 'mean', 1500.5, 'us', 100, 'repetitions', 'line 12 column Mean'],
      ['execution_time', 'stddev', 100.25, 'us', 100, 'repetitions', 'line 12 column StdDev'],
      ['execution_time', 'median', 1450.125, 'us', 100, 'repetitions', 'line 12 column Median'],
      ['operation_throughput', 'value', 0.6664, 'ops/ms', null, 'runs', 'line 12 column OPS (Kops/s)'],
      ['execution_time', 'min', 20000.25, 'us', 5, 'repetitions', 'line 13 column Min'],
      ['execution_time', 'max', 20500.5, 'us', 5, 'repetitions', 'line 13 column Max'],
      ['execution_time', 'mean', 20100.75, 'us', 5, 'repetitions', 'line 13 column Mean'],
      ['execution_time', 'stddev', 0.25, 'us', 5, 'repetitions', 'line 13 column StdDev'],
      ['execution_time', 'median', 20050.5, 'us', 5, 'repetitions', 'line 13 column Median'],
      ['operation_throughput', 'value', 0.0498, 'ops/ms', null, 'runs', 'line 13 column OPS (Kops/s)'],
      ['execution_time', 'min', 1.25, 's', 5, 'repetitions', 'line 19 column Min'],
      ['execution_time', 'max', 1.75, 's', 5, 'repetitions', 'line 19 column Max'],
      ['execution_time', 'mean', 1.5, 's', 5, 'repetitions', 'line 19 column Mean'],
      ['execution_time', 'stddev', 0.25, 's', 5, 'repetitions', 'line 19 column StdDev'],
      ['execution_time', 'median', 1.4375, 's', 5, 'repetitions', 'line 19 column Median'],
      ['operation_throughput', 'value', 0.6667, '1/s', null, 'runs', 'line 19 column OPS'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'pytest-benchmark', test: 'test_fast[8]', group: 'io' });
    expect(reading.at('line 12 column Min')?.labels.test).toBe('test_slow[a b]');
    expect(reading.at('line 19 column Min')?.labels).toEqual({ tool: 'pytest-benchmark', test: 'test_long' });
  });

  it('is told by the mean and the operations of a second alike', () => {
    // 1 / 15.25 µs are 65573.8 operations a second.
    const reading = readText('out.txt', TEXT);
    const rate = reading.at('line 11 column OPS (Kops/s)');
    expect(canonicalValue('operation_throughput', rate?.value ?? 0, rate?.unit ?? null)).toBeCloseTo(1 / 15.25e-6, -1);
  });

  it.each([
    ['in its trace', (text: string) => text],
    ['while it ran', (text: string) => text.replace(/^_+ .*$/m, 'test_io.py::TestIo::test_bad FAILED   [ 50%]')],
    ['in the summary', (text: string) => `${text.replace(/^_+ .*$/m, '')}FAILED test_io.py::TestIo::test_bad - assert False\n`],
  ])('keeps a test that pytest says has failed, %s, as failed', (_, changed) => {
    const reading = readText('out.txt', changed(TEXT));
    expect(reading.failed).toEqual([{ pointer: 'line 13', reason: 'the test failed ("test_bad")' }]);
    expect(new Set(reading.measurements.filter(({ failed }) => failed).map(({ labels }) => labels.test))).toEqual(new Set(['test_bad']));
  });

  const COMPARED = `-------------------------- benchmark: 2 tests --------------------------
Name (time in ns)               Mean            OPS (Mops/s)
${'-'.repeat(60)}
test_a (NOW)                 12.5000 (1.0)           80.0000 (1.0)
test_a (0001_abc)            25.2500 (2.02)          39.6040 (0.50)
${'-'.repeat(60)}
`;

  it('may compare runs, and show some columns only', () => {
    const reading = readText('out.txt', COMPARED);
    expect(
      reading.measurements.map(({ statistic, value, unit, n, labels }) => [statistic, value, unit, n, labels.test, labels.source]),
    ).toEqual([
      ['mean', 12.5, 'ns', null, 'test_a', 'NOW'],
      ['value', 80, 'ops/us', null, 'test_a', 'NOW'],
      ['mean', 25.25, 'ns', null, 'test_a', '0001_abc'],
      ['value', 39.604, 'ops/us', null, 'test_a', '0001_abc'],
    ]);
  });

  it('of an early version says above its table how it was run', () => {
    const text = `${'-'.repeat(9)} benchmark 'io': 2 tests, min 5 rounds (of min 25.00us), 1.00s max time, timer: time.time ${'-'.repeat(9)}
Name (time in us)      Min      Max     Mean  StdDev  Rounds  Iterations
${'-'.repeat(72)}
test_a              1.2500   9.5000   2.5000  0.7500     400         100
${'-'.repeat(72)}
`;
    const reading = readText('out.txt', text);
    expect(reading.measurements.map(({ statistic, value, unit, n, labels }) => [statistic, value, unit, n, labels.group])).toEqual([
      ['min', 1.25, 'us', 400, 'io'],
      ['max', 9.5, 'us', 400, 'io'],
      ['mean', 2.5, 'us', 400, 'io'],
      ['stddev', 0.75, 'us', 400, 'io'],
    ]);
    expect(reading.warnings).toEqual(['line 2: the table has 1 rows where it says 2: it may be cut']);
  });

  it('does not take a saved run for failed because the one that it is compared with failed', () => {
    const reading = readText('out.txt', `${COMPARED}FAILED test_io.py::test_a - assert False\n`);
    expect(reading.failed).toEqual([{ pointer: 'line 4', reason: 'the test failed ("test_a")' }]);
    expect(reading.measurements.map(({ labels, failed }) => [labels.source, failed])).toEqual([
      ['NOW', true],
      ['NOW', true],
      ['0001_abc', false],
      ['0001_abc', false],
    ]);
  });

  it('says what is no row, and where rows are missing', () => {
    const reading = readText('out.txt', COMPARED.replace('25.2500 (2.02)', 'many'));
    expect(reading.warnings).toEqual(['line 5: "test_a (0001_abc) many 39.6040 (0.50)" is no row of its table: it was not read']);
    expect(readText('out.txt', COMPARED.replace('2 tests', '3 tests')).warnings).toEqual([
      'line 2: the table has 2 rows where it says 3: it may be cut',
    ]);
  });

  it('may have the colours of a terminal', () => {
    const coloured = COMPARED.replaceAll(/(\d+\.\d{4} \(1\.0\))/g, '\u001b[32m\u001b[1m$1\u001b[0m').replaceAll(
      /^(-+.*)$/gm,
      '\u001b[33m$1\u001b[0m',
    );
    expect(readText('out.txt', coloured).measurements).toEqual(readText('out.txt', COMPARED).measurements);
  });

  it('is not claimed by a word of it, or in a page', () => {
    expect(readText('a.txt', 'Name (time in us)  Speed\na  1\n').format).toBe('unknown');
    expect(readText('a.md', `# Results\n\n${TEXT}`).format).not.toBe('pytest-benchmark');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('a.txt', TEXT);
    expectNoOtherNumberWhereCut('a.txt', TEXT);
    expectNoOtherNumberWhereCut('a.txt', COMPARED);
  });
});

const CSV = `name,param:size,param:kind,min,max,mean,stddev,median,iqr,outliers,ops,rounds,iterations
test_io.py::test_a,8,fast,0.000125,0.0005,0.00025,1.5e-05,0.0002,1e-05,1;2,4000.0,40,1
test_io.py::test_b,,,0.5,0.75,0.625,0.125,0.625,0.125,0;0,1.6,2,3
test_io.py::test_c,16,,0.5,0.75,0.625,0.125,0.625,0.125,0;0,1.6,0,3
`;

describe('CSV of pytest-benchmark', () => {
  it('is in seconds', () => {
    const reading = readText('b.csv', CSV);
    expect(reading).toMatchObject({ format: 'pytest-benchmark', records: 3, warnings: [] });
    expect(
      reading.measurements
        .slice(0, 7)
        .map(({ metric, statistic, value, unit, n, over, pointer }) => [metric, statistic, value, unit, n, over, pointer]),
    ).toEqual([
      ['execution_time', 'mean', 0.00025, 's', 40, 'repetitions', 'line 2 column mean'],
      ['execution_time', 'stddev', 0.000015, 's', 40, 'repetitions', 'line 2 column stddev'],
      ['execution_time', 'median', 0.0002, 's', 40, 'repetitions', 'line 2 column median'],
      ['execution_time', 'min', 0.000125, 's', 40, 'repetitions', 'line 2 column min'],
      ['execution_time', 'max', 0.0005, 's', 40, 'repetitions', 'line 2 column max'],
      ['operation_throughput', 'value', 4000, '1/s', null, 'runs', 'line 2 column ops'],
      ['execution_time', 'mean', 0.625, 's', 2, 'repetitions', 'line 3 column mean'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'pytest-benchmark', test: 'test_io.py::test_a', size: '8', kind: 'fast' });
    expect(reading.at('line 3 column mean')?.labels).toEqual({ tool: 'pytest-benchmark', test: 'test_io.py::test_b' });
  });

  it('keeps a benchmark without rounds as failed', () => {
    const reading = readText('b.csv', CSV);
    expect(reading.failed).toEqual([{ pointer: 'line 4', reason: 'no round was completed' }]);
    expect(reading.measurements.filter(({ failed }) => failed).every(({ pointer }) => pointer.startsWith('line 4 '))).toBe(true);
  });

  it.each([['name,min,max,mean\na,1,2,3\n'], ['name,mean,rounds,speed\na,1,2,3\n'], ['test,min,max,mean,rounds\na,1,2,3,4\n']])(
    'does not claim %j',
    (text) => expect(readText('a.csv', text).format).toBe('generic'),
  );

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('b.csv', CSV);
    expectNoOtherNumberWhereCut('b.csv', CSV);
    expectNoOtherNumberWhereCut('b.csv', 'name,min,mean,rounds\na,0.5,0.75,12\nb,0.25,0.5,100\n');
  });
});
