import { open, readFile, rm } from 'node:fs/promises';
import { CommandFailed } from './usage-error.ts';

/** What is said where another process holds a lock, and where one is taking it just now. */
export type LockWords = { held: (pid: number) => string; contended: string };

/**
 * Takes a lock that is a file with this process's number in it. The lock of a process that no longer lives is taken over. Throws
 * CommandFailed that names the process that holds it.
 */
export async function lockFile(path: string, words: LockWords): Promise<{ release(): Promise<void> }> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid}\n`);
      await file.close();
      return { release: () => rm(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = Number(await readFile(path, 'utf8').catch(() => ''));
      if (lives(pid)) throw new CommandFailed(words.held(pid));
      await rm(path, { force: true });
    }
  }
  throw new CommandFailed(words.contended);
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
