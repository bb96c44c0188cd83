import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { together, union } from './spans.ts';

const call = (from: number, to: number) => ({ startedAt: new Date(from).toISOString(), wallSeconds: (to - from) / 1_000 });
const Spans = fc.array(fc.tuple(fc.nat(200), fc.nat(60)), { maxLength: 12 });

describe('union', () => {
  it('is as many milliseconds as lie in any of the spans, counted one by one', () => {
    fc.assert(
      fc.property(Spans, (spans) => {
        const covered = new Set(spans.flatMap(([from, length]) => Array.from({ length }, (_, i) => from + i)));
        expect(union(spans.map(([from, length]) => call(from, from + length)))).toBeCloseTo(covered.size / 1_000, 9);
      }),
    );
  });
});

describe('together', () => {
  it('is true where two spans share more than 10 ms, pair by pair', () => {
    fc.assert(
      fc.property(Spans, (spans) => {
        const pairs = spans.flatMap((a, i) => spans.slice(i + 1).map((b) => [a, b] as const));
        // A span within another one shares its own length; clocks are off at an end, not within.
        const shared = pairs.some(([[a, m], [b, n]]) => (a <= b ? a + m - b : b + n - a) > 10);
        expect(together(spans.map(([from, length]) => call(from, from + length)))).toBe(shared);
      }),
    );
  });
});
