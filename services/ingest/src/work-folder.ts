import { lstatSync, writeFileSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';

export type WorkFolder = { path: string; remove(): Promise<void> };

// In a container each process may have the number of the one before it.
const startedMs = Date.now() - process.uptime() * 1_000;

const PREFIX = 'chimera-table-';

/** A file in each folder, written anew as long as its process lives. */
const BEAT_FILE = 'alive';
const BEAT_MS = 60_000;
// Of a host that has our name it is also known which processes run. In another container of that name other ones do, so they must
// be silent too.
const SILENT_HERE_MS = 3 * BEAT_MS;
// A process that was held up for so long has only lost what it can make again.
const SILENT_ELSEWHERE_MS = 60 * BEAT_MS;

/**
 * Makes a folder below `parent` for what need not outlive the process, and removes those that killed processes left behind, on
 * whichever host: they may hold gigabytes, and a container that is started again has another name.
 */
export async function openWorkFolder(parent: string): Promise<WorkFolder> {
  await mkdir(parent, { recursive: true });
  const host = `${PREFIX}${hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')}-`;
  const path = await realpath(await mkdtemp(join(parent, `${host}${process.pid}-`)));
  const beatFile = join(path, BEAT_FILE);
  // In one go, so that none is under way while the folder is removed.
  const beat = (): void => writeFileSync(beatFile, '');
  const timer = setInterval(() => {
    try {
      beat();
    } catch (error) {
      // Whoever works in the folder meets the same fault, and can say what it was for. Where it has not gone away, the next may do.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') clearInterval(timer);
    }
  }, BEAT_MS);
  timer.unref();
  const remove = async (): Promise<void> => {
    clearInterval(timer);
    await rm(path, { recursive: true, force: true });
  };
  try {
    beat();
    // By the clock of the disk, which all hosts that share it have in common.
    const nowMs = lstatSync(beatFile).mtimeMs;
    for (const name of await readdir(parent)) {
      const other = join(parent, name);
      if (name.startsWith(PREFIX) && name !== basename(path) && (await isLeft(other, name, host, nowMs))) await removeLeft(other);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}

/** True when the process that made a folder is no more. */
async function isLeft(path: string, name: string, host: string, nowMs: number): Promise<boolean> {
  const silentMs = await silenceOf(path, nowMs);
  const pid = name.startsWith(host) ? /^(\d+)-/.exec(name.slice(host.length))?.[1] : undefined;
  // Folders of versions that gave no sign of life are told by their process alone.
  if (pid === undefined) return silentMs !== null && silentMs > SILENT_ELSEWHERE_MS;
  if (silentMs !== null && silentMs <= SILENT_HERE_MS) return false;
  if (Number(pid) !== process.pid) return !isAlive(Number(pid));
  const made = await orNull(stat(path));
  return made !== null && made.mtimeMs < startedMs;
}

/** Since when a folder's process has given no sign of life, in ms; null where it never gave one. */
async function silenceOf(path: string, nowMs: number): Promise<number | null> {
  const beat = await orNull(lstat(join(path, BEAT_FILE)));
  return beat === null ? null : nowMs - beat.mtimeMs;
}

/** Removes what is left, unless another process does it just now, or it is another user's: in a folder for all, as for temporary files. */
async function removeLeft(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** What a look gives; null where there is nothing, or nothing to be seen by this user. */
async function orNull<T>(look: Promise<T>): Promise<T | null> {
  try {
    return await look;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
