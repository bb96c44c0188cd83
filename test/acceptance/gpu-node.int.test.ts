import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Report } from '@chimera/shared/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { natsServers } from '../support/nats.ts';
import { commandsUnder } from '../support/page-commands.ts';
import { ROOT } from '../support/seed.ts';
import { hostsAbsent, openTwoHosts } from '../support/two-hosts.ts';
import { until } from '../support/wait.ts';

const PAGE = 'docs/operations/add-a-gpu-node.md';
const GUARD_MS = 120_000;

const program = (name: string, ...args: string[]) => spawnSync(name, args, { timeout: 20_000 }).status === 0;
const [server] = await natsServers();
const absent =
  hostsAbsent() ??
  (server === undefined ? 'there is no nats-server' : null) ??
  (program('openssl', 'version') ? null : 'there is no openssl') ??
  (program('npx', '--version') ? null : 'there is no npx');

describe.skipIf(absent)(`the page "Add a GPU node", followed to the letter${absent ? ` (left out: ${absent})` : ''}`, () => {
  let hosts: ReturnType<typeof openTwoHosts>;
  const work = mkdtempSync(join(tmpdir(), 'chimera-node-'));
  const [first, second, tools] = ['first', 'second', 'tools'].map((name) => join(work, name)) as [string, string, string];
  const env: NodeJS.ProcessEnv = {
    PATH: [tools, dirname(process.execPath), process.env.PATH].join(delimiter),
    HOME: work,
    // For a report soon.
    CHIMERA_SETTLE_SECONDS: '0.2',
    CHIMERA_SCAN_SECONDS: '0.1',
    // Both clones are this one: what it compiled is of use to both.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  };

  beforeAll(() => {
    for (const folder of [first, second, tools]) mkdirSync(folder);
    // Each host's clone: what `npx` finds there leads here, and what is written there stays there.
    for (const folder of [first, second]) symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    symlinkSync(server?.path ?? '', join(tools, 'nats-server'));
    // The hosts share their files, so this is all that there is to copying from one to the other.
    const scp = `#!/bin/sh\nwhile [ $# -gt 1 ]; do cp "$1" '${second}/' && shift; done\n`;
    writeFileSync(join(tools, 'scp'), scp, { mode: 0o755 });
    hosts = openTwoHosts();
  });

  afterAll(async () => {
    await hosts?.close();
    rmSync(work, { recursive: true, force: true });
  });

  it(
    'has the node take the work: its own Ollama is asked, and the report comes on the first host',
    async () => {
      const [users = '', nats = '', services = '', credentials = '', ...none] = commandsUnder(PAGE, '### The first host');
      const [insight = '', collector = '', ...more] = commandsUnder(PAGE, '### The node');
      expect([none, more]).toEqual([[], []]);
      // The one thing that the page leaves to the node: an Ollama on its loopback, which nobody else reaches.
      const ollama = hosts.second.start(`exec '${process.execPath}' '${join(ROOT, 'test/support/replay-node.ts')}'`, second, env);
      await until('The Ollama of the node', () => ollama.said().includes('http://127.0.0.1:11434'), GUARD_MS);

      await hosts.first.run(users, first, env);
      const started = [hosts.first.start(nats, first, env), hosts.first.start(services, first, env)];
      await hosts.first.run(credentials, first, env);
      started.push(hosts.second.start(insight, second, env), hosts.second.start(collector, second, env));
      const said = () => started.map((one) => one.said()).join('\n');
      /** Waits for something while all of them go on; where it does not come, tells what they said. */
      const whileRunning = async <T>(what: string, look: () => T | null | false): Promise<T> => {
        const looked = () => {
          if (started.some((one) => one.ended())) throw new Error('A command that should go on has ended.');
          return look();
        };
        return await until(what, looked, GUARD_MS).catch((error: Error) => {
          throw new Error(`${error.message} The commands said:\n${said()}`, { cause: error });
        });
      };
      await whileRunning('The start of two services and two workers', () => said().split('"msg":"started"').length > 4);

      layFiles(SMALL, join(first, 'bucket'));
      const folder = join(first, '.chimera/reports/bucket');
      const report = await whileRunning('The report', () => {
        const [run] = missingAsEmpty(folder);
        const text = run === undefined ? null : readOrNull(join(folder, run, 'report.json'));
        return text === null ? null : Report.parse(JSON.parse(text));
      });

      expect(report).toMatchObject({ status: 'current', artifacts: { total: Object.keys(SMALL).length }, record: { missing: [] } });
      const { collector: collected, insight: interpreted } = report.record.agents;
      for (const agent of [collected, interpreted])
        expect(agent?.narrator).toMatchObject({ kind: 'model', server: 'http://127.0.0.1:11434' });
      const asked = ollama.said().match(/^call \d+$/gm)?.length ?? 0;
      const calls = (collected?.calls.length ?? 0) + (interpreted?.calls.length ?? 0);
      expect(calls).toBeGreaterThan(0);
      // Beside the calls of the report: those by which the node finds out how many at once its server is worth.
      expect(asked).toBeGreaterThanOrEqual(calls);
      // The same address is nobody's on the first host.
      const reach = `'${process.execPath}' -e 'fetch("http://127.0.0.1:11434/api/version").catch(() => process.exit(7))'`;
      await expect(hosts.first.run(reach, first, env)).rejects.toThrow('ended with 7');
      await hosts.second.run(reach, second, env);
    },
    3 * GUARD_MS,
  );
});

function missingAsEmpty(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
