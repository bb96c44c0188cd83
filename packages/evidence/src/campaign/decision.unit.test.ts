import { describe, expect, it } from 'vitest';
import type { Judged } from '../verdict.ts';
import { decisionOf } from './decision.ts';

const judged = (more: Partial<Judged>): Judged => ({
  ...{ metric: 'execution_time', verdict: 'no difference shown', medians: [1, 1], ratio: 1, interval: [0.9, 1.1], shift: null },
  ...{ p: 0.5, adjusted: 0.5, superiority: 0.5, n: [8, 8], needed: 0 },
  ...more,
});

describe('decisionOf', () => {
  it.each(['better', 'worse'] as const)('has decided what is %s', (verdict) =>
    expect(decisionOf(judged({ verdict }))).toEqual({ decided: true, needed: 0, beyond: false }),
  );

  it('has decided that a difference, if there is one, is none that counts', () => {
    expect(decisionOf(judged({ interval: [0.985, 1.019] })).decided).toBe(true);
    expect(decisionOf(judged({ interval: [0.985, 1.021] })).decided).toBe(false);
  });

  it('passes on what a test needs at least', () =>
    expect(decisionOf(judged({ verdict: 'not enough samples', needed: 3, interval: null, p: null }))).toMatchObject({
      decided: false,
      needed: 3,
    }));

  // Half the interval is 0.04 with 8 runs and shall be 0.02: twice as narrow takes four times as many, 24 more.
  it('scales the interval with the root of n', () =>
    expect(decisionOf(judged({ interval: [0.96, 1.04] }))).toEqual({ decided: false, needed: 24, beyond: false }));

  // The ratio is 1.1: half the interval is 0.1 with 10 runs and shall be 0.05, half the distance: 30 more.
  it('asks for half the distance from 1, where that is farther', () =>
    expect(decisionOf(judged({ ratio: 1.1, interval: [1, 1.2], n: [10, 12] }))).toMatchObject({ needed: 30 }));

  // 0.6 against 0.02 with 8 runs would be 900 times as many.
  it('never estimates more than 200', () =>
    expect(decisionOf(judged({ interval: [0.4, 1.6] }))).toEqual({ decided: false, needed: 200, beyond: true }));

  it('needs one more at least', () => expect(decisionOf(judged({ ratio: 1.005, interval: [0.995, 1.0201] })).needed).toBe(1));

  it('has decided where the medians differ and single runs overlap: more runs part none', () => {
    const apart = { ratio: 1.06, interval: [1.035, 1.085] as [number, number], superiority: 0.2, n: [40, 40] as [number, number] };
    expect(decisionOf(judged({ ...apart, adjusted: 0.001 })).decided).toBe(true);
    expect(decisionOf(judged({ ...apart, adjusted: 0.2 })).decided).toBe(false);
    expect(decisionOf(judged({ ...apart, adjusted: 0.001, interval: [1.02, 1.1] })).decided).toBe(false);
  });
});
