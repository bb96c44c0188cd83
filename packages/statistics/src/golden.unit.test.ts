import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { adjustBenjaminiHochberg } from './benjamini-hochberg.ts';
import { coefficientOfVariation, medianAbsoluteDeviation } from './dispersion.ts';
import { geometricMean } from './geometric-mean.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import { mannWhitney, mannWhitneyApproximation } from './mann-whitney.ts';
import { medianInterval } from './median-interval.ts';
import { paretoFront } from './pareto.ts';
import { preciseMean, preciseStddev } from './precise-moments.ts';
import { quantile } from './quantile.ts';
import { cliffsDelta, superiority } from './superiority.ts';

const FILE = fileURLToPath(new URL('../../../../shared/data/statistics/golden/golden.json', import.meta.url));

type Test = { U: number; p: number };
type TwoSample = {
  a: number[];
  b: number[];
  mean1: number;
  sd1: number | null;
  median1: number;
  median2: number;
  hodges_lehmann: number;
  cliffs_delta: number;
  prob_superiority: number;
  mwu_asymptotic: Test;
  mwu_exact?: Test;
  mwu_permutation_exact_two_sided_p: number;
  median_ci95_1: [number, number, number] | null;
  median_ci95_2: [number, number, number] | null;
};
type Golden = {
  benchstat_old_new: Record<string, TwoSample>;
  two_sample: Record<string, TwoSample>;
  percentiles_type7: { x: number[]; p: Record<string, number>; geomean: number; mad: number; iqr: number; cv_sample: number };
  multiple_testing: { p: number[]; bh: number[] };
  pareto_max_tps_min_ttft_max_q: { points: { id: string; tps: number; ttft: number; q: number }[]; front: string[] };
};

function near(found: number | null | undefined, expected: number | null, tolerance = 1e-12): void {
  if (expected === null) expect(found).toBeNull();
  else expect(Math.abs((found ?? Number.NaN) - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
}

// Computed with scipy 1.17.1 and numpy 2.4.6.
describe.skipIf(!existsSync(FILE))('the reference values of scipy', () => {
  const golden: Golden | null = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : null;
  const cases = Object.entries({ ...golden?.two_sample, ...golden?.benchstat_old_new });

  it('are eleven pairs of samples', () => expect(cases).toHaveLength(11));

  for (const [name, expected] of cases) {
    const { a, b } = expected;

    it(`${name}: Mann-Whitney, exact with ties and approximated`, () => {
      const { u, p, method } = mannWhitney(a, b);
      expect(method).toBe('exact');
      near(p, expected.mwu_permutation_exact_two_sided_p);
      if (expected.mwu_exact) near(p, expected.mwu_exact.p);
      const approximation = mannWhitneyApproximation(a, b);
      expect([u, approximation.u]).toEqual([expected.mwu_asymptotic.U, expected.mwu_asymptotic.U]);
      near(approximation.p, expected.mwu_asymptotic.p);
    });

    it(`${name}: shift, effect sizes, medians, moments`, () => {
      near(hodgesLehmann(a, b).shift, expected.hodges_lehmann);
      near(cliffsDelta(a, b), expected.cliffs_delta);
      near(superiority(a, b), expected.prob_superiority);
      near(quantile(a, 0.5), expected.median1);
      near(quantile(b, 0.5), expected.median2);
      near(preciseMean(a), expected.mean1);
      near(preciseStddev(a), expected.sd1);
    });

    it(`${name}: intervals of the medians`, () => {
      for (const [values, interval] of [
        [a, expected.median_ci95_1],
        [b, expected.median_ci95_2],
      ] as const) {
        const found = medianInterval(values);
        expect(found && [found.low, found.high, found.confidence]).toEqual(interval);
      }
    });
  }

  it('percentiles, spread and geometric mean of 100 values', () => {
    const expected = golden?.percentiles_type7;
    const x = expected?.x ?? [];
    for (const [percent, value] of Object.entries(expected?.p ?? {})) near(quantile(x, Number(percent) / 100), value);
    near(geometricMean(x), expected?.geomean ?? null);
    near(medianAbsoluteDeviation(x), expected?.mad ?? null);
    near(coefficientOfVariation(x), expected?.cv_sample ?? null);
    near(quantile(x, 0.75) - quantile(x, 0.25), expected?.iqr ?? null);
  });

  it('p-values adjusted after Benjamini & Hochberg', () => {
    const { p = [], bh = [] } = golden?.multiple_testing ?? {};
    const found = adjustBenjaminiHochberg(p);
    expect(found).toHaveLength(25);
    for (const [i, expected] of bh.entries()) near(found[i], expected);
  });

  it('the Pareto front, with its ties', () => {
    const { points = [], front = [] } = golden?.pareto_max_tps_min_ttft_max_q ?? {};
    const found = paretoFront(
      points.map(({ tps, ttft, q }) => [tps, ttft, q]),
      ['higher', 'lower', 'higher'],
    );
    expect(found.map((i) => points[i]?.id)).toEqual(front);
    expect(front).toEqual(['A', 'B', 'C', 'E', 'F']);
  });
});
