import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Report } from '@chimera/shared/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { ROOT } from '../support/seed.ts';
import { until } from '../support/wait.ts';
import { baseImage, panels, pinnedImage } from './deployed.ts';
import { buildEnvironment, composeCommand, engineAbsent, imagesAbsent } from './engine.ts';

const OWN = ['ingest', 'collector', 'insight', 'reporter'];
const BUILD_MS = 15 * 60_000;
const START_MS = 120_000;
const REPORT_MS = 60_000;

const engine = engineAbsent();
const command = engine === null ? await composeCommand() : null;
const absent = engine ?? (command === null ? 'there is no compose' : await imagesAbsent([baseImage(), pinnedImage('nats')]));
const prometheusAbsent = absent ?? (await imagesAbsent([pinnedImage('prometheus')]));

describe.skipIf(absent)(`the system as docker-compose.yml runs it${absent ? ` (left out: ${absent})` : ''}`, () => {
  let work = '';
  let bucket = '';
  const project = `chimera-test-${process.pid}`;
  const image = `${project}:local`;
  let environment: NodeJS.ProcessEnv = {};

  const run = async (program: string, args: readonly string[], timeout = START_MS) =>
    (await promisify(execFile)(program, args, { env: environment, timeout, maxBuffer: 64 * 1024 * 1024 })).stdout.trim();
  const docker = (...args: string[]) => run('docker', args);
  const compose = (args: readonly string[], timeout?: number) => {
    const [program = '', ...first] = command ?? [];
    const files = [join(ROOT, 'docker-compose.yml'), join(work, 'override.json')].flatMap((file) => ['-f', file]);
    return run(program, [...first, '-p', project, '--project-directory', ROOT, ...files, ...args], timeout);
  };
  const containerOf = (service: string) => compose(['ps', '-q', service]);
  const addressOf = async (service: string, port: number) => `http://${await compose(['port', service, String(port)])}`;

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'chimera-compose-'));
    bucket = join(work, 'bucket');
    mkdirSync(bucket);
    // The services are another user in there: they must be able to read it.
    for (const folder of [work, bucket]) chmodSync(folder, 0o755);
    // An image of its own, so that nobody's chimera:local is replaced.
    const own = Object.fromEntries(OWN.map((name) => [name, { image }]));
    writeFileSync(join(work, 'override.json'), JSON.stringify({ services: own }));
    environment = {
      ...process.env,
      ...(await buildEnvironment()),
      CHIMERA_BUCKET: bucket,
      CHIMERA_MODEL: 'none',
      CHIMERA_SETTLE_SECONDS: '1',
      CHIMERA_DATASETS: '',
      CHIMERA_HTTP_TOKEN: '',
      CHIMERA_OLLAMA_URLS: '',
      CHIMERA_LOG_LEVEL: '',
      // 0: a free one
      CHIMERA_PAGE_PORT: '0',
      PROMETHEUS_PORT: '0',
    };
    // On the host's network npm finds what it finds on the host.
    await run('docker', ['build', '--network', 'host', '--tag', image, ROOT], BUILD_MS);
    await compose(['up', '-d', '--no-build', ...OWN, ...(prometheusAbsent ? [] : ['prometheus'])]);
    for (const service of ['nats', ...OWN]) {
      const id = await containerOf(service);
      await until(
        `A healthy ${service}`,
        async () => (await docker('inspect', '--format', '{{.State.Health.Status}}', id)) === 'healthy',
        START_MS,
      );
    }
  }, BUILD_MS + START_MS);

  afterAll(async () => {
    // The project's name is this process's own: nothing else is touched.
    try {
      await compose(['down', '--volumes', '--timeout', '10']);
      await docker('image', 'rm', image);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }, START_MS);

  it(
    'hazard 24, 41: prints a report for what is dropped into the bucket, and serves it to whoever has the token',
    async () => {
      layFiles(SMALL, bucket);
      const page = await addressOf('reporter', 8604);
      const token = await compose(['exec', '-T', 'reporter', 'cat', '/var/lib/chimera/http-token']);
      const get = (path: string) => fetch(new URL(path, page), { headers: { authorization: `Bearer ${token}` } });
      expect((await fetch(page)).status).toBe(401);

      const link = await until(
        'The report',
        async () => /href="([^"]*)\/report\.html"/.exec(await (await get('/')).text())?.[1] ?? null,
        REPORT_MS,
      );
      const report = await until(
        'report.json',
        async () => {
          const response = await get(`${link}/report.json`);
          return response.ok ? Report.parse(await response.json()) : null;
        },
        REPORT_MS,
      );
      expect(report).toMatchObject({ status: 'current', artifacts: { total: Object.keys(SMALL).length } });
      expect((await get(`${link}/report.html`)).status).toBe(200);
    },
    2 * REPORT_MS,
  );

  it('runs the services as a user without rights on a file system they cannot change', async () => {
    for (const service of OWN) {
      const id = await containerOf(service);
      const [found] = JSON.parse(await docker('inspect', id)) as {
        Config: { User: string };
        HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[]; PortBindings: Record<string, { HostIp: string }[]> | null };
      }[];
      expect(found?.Config.User, service).toBe('node');
      expect(found?.HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'] });
      for (const { HostIp } of Object.values(found?.HostConfig.PortBindings ?? {}).flat()) expect(HostIp).toBe('127.0.0.1');
    }
  });

  it.skipIf(prometheusAbsent)(
    `has a Prometheus that scrapes the four services and answers every panel's query${prometheusAbsent ? ` (left out: ${prometheusAbsent})` : ''}`,
    async () => {
      const prometheus = await addressOf('prometheus', 9090);
      const ask = async (path: string) => (await (await fetch(new URL(path, prometheus))).json()) as { status: string; data: unknown };
      await until(
        'Four targets that are up',
        async () => {
          const { data } = (await ask('/api/v1/query?query=up')) as {
            data: { result: { metric: { job: string }; value: [number, string] }[] };
          };
          const up = data.result.filter(({ value }) => value[1] === '1').map(({ metric }) => metric.job);
          return [...up].sort().join() === [...OWN].sort().join();
        },
        START_MS,
      );
      for (const { title, targets = [] } of panels()) {
        for (const { expr } of targets) {
          const answer = await ask(`/api/v1/query?query=${encodeURIComponent(expr.replaceAll('$__rate_interval', '1m'))}`);
          expect(answer.status, `${title}: ${expr}`).toBe('success');
        }
      }
    },
    START_MS + REPORT_MS,
  );
});
