import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailed } from '../usage-error.ts';
import type { CampaignPlaces } from './places.ts';

/** Writes a campaign's results, each file whole: whoever reads them as artifacts finds no half of one. Throws CommandFailed. */
export async function writeResults({ results, state }: CampaignPlaces, files: Readonly<Record<string, string>>): Promise<void> {
  try {
    await mkdir(results, { recursive: true });
    for (const [name, text] of Object.entries(files)) {
      const temporary = join(state, `${name}.part`);
      await writeFile(temporary, text);
      await rename(temporary, join(results, name));
    }
  } catch (error) {
    throw new CommandFailed(`The results cannot be written to ${results} (${(error as Error).message}): check its space and rights.`, {
      cause: error,
    });
  }
}
