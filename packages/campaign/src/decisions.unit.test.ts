import { describe, expect, it } from 'vitest';
import { type CampaignFile, parseCampaign } from './campaign-file.ts';
import { cellKey } from './cell.ts';
import { decide, grownPlan } from './decisions.ts';
import { entryOf, type JournalEntry } from './entry.ts';
import { MOST_LOOKS, type PlannedRun, planOf } from './plan.ts';
import { generatorOf } from './shuffle.ts';
import { CAMPAIGN, outcomeOf } from './testing.ts';

const fileOf = (rest: Partial<CampaignFile> = {}) => ({
  ...parseCampaign(CAMPAIGN, '/campaigns/a.yaml'),
  repeats: 8,
  mostRepeats: 40,
  ...rest,
});

/** The tries of some runs, whose wall clock follows from cell and ordinal alone. */
function tries(file: CampaignFile, runs: readonly PlannedRun[], clock: (run: PlannedRun, noise: number) => number): JournalEntry[] {
  return runs.map((run) => {
    const wallSeconds = clock(run, generatorOf(11, run.ordinal)() - 0.5);
    return entryOf({
      file,
      run,
      attempt: 1,
      id: 'a'.repeat(64),
      inventory: 'b'.repeat(64),
      outcome: outcomeOf({ wallSeconds }),
      digests: new Map(),
    });
  });
}

const isSerial = ({ cell }: PlannedRun) => cell.arrangement === 'serial';
/** Parallel takes a third more: nobody needs more than eight runs for that. */
const clear = (run: PlannedRun, noise: number) => (isSerial(run) ? 20 : 27) + noise;
/** No difference, and noise of a quarter: no number of runs within the limit can say so. */
const noisy = (_: PlannedRun, noise: number) => 20 + 10 * noise;

describe('decide', () => {
  it('asks for nothing where all is decided', () => {
    const file = fileOf();
    const planned = planOf(file);
    expect(decide(file, planned, tries(file, planned, clear), 1)).toEqual({ wanted: new Map(), reason: null });
  });

  it('asks for both sides of what is not, and says what it is', () => {
    const file = fileOf();
    const planned = planOf(file);
    const { wanted, reason } = decide(file, planned, tries(file, planned, noisy), 1);
    expect([...wanted.keys()].sort()).toEqual([...new Set(planned.map(({ cell }) => cellKey(cell)))].sort());
    expect(new Set(wanted.values()).size).toBe(1);
    expect(reason).toMatch(
      /^The results leave 1 comparison undecided, parallel against serial for profile baseline, warm \(.* more each\): \d+ runs more\.$/,
    );
  });

  it('asks for as many as any verdict needs where there are too few', () => {
    const file = fileOf({ repeats: 2 });
    const planned = planOf(file);
    const { wanted } = decide(file, planned, tries(file, planned, clear), 1);
    // Fewer than four a side tell nothing.
    for (const count of wanted.values()) expect(count).toBeGreaterThanOrEqual(2);
    expect(wanted.size).toBe(2);
  });

  it('ends at the repeats that the file allows, and at the last look', () => {
    const full = fileOf({ mostRepeats: 8 });
    const planned = planOf(full);
    const entries = tries(full, planned, noisy);
    expect(decide(full, planned, entries, 1)).toMatchObject({
      wanted: new Map(),
      reason: expect.stringMatching(/^No more than 8 repeats are asked for/),
    });
    expect(decide(fileOf(), planned, entries, MOST_LOOKS)).toMatchObject({
      wanted: new Map(),
      reason: expect.stringMatching(/^The results were looked at 5 times, which is the most, and leave 1 comparison undecided/),
    });
    const oneMore = decide(fileOf({ mostRepeats: 9 }), planned, entries, 1);
    expect([...oneMore.wanted.values()]).toEqual([1, 1]);
  });

  it('has nothing to compare in one cell alone', () => {
    const file = fileOf({ arrangements: ['serial'] });
    const planned = planOf(file);
    expect(decide(file, planned, tries(file, planned, clear), 1)).toEqual({ wanted: new Map(), reason: 'There is nothing to compare.' });
  });

  it('knows only the runs that are planned', () => {
    const file = fileOf();
    const planned = planOf(file);
    const later = tries(
      file,
      planned.map((run) => ({ ...run, ordinal: run.ordinal + 100 })),
      noisy,
    );
    expect(decide(file, planned, [...tries(file, planned, clear), ...later], 1).reason).toBeNull();
  });
});

describe('grownPlan', () => {
  /** Runs a campaign to its end, one run at a time, and forgets all but its tries between them. */
  function run(file: CampaignFile, clock: typeof noisy) {
    const entries: JournalEntry[] = [];
    for (;;) {
      const { planned, decision } = grownPlan(file, entries);
      if (decision !== null) return { planned, decision, entries };
      const next = planned.find(({ ordinal }) => !entries.some(({ line }) => line.ordinal === ordinal));
      if (next !== undefined) entries.push(...tries(file, [next], clock));
    }
  }

  it("is the file's plan while runs of it are due, and ends there where all is decided", () => {
    const file = fileOf();
    expect(grownPlan(file, [])).toEqual({ planned: planOf(file), decision: null });
    expect(run(file, clear).planned).toEqual(planOf(file));
  });

  it('grows to the limit of what noise asks for, and is the same however often it was stopped', () => {
    const file = fileOf({ repeats: 4, mostRepeats: 12 });
    const { planned, decision, entries } = run(file, noisy);
    expect(planned.length).toBe(24);
    expect(decision.reason).toMatch(/^No more than 12 repeats/);
    expect(grownPlan(file, entries.toReversed())).toEqual({ planned, decision });
    expect(Math.max(...planned.map(({ look }) => look))).toBeLessThan(MOST_LOOKS);
    expect(planned.map(({ ordinal }) => ordinal)).toEqual(planned.map((_, i) => i + 1));
  });
});
