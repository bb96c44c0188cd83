import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expectNoFaultWhenMangled } from '../../../../test/support/mangling.ts';
import { readSample, readText, SAMPLES } from './reading-for-test.ts';

const LIST = [
  { name: 'Start-up', unit: 'ms', value: 12.5, range: '± 3', extra: 'of 10 runs' },
  { name: 'Heap', unit: 'Megabytes', value: '64' },
];

describe('github-action-benchmark, custom', () => {
  it('reads entries by their names, in the unit that stands there', () => {
    const reading = readText('b.json', JSON.stringify(LIST));
    expect(reading).toMatchObject({ format: 'github-action-benchmark', records: 2, failed: [], warnings: [] });
    expect(reading.measurements.map(({ metric, statistic, value, unit, pointer }) => [metric, statistic, value, unit, pointer])).toEqual([
      ['Start-up', 'value', 12.5, 'ms', '/0/value'],
      ['Heap', 'value', 64, 'MB', '/1/value'],
    ]);
  });

  it.each([
    ['entries with other keys', [{ name: 'a', unit: 's', value: 1, model: 'x' }]],
    ['a list of which one is none', [...LIST, { name: 'a' }]],
    ['entries without a unit', [{ name: 'a', value: 1 }]],
    ['no numbers', [{ name: 'a', unit: 's', value: 'fast' }]],
    ['an entry alone', LIST[0]],
    ['an empty list', []],
  ])('does not claim %s', (_, value) => {
    expect(readText('b.json', JSON.stringify(value)).format).toBe('generic');
  });

  it('survives whatever stands there', () => {
    expectNoFaultWhenMangled('b.json', JSON.stringify(LIST));
  });
});

const absent = !existsSync(`${SAMPLES}github-action-benchmark`);

describe.skipIf(absent)(`github-action-benchmark, real samples${absent ? ' (left out: they are not here)' : ''}`, () => {
  it.each(['1-customSmallerIsBetter.json', '2-customBiggerIsBetter.json'])('%s', (name) => {
    const raw: { name: string; value: number }[] = JSON.parse(readFileSync(`${SAMPLES}github-action-benchmark/${name}`, 'utf8'));
    const reading = readSample(`github-action-benchmark/${name}`);
    expect(reading.format).toBe('github-action-benchmark');
    expect(reading.measurements.map(({ metric, value }) => ({ name: metric, value }))).toEqual(
      raw.map(({ name, value }) => ({ name, value })),
    );
  });
});
