import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

export type Host = {
  /** Runs commands of a shell in this host's network, in a folder, until they end; throws with what they said where they fail. */
  run(commands: string, folder: string, env: NodeJS.ProcessEnv): Promise<string>;
  /** The same for commands that go on; `said` grows. They end with the hosts. */
  start(commands: string, folder: string, env: NodeJS.ProcessEnv): { said(): string; ended(): boolean };
};

const ip = (...args: string[]) => {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8', timeout: 10_000 });
  if (error) return `there is no command ip (${error.message})`;
  return status === 0 ? null : stderr.trim();
};

/** Why this machine cannot have two hosts of its own; null where it can. Leaves nothing behind. */
export function hostsAbsent(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const name = `chimera-try-${process.pid}`;
  const why = ip('netns', 'add', name);
  if (why !== null) return `no network namespace can be made: ${why}`;
  const link = ip('-n', name, 'link', 'add', 'name', 'one', 'type', 'veth', 'peer', 'name', 'two');
  ip('netns', 'del', name);
  return link === null ? null : `no pair of linked devices can be made: ${link}`;
}

/**
 * Two network namespaces, 10.0.0.1 and 10.0.0.2, joined by a cable and by nothing else: neither reaches the other's loopback, nor
 * anything beyond. Both share this machine's files.
 */
export function openTwoHosts(): { first: Host; second: Host; close(): Promise<void> } {
  const names = [1, 2].map((n) => `chimera-${process.pid}-${n}`);
  const [one = '', two = ''] = names;
  const must = (...args: string[]) => {
    const why = ip(...args);
    if (why !== null) throw new Error(`"ip ${args.join(' ')}" failed: ${why}`);
  };
  for (const name of names) {
    must('netns', 'add', name);
    must('-n', name, 'link', 'set', 'lo', 'up');
  }
  must('-n', one, 'link', 'add', 'name', 'cable', 'type', 'veth', 'peer', 'name', 'cable', 'netns', two);
  for (const [i, name] of names.entries()) {
    must('-n', name, 'addr', 'add', `10.0.0.${i + 1}/24`, 'dev', 'cable');
    must('-n', name, 'link', 'set', 'cable', 'up');
  }
  const children = new Set<ChildProcess>();
  const host = (name: string): Host => {
    const begin = (commands: string, folder: string, env: NodeJS.ProcessEnv) => {
      // Of its own process group, so that all that it starts can be ended together.
      const child = spawn('ip', ['netns', 'exec', name, 'bash', '-euo', 'pipefail', '-c', commands], {
        cwd: folder,
        env,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.add(child);
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
      return { child, said: () => said, ended: () => child.exitCode !== null || child.signalCode !== null };
    };
    return {
      async run(commands, folder, env) {
        const { child, said } = begin(commands, folder, env);
        const [code] = (await once(child, 'close')) as [number | null];
        if (code !== 0) throw new Error(`These commands ended with ${code}:\n${commands}\nThey said:\n${said()}`);
        return said();
      },
      start: begin,
    };
  };
  return {
    first: host(one),
    second: host(two),
    async close() {
      for (const child of children) {
        if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
        const gone = once(child, 'close');
        process.kill(-child.pid, 'SIGKILL');
        await gone;
      }
      for (const name of names) must('netns', 'del', name);
    },
  };
}
