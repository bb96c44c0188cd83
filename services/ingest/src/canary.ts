import { randomUUID } from 'node:crypto';
import { lstat, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CanaryFault } from './watch-fault.ts';

const PREFIX = '.chimera-canary-';
const STALE_MS = 3_600_000;
const TEXT = 'Chimera writes this file to see whether this folder reports changes, and removes it when it ends.\n';

/** A hidden file in a bucket that is written to see whether the watch notices. */
export type Canary = {
  /** the file's name; no other process uses it */
  name: string;
  /** Makes the file anew. The first time it also removes what killed processes left. Throws CanaryFault. */
  write(): Promise<void>;
  /** Removes the file if there is one. Never rejects. */
  remove(): Promise<void>;
};

/** A canary for the top of a bucket; nothing is written yet. */
export function createCanary(root: string): Canary {
  const name = `${PREFIX}${randomUUID()}`;
  const path = join(root, name);
  let isWritten = false;
  return {
    name,
    async write() {
      try {
        if (!isWritten) await removeStaleCanaries(root);
        // Never over what is there: whoever may write to the bucket could have put a link in its place.
        await rm(path, { force: true });
        await writeFile(path, TEXT, { flag: 'wx' });
        isWritten = true;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new CanaryFault(
          `No file can be written to ${root} (${reason}), so nothing proves that changes are reported. Let Chimera write there if they are to be noticed at once.`,
          { cause: error },
        );
      }
    },
    async remove() {
      // What cannot be removed, on a mount that became read-only, is stale in an hour.
      if (isWritten) await rm(path, { force: true }).catch(() => {});
    },
  };
}

/** True for the canary of any process. Takes a name or a path. */
export function isCanary(path: string): boolean {
  return basename(path).startsWith(PREFIX);
}

/** Removes the canaries that were not written for an hour, as far as they can be. Throws when the folder cannot be listed. */
async function removeStaleCanaries(root: string): Promise<void> {
  for (const name of (await readdir(root)).filter(isCanary)) {
    const path = join(root, name);
    const stat = await lstat(path).catch(() => null);
    if (!stat?.isFile() || Date.now() - stat.mtimeMs < STALE_MS) continue;
    // It may be another user's, and theirs to remove.
    await rm(path, { force: true }).catch(() => {});
  }
}
