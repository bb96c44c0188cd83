import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { prepareHome } from '@chimera/shared/store';
import { contains, resolveThroughLinks } from '../out-folder.ts';
import { CommandFailed, UsageError } from '../usage-error.ts';

/** Where the parts of a campaign lie: paths. `state` is hidden; `results` is a dataset; all else is no artifact. */
export type CampaignPlaces = {
  out: string;
  state: string;
  record: string;
  journal: string;
  blobs: string;
  lock: string;
  results: string;
  runs: string;
  /** what all runs speak of: the facts of the dataset */
  dataset: string;
  report: string;
};

const STATE = '.campaign';

export function placesIn(out: string): CampaignPlaces {
  const state = join(out, STATE);
  return {
    ...{ out, state, record: join(state, 'campaign.json'), journal: join(state, 'journal'), blobs: join(state, 'blobs') },
    ...{
      lock: join(state, 'campaign.pid'),
      results: join(out, 'results'),
      runs: join(out, 'runs'),
      dataset: join(out, 'dataset'),
      report: join(out, 'report'),
    },
  };
}

/**
 * Where a campaign goes: outside of its dataset, which must not lie in it either; new, empty, or a campaign's folder already. Throws
 * UsageError otherwise: a person's files are never mixed with it.
 */
export async function campaignPlaces(given: string, dataset: string): Promise<CampaignPlaces> {
  const out = await resolveThroughLinks(resolve(given), given);
  if (contains(dataset, out))
    throw new UsageError(
      `The campaign would lie in ${out}, inside of its dataset ${dataset}: name another folder with --out, such as --out ${join(dirname(dataset), 'chimera-campaign')}.`,
    );
  if (contains(out, dataset))
    throw new UsageError(`The dataset lies in ${dataset}, inside of the campaign's folder ${out}: name another folder with --out.`);
  await requireOwn(out);
  return placesIn(out);
}

async function requireOwn(out: string): Promise<void> {
  try {
    const names = await readdir(out);
    if (names.length > 0 && !names.includes(STATE))
      throw new UsageError(`${out} holds files and is no campaign's folder: name another folder with --out, a new or an empty one.`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new UsageError(`${out} cannot hold a campaign: ${(error as Error).message}. Name another folder with --out.`, { cause: error });
  }
}

/** Makes the folders, before any work is done for them. What lies in `results` alone is artifacts. Throws CommandFailed with the reason. */
export async function preparePlaces({ out, state, journal, runs }: CampaignPlaces): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await prepareHome(state);
    await prepareHome(runs);
    await mkdir(journal, { recursive: true });
  } catch (error) {
    throw new CommandFailed(`The campaign cannot be written to ${out} (${(error as Error).message}): name another folder with --out.`, {
      cause: error,
    });
  }
}
