import { type CampaignCell, cellsOfRuns, judgeCampaign, type Undecided } from '@chimera/evidence';
import { counted } from '@chimera/shared/domain';
import type { CampaignFile } from './campaign-file.ts';
import { cellKey } from './cell.ts';
import { dueRuns } from './due.ts';
import type { JournalEntry } from './entry.ts';
import { MOST_LOOKS, moreRuns, type PlannedRun, planOf } from './plan.ts';

export type Decision = {
  /** how many more runs of a cell, by its key; empty where the campaign is over */
  wanted: ReadonlyMap<string, number>;
  /** why runs are added, or why none are although something is undecided: a sentence; null where all is decided */
  reason: string | null;
};

/**
 * What the results of the planned runs leave undecided, for --until-decided: both sides of each undecided comparison get the runs
 * that it is taken to need, up to the file's `most_repeats` of a cell. `wanted` goes to `moreRuns` with the same look.
 * @param planned all runs so far, of which none is due; what else stands among the entries counts nowhere
 * @param look how often the results were looked at with this look, from 1
 */
export function decide(file: CampaignFile, planned: readonly PlannedRun[], entries: readonly JournalEntry[], look: number): Decision {
  const ordinals = new Set(planned.map(({ ordinal }) => ordinal));
  const cells = cellsOfRuns(entries.flatMap(({ line }) => (ordinals.has(line.ordinal) ? line : [])));
  // Whoever may stop at any of five looks has five chances: each of them counts five-fold, the first one too.
  const verdicts = judgeCampaign(cells.map((cell) => ({ ...cell, looks: MOST_LOOKS })));
  const { undecided, speedUps, comparisons } = verdicts;
  const compared = speedUps.length + comparisons.length > 0;
  if (undecided.length === 0) return { wanted: new Map(), reason: compared ? null : 'There is nothing to compare.' };
  const left = `${counted(undecided.length, 'comparison')} undecided, ${undecided.length === 1 ? '' : 'the first of them '}${nameOf(undecided[0])}`;
  if (look >= MOST_LOOKS)
    return { wanted: new Map(), reason: `The results were looked at ${look} times, which is the most, and leave ${left}.` };
  const wanted = wantedRuns(file, planned, undecided);
  if (wanted.size === 0)
    return { wanted, reason: `No more than ${file.mostRepeats} repeats are asked for (most_repeats), and they leave ${left}.` };
  const added = [...wanted.values()].reduce((sum, one) => sum + one, 0);
  return { wanted, reason: `The results leave ${left}: ${counted(added, 'run')} more.` };
}

/** A campaign's plan as far as it can be known: `decision` is null while runs of it are due. */
export type GrownPlan = { planned: PlannedRun[]; decision: Decision | null };

/**
 * The plan of a campaign that goes on until all is decided, out of its file and its tries alone: each look at the results is taken
 * again, at what was known then. So a campaign that was stopped goes on as if it had not been.
 */
export function grownPlan(file: CampaignFile, entries: readonly JournalEntry[]): GrownPlan {
  let planned = planOf(file);
  for (let look = 1; ; look++) {
    if (dueRuns(planned, entries, file.attempts).length > 0) return { planned, decision: null };
    const decision = decide(file, planned, entries, look);
    if (decision.wanted.size === 0) return { planned, decision };
    planned = [...planned, ...moreRuns(planned, file, decision.wanted, look)];
  }
}

type Side = Pick<CampaignCell, 'profile' | 'arrangement' | 'start'>;

function wantedRuns(file: CampaignFile, planned: readonly PlannedRun[], undecided: readonly Undecided<Side>[]): Map<string, number> {
  const there = Map.groupBy(planned, ({ cell }) => cellKey(cell));
  const wanted = new Map<string, number>();
  for (const { of, to, needed } of undecided)
    for (const side of [of, to]) {
      const key = cellKey({ ...side, name: side.profile });
      const count = Math.min(needed, file.mostRepeats - (there.get(key)?.length ?? 0));
      if (count > 0) wanted.set(key, Math.max(count, wanted.get(key) ?? 0));
    }
  return wanted;
}

function nameOf(one: Undecided<Side> | undefined): string {
  if (one === undefined) return '';
  return `${one.name} (${one.beyond ? 'more than ' : 'about '}${one.needed} more each)`;
}
