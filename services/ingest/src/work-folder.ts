import { mkdir, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

export type WorkFolder = { path: string; remove(): Promise<void> };

// In a container each process may have the number of the one before it.
const startedMs = Date.now() - process.uptime() * 1_000;

/**
 * Makes a folder below `parent` for what need not outlive the process, and removes those that processes of this host
 * left behind when they were killed: they may hold gigabytes.
 */
export async function openWorkFolder(parent: string): Promise<WorkFolder> {
  await mkdir(parent, { recursive: true });
  const host = `chimera-table-${hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')}-`;
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(host) ? /^(\d+)-/.exec(name.slice(host.length))?.[1] : undefined;
    if (pid !== undefined && (await isLeft(join(parent, name), Number(pid))))
      await rm(join(parent, name), { recursive: true, force: true });
  }
  const path = await realpath(await mkdtemp(join(parent, `${host}${process.pid}-`)));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** True when the process that made the folder is no more. */
async function isLeft(path: string, pid: number): Promise<boolean> {
  if (pid !== process.pid) return !isAlive(pid);
  try {
    return (await stat(path)).mtimeMs < startedMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
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
