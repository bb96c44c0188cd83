import type { Comparison, Verdict } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectOf, MOST_FACTS, rankFacts } from './rank-facts.ts';
import { factOf } from './testing.ts';

function comparisonOf(verdict: Verdict, medians: [number, number]): Comparison {
  return {
    verdict,
    label: 'num_gpu',
    of: '80',
    to: '40',
    n: [6, 6],
    medians,
    p: 0.01,
    adjusted: 0.02,
    family: [],
    superiority: 1,
    floor: 0.05,
    needed: 0,
    caveats: [],
  };
}
const compared = (n: number, verdict: Verdict, medians: [number, number]) =>
  factOf(n, {
    kind: 'comparison',
    metric: 'request_latency',
    unit: 'times',
    value: medians[0] / medians[1],
    comparison: comparisonOf(verdict, medians),
  });

describe('rankFacts', () => {
  it('puts what matters more for the duty first', () => {
    const [a, b, c] = [factOf(1), factOf(2), factOf(3)];
    expect(
      rankFacts([
        { fact: a, weight: 0.2 },
        { fact: b, weight: 1 },
        { fact: c, weight: 0.5 },
      ]),
    ).toEqual([b, c, a]);
  });

  it('puts a comparison first that is further from none; one of too few samples says nothing, however far apart its sides lie', () => {
    const [near, far] = [compared(1, 'better', [105, 100]), compared(2, 'better', [300, 100])];
    expect(rankFacts([near, far].map((fact) => ({ fact, weight: 1 })))).toEqual([far, near]);
    expect(effectOf(compared(3, 'not enough samples', [900, 100]))).toBe(0);
    expect(effectOf(compared(4, 'worse', [25, 100]))).toBe(1);
    expect(effectOf(compared(5, 'no difference shown', [100, 100]))).toBe(0);
  });

  it('puts another thing before the same of other labels', () => {
    const same = [1, 2, 3, 4].map((n) => factOf(n, { metric: 'ttft_s', labels: { num_gpu: String(n) } }));
    const other = factOf(9, { metric: 'power' });
    const ranked = rankFacts([...same.map((fact) => ({ fact, weight: 1 })), { fact: other, weight: 0.7 }]);
    expect(ranked.indexOf(other)).toBe(1);
    expect(ranked).toHaveLength(5);
  });

  it('counts a fact once, by the greatest of its weights', () => {
    const [a, b] = [factOf(1), factOf(2)];
    expect(
      rankFacts([
        { fact: a, weight: 0.1 },
        { fact: b, weight: 0.5 },
        { fact: a, weight: 0.9 },
      ]),
    ).toEqual([a, b]);
  });

  it('hazard 45: takes a bounded number, whatever there is', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ fact: factOf(i, { metric: `m${i % 50}` }), weight: 1 }));
    expect(rankFacts(many)).toHaveLength(MOST_FACTS);
    expect(MOST_FACTS).toBe(24);
  });

  it('does not depend on the order in which candidates of different worth come', () => {
    const candidates = fc.uniqueArray(fc.record({ n: fc.nat(500), weight: fc.double({ min: 0.1, max: 1, noNaN: true }) }), {
      selector: ({ n }) => n,
      maxLength: 40,
    });
    fc.assert(
      fc.property(candidates, (some) => {
        const of = (list: typeof some) =>
          rankFacts(list.map(({ n, weight }) => ({ fact: factOf(n, { metric: `m${n % 5}` }), weight: weight + n / 1e6 }))).map(
            ({ id }) => id,
          );
        expect(new Set(of([...some].reverse()))).toEqual(new Set(of(some)));
        expect(new Set(of(some)).size).toBe(Math.min(some.length, MOST_FACTS));
      }),
    );
  });

  it.each([
    ['a share that failed', factOf(1, { kind: 'failure', unit: null, value: 5, n: 10 }), 0.5],
    ['a date', factOf(1, { kind: 'modification', value: '2025-01-01T00:00:00Z', unit: null }), 0.5],
    ['nothing failed', factOf(1, { kind: 'failure', unit: null, value: 0, n: null }), 0],
    ['a percentage', factOf(1, { unit: '%', value: -40 }), 0.4],
    ['a ratio', factOf(1, { unit: 'times', value: 2 }), 0.5],
    ['samples enough', factOf(1, { n: 999 }), 1],
  ])('knows the effect of %s', (_, fact, effect) => expect(effectOf(fact)).toBeCloseTo(effect));
});
