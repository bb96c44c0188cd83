import { open, readFile, rm, stat } from 'node:fs/promises';
import { CommandFailed } from './usage-error.ts';

/** What is said where another process holds a lock, and where one is taking it just now. */
export type LockWords = { held: (pid: number) => string; contended: string };

/** Between making its lock and writing its number into it, a process takes less than this. */
const TAKING_MS = 5_000;

/**
 * Takes a lock that is a file with this process's number in it. The lock of a process that no longer lives is taken over. Throws
 * CommandFailed that names the process that holds it.
 */
export async function lockFile(path: string, words: LockWords): Promise<{ release(): Promise<void> }> {
  for (let attempt = 0; attempt < 2; attempt++) {
    if (await made(path)) return { release: () => rm(path, { force: true }) };
    const text = await readFile(path, 'utf8').catch(() => '');
    const pid = Number(text);
    if (lives(pid)) throw new CommandFailed(words.held(pid));
    // One without a number may be of a process that is just writing it.
    if (text === '' && (await isNew(path))) throw new CommandFailed(words.contended);
    if (!(await takenAway(path, text))) throw new CommandFailed(words.contended);
  }
  throw new CommandFailed(words.contended);
}

/** Whether the lock is ours now; false where there is one. */
async function made(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(`${process.pid}\n`);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isNew(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs < TAKING_MS;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
}

/**
 * Removes a lock that nobody holds any more; false where another process does so just now. One at a time: else one would remove what
 * another has just taken over.
 */
async function takenAway(path: string, text: string): Promise<boolean> {
  const guard = `${path}.taking`;
  if (!(await made(guard))) {
    // Whoever left it was ended in the middle: the next one finds none.
    if (!(await isNew(guard))) await rm(guard, { force: true });
    return false;
  }
  try {
    if ((await readFile(path, 'utf8').catch(() => null)) === text) await rm(path, { force: true });
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

function lives(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process lives as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
