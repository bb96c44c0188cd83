import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Better, paretoFront, paretoFrontOfRanges } from './pareto.ts';

const THROUGHPUT_AND_LATENCY: Better[] = ['higher', 'lower'];

describe('paretoFront', () => {
  it('keeps what nothing beats: the fast, the quick, and what is between', () => {
    const points = [
      [900, 0.3],
      [400, 0.05],
      [700, 0.1],
      [600, 0.2], // slower than 700 tok/s, and later
      [700, 0.12], // as fast as 700 tok/s, but later
    ];
    expect(paretoFront(points, THROUGHPUT_AND_LATENCY)).toEqual([0, 1, 2]);
  });

  it('keeps equal points together', () => {
    const points = [
      [5, 1],
      [5, 1],
      [4, 2],
    ];
    expect(paretoFront(points, THROUGHPUT_AND_LATENCY)).toEqual([0, 1]);
    expect(paretoFront([[0], [-0]], ['higher'])).toEqual([0, 1]);
  });

  it('of one objective is its best, of none is everything, of nothing is nothing', () => {
    expect(paretoFront([[3], [1], [2], [1]], ['lower'])).toEqual([1, 3]);
    expect(paretoFront([[], []], [])).toEqual([0, 1]);
    expect(paretoFront([], ['lower'])).toEqual([]);
  });

  it('is the definition', () => {
    const point = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 });
    const better: Better[] = ['higher', 'lower', 'higher'];
    fc.assert(
      fc.property(fc.array(point, { maxLength: 20 }), (points) => {
        const turned = points.map(([x = 0, y = 0, z = 0]) => [x, -y, z]);
        const dominated = (p: number[]) =>
          turned.some((q) => q.every((value, i) => value >= (p[i] ?? 0)) && q.some((value, i) => value > (p[i] ?? 0)));
        const expected = turned.flatMap((p, i) => (dominated(p) ? [] : [i]));
        expect(paretoFront(points, better)).toEqual(expected);
      }),
    );
  });

  it('refuses points that cannot be placed', () => {
    expect(() => paretoFront([[1, 2], [1]], THROUGHPUT_AND_LATENCY)).toThrow('1 objectives where 2');
    expect(() => paretoFront([[1, Number.NaN]], THROUGHPUT_AND_LATENCY)).toThrow(RangeError);
  });
});

describe('paretoFrontOfRanges', () => {
  const at = (low: number, high: number) => ({ low, high });

  it('drops only what is surely worse', () => {
    const points = [
      [at(90, 110), at(0.1, 0.12)],
      [at(50, 60), at(0.2, 0.3)], // surely slower, surely later
      [at(50, 60), at(0.11, 0.3)], // surely slower, but perhaps as quick
      [at(85, 95), at(0.2, 0.3)], // surely later, but perhaps as fast
    ];
    expect(paretoFrontOfRanges(points, THROUGHPUT_AND_LATENCY)).toEqual([0, 2, 3]);
  });

  it('drops what only touches in one objective and is worse in the other', () => {
    const points = [
      [at(90, 110), at(0.1, 0.1)],
      [at(80, 90), at(0.2, 0.2)],
      [at(90, 90), at(0.1, 0.1)],
    ];
    expect(paretoFrontOfRanges(points, THROUGHPUT_AND_LATENCY)).toEqual([0, 2]);
  });

  it('holds the front of any values within the ranges, and is that front where ranges have no width', () => {
    const range = fc.record({
      low: fc.integer({ min: 0, max: 6 }),
      width: fc.integer({ min: 0, max: 3 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const points = fc.array(fc.tuple(range, range), { maxLength: 15 });
    fc.assert(
      fc.property(points, (given) => {
        const ranges = given.map((point) => point.map(({ low, width }) => at(low, low + width)));
        const values = given.map((point) => point.map(({ low, width, part }) => low + width * part));
        const sure = paretoFrontOfRanges(ranges, THROUGHPUT_AND_LATENCY);
        expect(paretoFront(values, THROUGHPUT_AND_LATENCY).every((i) => sure.includes(i))).toBe(true);
        const narrow = values.map((point) => point.map((value) => at(value, value)));
        expect(paretoFrontOfRanges(narrow, THROUGHPUT_AND_LATENCY)).toEqual(paretoFront(values, THROUGHPUT_AND_LATENCY));
      }),
    );
  });

  it('refuses ranges the wrong way round', () => expect(() => paretoFrontOfRanges([[at(2, 1)]], ['higher'])).toThrow('from 2 to 1'));
});
