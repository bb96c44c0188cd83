import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a process of its own came to: seconds of the wall clock and of processors, from the beginning of the work itself, and its peak memory. */
export type Told<T> = { seconds: number; cpuSeconds: number; peakBytes: number | null; found: T };

/** Runs a script beside this one in a fresh process and returns what it tells. Throws where it fails. */
export async function inChild<T>(script: string, args: readonly string[], env = process.env): Promise<Told<T>> {
  const path = join(fileURLToPath(new URL('.', import.meta.url)), script);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', path, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${code}; what it said stands above.`);
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as Told<T>;
}

/** In the child: does the work and tells of it on standard output. */
export async function tell<T>(work: () => Promise<T>): Promise<void> {
  const [from, cpuFrom] = [performance.now(), process.cpuUsage()];
  const found = await work();
  const { user, system } = process.cpuUsage(cpuFrom);
  const told: Told<T> = { seconds: (performance.now() - from) / 1_000, cpuSeconds: (user + system) / 1e6, peakBytes: peakBytes(), found };
  process.stdout.write(JSON.stringify(told));
}

/** The most memory that this process had resident, in bytes, by the kernel's own count; null where it is not told. */
function peakBytes(): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
  } catch {
    return null;
  }
}

export function megabytes(bytes: number | null): string {
  return bytes === null ? 'cannot be told here' : `${(bytes / 1e6).toFixed(0)} MB`;
}

export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
