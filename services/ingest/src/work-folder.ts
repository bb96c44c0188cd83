import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

export type WorkFolder = { path: string; remove(): Promise<void> };

// All that this process has open, so that one of the same name and number before it can be told from it.
const open = new Set<string>();

/**
 * Makes a folder below `parent` for what need not outlive the process, and removes those that processes of this host
 * left behind when they were killed: they may hold gigabytes.
 */
export async function openWorkFolder(parent: string): Promise<WorkFolder> {
  await mkdir(parent, { recursive: true });
  const host = `chimera-table-${hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')}-`;
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(host) ? /^(\d+)-/.exec(name.slice(host.length))?.[1] : undefined;
    const path = join(parent, name);
    if (pid !== undefined && !open.has(path) && (Number(pid) === process.pid || !isAlive(Number(pid))))
      await rm(path, { recursive: true, force: true });
  }
  const made = await mkdtemp(join(parent, `${host}${process.pid}-`));
  open.add(made);
  return {
    path: await realpath(made),
    async remove() {
      await rm(made, { recursive: true, force: true });
      open.delete(made);
    },
  };
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
