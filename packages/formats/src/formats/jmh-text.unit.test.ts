import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readText, type TestReading } from './reading-for-test.ts';

const head = (test: string, mode: string, params = ''): string => `# JMH version: 1.37
# VM version: JDK 21.0.1, OpenJDK 64-Bit Server VM, 21.0.1+12
# VM invoker: /usr/lib/jvm/bin/java
# VM options: -Xmx1g
# Warmup: 1 iterations, 1 s each
# Measurement: 2 iterations, 1 s each
# Timeout: 10 min per iteration
# Threads: 4 threads, will synchronize iterations
# Benchmark mode: ${mode}
# Benchmark: ${test}
${params}
# Run progress: 0.00% complete, ETA 00:00:20
# Fork: 1 of 1
`;
const LOG = `${head('org.example.Maps.get', 'Throughput, ops/time', '# Parameters: (kind = a b, size = 8)\n')}# Warmup Iteration   1: 1001.500 ops/s
Iteration   1: 1240.125 ops/s
                 ·gc.count: 3.000 counts
Iteration   2: 1250.250 ops/s
Iteration   3: 1230.375 ±(99.9%) 10.500 ops/s


Result "org.example.Maps.get":
  1240.250 ±(99.9%) 181.500 ops/s [Average]
  (min, avg, max) = (1230.375, 1240.250, 1250.250), stdev = 9.938
  CI (99.9%): [1058.750, 1421.750] (assumes normal distribution)

Secondary result "org.example.Maps.get:·gc.count":
  9.000 counts [Sum]


${head('org.example.Maps.put', 'Sampling time')}# Warmup Iteration   1: 0.500 ±(99.9%) 0.002 ms/op
Iteration   1: 0.511 ±(99.9%) 0.003 ms/op
                 put·p0.50: 0.450 ms/op


Result "org.example.Maps.put":
  N = 12345
  mean =      0.511 ±(99.9%) 0.003 ms/op

  Histogram, ms/op:
    [0.000, 1.000) = 12300 
    [1.000, 2.000) = 45 

  Percentiles, ms/op:
      p(0.0000) =      0.125 ms/op
     p(50.0000) =      0.450 ms/op
     p(99.9000) =      1.750 ms/op
    p(100.0000) =      1.875 ms/op


${head('org.example.Maps.bad', 'Average time, time/op')}# Warmup Iteration   1: 1.500 us/op
Iteration   1: 1.250 us/op
Iteration   2: <failure>

java.lang.IllegalStateException: no map
	at org.example.Maps.bad(Maps.java:12)

# Run complete. Total time: 00:00:21

REMEMBER: The numbers below are just data.

Benchmark                (kind)  (size)    Mode    Cnt     Score     Error   Units
Maps.get                    a b       8   thrpt      3  1240.250 ± 181.500   ops/s
Maps.get:·gc.count          a b       8   thrpt      3     9.000            counts
Maps.put                    N/A     N/A  sample  12345     0.511 ±   0.003   ms/op
Maps.put:put·p0.00          N/A     N/A  sample            0.125             ms/op
Maps.put:put·p0.50          N/A     N/A  sample            0.450             ms/op
`;

const shown = (reading: TestReading) =>
  reading.measurements.map(({ metric, statistic, value, unit, n, over, pointer }) => [metric, statistic, value, unit, n, over, pointer]);

