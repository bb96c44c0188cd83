import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RankSelection, selectRanks } from './rank-selection.ts';
import { selectInPlace } from './select-in-place.ts';

/** Cut into pieces of these lengths in turn. */
function* pieces(values: Float64Array, lengths: readonly number[]): Generator<Float64Array> {
  for (let at = 0, i = 0; at < values.length; i += 1) {
    const length = lengths[i % lengths.length] ?? 1;
    yield values.subarray(at, at + length);
    at += length;
  }
}

/** All ranks by selection, beside the sorted values. */
function expectSorted(list: readonly number[], most: number, lengths: readonly number[] = [7, 1, 100]): void {
  const values = Float64Array.from(list);
  const sorted = [...values].sort((a, b) => a - b || Number(Object.is(b, -0)) - Number(Object.is(a, -0)));
  const ranks = sorted.map((_, i) => i).reverse();
  const of = { ranks, n: values.length, least: Math.min(...list), greatest: Math.max(...list), most };
  expect([...selectRanks(() => pieces(values, lengths), of)]).toEqual([...sorted].reverse());
}

const some = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -1e-300, max: 1e-300, noNaN: true }),
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: 128, max: 130 }).map((n) => n + 2 ** -40),
  fc.constantFrom(0, -0, 5e-324, -5e-324, 1, Number.MAX_VALUE, -Number.MAX_VALUE),
);

describe('selectRanks', () => {
  it('finds what sorting finds, whatever is held at a time and however the values come', () => {
    fc.assert(
      fc.property(
        fc.array(some, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        expectSorted,
      ),
      { numRuns: 400 },
    );
  });

  it.each([
    ['values that differ in their last bits', Array.from({ length: 300 }, (_, i) => 1 + i * Number.EPSILON)],
    ['one value many times, and its neighbours', Array.from({ length: 500 }, (_, i) => (i % 10 === 0 ? 128 + i * 2 ** -44 : 128))],
    ['both zeros', Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? -0 : 0))],
    ['values of all magnitudes', Array.from({ length: 600 }, (_, i) => (i % 2 === 0 ? -1 : 1) * 2 ** (((i * 7) % 2000) - 1000))],
    ['the smallest doubles', Array.from({ length: 300 }, (_, i) => (i - 150) * 5e-324)],
    ['one value', [3]],
    ['the same value', [0.1, 0.1, 0.1]],
  ])('finds %s', (_, list) => {
    for (const most of [1, 16, 1000]) expectSorted(list, most);
  });

  it('needs few passes, also where nearly all values are the same', () => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) => (i % 7 === 0 ? 128 + (i % 1000) * 2 ** -44 : 128));
    const passes = (most: number) => {
      const of = { ranks: [9_999, 10_000, 19_000], n: values.length, least: 128, greatest: 128 + 999 * 2 ** -44, most };
      const selection = new RankSelection(of);
      let count = 0;
      for (; selection.isOpen; count += 1) {
        selection.take(values);
        selection.next();
      }
      return count;
    };
    expect(passes(20_000)).toBe(2);
    expect(passes(100)).toBeLessThanOrEqual(6);
  });

  it('refuses ranks that are none, and passes that do not show the values', () => {
    const of = { ranks: [1], n: 2, least: 1, greatest: 2, most: 10 };
    expect(() => selectRanks(() => [Float64Array.of(1, 2)], { ...of, ranks: [2] })).toThrow(RangeError);
    expect(() => selectRanks(() => [Float64Array.of(1, 1.5, 2)], of)).toThrow(RangeError);
    expect(() => selectRanks(() => [Float64Array.of(1, 900)], of)).toThrow(RangeError);
    expect(() => new RankSelection(of).values()).toThrow('after its last pass');
  });
});

describe('selectInPlace', () => {
  it('finds what sorting finds, also in orders that make pivots bad ones', () => {
    const orders: ((i: number) => number)[] = [
      (i) => i,
      (i) => -i,
      (i) => (i * 7919) % 5003,
      (i) => i % 3,
      (i) => Math.abs(2500 - i),
      () => 1,
    ];
    for (const order of orders) {
      const values = Float64Array.from({ length: 5000 }, (_, i) => order(i));
      const sorted = values.slice().sort();
      for (const rank of [0, 1, 1234, 2500, 4750, 4999]) expect(selectInPlace(values.slice(), rank)).toBe(sorted[rank]);
    }
    expect(() => selectInPlace(Float64Array.of(1), 1)).toThrow(RangeError);
  });
});
