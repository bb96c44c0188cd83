import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareHome } from '@chimera/shared/store';
import { CommandFailed } from './usage-error.ts';

/**
 * Takes a home for one `up`: two nats-servers over one state would ruin it. The lock of a process that no longer
 * lives is taken over. Throws CommandFailed that names the process that holds it.
 */
export async function lockHome(home: string): Promise<{ release(): Promise<void> }> {
  await prepareHome(home);
  const path = join(home, 'up.pid');
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid}\n`);
      await file.close();
      return { release: () => rm(path, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = Number(await readFile(path, 'utf8').catch(() => ''));
      if (lives(pid))
        throw new CommandFailed(
          `${home} is in use by another "chimera up" (process ${pid}): stop that one, or give another home with --home.`,
        );
      await rm(path, { force: true });
    }
  }
  throw new CommandFailed(`${path} could not be taken: another "chimera up" is starting just now; try again.`);
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
