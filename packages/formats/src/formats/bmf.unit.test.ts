import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const REPORT = {
  'maps/get': { latency: { value: 120.5, lower_value: 118, upper_value: 125 }, misses: { value: 3 } },
  put: { latency: { value: 80 } },
};

describe('Bencher Metric Format', () => {
  it('reads measures under their own names, without a unit', () => {
    const reading = readText('bmf.json', JSON.stringify(REPORT));
    expect(reading).toMatchObject({ format: 'bmf', records: 2, failed: [], warnings: [] });
    expect(
      reading.measurements.map(({ metric, statistic, value, unit, pointer, labels }) => [
        metric,
        statistic,
        value,
        unit,
        pointer,
        labels.test,
      ]),
    ).toEqual([
      ['latency', 'value', 120.5, null, '/maps~1get/latency/value', 'maps/get'],
      ['latency', 'lower', 118, null, '/maps~1get/latency/lower_value', 'maps/get'],
      ['latency', 'upper', 125, null, '/maps~1get/latency/upper_value', 'maps/get'],
      ['misses', 'value', 3, null, '/maps~1get/misses/value', 'maps/get'],
      ['latency', 'value', 80, null, '/put/latency/value', 'put'],
    ]);
  });

  const VARIANTS = {
    'maps/get': [
      { parameters: { shards: 4, way: 'scan' }, measures: { latency: { value: 120.5, p99: 250, p50: 110, lower_value: 100, odd: 7 } } },
      { measures: { throughput: { p99: 3 } } },
    ],
  };

  it('reads version 1: parameters are labels, and names of numbers statistics', () => {
    const reading = readText('bmf.json', JSON.stringify(VARIANTS));
    expect(reading).toMatchObject({ format: 'bmf', records: 2, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit, pointer }) => [metric, statistic, value, unit, pointer])).toEqual([
      ['latency', 'value', 120.5, null, '/maps~1get/0/measures/latency/value'],
      ['latency', 'p99', 250, null, '/maps~1get/0/measures/latency/p99'],
      ['latency', 'median', 110, null, '/maps~1get/0/measures/latency/p50'],
      ['latency', 'lower', 100, null, '/maps~1get/0/measures/latency/lower_value'],
      ['latency odd', 'value', 7, null, '/maps~1get/0/measures/latency/odd'],
      ['throughput', 'p99', 3, null, '/maps~1get/1/measures/throughput/p99'],
    ]);
    expect(reading.measurements[0]?.labels).toEqual({ tool: 'bencher', test: 'maps/get', shards: '4', way: 'scan' });
    expect(reading.measurements[5]?.labels).toEqual({ tool: 'bencher', test: 'maps/get' });
    expectNoFaultWhenMangled('bmf.json', JSON.stringify(VARIANTS));
  });

  it.each([
    ['lists of somebody', { a: [{ measures: { latency: { value: 1 } }, more: 1 }] }],
    ['lists of anything', { a: [1, 2] }],
    ['objects of somebody', { a: { b: { value: 1 } } }],
    ['more than measures', { ...REPORT, version: 2 }],
    ['other keys', { a: { latency: { value: 1, unit: 'ms' } } }],
    ['no number', { a: { latency: { value: '1' } } }],
    ['nothing', { a: {} }],
    ['nothing at all', {}],
  ])('does not claim %s', (_, value) => {
    expect(readText('bmf.json', JSON.stringify(value)).format).toBe('generic');
  });

  it('takes a name for a statistic only where it is nothing else', () => {
    const memory = { max: 9, max_rss: 5, mean_rss: 3, p99: 8, rss_p99: 4, std_error: 1, std_dev: 2 };
    const text = JSON.stringify({ load: [{ measures: { memory } }] });
    expect(readText('bmf.json', text).measurements.map(({ metric, statistic, value }) => [metric, statistic, value])).toEqual([
      ['memory', 'max', 9],
      ['memory max_rss', 'value', 5],
      ['memory mean_rss', 'value', 3],
      ['memory', 'p99', 8],
      ['memory rss_p99', 'value', 4],
      ['memory std_error', 'value', 1],
      ['memory', 'stddev', 2],
    ]);
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('bmf.json', JSON.stringify(REPORT));
    expect(
      readText('bmf.json', '{"__proto__": {"latency": {"value": 1, "lower_value": 0}}, "constructor": {"toString": {"value": 2}}}')
        .measurements,
    ).toHaveLength(3);
  });
});

const absent = !existsSync(`${SAMPLES}bmf`);

describe.skipIf(absent)(`Bencher Metric Format, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it.each(['1-report_latency.json', '2-report_bmf_mixed.json'])('%s', (name) => {
    const raw: Record<string, { latency: { value: number; lower_value: number } }> = JSON.parse(
      readFileSync(`${SAMPLES}bmf/${name}`, 'utf8'),
    );
    const reading = readSample(`bmf/${name}`);
    expect(reading.format).toBe('bmf');
    expect(reading.measurements.filter(({ statistic }) => statistic === 'value').map(({ labels, value }) => [labels.test, value])).toEqual(
      Object.entries(raw).map(([test, { latency }]) => [test, latency.value]),
    );
  });
});
