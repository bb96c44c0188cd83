import type { Call } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { callOf } from '../../../test/support/report-input.ts';
import { energyOf, nodesOf } from './node-use.ts';

/** A call that begins at a second of a minute and takes some, with what its node's GPU did meanwhile. */
function call(from: number, seconds: number, gpu: Partial<NonNullable<Call['gpu']>>, more: Partial<Call> = {}): Call {
  const known = { utilization: 0.5, memoryBytes: 4e9, powerWatts: 100, energyJoules: 100 * seconds };
  return callOf({
    startedAt: new Date(Date.UTC(2026, 2, 4, 5, 6, 0) + from * 1_000).toISOString(),
    wallSeconds: seconds,
    gpu: { node: 'gpu-1', source: 'nvidia-smi', gpus: 1, samples: 10 * seconds, seconds, ...known, ...gpu },
    ...more,
  });
}
const first = call(0, 2, {}, { outputTokens: 20 });
const second = call(2, 1, { utilization: 1, memoryBytes: 6e9, powerWatts: 200, energyJoules: 200 }, { outputTokens: 40 });

describe('nodesOf', () => {
  it('adds up what lies apart, takes means over time, and the greatest memory', () =>
    expect(nodesOf([first, second])).toEqual([
      {
        ...{ node: 'gpu-1', source: 'nvidia-smi', gpus: 1, calls: 2, samples: 30, seconds: 3, memoryBytes: 6e9 },
        utilization: expect.closeTo(2 / 3, 6),
        powerWatts: expect.closeTo(400 / 3, 6),
        energyJoules: expect.closeTo(400, 6),
        tokensPerJoule: expect.closeTo(0.15, 6),
        overlapping: false,
      },
    ]));

  it('counts the time that calls have in common once, with the mean of both', () => {
    // 0 to 1 s: 100 W; 1 to 2 s: 100 and 200 W; 2 to 3 s: 200 W.
    const later = call(1, 2, { powerWatts: 200, energyJoules: 400 }, { outputTokens: 25 });
    const [node] = nodesOf([first, later]);
    expect(node).toMatchObject({ calls: 2, seconds: 3, overlapping: true, utilization: 0.5 });
    expect(node?.energyJoules).toBeCloseTo(100 + 150 + 200, 6);
    expect(node?.powerWatts).toBeCloseTo(150, 6);
    expect(node?.tokensPerJoule).toBeCloseTo(45 / 450, 6);
  });

  it('keeps nodes apart, in the order of asking', () => {
    const nodes = nodesOf([call(0, 2, { node: 'b' }), call(1, 1, { node: 'a' }), call(4, 1, { node: 'b' })]);
    expect(nodes.map(({ node, calls, overlapping }) => [node, calls, overlapping])).toEqual([
      ['b', 2, false],
      ['a', 1, false],
    ]);
  });

  it('counts no answer of an earlier call, and no call whose node was not sampled', () => {
    expect(nodesOf([callOf(), { ...first, stored: true }])).toEqual([]);
    expect(nodesOf([first, { ...first, stored: true }])).toMatchObject([{ calls: 1, overlapping: false }]);
  });

  it('tells nothing of what the source does not tell', () => {
    const blind = call(0, 1, { utilization: null, memoryBytes: null, powerWatts: null, energyJoules: null });
    expect(nodesOf([blind])[0]).toMatchObject({
      ...{ utilization: null, memoryBytes: null, powerWatts: null, energyJoules: null, tokensPerJoule: null },
    });
    // Means and tokens per joule are of the calls that tell.
    const [both] = nodesOf([blind, second]);
    expect(both).toMatchObject({ calls: 2, seconds: 2, utilization: 1, powerWatts: 200, energyJoules: 200, tokensPerJoule: 0.2 });
    const instant = call(0, 0, { utilization: 0.25, energyJoules: 0 });
    expect(nodesOf([instant])[0]).toMatchObject({ seconds: 0, utilization: 0.25, energyJoules: 0, tokensPerJoule: null });
  });
});

describe('energyOf', () => {
  it('is of the calls that tell both energy and tokens, over all nodes', () => {
    const { energyJoules, tokensPerJoule } = energyOf([first, second, call(0, 1, { node: 'gpu-2' }, { outputTokens: 40 }), callOf()]);
    expect(energyJoules).toBeCloseTo(500, 6);
    expect(tokensPerJoule).toBeCloseTo(0.2, 6);
    expect(energyOf([call(0, 1, {}, { outputTokens: null })])).toEqual({ energyJoules: null, tokensPerJoule: null });
  });
});