describe('what JMH prints', () => {
  it('has results, their iterations, and secondary results', () => {
    const reading = readText('jmh.log', LOG);
    expect(reading).toMatchObject({ format: 'jmh', records: 3, warnings: [] });
    const line = (text: string): number => LOG.split('\n').findIndex((one) => one.startsWith(text)) + 1;
    const [result, sampled, table] = [line('  1240.250'), line('  N = '), line('Benchmark  ')];
    expect(shown(reading)).toEqual([
      ['operation_throughput', 'mean', 1240.25, 'ops/s', 3, 'repetitions', `line ${result} column mean`],
      ['scoreError', 'error', 181.5, 'ops/s', 3, 'repetitions', `line ${result} column error`],
      ['operation_throughput', 'min', 1230.375, 'ops/s', 3, 'repetitions', `line ${result + 1} column min`],
      ['operation_throughput', 'max', 1250.25, 'ops/s', 3, 'repetitions', `line ${result + 1} column max`],
      ['operation_throughput', 'stddev', 9.938, 'ops/s', 3, 'repetitions', `line ${result + 1} column stddev`],
      ['operation_throughput', 'value', 1240.125, 'ops/s', null, 'repetitions', `line ${line('Iteration   1: 1240')} column Iteration`],
      ['operation_throughput', 'value', 1250.25, 'ops/s', null, 'repetitions', `line ${line('Iteration   2: 1250')} column Iteration`],
      ['operation_throughput', 'value', 1230.375, 'ops/s', null, 'repetitions', `line ${line('Iteration   3: 1230')} column Iteration`],
      ['execution_time', 'mean', 0.511, 'ms', 12345, 'samples', `line ${sampled + 1} column mean`],
      ['scoreError', 'error', 0.003, 'ms', 12345, 'samples', `line ${sampled + 1} column error`],
      ['execution_time', 'min', 0.125, 'ms', 12345, 'samples', `line ${sampled + 8} column min`],
      ['execution_time', 'median', 0.45, 'ms', 12345, 'samples', `line ${sampled + 9} column median`],
      ['execution_time', 'p99.9', 1.75, 'ms', 12345, 'samples', `line ${sampled + 10} column p99.9`],
      ['execution_time', 'max', 1.875, 'ms', 12345, 'samples', `line ${sampled + 11} column max`],
      ['gc.count', 'mean', 9, 'counts', 3, 'repetitions', `line ${table + 2} column Score`],
    ]);
    const labels = {
      tool: 'jmh',
      tool_version: '1.37',
      test: 'org.example.Maps.get',
      mode: 'thrpt',
      threads: '4',
      jdk_version: '21.0.1',
      vm: 'OpenJDK 64-Bit Server VM',
      jvm_args: '-Xmx1g',
      kind: 'a b',
      size: '8',
    };
    expect(reading.measurements[0]?.labels).toEqual(labels);
    expect(reading.measurements.at(-1)?.labels).toEqual(labels);
  });

  it('keeps a run that failed as a failed record without a number', () => {
    const reading = readText('jmh.log', LOG);
    expect(reading.failed).toEqual([
      {
        pointer: `line ${LOG.split('\n').indexOf('# Benchmark: org.example.Maps.bad') + 1}`,
        reason: 'the benchmark has no result: java.lang.IllegalStateException: no map ("org.example.Maps.bad")',
      },
    ]);
    expect(reading.measurements.filter(({ labels }) => labels.test === 'org.example.Maps.bad')).toEqual([]);
  });

  it('says where a log ends before a result', () => {
    const reading = readText('jmh.log', LOG.slice(0, LOG.indexOf('Result "org.example.Maps.get"')));
    expect(reading).toMatchObject({ records: 0, measurements: [], failed: [], cut: true });
    expect(reading.warnings).toEqual(['line 10: the log ends before the result of "org.example.Maps.get": nothing of it was read']);
  });

  const TABLE = `Benchmark                         (size)    Mode    Cnt        Score       Error   Units
Maps.get                               8   thrpt     10  1234567.125 ± 12345.500  ops/ms
Maps.get:·gc.alloc.rate.norm           8   thrpt     10       24.000 ±     0.001    B/op
Maps.put                              16    avgt      5        2.500 ±     0.125   us/op
Maps.one                              16      ss            1500.750               ms/op
Maps.tiny                             16    avgt      5       ≈ 10⁻⁴                s/op
Maps.many                             16  sample   4096        0.750 ±     0.002   ms/op
Maps.many:many·p0.00                  16  sample              0.125               ms/op
Maps.many:p0.50                       16  sample              0.500               ms/op
Maps.many:many·p0.999                 16  sample              9.875               ms/op
Maps.many:many·p1.00                  16  sample             10.250               ms/op
Maps.none                             16    avgt      5          NaN               us/op
`;

  it('may be the table alone', () => {
    const reading = readText('jmh-result.text', TABLE);
    expect(reading).toMatchObject({ format: 'jmh', records: 6 });
    expect(shown(reading)).toEqual([
      ['operation_throughput', 'mean', 1234567.125, 'ops/ms', 10, 'repetitions', 'line 2 column Score'],
      ['scoreError', 'error', 12345.5, 'ops/ms', 10, 'repetitions', 'line 2 column Error'],
      ['gc.alloc.rate.norm', 'mean', 24, 'B/op', 10, 'repetitions', 'line 3 column Score'],
      ['gc.alloc.rate.norm scoreError', 'error', 0.001, 'B/op', 10, 'repetitions', 'line 3 column Error'],
      ['execution_time', 'mean', 2.5, 'us', 5, 'repetitions', 'line 4 column Score'],
      ['scoreError', 'error', 0.125, 'us', 5, 'repetitions', 'line 4 column Error'],
      ['execution_time', 'mean', 1500.75, 'ms', null, 'repetitions', 'line 5 column Score'],
      ['execution_time', 'mean', 0.75, 'ms', 4096, 'samples', 'line 7 column Score'],
      ['scoreError', 'error', 0.002, 'ms', 4096, 'samples', 'line 7 column Error'],
      ['execution_time', 'min', 0.125, 'ms', 4096, 'samples', 'line 8 column Score'],
      ['execution_time', 'median', 0.5, 'ms', 4096, 'samples', 'line 9 column Score'],
      ['execution_time', 'p99.9', 9.875, 'ms', 4096, 'samples', 'line 10 column Score'],
      ['execution_time', 'max', 10.25, 'ms', 4096, 'samples', 'line 11 column Score'],
    ]);
    expect(reading.at('line 4 column Score')?.labels).toEqual({ tool: 'jmh', test: 'Maps.put', mode: 'avgt', size: '16' });
    expect(reading.failed).toEqual([{ pointer: 'line 12 column Score', reason: 'the benchmark has no score' }]);
    expect(reading.warnings).toEqual(['line 6 column Score: "≈ 10⁻⁴" is no number but how large it is at most: it was not read']);
  });

  it('counts iterations of what profilers measured beside samples of calls', () => {
    const text =
      'Benchmark                 Mode   Cnt  Score   Error  Units\nMaps.get                sample  4096  0.750 ± 0.002  ms/op\nMaps.get:·gc.alloc.rate sample     5  4.500 ± 0.125  MB/sec\n';
    expect(readText('jmh.txt', text).measurements.map(({ metric, n, over }) => [metric, n, over])).toEqual([
      ['execution_time', 4096, 'samples'],
      ['scoreError', 4096, 'samples'],
      ['gc.alloc.rate', 5, 'repetitions'],
      ['gc.alloc.rate scoreError', 5, 'repetitions'],
    ]);
    const row = (name: string, count: number) => `"Maps.get${name}","sample",1,${count},0.75,0.5,"ms/op"\n`;
    const csv = `"Benchmark","Mode","Threads","Samples","Score","Score Error (99.9%)","Unit"\n${row('', 4096)}${row(':·gc.time', 5)}`;
    expect(readText('jmh.csv', csv).measurements.map(({ metric, n, over }) => [metric, n, over])).toEqual([
      ['execution_time', 4096, 'samples'],
      ['scoreError', 4096, 'samples'],
      ['gc.time', 5, 'repetitions'],
      ['gc.time scoreError', 5, 'repetitions'],
    ]);
  });

  it.each([['jmh.txt'], ['jmh.log'], ['jmh']])('is known by its content, as %s', (path) => {
    expect(readText(path, LOG).format).toBe('jmh');
    expect(readText(path, TABLE).format).toBe('jmh');
  });

  it('of a machine that writes commas has fractions behind them: JMH groups no thousands', () => {
    const comma = (text: string): string =>
      text
        .replace(/(\d)\.(\d{3})(?!\d)/g, '$1,$2')
        .replaceAll('99.9%', '99,9%')
        .replaceAll(/p\((\d+)\.(\d+)\)/g, 'p($1,$2)');
    expect(comma(TABLE)).toContain('2,500 ±     0,125');
    expect(shown(readText('jmh.txt', comma(TABLE)))).toEqual(shown(readText('jmh.txt', TABLE)));
    expect(comma(LOG)).toContain('(min, avg, max) = (1230,375, 1240,250, 1250,250), stdev = 9,938');
    expect(shown(readText('jmh.txt', comma(LOG)))).toEqual(shown(readText('jmh.txt', LOG)));
  });

  it('of single shots has no percentiles of so few iterations, save the middle one', () => {
    const log = `${head('org.example.Maps.load', 'Single shot invocation time')}Iteration   1: 10.500 ms/op
Iteration   2: 12.500 ms/op


Result "org.example.Maps.load":
  N = 2
  mean =     11.500 ±(99.9%) 6.250 ms/op

  Percentiles, ms/op:
      p(0.0000) =     10.500 ms/op
     p(50.0000) =     11.500 ms/op
     p(90.0000) =     12.500 ms/op
    p(100.0000) =     12.500 ms/op


# Run complete. Total time: 00:00:21
`;
    const reading = readText('jmh.txt', log);
    expect(reading.measurements.map(({ metric, statistic, value, unit, n, over }) => [metric, statistic, value, unit, n, over])).toEqual([
      ['execution_time', 'mean', 11.5, 'ms', 2, 'repetitions'],
      ['scoreError', 'error', 6.25, 'ms', 2, 'repetitions'],
      ['execution_time', 'min', 10.5, 'ms', 2, 'repetitions'],
      ['execution_time', 'median', 11.5, 'ms', 2, 'repetitions'],
      ['execution_time', 'max', 12.5, 'ms', 2, 'repetitions'],
      ['execution_time', 'value', 10.5, 'ms', null, 'repetitions'],
      ['execution_time', 'value', 12.5, 'ms', null, 'repetitions'],
    ]);
  });

  const SHOTS = `# JMH version: 1.37
# Benchmark mode: Single shot invocation time
# Benchmark: org.example.Maps.load
# Parameters: (size = 8)

# Fork: 1 of 1
# Warmup Iteration   1: 9.500 us/op
Iteration   1: 3.250 us/op
Iteration   2: 2.750 us/op



# Run complete. Total time: 00:00:01
`;

  it('of one or two single shots says no result but the table', () => {
    const table = '\nBenchmark  (size)  Mode  Cnt  Score   Error  Units\nMaps.load       8    ss    2  3.000          us/op\n';
    const reading = readText('jmh.log', SHOTS + table);
    expect(reading).toMatchObject({ records: 1, failed: [], warnings: [] });
    expect(shown(reading)).toEqual([
      ['execution_time', 'value', 3.25, 'us', null, 'repetitions', 'line 8 column Iteration'],
      ['execution_time', 'value', 2.75, 'us', null, 'repetitions', 'line 9 column Iteration'],
      ['execution_time', 'mean', 3, 'us', 2, 'repetitions', 'line 16 column Score'],
    ]);
    expect(readText('jmh.log', SHOTS)).toMatchObject({ records: 1, failed: [], measurements: [{ value: 3.25 }, { value: 2.75 }] });
    const broken = SHOTS.replace('Iteration   2: 2.750 us/op', 'Iteration   2: <failure>\n\njava.lang.IllegalStateException: late');
    expect(readText('jmh.log', broken)).toMatchObject({ records: 1, measurements: [], failed: [{ pointer: 'line 3' }] });
  });

  it('says of a run that lost a fork that its result is of the rest', () => {
    const log = LOG.replace('Iteration   3: 1230.375 ±(99.9%) 10.500 ops/s', '# Fork: 2 of 2\n<forked VM failed with exit code 134>');
    const reading = readText('jmh.txt', log);
    expect(reading.at(`line ${log.split('\n').findIndex((one) => one.startsWith('  1240.250')) + 1} column mean`)).toMatchObject({
      value: 1240.25,
      n: 2,
      failed: false,
    });
    expect(reading.warnings[0]).toMatch(
      /^line \d+: a part of the run failed \(<forked VM failed with exit code 134>\): the result is of the rest$/,
    );
  });

  it('may come through sbt, and through a terminal without ±', () => {
    const sbt = LOG.replaceAll(/^/gm, '[info] ');
    expect(shown(readText('jmh.txt', sbt))).toEqual(shown(readText('jmh.txt', LOG)));
    for (const sign of ['?', '\u00c2±'])
      for (const text of [TABLE, LOG])
        expect(shown(readText('jmh.txt', text.replaceAll('±', sign)))).toEqual(shown(readText('jmh.txt', text)));
  });

  it('tells runs apart whose names are shortened alike', () => {
    const log = `${head('org.a.Maps.get', 'Average time, time/op')}Iteration   1: 1.500 us/op\n\n\nResult "org.a.Maps.get":\n  1.500 us/op\n\n\n${head('org.b.Maps.get', 'Average time, time/op')}Iteration   1: 2.500 us/op\n\n\nResult "org.b.Maps.get":\n  2.500 us/op\n\n\n# Run complete. Total time: 00:00:21\n\nBenchmark         Mode  Cnt  Score   Error  Units\no.a.Maps.get      avgt       1.500          us/op\no.b.Maps.get      avgt       2.500          us/op\no.c.Maps.get      avgt       3.500          us/op\n`;
    const reading = readText('jmh.txt', log);
    expect(reading.measurements.map(({ statistic, value, n, labels }) => [statistic, value, n, labels.test])).toEqual([
      ['mean', 1.5, 1, 'org.a.Maps.get'],
      ['value', 1.5, null, 'org.a.Maps.get'],
      ['mean', 2.5, 1, 'org.b.Maps.get'],
      ['value', 2.5, null, 'org.b.Maps.get'],
      ['mean', 3.5, null, 'o.c.Maps.get'],
    ]);
  });

  it('is not claimed by a word of it, or in a page', () => {
    expect(readText('a.txt', 'Benchmark  Mode  Score  Units\nMaps.get  thrpt  1.5  ops/s\n').format).toBe('unknown');
    expect(readText('a.txt', '# Benchmark: Maps\nIteration 1: 12 ops/s\n').format).toBe('unknown');
    expect(readText('a.md', `# Results\n\n${TABLE}`).format).not.toBe('jmh');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('a.txt', LOG);
    expectNoFaultWhenMangled('a.txt', TABLE);
    expectNoOtherNumberWhereCut('a.txt', LOG);
    expectNoOtherNumberWhereCut('a.txt', TABLE);
  });
});
