import type { Arrangement, Call, Start } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { loadFault } from './load-fault.ts';
import { analysisOf, CAMPAIGN, callOf, outcomeOf, runOf, SERVER } from './testing.ts';

const OTHER = 'http://gpu-b:11434';
const DIFFERENT = CAMPAIGN.replace('insight: { num_ctx: 4096 }', 'insight: { num_ctx: 512 }');

function fault(
  start: Start,
  collector: Call[],
  insight: Call[] = [],
  { text = CAMPAIGN, started = 'unknown' as 'unknown' | Start, arrangement = 'serial' as Arrangement } = {},
) {
  const analyses = { collector: analysisOf('collector', collector), insight: analysisOf('insight', insight) };
  return loadFault(runOf({ start, arrangement }, text).cell, outcomeOf({ analyses, started }));
}

const load = (at: number, loadSeconds: number | null, rest: Partial<Call> = {}) => callOf(at, { loadSeconds, ...rest });

describe('loadFault of a warm run', () => {
  it.each([
    [0.03, 2, false],
    [null, 2, false],
    [0.35, 0.8, false],
    [0.35, 30, false],
    [0.6, 2, true],
    [0.6, 60, true],
  ])('takes a load of %s s in a call of %d s as one: %s', (loadSeconds, wallSeconds, loaded) => {
    expect(fault('warm', [load(0, loadSeconds, { wallSeconds })]) !== null).toBe(loaded);
  });

  // Of 64 recorded calls of gemma3:latest on a laptop: 145 to 348 ms where it was loaded, 3.7 to 6.7 s where it was not.
  it('takes what a real server names as load of a loaded model for none, however short its calls', () => {
    const short = [0.146, 0.258, 0.245, 0.348, 0.309, 0.181].map((seconds, i) => load(2 * i, seconds, { wallSeconds: 1.5 }));
    expect(fault('warm', short)).toBeNull();
    expect(fault('warm', [...short, load(20, 3.673)])).toContain('again in the middle of the run, for 3.673 s');
    expect(fault('warm', [load(-5, 4.842), ...short])).toContain('its first call');
    // A slower machine names more, and that is no load either; one that loads at each call is seen.
    expect(fault('warm', [load(0, 0.7), load(2, 0.55), load(4, 0.9)])).toBeNull();
    expect(fault('warm', [load(0, 1.2), load(2, 1.3)])).toContain('its first call');
  });

  it('says which server loaded, and when', () => {
    expect(fault('warm', [load(0, 2.125)])).toBe(
      `The run was to begin warm, and its first call at ${SERVER} loaded the model for 2.125 s.`,
    );
    expect(fault('warm', [load(0, 0.03)], [load(3, 2)])).toBe(
      `${SERVER} loaded the model again in the middle of the run, for 2 s at "summary" of insight: somebody else may have asked it for another one.`,
    );
    // Of each server the first call counts, whoever's it is.
    expect(fault('warm', [load(0, 0.03)], [load(1, 2, { server: OTHER })])).toContain(`its first call at ${OTHER} loaded`);
    expect(fault('warm', [load(2, 0.03)], [load(1, 2)])).toContain('its first call');
  });

  it('lets a server load at each switch between settings that it cannot have at once', () => {
    expect(fault('warm', [load(0, 0.03)], [load(3, 2)], { text: DIFFERENT })).toBeNull();
    expect(fault('warm', [load(0, 2)], [load(3, 2)], { text: DIFFERENT })).toContain('its first call');
    // Which of two that begin at once comes first is nobody's doing.
    expect(fault('warm', [load(0, 2)], [load(0.01, 0.03)], { text: DIFFERENT, arrangement: 'parallel' })).toBeNull();
    expect(fault('warm', [load(0, 2)], [load(0.01, 0.03)], { arrangement: 'parallel' })).toContain('its first call');
    // On servers of their own nothing is switched.
    expect(fault('warm', [load(0, 0.03), load(2, 2)], [load(0, 0.03, { server: OTHER })], { text: DIFFERENT })).toContain(
      'again in the middle',
    );
  });

  it('believes a server that says that the model was not loaded', () => {
    expect(fault('warm', [load(0, 0.03)], [], { started: 'cold' })).toBe('The run was to begin warm, and the model was not loaded.');
    expect(fault('warm', [load(0, 0.03)], [], { started: 'warm' })).toBeNull();
  });

  it('does not count the load of an answer that was not generated', () => {
    expect(fault('warm', [load(0, 5, { stored: true })])).toBeNull();
  });
});

describe('loadFault of a cold run', () => {
  it('asks for a load by the first call on each server', () => {
    expect(fault('cold', [load(0, 2)], [load(3, 0.03)])).toBeNull();
    expect(fault('cold', [load(0, 0.04)], [load(3, 0.03)])).toBe(
      `The run was to begin cold, and its first call at ${SERVER} did not load the model.`,
    );
    expect(fault('cold', [load(0, null)])).toContain('did not load');
    expect(fault('cold', [load(0, 2)], [load(0, 0.04, { server: OTHER })])).toContain(`its first call at ${OTHER} did not load`);
    // Short beside a long call, and a load all the same.
    expect(fault('cold', [load(0, 0.3, { wallSeconds: 60 })])).toBeNull();
  });

  it('takes calls that waited for that load as part of it, and later ones not', () => {
    expect(fault('cold', [load(0, 2)], [load(1, 1)])).toBeNull();
    expect(fault('cold', [load(0, 2)], [load(2.5, 1)])).toContain('again in the middle of the run');
    expect(fault('cold', [load(0, 2)], [load(2.5, 1)], { text: DIFFERENT })).toBeNull();
  });

  it('believes a server that says that the model was loaded', () => {
    expect(fault('cold', [load(0, 2)], [], { started: 'warm' })).toBe('The run was to begin cold, and the model was loaded already.');
  });
});
