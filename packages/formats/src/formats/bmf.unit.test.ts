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

  it.each([
    ['objects of somebody', { a: { b: { value: 1 } } }],
    ['more than measures', { ...REPORT, version: 2 }],
    ['other keys', { a: { latency: { value: 1, unit: 'ms' } } }],
    ['no number', { a: { latency: { value: '1' } } }],
    ['nothing', { a: {} }],
    ['nothing at all', {}],
  ])('does not claim %s', (_, value) => {
    expect(readText('bmf.json', JSON.stringify(value)).format).toBe('generic');
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
