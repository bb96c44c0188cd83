import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Report } from '@chimera/shared/domain';
import { ROOT } from '../support/seed.ts';
import { until } from '../support/wait.ts';
import { composeServices } from './deployed.ts';
import { buildEnvironment } from './engine.ts';

export const START_MS = 180_000;
const BUILD_MS = 15 * 60_000;
const LOOK_MS = 250;

export type Stack = {
  /** the services that were started */
  services: readonly string[];
  image: string;
  /** of the compose project */
  project: string;
  /** a folder of the test's own */
  work: string;
  /** From now on this file of the root is put over docker-compose.yml, with these variables. */
  use(file: string, variables: NodeJS.ProcessEnv): void;
  /** Runs a program with the stack's environment; returns what it prints. */
  run(program: string, args: readonly string[], cwd?: string): Promise<string>;
  compose(args: readonly string[]): Promise<string>;
  docker(...args: string[]): Promise<string>;
  /** the containers of a service, those that do not run included */
  containersOf(service: string): Promise<string[]>;
  /** what the containers of a service have logged */
  logOf(service: string): Promise<string>;
  /** a service's address on the host */
  addressOf(service: string, port: number): Promise<string>;
  /** Starts what does not run; `scale` as in `insight=3`. */
  up(...scale: string[]): Promise<void>;
  /** Waits until every container of these services runs and is healthy. */
  healthy(services?: readonly string[]): Promise<void>;
  /** Moves a file into the bucket, whole at once. */
  drop(path: string, text: string): void;
  /** A page of the reporter, asked with its token; null while it does not answer with success. */
  page(path: string): Promise<string | null>;
  /** The links of the reports that the page lists, in the order of their names; null while it does not answer. */
  links(): Promise<string[] | null>;
  /** The current report once it is of so many artifacts. */
  reportOf(artifacts: number, guardMs?: number): Promise<Report>;
  close(): Promise<void>;
};

/**
 * The system of docker-compose.yml, of an image and a project of its own: nothing that runs elsewhere is touched. Builds
 * the image; `services` are started by `up`, with the replay server in Ollama's place.
 */
