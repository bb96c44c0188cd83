import { lstat, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Bucket, folderBucket, givenFileBucket, type Limits, Unreadable } from '@chimera/ingest';
import { systemClock } from '@chimera/shared/bus';
import { type Evidence, OUTPUT_MARKER } from '@chimera/shared/domain';
import { evidenceBeside, evidenceIn, writtenByChimera } from './given-evidence.ts';
import { onceQuiet } from './quiet.ts';
import { CommandFailed } from './usage-error.ts';
import { visible } from './visible.ts';

export type TakeOptions = { limits: Limits; onProgress?: (done: number, total: number) => void; signal?: AbortSignal };

/** What is to be had of artifacts that a person names, and how. */
export type Wanted<T extends { evidence: Evidence }> = {
  /** what cannot be done where there is no artifact: `there is nothing to compare` */
  purpose: string;
  /** who cannot use another of Chimera's own files: `a comparison` */
  user: string;
  ofBucket(bucket: Bucket, options: TakeOptions): Promise<T>;
  /** `folder`: where the evidence lies */
  ofEvidence(evidence: Evidence, folder: string): Promise<T>;
};

/**
 * What is wanted of a folder of artifacts, of a report (its folder, or its `report.json` with `evidence.json` beside it), of an
 * `evidence.json`, or of a single artifact. What a file is, its content says.
 * @throws CommandFailed in a sentence where there is none, or it cannot be had
 */
export async function takeGiven<T extends { evidence: Evidence }>(given: string, wanted: Wanted<T>, options: TakeOptions): Promise<T> {
  const name = visible(given);
  const { path, isFolder } = await placeOf(given, name);
  try {
    return await (isFolder ? takeFolder(path, name, wanted, options) : takeFile(path, given, wanted, options));
  } catch (error) {
    // What the system says of a folder or file, and what a bucket says of a file.
    if (error instanceof Unreadable || (error as NodeJS.ErrnoException).syscall !== undefined)
      throw new CommandFailed(`${name} cannot be read: ${visible((error as Error).message)}.`, { cause: error });
    throw error;
  }
}

async function takeFolder<T extends { evidence: Evidence }>(
  path: string,
  name: string,
  { purpose, ofBucket, ofEvidence }: Wanted<T>,
  options: TakeOptions,
): Promise<T> {
  if ((await readdir(path)).includes(OUTPUT_MARKER)) return ofEvidence(await evidenceBeside(join(path, 'report.json'), name), path);
  const take = () => ofBucket(folderBucket(path), options);
  return onceQuiet(take, { place: name, purpose, clock: systemClock, ...options });
}

async function takeFile<T extends { evidence: Evidence }>(
  path: string,
  given: string,
  { purpose, user, ofBucket, ofEvidence }: Wanted<T>,
  options: TakeOptions,
): Promise<T> {
  const name = visible(given);
  const written = await writtenByChimera(path);
  if (written === 'evidence') return ofEvidence(await evidenceIn(path, name), dirname(path));
  if (written === 'report') return ofEvidence(await evidenceBeside(path, name), dirname(path));
  if (written === 'other')
    throw new CommandFailed(
      `Chimera wrote ${name}, and it does not hold what ${user} needs: give the report.json or evidence.json of that report.`,
    );
  // Under the name that was given, which says what kind of file it is.
  const take = () => ofBucket(givenFileBucket(given), options);
  const taken = await onceQuiet(take, { place: name, purpose, clock: systemClock, ...options });
  const [only] = taken.evidence.artifacts;
  if (only?.status === 'refused') throw new CommandFailed(`${name} is no artifact that can be read: ${visible(only.reason ?? '')}.`);
  return taken;
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
