import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seriesOfStrand } from './strand-series.ts';

const NONE = -1;
/** Which variants each inventory brought, as digits: `0 0 01 1` hands over from variant 0 to variant 1 in the third. */
const strand = (text: string) =>
  text.split(' ').flatMap((variants, rank) => [...variants].map((variant) => ({ rank, variant: Number(variant) })));
/** Each series as the inventories and variants of its points: `main: 0.0 1.0`. */
const told = (text: string, plain = NONE) =>
  seriesOfStrand(strand(text), plain).map(
    ({ variant, points }) => `${variant ?? 'main'}: ${points.map((point) => `${point.rank}.${point.variant}`).join(' ')}`,
  );

describe('seriesOfStrand', () => {
  it('goes on from one version to the next, and to one that comes back', () => {
    expect(told('0 0 1 2')).toEqual(['main: 0.0 1.0 2.1 3.2']);
    expect(told('0 1 0 1')).toEqual(['main: 0.0 1.1 2.0 3.1']);
  });

  it('keeps apart what two inventories have beside each other', () => {
    expect(told('01 01 0')).toEqual(['0: 0.0 1.0 2.0', '1: 0.1 1.1']);
    expect(told('0 01 1 01 2')).toEqual(['0: 0.0 1.0 3.0', '1: 1.1 2.1 3.1', '2: 4.2']);
    expect(told('012 123')).toHaveLength(4);
  });

  it('goes on where one inventory alone has both: a version gave way to the next', () => {
    expect(told('0 0 01 1 1')).toEqual(['main: 0.0 1.0 2.1 3.1 4.1', '0: 2.0']);
    expect(told('0 0 01 0 0')).toEqual(['main: 0.0 1.0 2.0 3.0 4.0', '1: 2.1']);
    expect(told('0 0 01')).toEqual(['main: 0.0 1.0 2.0', '1: 2.1']);
    expect(told('012 2 3')).toEqual(['main: 0.2 1.2 2.3', '0: 0.0', '1: 0.1']);
  });

  it('goes on where every inventory brings versions of its own, several at once', () => {
    expect(told('01 23 45 6')).toEqual(['main: 0.1 1.3 2.5 3.6', '0: 0.0', '2: 1.2', '4: 2.4']);
    expect(told('0 12 23 34')).toEqual(['main: 0.0 1.2 2.3 3.3', '1: 1.1', '2: 2.2', '4: 3.4']);
  });

  it('has what states no version always in the series that goes on, which is called as it is', () => {
    expect(told('0 01 1', 0)).toEqual(['main: 0.0 1.0 2.1', '1: 1.1']);
  });

  it('has each point once, and in each series one an inventory, in order', () => {
    const inventories = fc.array(
      fc.uniqueArray(fc.nat(5), { maxLength: 4 }).map((variants) => variants.sort()),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(inventories, fc.integer({ min: -1, max: 5 }), (all, plain) => {
        const points = all.flatMap((variants, rank) => variants.map((variant) => ({ rank, variant })));
        const series = seriesOfStrand(points, plain);
        const byPlace = (a: (typeof points)[number], b: (typeof points)[number]) => a.rank - b.rank || a.variant - b.variant;
        expect(series.flatMap((one) => one.points).sort(byPlace)).toEqual(points);
        for (const { points: own, variant } of series) {
          expect(own.every(({ rank }, i) => i === 0 || rank > (own[i - 1]?.rank ?? -1))).toBe(true);
          if (variant !== null) expect(new Set(own.map((point) => point.variant))).toEqual(new Set([variant]));
        }
        // Two names, two series.
        expect(new Set(series.map(({ variant }) => (variant === plain ? null : variant))).size).toBe(series.length);
      }),
    );
  });
});