export async function openStack(command: readonly string[], services: readonly string[], variables: NodeJS.ProcessEnv): Promise<Stack> {
  const work = mkdtempSync(join(tmpdir(), 'chimera-compose-'));
  const bucket = join(work, 'bucket');
  mkdirSync(bucket);
  // The services are another user in there: they must be able to read it.
  for (const folder of [work, bucket]) chmodSync(folder, 0o755);
  const project = `chimera-test-${process.pid}`;
  const image = `${project}:local`;
  const built = Object.entries(composeServices()).filter(([, { build }]) => build !== undefined);
  const own: Record<string, { image: string; command?: string[] }> = Object.fromEntries(built.map(([name]) => [name, { image }]));
  // Slow enough that the agents are at work for a while.
  own.replay = { image, command: [...(composeServices().replay?.command ?? []), '--rates', '300', '--prompt', '0.1'] };
  writeFileSync(join(work, 'override.json'), JSON.stringify({ services: own }));
  const environment: NodeJS.ProcessEnv = { ...process.env, ...(await buildEnvironment()), ...variables, CHIMERA_BUCKET_DIR: bucket };
  const files = [join(ROOT, 'docker-compose.yml'), join(work, 'override.json')];

  const spoken = (program: string, args: readonly string[], cwd = ROOT, timeout = START_MS) =>
    promisify(execFile)(program, args, { env: environment, cwd, timeout, maxBuffer: 64 * 1024 * 1024 });
  const run = async (...call: Parameters<typeof spoken>) => (await spoken(...call)).stdout.trim();
  const docker = (...args: string[]) => run('docker', args);
  const compose = (args: readonly string[]) => {
    const [program = '', ...first] = command;
    const given = files.flatMap((file) => ['-f', file]);
    return run(program, [...first, '-p', project, '--project-directory', ROOT, ...given, '--profile', 'replay', ...args]);
  };
  const lines = (text: string) => text.split('\n').filter((line) => line !== '');
  const containersOf = async (service: string) =>
    lines(
      await docker(
        'ps',
        '-aq',
        '--filter',
        `label=com.docker.compose.project=${project}`,
        '--filter',
        `label=com.docker.compose.service=${service}`,
      ),
    );

  // On the host's network npm finds what it finds on the host.
  await run('docker', ['build', '--network', 'host', '--tag', image, ROOT], ROOT, BUILD_MS);

  const addressOf = async (service: string, port: number) => `http://${await compose(['port', service, String(port)])}`;
  let token: string | null = null;
  let address: string | null = null;
  const page = async (path: string) => {
    try {
      address ??= await addressOf('reporter', 8604);
      token ??= await compose(['exec', '-T', 'reporter', 'cat', '/var/lib/chimera/http-token']);
      const response = await fetch(new URL(path, address), { headers: { authorization: `Bearer ${token}` } });
      return response.ok ? await response.text() : null;
    } catch {
      // Killed just now, perhaps: next time it may have another port.
      address = null;
      return null;
    }
  };
  const links = async () => {
    const text = await page('/');
    return text === null ? null : [...text.matchAll(/href="([^"]*)\/report\.html"/g)].map(([, link = '']) => link).sort();
  };

  return {
    services,
    image,
    project,
    work,
    use(file, more) {
      files.splice(1, 0, join(ROOT, file));
      Object.assign(environment, more);
    },
    run,
    compose,
    docker,
    containersOf,
    async logOf(service) {
      const said = await Promise.all((await containersOf(service)).map((id) => spoken('docker', ['logs', id])));
      return said.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    },
    addressOf,
    async up(...scale) {
      await compose(['up', '-d', '--no-build', ...scale.flatMap((each) => ['--scale', each]), ...services]);
    },
    async healthy(of = services) {
      for (const service of of) {
        await until(
          `A healthy ${service}`,
          async () => {
            const states = await Promise.all(
              (await containersOf(service)).map((id) => docker('inspect', '--format', '{{.State.Running}} {{.State.Health.Status}}', id)),
            );
            return states.length > 0 && states.every((state) => state === 'true healthy');
          },
          START_MS,
          LOOK_MS,
        );
      }
    },
    drop(path, text) {
      const [part, whole] = [join(bucket, `${path}.part`), join(bucket, path)];
      mkdirSync(dirname(whole), { recursive: true });
      writeFileSync(part, text, { mode: 0o644 });
      renameSync(part, whole);
    },
    page,
    links,
    reportOf(artifacts, guardMs = START_MS) {
      const seen = new Set<string>();
      return until(
        `The report of ${artifacts} artifacts`,
        async () => {
          for (const link of (await links()) ?? []) {
            if (seen.has(link)) continue;
            const text = await page(`${link}/report.json`);
            if (text === null) continue;
            const report = Report.parse(JSON.parse(text));
            if (report.status === 'current' && report.artifacts.total === artifacts) return report;
            // What is not of so many artifacts never will be; one that is may still become current.
            if (report.artifacts.total !== artifacts) seen.add(link);
          }
          return null;
        },
        guardMs,
        LOOK_MS,
      );
    },
    async close() {
      try {
        await compose(['down', '--volumes', '--timeout', '10']);
        await docker('image', 'rm', image);
      } finally {
        rmSync(work, { recursive: true, force: true });
      }
    },
  };
}

/**
 * A GPU node of deploy/worker.compose.yml in the stack's network, with the credentials and the CA that lie in its folder. In that
 * network it finds NATS and the replay server by their names.
 */
export async function openNode(stack: Stack, command: readonly string[]): Promise<{ close(): Promise<void> }> {
  const override = join(stack.work, 'node.json');
  const services = Object.fromEntries(['insight', 'collector'].map((name) => [name, { image: stack.image }]));
  writeFileSync(override, JSON.stringify({ services, networks: { default: { external: true, name: `${stack.project}_default` } } }));
  const variables = {
    CHIMERA_NATS_URL: 'tls://nats:4222',
    CHIMERA_INSIGHT_CREDS: join(stack.work, 'insight.creds'),
    CHIMERA_COLLECTOR_CREDS: join(stack.work, 'collector.creds'),
    CHIMERA_NATS_CA: join(stack.work, 'nats-tls/ca.pem'),
  };
  const given = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const files = ['-f', join(ROOT, 'deploy/worker.compose.yml'), '-f', override];
  const compose = (...args: string[]) => stack.run('env', [...given, ...command, '-p', `${stack.project}-node`, ...files, ...args]);
  await compose('up', '-d', '--no-build');
  return {
    async close() {
      await compose('down', '--volumes', '--timeout', '10');
    },
  };
}
