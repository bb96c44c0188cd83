import { describe, expect, it } from 'vitest';
import { drawnAmong, SettingValues } from './setting-values.ts';

/** Numbers in no order, each below `most`, always the same: a linear congruential generator. */
function drawn(count: number, most: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * most);
  });
}

function valuesOf(numbers: readonly number[]): SettingValues {
  const values = new SettingValues();
  for (const number of numbers) values.add(String(number));
  return values;
}

const steps = (count: number, step = 512): number[] => Array.from({ length: count }, (_, index) => index * step);
const times = (count: number, list: readonly number[]): number[] => Array.from({ length: count }, () => list).flat();

describe('SettingValues', () => {
  it.each<[string, number[]]>([
    ['200 rows over 8 values', times(25, steps(8))],
    ['60 batch sizes with one row each', steps(60)],
    ['a sweep upwards of 256 depths', steps(256)],
    ['a sweep downwards of 256 depths', steps(256).reverse()],
    ['60 values, twice', times(2, steps(60))],
    ['60 values, each twice', steps(60).flatMap((value) => [value, value])],
    ['90 lengths', drawn(90, 4_000)],
    ['one value', times(5_000, [128])],
    ['1,000 of 40 values', drawn(1_000, 40)],
  ])('takes %s for set', (_, numbers) => expect(valuesOf(numbers).drawn).toBe(false));

  it.each<[string, number[]]>([
    ['200 lengths', drawn(200, 4_000)],
    ['10,000 lengths of up to 2,000', drawn(10_000, 2_000)],
    ['10,000 lengths of up to 256', drawn(10_000, 256)],
    ['conversations that grow', times(50, [0]).flatMap((_, chat) => steps(20, 90 + chat))],
    ['5,000 numbers that only grow', steps(5_000)],
  ])('takes %s for drawn or measured', (_, numbers) => expect(valuesOf(numbers).drawn).toBe(true));
});

describe('drawnAmong', () => {
  it('finds two settings that make each record one of its own together', () => {
    const settings = new Map([
      ['input', valuesOf(drawn(1_000, 200))],
      ['output', valuesOf(drawn(1_000, 200, 7))],
      ['batch', valuesOf(drawn(1_000, 4))],
    ]);
    expect([...settings.values()].map(({ drawn: own }) => own)).toEqual([false, false, false]);
    expect(drawnAmong(settings)).toEqual(new Set(['input', 'output']));
  });

  it('leaves a grid of two settings', () => {
    const grid = steps(60).flatMap((outer) => steps(60).map((inner) => ({ outer, inner })));
    const settings = new Map([
      ['outer', valuesOf(grid.map(({ outer }) => outer))],
      ['inner', valuesOf(grid.map(({ inner }) => inner))],
    ]);
    expect(drawnAmong(settings)).toEqual(new Set());
  });
});
