import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which processes can see each other's ids: the same host and, on Linux, the same PID namespace. */
function processSpace(): string {
  try {
    return `${hostname()}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return `${hostname()}/`; // no Linux: a host has one space
  }
}

const SPACE = processSpace();

/** A name for this process among all on all hosts; `rest` tells apart what it does. */
export function processName(instance: string, rest: string): string {
  return `${SPACE}/${process.pid}/${instance}-${rest}`;
}

/** Whether a process that `processName` named is certain to have ended: one of this host that no longer runs. */
export function hasEnded(name: string): boolean {
  const parts = name.split('/');
  const pid = Number(parts.at(-2));
  if (parts.slice(0, -2).join('/') !== SPACE || !Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // A process of another user is alive, too.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
