import { CampaignRun } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { parseCampaign } from './campaign-file.ts';
import { dueRuns } from './due.ts';
import { entryOf, type JournalEntry, knownDigests, type Tried } from './entry.ts';
import { planOf } from './plan.ts';
import { analysisOf, CAMPAIGN, callOf, DIGEST, outcomeOf, runOf, START } from './testing.ts';
import { secondsLeft } from './time-left.ts';

const file = parseCampaign(CAMPAIGN, '/campaigns/a.yaml');
const tried = (rest: Partial<Tried> = {}): Tried => ({
  file,
  run: { ...runOf(), ordinal: 4, repeat: 2 },
  attempt: 1,
  id: 'a'.repeat(64),
  inventory: 'b'.repeat(64),
  outcome: outcomeOf(),
  digests: new Map(),
  ...rest,
});

describe('entryOf', () => {
  it('makes a line that campaigns have, and a row of each call in order of start', () => {
    const warned = analysisOf('insight', [callOf(1)], { warnings: ['It is slow.', 'It is slow.'] });
    const analyses = { collector: analysisOf('collector', [callOf(0), callOf(2, { gpu: null, truncated: null })]), insight: warned };
    const { line, calls, again, digests } = entryOf(tried({ outcome: outcomeOf({ analyses }) }));
    expect(CampaignRun.parse(line)).toEqual(line);
    expect(line).toMatchObject({
      campaign: 'settings',
      ordinal: 4,
      repeat: 2,
      attempt: 1,
      profile: 'baseline',
      arrangement: 'serial',
      start: 'warm',
      agents: ['collector', 'insight'],
      startedAt: '2026-01-02T03:04:05.000Z',
      outcome: 'measured',
      reason: null,
      warnings: ['It is slow.'],
    });
    expect(calls.map((one) => [one.agent, one.started_at.slice(17, 19), one.ordinal, one.outcome])).toEqual([
      ['collector', '05', 4, 'measured'],
      ['insight', '06', 4, 'measured'],
      ['collector', '07', 4, 'measured'],
    ]);
    expect(calls[2]).toMatchObject({ call_outcome: 'stop', wall_s: 2, eval_s: 1.5, output_tokens: 100, energy_j: null, truncated: null });
    expect([again, digests]).toEqual([false, { 'tiny:1b': DIGEST }]);
  });

  it('keeps an excluded try with its reason and what it measured', () => {
    const { line, calls, again } = entryOf(tried({ outcome: outcomeOf({ fault: 'The server is gone.' }) }));
    expect(line).toMatchObject({ outcome: 'excluded', reason: 'The server is gone.', measured: { wall_clock: { value: 6, unit: 's' } } });
    expect(calls.every(({ outcome }) => outcome === 'excluded')).toBe(true);
    expect(again).toBe(true);
  });
});

describe('knownDigests', () => {
  it('has those of the first try in time, whatever its ordinal', () => {
    const later = { ...entryOf(tried()), digests: { 'tiny:1b': 'later', 'big:7b': 'big' } };
    const first = entryOf(tried({ run: { ...runOf(), ordinal: 9 }, outcome: outcomeOf({ startedAt: START - 1_000 }) }));
    expect(knownDigests([later, first])).toEqual(
      new Map([
        ['tiny:1b', DIGEST],
        ['big:7b', 'big'],
      ]),
    );
  });
});

describe('dueRuns', () => {
  const planned = planOf(file);
  const entry = (ordinal: number, attempt: number, outcome: 'measured' | 'excluded', again = false): JournalEntry => {
    const made = entryOf(tried({ run: { ...runOf(), ordinal }, attempt }));
    return { ...made, again, line: { ...made.line, outcome } };
  };
  const due = (entries: JournalEntry[]) => dueRuns(planned, entries, 2).map(({ run, attempt }) => [run.ordinal, attempt]);

  it('is all of the plan at first', () => {
    expect(due([])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 1],
      [6, 1],
    ]);
  });

  it('is what no try has settled: measured, hopeless, or tried often enough', () => {
    const entries = [
      entry(1, 1, 'measured'),
      entry(2, 1, 'excluded', true),
      entry(3, 1, 'excluded', false),
      entry(4, 1, 'excluded', true),
      entry(4, 2, 'excluded', true),
      entry(5, 1, 'excluded', true),
      entry(5, 2, 'measured'),
    ];
    expect(due(entries)).toEqual([
      [2, 2],
      [6, 1],
    ]);
  });
});

describe('secondsLeft', () => {
  const [serial, parallel] = [runOf({ arrangement: 'serial' }), runOf({ arrangement: 'parallel' })];
  const took = (run: typeof serial, ...seconds: number[]) =>
    seconds.map((wallSeconds) => entryOf(tried({ run, outcome: outcomeOf({ wallSeconds }) })));
  const due = [serial, serial, parallel].map((run) => ({ run, attempt: 1 }));

  it('is not known before the first try', () => {
    expect(secondsLeft(due, [])).toBeNull();
  });

  it('takes the median of each cell, and the mean of those for what was not tried', () => {
    expect(secondsLeft(due, took(serial, 10, 30, 12))).toBe(12 + 12 + 12);
    expect(secondsLeft(due, [...took(serial, 10, 30, 12, 13), ...took(parallel, 5)])).toBe(12.5 + 12.5 + 5);
    const cold = runOf({ start: 'cold' });
    expect(secondsLeft([{ run: cold, attempt: 1 }], [...took(serial, 10), ...took(parallel, 5, 5, 5)])).toBe(7.5);
    expect(secondsLeft([], took(serial, 10))).toBe(0);
  });
});
