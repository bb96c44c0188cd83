import { type AgentSettings, agentSettings, readGrounds, type SoleServer, warmGrounds } from '@chimera/agent';
import {
  type CampaignEnd,
  type CampaignFile,
  type CampaignProgress,
  cellsOf,
  dueRuns,
  foreignTry,
  grownPlan,
  type Journal,
  type JournalEntry,
  JournalFault,
  openJournal,
  planOf,
  resultFiles,
  runCampaign,
} from '@chimera/campaign';
import { printDataset } from '@chimera/reporter';
import { systemClock } from '@chimera/shared/bus';
import { agentsOf, type InventoryRef } from '@chimera/shared/domain';
import { createLogger } from '@chimera/shared/service';
import { type Blobs, contentHash, folderBlobs, putJson, sha256 } from '@chimera/shared/store';
import type { ProgressTeller } from '../progress.ts';
import { CommandFailed } from '../usage-error.ts';
import { takeDataset } from './dataset.ts';
import type { CampaignPlaces } from './places.ts';
import type { Definitions } from './plan-listing.ts';
import { changesSince, readRecord, whyOtherDataset, whyOtherPlan, writeRecord } from './record.ts';
import { writeResults } from './results-folder.ts';
import { runReports } from './run-reports.ts';
import { checkServers, openServers } from './servers.ts';
import { toldOf } from './told.ts';

export type CampaignOptions = {
  file: CampaignFile;
  /** the file's path as it was given, and its text */
  path: string;
  text: string;
  /** the folder of artifacts, without links */
  dataset: string;
  places: CampaignPlaces;
  /** addresses, which may hold credentials */
  servers: readonly string[];
  definitions: Definitions;
  environment: Readonly<Record<string, string | undefined>>;
  untilDecided: boolean;
  progress: ProgressTeller;
  signal: AbortSignal;
};

/** How a campaign's runs ended: its plan, and all tries at it. */
export type RunsMade = CampaignEnd & { entries: readonly JournalEntry[] };

/** What the steps of one campaign share. */
type Means = CampaignOptions & { settings: AgentSettings; blobs: Blobs; journal: Journal; asked: readonly SoleServer[] };

/**
 * Makes all runs of a campaign that its folder does not have yet, and writes its results. Throws CommandFailed in a sentence where
 * that cannot be, or it was stopped.
 */
export async function makeRuns(options: CampaignOptions): Promise<RunsMade> {
  const { file, places, environment, signal } = options;
  const plan = planOf(file);
  let standing = { done: 0, total: plan.length };
  const onProgress = (told: CampaignProgress) => {
    if ('standing' in told) standing = told.standing;
    const { line, stays } = toldOf(told);
    if (stays) options.progress.note(line);
    else options.progress.now(line);
  };
  const settings = agentSettings({ ...environment, CHIMERA_LOG_LEVEL: environment.CHIMERA_LOG_LEVEL || 'silent' });
  const logger = createLogger('campaign', settings.values.CHIMERA_LOG_LEVEL, () => ({}));
  const servers = openServers(options.servers, settings, systemClock, logger);
  try {
    const journal = await openJournal(places.journal);
    standing.done = plan.length - dueRuns(plan, journal.entries(), file.attempts).length;
    const means: Means = { ...options, settings, blobs: folderBlobs(places.blobs), journal, asked: servers.servers };
    const end = await runAll(means, await begun(means), onProgress);
    await writeResults(places, resultFiles(file, journal.entries()));
    return { ...end, entries: journal.entries() };
  } catch (error) {
    if (signal.aborted)
      throw new CommandFailed(`stopped after ${standing.done} of ${standing.total} runs: run the same command again to go on`, {
        cause: error,
      });
    throw error instanceof JournalFault ? new CommandFailed(error.message, { cause: error }) : error;
  } finally {
    await servers.close();
  }
}

/** Takes the dataset in, and sees that a campaign that is gone on with is still the same one; returns the inventory of its first runs. */
async function begun(means: Means): Promise<InventoryRef> {
  const { file, path, dataset, places, progress, journal, asked, signal } = means;
  // One of which nothing was tried yet is begun anew.
  const known = journal.entries().length === 0 ? null : await readRecord(places.record);
  const now = { file: sha256(means.text), plan: planHash(file), servers: means.asked.map(({ url }) => url) };
  refuse(known && whyOtherPlan(known, now, path, places.out));
  if (isUnfinished(means)) for (const away of await checkServers(file, asked, signal)) progress.note(`chimera: ${away}`);
  const taken = await takeDataset({ ...means, dataset });
  refuse(known && whyOtherDataset(known, taken, dataset, places.out));
  refuse(foreignTry(file, journal.entries(), taken.inventory));
  if (known !== null) for (const change of changesSince(known, now)) progress.note(`chimera: ${change}`);
  // Observations of the first time stay: each run is asked about the same facts.
  const inventory = known?.inventory ?? taken;
  const begunAt = known?.begunAt ?? new Date(systemClock.now()).toISOString();
  await writeRecord(places.record, { schema: 'chimera.campaign/v1', campaign: file.name, begunAt, ...now, inventory });
  return inventory;
}

/** Whether servers will be asked at all. */
function isUnfinished({ file, journal, untilDecided }: Means): boolean {
  const entries = journal.entries();
  const planned = untilDecided ? grownPlan(file, entries).planned : planOf(file);
  return dueRuns(planned, entries, file.attempts).length > 0;
}

/** What a campaign's runs follow from. */
function planHash(file: CampaignFile): string {
  const { name, attempts, mostRepeats } = file;
  return contentHash({ name, attempts, mostRepeats, plan: planOf(file) });
}

function refuse(reason: string | null): void {
  if (reason !== null) throw new CommandFailed(reason);
}

async function runAll(means: Means, inventory: InventoryRef, onProgress: (told: CampaignProgress) => void): Promise<CampaignEnd> {
  const { file, definitions, blobs, journal, asked, places, progress, signal, untilDecided } = means;
  await printDataset(blobs, inventory, places.dataset);
  const reports = runReports(places.runs, inventory, { blobs, clock: systemClock });
  for (const gone of await reports.restore(journal.entries().map(({ line }) => line))) progress.note(`chimera: ${gone}`);
  const grounds = await readGrounds(blobs)(inventory);
  for (const { profile } of cellsOf(file)) for (const agent of agentsOf(profile)) await warmGrounds(definitions[agent], profile, grounds);
  return runCampaign({
    ...{ file, journal, servers: asked, definitions, grounds, clock: systemClock, untilDecided, signal, onProgress },
    ...{ dataset: inventory.dataset, inventory: inventory.inventory },
    keepTranscript: (transcript) => putJson(blobs, transcript),
    keep: (run, attempt, outcome) => reports.keep(run, attempt, outcome),
    async afterRun(_run, { line }) {
      await reports.print(line);
    },
  });
}
