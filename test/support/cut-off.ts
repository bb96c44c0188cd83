import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How often something was to leave a network that has no way out; by the kernel's own counters, names that were to be looked up included. */
export type Attempts = { ipv4: number; ipv6: number };

export type CutOff = {
  /** what was said so far, on both outputs */
  said(): string;
  ended: Promise<number | null>;
  /** What was tried, once it has ended. */
  attempts(): Attempts;
};

const asRoot = process.getuid?.() === 0;
// A network of its own, and a view of the files of its own, in which another resolver can be named.
const UNSHARE = asRoot ? ['-n', '-m'] : ['-r', '-n', '-m'];
const started = new Set<ChildProcess>();

/** Why this machine can cut nothing off; null where it can. */
export function cutOffAbsent(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  const { status, stderr, error } = spawnSync(
    'unshare',
    [...UNSHARE, 'sh', '-c', 'ip link set lo up && mount --bind /etc/hosts /etc/resolv.conf'],
    {
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  if (error !== undefined) return 'there is no command unshare';
  return status === 0 ? null : `no network namespace can be had: ${stderr.trim()}`;
}

/**
 * Runs commands of a shell in a network that has a loopback and nothing else: no device, no route. Names are looked up at an address
 * to which there is no way either, so that the kernel counts that as well.
 */
export function cutOff(commands: string, folder: string, env: NodeJS.ProcessEnv): CutOff {
  const [resolver, counters] = [join(folder, 'resolv.conf'), join(folder, 'counters')];
  writeFileSync(resolver, 'nameserver 192.0.2.53\noptions timeout:1 attempts:1\n');
  const script = `ip link set lo up
mount --bind '${resolver}' /etc/resolv.conf
trap 'cat /proc/net/snmp /proc/net/snmp6 > "${counters}"' EXIT
${commands}`;
  const child = spawn('unshare', [...UNSHARE, 'bash', '-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      started.delete(child);
      resolve(code);
    });
  });
  return {
    said: () => said,
    ended,
    attempts() {
      const lines = readFileSync(counters, 'utf8').split('\n');
      const [names = '', values = ''] = lines.filter((line) => line.startsWith('Ip:'));
      const ipv4 = Number(values.split(' ')[names.split(' ').indexOf('OutNoRoutes')]);
      const ipv6 = Number(/\s(\d+)$/.exec(lines.find((line) => line.startsWith('Ip6OutNoRoutes')) ?? '')?.[1]);
      if (Number.isNaN(ipv4 + ipv6)) throw new Error(`The kernel tells no OutNoRoutes:\n${lines.join('\n')}`);
      return { ipv4, ipv6 };
    },
  };
}

/** For `afterAll`: a test that failed in the middle leaves nothing running. */
export function endAllCutOff(): void {
  for (const { pid } of started) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
}
