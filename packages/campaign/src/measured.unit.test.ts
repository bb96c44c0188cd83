import { NOTHING_TO_ASK } from '@chimera/agent';
import type { Call, GpuUse } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { measuredOf } from './measured.ts';
import { analysisOf, callOf, outcomeOf, runOf, sectionOf } from './testing.ts';

const gpu = (energyJoules: number | null, node = 'gpu-a'): GpuUse => ({
  node,
  source: 'nvidia-smi',
  gpus: 1,
  samples: 10,
  seconds: 2,
  utilization: 0.9,
  memoryBytes: 1,
  powerWatts: 100,
  energyJoules,
});

const measured = (collector: Call[], insight: Call[], wallSeconds = 10) =>
  measuredOf(
    runOf(),
    outcomeOf({ wallSeconds, analyses: { collector: analysisOf('collector', collector), insight: analysisOf('insight', insight) } }),
  );

describe('measuredOf', () => {
  it('is of all calls together, worked out by hand', () => {
    const collector = [
      callOf(0, { timeToFirstTokenSeconds: 0.4 }),
      callOf(2, { repair: true, outputTokens: 40, evalSeconds: 0.5, wallSeconds: 1 }),
    ];
    const insight = [
      callOf(3, { timeToFirstTokenSeconds: 0.1, outputTokens: 60, evalSeconds: 1, promptTokens: 700, loadSeconds: 0.05, wallSeconds: 3 }),
    ];
    expect(measured(collector, insight, 8)).toEqual({
      wall_clock: { value: 8, unit: 's' },
      output_token_throughput: { value: 25, unit: 'tok/s' }, // (100 + 40 + 60) / 8
      time_per_output_token: { value: 0.015, unit: 's' }, // (1.5 + 0.5 + 1) / 200
      time_to_first_token: { value: 0.4, unit: 's' },
      load_duration: { value: 0.03 + 0.03 + 0.05, unit: 's' },
      output_tokens: { value: 200, unit: 'tokens' },
      prompt_tokens: { value: 1_700, unit: 'tokens' },
      server_seconds: { value: 6, unit: 's' }, // 0 to 2, 2 to 3, 3 to 6
      sentences_survived: { value: 1, unit: 'ratio' },
      duties_fulfilled: { value: 1, unit: 'ratio' },
      repairs: { value: 1, unit: 'calls' },
      look: { value: 0, unit: 'looks' },
    });
  });

  it('has no time per token where the server says that it wrote for longer than the call took', () => {
    const of = (call: Partial<Call>) => measured([callOf(0, { evalSeconds: 3_600, wallSeconds: 2, ...call })], []).time_per_output_token;
    expect(of({})).toBeUndefined();
    // The replay server names the times of what it plays, however fast it plays it.
    expect(of({ replay: true })?.value).toBe(36);
    expect(of({ evalSeconds: 2.05 })?.value).toBeCloseTo(0.0205, 12);
  });

  it('takes of two calls put at once the time of that which the server answered first', () => {
    const first = (collector: Call[], insight: Call[]) => measured(collector, insight).time_to_first_token?.value;
    // One at a time: the collector's waits for all of insight's answer, although it was put 3 ms before.
    expect(first([callOf(0, { timeToFirstTokenSeconds: 12.3 })], [callOf(0.003, { timeToFirstTokenSeconds: 0.3 })])).toBe(0.3);
    expect(first([callOf(0, { timeToFirstTokenSeconds: 0.4 })], [callOf(0, { timeToFirstTokenSeconds: 11 })])).toBe(0.4);
    // Another server's call, or a later one, is not the first.
    const there = { timeToFirstTokenSeconds: 0.1, server: 'http://gpu-b:11434' };
    expect(first([callOf(0, { timeToFirstTokenSeconds: 0.4 })], [callOf(0.001, there)])).toBe(0.4);
    expect(first([callOf(0, { timeToFirstTokenSeconds: 0.4 })], [callOf(0.1, { timeToFirstTokenSeconds: 0.1 })])).toBe(0.4);
  });

  it('counts the seconds of a server once where its calls overlap, and those of each server', () => {
    const there = 'http://gpu-b:11434';
    // Here 0 to 4 and 1 to 3: 4 s. There 2 to 5: 3 s.
    expect(measured([callOf(0, { wallSeconds: 4 })], [callOf(1), callOf(2, { wallSeconds: 3, server: there })]).server_seconds?.value).toBe(
      7,
    );
    expect(measured([callOf(0, { stored: true })], []).server_seconds).toBeUndefined();
  });

  it('leaves out a sum of which a call does not tell its part, and what nothing was measured of', () => {
    const partly = measured([callOf(0)], [callOf(3, { outputTokens: null, loadSeconds: null, evalSeconds: null, promptTokens: null })]);
    expect(Object.keys(partly).sort()).toEqual(
      ['wall_clock', 'time_to_first_token', 'server_seconds', 'sentences_survived', 'duties_fulfilled', 'repairs', 'look'].sort(),
    );
    expect(measured([callOf(0, { timeToFirstTokenSeconds: null })], [callOf(3)]).time_to_first_token).toBeUndefined();
    expect(Object.keys(measuredOf(runOf(), outcomeOf({ analyses: {} })))).toEqual(['wall_clock', 'look']);
  });

  it('has no tokens a second where the clock stood still, and no time per token where there are none', () => {
    expect(measured([callOf(0)], [], 0).output_token_throughput).toBeUndefined();
    const none = measured([callOf(0, { outputTokens: 0 })], []);
    expect(none.output_tokens?.value).toBe(0);
    expect(none.time_per_output_token).toBeUndefined();
  });

  it('tells the energy only where every call tells its own, and none of a node overlap', () => {
    const joules = (collector: Call[], insight: Call[]) => measured(collector, insight).energy;
    expect(joules([callOf(0, { gpu: gpu(150) })], [callOf(2, { gpu: gpu(50) })])).toEqual({ value: 200, unit: 'J' });
    expect(joules([callOf(0, { gpu: gpu(150) })], [callOf(2)])).toBeUndefined();
    expect(joules([callOf(0, { gpu: gpu(150) })], [callOf(2, { gpu: gpu(null) })])).toBeUndefined();
    expect(joules([callOf(0, { gpu: gpu(150) })], [callOf(1, { gpu: gpu(50) })])).toBeUndefined();
    expect(joules([callOf(0, { gpu: gpu(150) })], [callOf(1, { gpu: gpu(50, 'gpu-b') })])?.value).toBe(200);
  });

  it('has the share of sentences that stand as written or as mended, of both agents', () => {
    const withheld = [{ section: 'summary', text: 'Not so.', reason: 'is wrong' }];
    const analyses = {
      collector: analysisOf('collector', [callOf(0)], {
        account: { written: 7, kept: 4, repaired: 1, withheld: [...withheld, ...withheld] },
      }),
      insight: analysisOf('insight', [callOf(3)], { account: { written: 1, kept: 1, repaired: 0, withheld: [] } }),
    };
    expect(measuredOf(runOf(), outcomeOf({ analyses })).sentences_survived?.value).toBe(0.75);
  });

  it('takes a duty as fulfilled by as many sentences of the model as it asks for at least', () => {
    // Recommendations ask for three, a summary for two; on the gaps nothing bore.
    const sections = [
      sectionOf('recommendations', 2, 1),
      sectionOf('summary', 2),
      sectionOf('gaps', 0, 2, NOTHING_TO_ASK),
      sectionOf('findings', 0, 2, 'All was withheld.'),
    ];
    const analyses = { insight: analysisOf('insight', [callOf(0)], { sections }) };
    expect(measuredOf(runOf(), outcomeOf({ analyses })).duties_fulfilled?.value).toBeCloseTo(1 / 3, 12);
    const other = { insight: analysisOf('insight', [callOf(0)], { sections: [sectionOf('of a duty of its own', 1)] }) };
    expect(measuredOf(runOf(), outcomeOf({ analyses: other })).duties_fulfilled?.value).toBe(1);
  });

  it('counts all looks that are allowed once one was taken', () => {
    for (const look of [1, 2]) expect(measuredOf({ ...runOf(), look }, outcomeOf()).look).toEqual({ value: 4, unit: 'looks' });
  });
});
