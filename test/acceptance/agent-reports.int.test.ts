import type { Truth } from '@chimera/grounding';
import { beforeAll, describe, expect, it } from 'vitest';
import { NUMERIC, reportsAbsent, scoreOf, truthOfSeed } from '../agent-reports/score.ts';

/**
 * What other agents wrote about the seed artifacts, against claims labelled by hand. The bars lie a little below what was measured
 * (docs/benchmarks.md): they keep the checker from getting worse, and do not say that it is good enough.
 */
describe.skipIf(reportsAbsent)(`reports of other agents${reportsAbsent ? ` (left out: ${reportsAbsent})` : ''}`, () => {
  let truth: Truth;
  beforeAll(async () => {
    truth = await truthOfSeed();
  }, 60_000);

  it('finds most false numbers of the reports it was tuned on, with few false alarms', () => {
    const score = scoreOf('reports', truth, { kinds: NUMERIC, sure: true });
    expect(score.claims).toBeGreaterThan(150);
    expect(score.recall).toBeGreaterThan(0.85);
    expect(score.precision).toBeGreaterThan(0.97);
  });

  it('finds most false numbers in answers that it was not tuned on', () => {
    const score = scoreOf('unseen', truth, { kinds: NUMERIC, sure: true });
    expect(score.claims).toBeGreaterThan(100);
    expect(score.recall).toBeGreaterThan(0.78);
    expect(score.precision).toBeGreaterThan(0.93);
  });
});
