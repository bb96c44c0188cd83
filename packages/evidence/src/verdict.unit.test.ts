import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, LEAST_RUNS, type Pair } from './verdict.ts';

/** A uniform generator that is no part of what is tested (Marsaglia's xorshift, 32 bits), and normal values by the polar method. */
function normals(seed: number): () => number {
  let state = seed >>> 0 || 1;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return () => {
    for (;;) {
      const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1];
      const s = x * x + y * y;
      if (s > 0 && s < 1) return x * Math.sqrt((-2 * Math.log(s)) / s);
    }
  };
}

const sorted = (values: readonly number[]) => Float64Array.from(values).sort();
const draw = (n: number, normal: () => number, mean: number, deviation: number) =>
  sorted(Array.from({ length: n }, () => mean + deviation * normal()));
const one = (of: Float64Array, to: Float64Array, metric: Pair['metric'] = 'output_token_throughput') => judge([{ metric, of, to }])[0];

describe('judge, on pure noise', () => {
  // Both sides are drawn alike, so every verdict is a false one.
  it.each([
    [6, 0.02],
    [8, 0.01],
  ])(
    'gives a verdict of %i runs a side in at most %d of 10,000 draws',
    (n, most) => {
      const normal = normals(20_251_121 + n);
      let verdicts = 0;
      for (let i = 0; i < 10_000; i++) {
        const { verdict } = one(draw(n, normal, 100, 10), draw(n, normal, 100, 10)) ?? {};
        if (verdict === 'better' || verdict === 'worse') verdicts += 1;
      }
      expect(verdicts / 10_000).toBeLessThanOrEqual(most);
      // The generator and the test are alive: far apart, every draw is told.
      expect(one(draw(n, normal, 200, 10), draw(n, normal, 100, 10))?.verdict).toBe('better');
    },
    120_000,
  );
});

describe('judge', () => {
  it('finds a true difference of 10 % with eight runs a side, whichever way is better', () => {
    const normal = normals(7);
    const [slow, fast] = [draw(8, normal, 90, 2), draw(8, normal, 100, 2)];
    expect(one(slow, fast)).toMatchObject({ verdict: 'worse', n: [8, 8], needed: 0, superiority: 0 });
    expect(one(fast, slow)).toMatchObject({ verdict: 'better', superiority: 1 });
    expect(one(slow, fast, 'time_to_first_token')?.verdict).toBe('better');
  });

  // Complete separation: the exact two-sided p is 2 / C(2n, n): 2/70 for four a side, 2/252 for five.
  it('has the exact p of sides that lie apart, and adjusts it over the family', () => {
    const apart = (n: number) => ({
      of: sorted(Array.from({ length: n }, (_, i) => 200 + i)),
      to: sorted(Array.from({ length: n }, (_, i) => 100 + i)),
    });
    expect(one(apart(4).of, apart(4).to)).toMatchObject({ verdict: 'better', p: expect.closeTo(2 / 70, 12) });
    const family = judge([
      { metric: 'output_token_throughput', ...apart(5) },
      { metric: 'time_to_first_token', of: apart(5).to, to: apart(5).to },
    ]);
    expect(family[0]).toMatchObject({ verdict: 'better', p: expect.closeTo(2 / 252, 12), adjusted: expect.closeTo(4 / 252, 12) });
    expect(family[1]).toMatchObject({ verdict: 'no difference shown', p: 1 });
  });

  it('says how many more runs a side are needed, where there are too few', () => {
    const few = one(sorted([90, 91]), sorted([100, 101]));
    expect(few).toMatchObject({ verdict: 'not enough samples', needed: 2, p: null, interval: null, ratio: 90.5 / 100.5 });
    expect(one(sorted([90]), sorted([100, 101, 102, 103]))?.needed).toBe(3);
    // Were one of three metrics to differ alone, five a side would be needed: 3 · 2/252.
    const three = (['output_token_throughput', 'time_to_first_token', 'request_latency'] as const).map((metric) => ({
      metric,
      of: sorted([1, 2]),
      to: sorted([3, 4]),
    }));
    expect(judge(three).map(({ needed }) => needed)).toEqual([3, 3, 3]);
    // Four a side reach 2/70 at best: over three metrics of which the others do not differ that is not below 0.05.
    const noise = { of: sorted([1, 2, 3, 4]), to: sorted([1, 2, 3, 4]) };
    const [first] = judge([
      { metric: 'output_token_throughput', of: sorted([200, 201, 202, 203]), to: sorted([100, 101, 102, 103]) },
      { metric: 'time_to_first_token', ...noise },
      { metric: 'time_per_output_token', ...noise },
    ]);
    expect(first).toMatchObject({ verdict: 'not enough samples', needed: 1, adjusted: expect.closeTo(6 / 70, 12) });
  });

  it('calls nothing a difference that lies below the noise floor, or of which the runs overlap much', () => {
    expect(one(sorted([101, 101.1, 101.2, 101.3, 101.4, 101.5]), sorted([100, 100.1, 100.2, 100.3, 100.4, 100.5]))).toMatchObject({
      verdict: 'no difference shown',
      superiority: 1,
    });
    const wide = Array.from({ length: 40 }, (_, i) => 100 + i);
    expect(one(sorted(wide.map((x) => x + 10)), sorted(wide))).toMatchObject({ verdict: 'no difference shown' });
  });

  it('tells constants apart, and knows no ratio to zero, which is no reason to overlook what came', () => {
    const [a, b] = [sorted(Array(6).fill(10)), sorted(Array(6).fill(20))];
    expect(one(a, b)).toMatchObject({ verdict: 'worse', ratio: 0.5 });
    expect(one(a, a)).toMatchObject({ verdict: 'no difference shown', p: 1 });
    const none = sorted(Array(6).fill(0));
    expect(one(a, none)).toMatchObject({ verdict: 'better', ratio: null });
    expect(one(a, none, 'error_rate')?.verdict).toBe('worse');
    expect(one(none, none, 'error_rate')?.verdict).toBe('no difference shown');
  });

  it('judges no metric of which no direction is better', () => {
    expect(one(sorted([1, 2, 3, 4, 5, 6]), sorted([11, 12, 13, 14, 15, 16]), 'gpu_utilization')).toBeUndefined();
  });

  it('is the other way round where the sides are exchanged, and the same where it is asked again', () => {
    const runs = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: LEAST_RUNS, maxLength: 12 });
    const opposite = { better: 'worse', worse: 'better' } as const;
    fc.assert(
      fc.property(runs, runs, (a, b) => {
        const [there, back] = [one(sorted(a), sorted(b)), one(sorted(b), sorted(a))];
        expect(one(sorted(a), sorted(b))).toEqual(there);
        expect(back?.p).toBeCloseTo(there?.p ?? -1, 9);
        expect(back?.superiority).toBeCloseTo(1 - (there?.superiority ?? -1), 9);
        // Exactly at a threshold the interval may fall on either side; better and worse never meet.
        if (there?.verdict === 'better' || there?.verdict === 'worse')
          expect([opposite[there.verdict], 'no difference shown']).toContain(back?.verdict);
      }),
      { numRuns: 60 },
    );
  });
});
