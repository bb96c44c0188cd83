import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunOutcome } from '@chimera/campaign';
import { createPrinting, type PrintingParts, printRun } from '@chimera/reporter';
import { AgentName, byCodeUnit, type CampaignRun, type InventoryRef, Run, Sha256 } from '@chimera/shared/domain';
import { BlobDamaged, BlobMissing, type Blobs, getJson, openJoin, putJson } from '@chimera/shared/store';
import { z } from 'zod';

/** The reports of a campaign's runs: the last try of each in `<ordinal>`, tries before it in `<ordinal>-try-<attempt>`. */
export type RunReports = {
  /** Stores what a try said, so that its report can be printed at any time. */
  keep(run: Run, attempt: number, outcome: RunOutcome): Promise<void>;
  /** Prints a try that was kept, where any of its agents said something. */
  print(line: CampaignRun): Promise<void>;
  /**
   * Prints what is missing of these tries, and the newest of them in any case: whoever made it may have been killed before it was
   * printed whole. Returns a sentence for each run of which nothing can be printed any more.
   */
  restore(lines: readonly CampaignRun[]): Promise<string[]>;
};

/** What is kept of a try: its analyses by the blobs that they are. */
const Kept = z.strictObject({ run: Run, analyses: z.partialRecord(AgentName, Sha256) });
type Kept = z.infer<typeof Kept>;

export function runReports(folder: string, inventory: InventoryRef, parts: PrintingParts): RunReports {
  const { blobs } = parts;
  const printing = createPrinting(parts);

  async function print(line: CampaignRun): Promise<void> {
    const { run: id, ordinal, attempt, startedAt } = line;
    const kept = await keptOf(blobs, id, attempt);
    if (kept === null) return;
    const own = join(folder, `${ordinal}`);
    if ((await keptOf(blobs, id, attempt - 1)) !== null) await moveAside(own, join(folder, `${ordinal}-try-${attempt - 1}`));
    const opened = openJoin(kept.run, inventory, startedAt);
    for (const [agent, analysis] of Object.entries(kept.analyses)) opened.parts[AgentName.parse(agent)] = { state: 'done', analysis };
    await printRun(parts, opened, own, { printing, alone: true, campaignTry: line });
  }

  return {
    print,
    async keep(run, attempt, outcome) {
      const analyses: Kept['analyses'] = {};
      for (const [agent, analysis] of Object.entries(outcome.analyses)) analyses[AgentName.parse(agent)] = await putJson(blobs, analysis);
      // One name for all of it: a try that is made again takes the place of the one that was broken off.
      await blobs.name(nameOf(run.id, attempt), await putJson(blobs, { run, analyses }));
    },
    async restore(lines) {
      const said: string[] = [];
      const inTime = lines.toSorted((a, b) => byCodeUnit(a.startedAt, b.startedAt));
      const newest = inTime.at(-1)?.ordinal;
      for (const [ordinal, tries] of Map.groupBy(inTime, (line) => line.ordinal)) {
        const there = await exists(join(folder, `${ordinal}`, 'report.json'));
        const wanted = there ? tries.slice(ordinal === newest ? -1 : tries.length) : tries;
        try {
          for (const line of wanted) await print(line);
        } catch (error) {
          // The run itself is in the journal: that its words are gone costs its report alone.
          if (!(error instanceof BlobMissing || error instanceof BlobDamaged)) throw error;
          said.push(
            `the report of run ${ordinal} cannot be printed again: what was said in it is gone from .campaign/blobs, or was changed`,
          );
        }
      }
      return said;
    },
  };
}

function nameOf(run: string, attempt: number): string {
  return `try-${run}-${attempt}`;
}

/** What is kept of a try; null where no agent said anything, or there was no such try. */
async function keptOf(blobs: Blobs, run: string, attempt: number): Promise<Kept | null> {
  const id = await blobs.named(nameOf(run, attempt));
  const kept = id === null ? null : await getJson(blobs, id, Kept);
  return kept === null || Object.keys(kept.analyses).length === 0 ? null : kept;
}

/** Makes room for a later try's report; one that was moved already is left. */
async function moveAside(from: string, to: string): Promise<void> {
  if ((await exists(from)) && !(await exists(to))) await rename(from, to);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
