import type { CampaignProgress, DueRun, JournalEntry } from '@chimera/campaign';
import { describe, expect, it } from 'vitest';
import { durationText, endText, toldOf } from './told.ts';

const due = (attempt = 1) => ({ attempt, run: { ordinal: 7, cell: { name: 'plain', arrangement: 'parallel', start: 'warm' } } }) as DueRun;
const standing = { done: 6, total: 60, secondsLeft: 1_380 };
const entry = (line: object, again = false) => ({ line, again }) as JournalEntry;
const tried = (line: object, again = false): CampaignProgress => ({ kind: 'tried', due: due(), entry: entry(line, again), standing });

describe('what is told of a campaign', () => {
  it('names the run that is under way for a moment, and each that is done for good', () => {
    expect(toldOf({ kind: 'begins', due: due(2), standing })).toEqual({
      line: 'chimera: run 7 of 60 (try 2): plain, parallel, warm; 54 runs left, about 23 min',
      stays: false,
    });
    const measured = { wall_clock: { value: 27.13, unit: 's' }, output_token_throughput: { value: 78.04, unit: 'tok/s' } };
    expect(toldOf(tried({ outcome: 'measured', measured }))).toEqual({
      line: 'chimera: run 7 of 60: plain, parallel, warm: measured, 27.13 s, 78.04 tok/s; 54 runs left, about 23 min',
      stays: true,
    });
  });

  it('says why a try counts nowhere, and whether there will be another', () => {
    const excluded = { outcome: 'excluded', reason: 'It was\ncut off.', measured: {} };
    expect(toldOf(tried(excluded, true)).line).toContain('warm: excluded: It was cut off.; 54 runs left');
    expect(toldOf(tried(excluded, false)).line).toContain('warm: excluded, and not tried again: It was cut off.');
  });

  it('says nothing of time left before anything was timed, and nothing of runs left after the last', () => {
    expect(toldOf({ kind: 'begins', due: due(), standing: { ...standing, secondsLeft: null } }).line).toMatch(/54 runs left$/);
    const last = { kind: 'put off', due: due(), reason: 'Nobody answers.', standing };
    expect(toldOf(last as CampaignProgress).line).toBe('chimera: run 7 of 60: plain, parallel, warm: put off: Nobody answers.');
    expect(
      toldOf({ ...tried({ outcome: 'measured', measured: {} }), standing: { ...standing, done: 60 } } as CampaignProgress).line,
    ).toMatch(/measured$/);
  });

  it('says whom it waits for, and what a look at the results found', () => {
    const waits = toldOf({ kind: 'waits', servers: ['http://a:1', 'http://b:2'], seconds: 20, standing });
    expect(waits.line).toContain('need http://a:1 and http://b:2: waiting for up to 20 s');
    expect(toldOf({ kind: 'looked', reason: null, added: 0 }).line).toContain('decided');
    expect(toldOf({ kind: 'looked', reason: 'Two more.', added: 2 }).line).toBe('chimera: Two more.');
  });

  it.each([
    [0, '1 s'],
    [40.4, '40 s'],
    [89, '89 s'],
    [95, '2 min'],
    [1_380, '23 min'],
    [4_200, '70 min'],
    [5_400, '1 h 30 min'],
    [7_200, '2 h'],
  ])('says %d seconds as %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});

describe('the end of a campaign', () => {
  const runs = (...ordinals: number[]) => ordinals.map((ordinal) => ({ ordinal }));

  it('counts each run once, however often it was tried, and tries that are excluded', () => {
    const tries = [1, 2, 2].map((ordinal, i) => entry({ ordinal, outcome: i === 1 ? 'excluded' : 'measured' }));
    expect(endText(runs(1, 2, 3), tries)).toBe('2 of 3 runs measured; 1 try excluded, each named in the report, and counted nowhere');
  });

  it('counts runs that were added before, though the plan of now has none of them', () => {
    expect(
      endText(
        runs(1),
        [1, 2, 3].map((ordinal) => entry({ ordinal, outcome: 'measured' })),
      ),
    ).toBe('3 of 3 runs measured');
  });
});
