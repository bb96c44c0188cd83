import { join } from 'node:path';
import { prepareHome } from '@chimera/shared/store';
import { lockFile } from './process-lock.ts';

/**
 * Takes a home for one `up`: two nats-servers over one state would ruin it. Throws CommandFailed that names the process that holds it.
 */
export async function lockHome(home: string): Promise<{ release(): Promise<void> }> {
  await prepareHome(home);
  const path = join(home, 'up.pid');
  return lockFile(path, {
    held: (pid) => `${home} is in use by another "chimera up" (process ${pid}): stop that one, or give another home with --home.`,
    contended: `${path} could not be taken: another "chimera up" is starting just now; try again.`,
  });
}
