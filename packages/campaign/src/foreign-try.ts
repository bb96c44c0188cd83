import type { CampaignFile } from './campaign-file.ts';
import { cellKey, cellsOf } from './cell.ts';
import { type JournalEntry, tryName } from './entry.ts';
import { planOf } from './plan.ts';

/**
 * Which try in a campaign's journal is none of this campaign's, and why: a sentence; null where all are. A journal's files may be
 * copied, moved and edited by anybody, and a run of something else must not be compared with the others.
 * @param inventory what all runs of the campaign speak of
 */
export function foreignTry(file: CampaignFile, entries: readonly JournalEntry[], inventory: string): string | null {
  const planned = new Map(planOf(file).map((run) => [run.ordinal, run]));
  const cells = new Set(cellsOf(file).map(cellKey));
  const measured = new Set<number>();
  for (const { line } of entries) {
    const { ordinal, repeat, profile, arrangement, start } = line;
    const run = planned.get(ordinal);
    const key = cellKey({ name: profile, arrangement, start });
    const here = run === undefined ? cells.has(key) : cellKey(run.cell) === key && run.repeat === repeat;
    const twice = line.outcome === 'measured' && measured.has(ordinal);
    if (line.outcome === 'measured') measured.add(ordinal);
    const why =
      (line.campaign === file.name ? null : `it is of the campaign ${line.campaign}`) ??
      (line.inventory === inventory ? null : 'it is of a run over other artifacts') ??
      (here ? null : `the plan has nothing like repeat ${repeat} of ${profile}, ${arrangement}, ${start} as run ${ordinal}`) ??
      (twice ? `run ${ordinal} was measured in an earlier try already` : null);
    if (why !== null)
      return `The journal holds a try that is none of this campaign, ${tryName(line)}: ${why}. Move it out of the journal; a run that is missing then is made again.`;
  }
  return null;
}
