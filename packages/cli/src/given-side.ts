import { lstat, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { evidenceOfBucket, folderBucket, givenFileBucket, type Limits, Unreadable } from '@chimera/ingest';
import { systemClock } from '@chimera/shared/bus';
import { counted, type Evidence, type Group, OUTPUT_MARKER } from '@chimera/shared/domain';
import { evidenceBeside, evidenceIn, writtenByChimera } from './given-evidence.ts';
import { onceQuiet } from './quiet.ts';
import { CommandFailed } from './usage-error.ts';
import { visible } from './visible.ts';

/** One side of a comparison as a person named it. */
export type GivenSide = {
  /** as it was given */
  name: string;
  inventory: string;
  groups: readonly Group[];
  /** how many artifacts were refused, of how many */
  artifacts: { refused: number; total: number };
};

export type SideOptions = { limits: Limits; onProgress?: (done: number, total: number) => void; signal?: AbortSignal };

/**
 * The evidence of a folder of artifacts, of a report (its folder, or its `report.json` with `evidence.json` beside it), of an
 * `evidence.json`, or of a single artifact. What a file is, its content says.
 * @throws CommandFailed in a sentence where there is none, or it cannot be had
 */
export async function sideOf(given: string, options: SideOptions): Promise<GivenSide> {
  const name = visible(given);
  const { groups, inventory, artifacts } = await evidenceOf(given, name, options);
  return { name, inventory, groups, artifacts: { refused: artifacts.filter(isRefused).length, total: artifacts.length } };
}

/** That artifacts of a side could not be read, in a sentence; null where all could. */
export function refusedSentence({ name, artifacts: { refused, total } }: GivenSide): string | null {
  return refused === 0 ? null : `of ${name}, ${refused} of ${counted(total, 'artifact')} could not be read, and count nowhere`;
}

function isRefused({ status }: Evidence['artifacts'][number]): boolean {
  return status === 'refused';
}

async function evidenceOf(given: string, name: string, options: SideOptions): Promise<Evidence> {
  const { path, isFolder } = await placeOf(given, name);
  try {
    return await (isFolder ? evidenceOfFolder(path, name, options) : evidenceOfFile(path, given, name, options));
  } catch (error) {
    // What the system says of a folder or file, and what a bucket says of a file.
    if (error instanceof Unreadable || (error as NodeJS.ErrnoException).syscall !== undefined)
      throw new CommandFailed(`${name} cannot be read: ${visible((error as Error).message)}.`, { cause: error });
    throw error;
  }
}

const PURPOSE = 'there is nothing to compare';

async function evidenceOfFolder(path: string, name: string, options: SideOptions): Promise<Evidence> {
  if ((await readdir(path)).includes(OUTPUT_MARKER)) return evidenceBeside(join(path, 'report.json'), name);
  const take = () => evidenceOfBucket(folderBucket(path), options.limits, options);
  return onceQuiet(take, { place: name, purpose: PURPOSE, clock: systemClock, ...options });
}

async function evidenceOfFile(path: string, given: string, name: string, options: SideOptions): Promise<Evidence> {
  const written = await writtenByChimera(path);
  if (written === 'evidence') return evidenceIn(path, name);
  if (written === 'report') return evidenceBeside(path, name);
  if (written === 'other')
    throw new CommandFailed(
      `Chimera wrote ${name}, and it does not hold what a comparison needs: give the report.json or evidence.json of that report.`,
    );
  // Under the name that was given, which says what kind of file it is.
  const take = () => evidenceOfBucket(givenFileBucket(given), options.limits, options);
  const evidence = await onceQuiet(take, { place: name, purpose: PURPOSE, clock: systemClock, ...options });
  const [only] = evidence.artifacts;
  if (only?.status === 'refused') throw new CommandFailed(`${name} is no artifact that can be read: ${visible(only.reason ?? '')}.`);
  return evidence;
}

async function placeOf(given: string, name: string): Promise<{ path: string; isFolder: boolean }> {
  try {
    const path = await realpath(given);
    return { path, isFolder: (await lstat(path)).isDirectory() };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
      throw new CommandFailed(`${name} cannot be looked at: ${visible(message)}.`, { cause: error });
    throw new CommandFailed(
      `There is no ${name}: give a folder of artifacts, a report's folder, report.json or evidence.json, or one artifact.`,
      { cause: error },
    );
  }
}
