import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled, expectNoOtherNumberWhereCut } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const RULER = '================================================';
const summary = ({ verdict = 'Result is : VALID\n', scenario = 'Server', target = '10.5' } = {}) => `${RULER}
MLPerf Results Summary
${RULER}
SUT name : acme
Scenario : ${scenario}
Mode     : PerformanceOnly
Completed samples per second    : 10.25
Completed tokens per second: 512.75
${verdict}  Min duration satisfied : Yes

${RULER}
Additional Stats
${RULER}
Scheduled samples per second : 10.40
Min latency (ns)                : 1000000
Mean latency (ns)               : 2500000000
50.00 percentile latency (ns)   : 2400000000
99.90 percentile latency (ns)   : 9000000000

Completed tokens per second                 : 512.75
Mean First Token latency (ns)               : 90000000
99.00 percentile first token latency (ns)   : 190000000
Max Time to Output Token (ns)                : 30000000
90.00 percentile time to output token (ns)   : 20000000

${RULER}
Test Parameters Used
${RULER}
samples_per_query : 1
target_qps : ${target}
ttft_latency (ns): 2000000000
qsl_rng_seed : 1780908523862526354

No warnings encountered during test.

No errors encountered during test.
`;

describe('a summary of MLPerf', () => {
  it('has rates and times in the units that stand there', () => {
    const reading = readText('mlperf_log_summary.txt', summary());
    expect(reading).toMatchObject({ format: 'mlperf', records: 1, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, over, pointer }) => [metric, statistic, value, unit, over, pointer]),
    ).toEqual([
      ['request_throughput', 'value', 10.25, 'req/s', 'runs', 'line 7'],
      ['output_token_throughput', 'value', 512.75, 'tok/s', 'runs', 'line 8'],
      ['Scheduled samples per second', 'value', 10.4, 'req/s', 'runs', 'line 15'],
      ['request_latency', 'min', 1000000, 'ns', 'requests', 'line 16'],
      ['request_latency', 'mean', 2500000000, 'ns', 'requests', 'line 17'],
      ['request_latency', 'median', 2400000000, 'ns', 'requests', 'line 18'],
      ['request_latency', 'p99.9', 9000000000, 'ns', 'requests', 'line 19'],
      ['time_to_first_token', 'mean', 90000000, 'ns', 'requests', 'line 22'],
      ['time_to_first_token', 'p99', 190000000, 'ns', 'requests', 'line 23'],
      ['time_per_output_token', 'max', 30000000, 'ns', 'requests', 'line 24'],
      ['time_per_output_token', 'p90', 20000000, 'ns', 'requests', 'line 25'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({
      tool: 'mlperf',
      scenario: 'Server',
      mode: 'PerformanceOnly',
      sut: 'acme',
      samples_per_query: '1',
      request_rate: '10.5',
    });
  });

  it('has the percentile that is the result of Single Stream once', () => {
    const result = '90th percentile latency (ns) : 2600000000\n';
    const again = '90.00 percentile latency (ns)   : 2600000000\n50.00 percentile';
    const text = summary().replace('Completed samples', `${result}Completed samples`).replace('50.00 percentile', again);
    const reading = readText('s.txt', text);
    const percentiles = reading.measurements.filter(({ metric, statistic }) => metric === 'request_latency' && statistic === 'p90');
    expect(percentiles.map(({ value, pointer }) => [value, pointer])).toEqual([[2600000000, 'line 7']]);
    expect(reading.warnings).toEqual([]);
    const other = readText('s.txt', text.replace('(ns)   : 2600000000', '(ns)   : 2700000000'));
    expect(other.warnings).toEqual([
      'line 19: 90.00 percentile latency (ns) is 2700000000 here and 2600000000 on line 7, as 90th percentile latency (ns)',
    ]);
    expect(other.measurements).toHaveLength(reading.measurements.length);
  });

  it('that is invalid fails with all its numbers', () => {
    const reading = readText('s.txt', summary({ verdict: 'Result is : INVALID\n' }));
    expect(reading.failed).toEqual([{ pointer: 'line 9', reason: 'the result is INVALID' }]);
    expect(reading.measurements).toHaveLength(11);
    expect(reading.measurements.every(({ failed }) => failed)).toBe(true);
  });

  it('without a verdict has no numbers', () => {
    const reading = readText('s.txt', summary({ verdict: '' }));
    expect(reading).toMatchObject({ format: 'mlperf', measurements: [], cut: true });
    expect(reading.warnings).toEqual(['line 2: the summary does not say whether the result is valid: nothing was read from it']);
  });

  it('has a request rate in the scenario Server only, and says where the server fell behind', () => {
    const behind = readText('s.txt', summary({ target: '20' }));
    expect(behind.measurements[0]?.labels).toMatchObject({ request_rate: '20', saturated: 'yes' });
    expect(behind.warnings).toHaveLength(1);
    const offline = readText('s.txt', summary({ scenario: 'Offline', target: '20' }));
    expect(offline.measurements[0]?.labels).not.toHaveProperty('request_rate');
    expect(offline.warnings).toEqual([]);
  });

  it('tells of contradictions, errors and values that are none', () => {
    const text = summary()
      .replace('second                 : 512.75', 'second                 : 99.5')
      .replace('No errors encountered', '3 errors encountered')
      .replace('2500000000', 'long');
    expect(readText('s.txt', text).warnings).toEqual([
      'line 21: Completed tokens per second is 99.5 here and 512.75 on line 8',
      'line 37: 3 errors encountered during test.',
      'line 17: "long" stands where a number should; it was not read',
    ]);
  });

  it('does not take tokens that were inferred for tokens that were counted', () => {
    const inferred = summary({ scenario: 'Offline' }).replaceAll(
      /^Completed tokens per second.*\n/gm,
      'Tokens per second (inferred): 638.25\n',
    );
    expect(readText('s.txt', inferred).at('line 8')).toMatchObject({
      metric: 'Tokens per second (inferred)',
      value: 638.25,
      unit: 'tok/s',
    });
    const metrics = readText('s.txt', inferred).measurements.map(({ metric }) => metric);
    expect(metrics).not.toContain('output_token_throughput');
  });

  it('is one of several in a log, where lines around them are none of it', () => {
    const invalid = summary({ verdict: 'Result is : INVALID\n' });
    const reading = readText('run.log', `12:00:01 Tokens per second: 7\n${summary()}\nTokens per second: 8\n${invalid}`);
    expect(reading.failed.map(({ pointer }) => pointer)).toEqual(['line 49']);
    expect(reading.measurements.map(({ failed }) => failed)).toEqual([...Array(11).fill(false), ...Array(11).fill(true)]);
    expect(reading.warnings).toEqual([]);
  });

  it('never fails on a mangled text, and yields no other number of a cut one', () => {
    expectNoFaultWhenMangled('s.txt', summary());
    expectNoOtherNumberWhereCut('s.txt', summary());
  });
});

const HASH = `hash=${'0123456789abcdef'.repeat(4)}\n`;
const SCORES = `\nResults\n\n{'rouge1': 44.25, 'rougeLsum': 42.5, 'gen_num': 100, 'tokens_per_sample': np.float64(301.5)}\n\n${HASH}`;

describe('the accuracy of MLPerf', () => {
  it('keeps the names of its scores', () => {
    const reading = readText('accuracy.txt', SCORES);
    expect(reading).toMatchObject({ format: 'mlperf', records: 1, warnings: [] });
    expect(reading.measurements.map(({ metric, value, unit, pointer }) => [metric, value, unit, pointer])).toEqual([
      ['rouge1', 44.25, null, 'line 4 column rouge1'],
      ['rougeLsum', 42.5, null, 'line 4 column rougeLsum'],
      ['gen_num', 100, null, 'line 4 column gen_num'],
      ['tokens_per_sample', 301.5, 'tokens', 'line 4 column tokens_per_sample'],
    ]);
  });

  it('is an accuracy where it is written as a percentage', () => {
    const reading = readText('accuracy.txt', `accuracy=76.038%, good=38019, total=50000, ${HASH}`);
    expect(reading.measurements.map(({ metric, value, unit, pointer }) => [metric, value, unit, pointer])).toEqual([
      ['accuracy', 76.038, '%', 'line 1 column accuracy'],
    ]);
  });

  it('has nothing to read in the summary of such a run', () => {
    const reading = readText('mlperf_log_summary.txt', '\nNo warnings encountered during test.\n\nNo errors encountered during test.\n');
    expect(reading).toMatchObject({ format: 'mlperf', records: 0, measurements: [], failed: [] });
    expect(reading.warnings).toEqual(['the summary of an accuracy run has no performance results: nothing was read from it']);
  });

  it.each([
    ['a dictionary of somebody', "{'a': 1}\n"],
    ['a log with one such line', 'start\nNo errors encountered during test.\n'],
    ['an accuracy without a hash', 'accuracy=76.038%\n'],
  ])('is not %s', (_, text) => {
    expect(readText('x.txt', text).format).toBe('unknown');
  });

  it('never fails on a mangled text, and yields no other number of a cut one', () => {
    expectNoFaultWhenMangled('a.txt', SCORES);
    expectNoOtherNumberWhereCut('a.txt', SCORES);
  });
});

const FOLDER = `${SAMPLES}mlperf/`;
const absent = !existsSync(FOLDER);

describe.skipIf(absent)(`MLPerf, real files${absent ? ' (left out: they are not there)' : ''}`, () => {
  it.each([
    '1-llama2-70b-server_mlperf_log_summary.txt',
    '2-llama2-70b-offline_mlperf_log_summary.txt',
    '3-llama2-70b-interactive_mlperf_log_summary.txt',
  ])('%s: every time and every rate is read, once', (name) => {
    const reading = readSample(`mlperf/${name}`);
    const lines = readFileSync(`${FOLDER}${name}`, 'utf8').split('\n');
    const seen = new Set<string>();
    const expected = lines.flatMap((line, index) => {
      const [, key = '', value = ''] = /^(.*(?:second|\(ns\))) *: *([\d.]+)$/.exec(line) ?? [];
      if (value === '' || /^(?:ttft|tpot)_latency/.test(key) || seen.has(key.trim())) return [];
      seen.add(key.trim());
      return [[`line ${index + 1}`, Number(value)]];
    });
    expect(expected.length).toBeGreaterThan(10);
    expect(reading).toMatchObject({ format: 'mlperf', records: 1, failed: [] });
    expect(reading.measurements.map(({ pointer, value }) => [pointer, value])).toEqual(expected);
    expect(reading.measurements[0]).toMatchObject({ metric: 'request_throughput', unit: 'req/s' });
  });

  it('has the scores, and nothing of the accuracy run', () => {
    const reading = readSample('mlperf/4-llama2-70b-server_accuracy.txt');
    expect(reading.at('line 4 column rouge1')).toMatchObject({ metric: 'rouge1', value: 44.4406, unit: null });
    expect(reading.measurements).toHaveLength(8);
    expect(readSample('mlperf/5-accuracy-mode_mlperf_log_summary.txt')).toMatchObject({ format: 'mlperf', measurements: [] });
  });
});
