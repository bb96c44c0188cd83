import { NOTHING_TO_ASK } from '@chimera/agent';
import type { Analysis, Call } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { digestsOf, exclusionOf } from './exclusion.ts';
import type { RunOutcome } from './outcome.ts';
import { analysisOf, callOf, DIGEST, outcomeOf, runOf, SERVER, sectionOf } from './testing.ts';

const UNFIT =
  'The smallest prompt for "Summary" needs about 900 tokens of context with its answer, and num_ctx 256 was asked for: num_ctx 1024 would fit.';
const none = { digests: new Map<string, string>() };
const because = (rest: Partial<RunOutcome>) => exclusionOf(runOf(), outcomeOf(rest), none);

/** A try in which insight said this, and the collector what it should. */
function insight(rest: Partial<Analysis>, calls: Call[] = [callOf(3)]) {
  return because({ analyses: { collector: analysisOf('collector', [callOf(0)]), insight: analysisOf('insight', calls, rest) } });
}

describe('exclusionOf', () => {
  it('lets a try stand that went as it should', () => {
    expect(because({})).toBeNull();
  });

  it('quotes why a try was broken off', () => {
    expect(because({ fault: 'The campaign was stopped.', analyses: {} })).toEqual({ reason: 'The campaign was stopped.', again: true });
    expect(because({ analyses: { collector: analysisOf('collector', [callOf(0)]) } })).toEqual({
      reason: 'There is no analysis of insight.',
      again: true,
    });
  });

  it('quotes why no model spoke', () => {
    const narrator = {
      kind: 'template',
      model: null,
      digest: null,
      server: null,
      serverVersion: null,
      reason: 'no server was given to ask tiny:1b at',
    } as const;
    const account = { written: 0, kept: 0, repaired: 0, withheld: [] };
    expect(insight({ narrator, account }, [])).toEqual({
      reason: 'No model spoke for insight: no server was given to ask tiny:1b at.',
      again: true,
    });
  });

  it('quotes why a section was not written', () => {
    const sections = [sectionOf('summary', 2), sectionOf('risks', 0, 2, 'tiny:1b did not finish.')];
    expect(insight({ sections })).toEqual({ reason: 'The model did not write "risks" of insight: tiny:1b did not finish.', again: true });
  });

  it('lets stand what a model wrote badly, and what it was not asked for because no fact bears on it', () => {
    const withheld = [{ section: 'risks', text: 'Not so.', reason: 'is wrong' }];
    const sections = [
      sectionOf('risks', 0, 2, 'Every sentence that the model wrote here was withheld.'),
      sectionOf('gaps', 0, 1, NOTHING_TO_ASK),
    ];
    const narrator = {
      kind: 'template',
      model: null,
      digest: null,
      server: null,
      serverVersion: null,
      reason: 'every sentence was withheld',
    } as const;
    expect(insight({ sections, narrator, account: { written: 1, kept: 0, repaired: 0, withheld } })).toBeNull();
    expect(insight({}, [callOf(3, { outcome: 'unusable_answer' }), callOf(5, { outcome: 'length' })])).toBeNull();
  });

  it('names a call that failed, although another one took its place', () => {
    const calls = [callOf(3, { outcome: 'stream_incomplete' }), callOf(5)];
    expect(insight({}, calls)).toEqual({ reason: `A call for "summary" of insight failed at ${SERVER}: stream_incomplete.`, again: true });
    expect(insight({}, [callOf(3, { repair: true, outcome: 'idle_timeout' })])?.reason).toContain(
      '"summary" of insight (asked again) failed',
    );
  });

  it('names an answer that was not generated', () => {
    expect(insight({}, [callOf(3, { stored: true })])?.reason).toBe(
      'The answer for "summary" of insight was that of an earlier, equal call: nothing was generated.',
    );
  });

  it('does not ask for another try where a prompt does not fit, or was cut', () => {
    expect(insight({ sections: [sectionOf('summary', 0, 2, UNFIT)] })).toEqual({
      reason: `insight could not ask for all of its sections: ${UNFIT}`,
      again: false,
    });
    expect(insight({}, [callOf(3, { truncated: true, promptTokens: 130 })])).toEqual({
      reason: `The server cut a prompt: ${SERVER} took 130 tokens of the one for "summary" of insight, and dropped the rest. Raise num_ctx.`,
      again: false,
    });
  });

  it('does not take another model for the first one, whatever its tag', () => {
    const digests = new Map([['tiny:1b', 'e'.repeat(64)]]);
    expect(exclusionOf(runOf(), outcomeOf(), { digests })).toEqual({
      reason: `tiny:1b at ${SERVER} is not the model of the campaign's first run: its digest is dddddddddddd, and was eeeeeeeeeeee.`,
      again: false,
    });
    expect(exclusionOf(runOf(), outcomeOf(), { digests: new Map([['tiny:1b', DIGEST]]) })).toBeNull();
    // Two servers that differ in the campaign's very first run.
    expect(insight({}, [callOf(3, { digest: 'f'.repeat(64), server: 'http://gpu-b:1' })])?.reason).toContain(
      'tiny:1b at http://gpu-b:1 is not the model',
    );
  });

  it('tells what lasts before an accident', () => {
    const analyses = {
      collector: analysisOf('collector', [callOf(0, { outcome: 'busy' })]),
      insight: analysisOf('insight', [callOf(3, { truncated: true })]),
    };
    expect(because({ analyses })).toMatchObject({ again: false });
    expect(because({ fault: 'It broke off.', analyses })).toMatchObject({ again: false });
  });
});

describe('digestsOf', () => {
  it('has each model once, under its full name, as told first', () => {
    const calls = [
      callOf(0, { model: 'Tiny', digest: null }),
      callOf(1, { model: 'Tiny' }),
      callOf(2, { model: 'tiny:latest', digest: 'e'.repeat(64) }),
    ];
    expect(digestsOf({ analyses: { insight: analysisOf('insight', calls) } })).toEqual(new Map([['tiny:latest', DIGEST]]));
  });
});
