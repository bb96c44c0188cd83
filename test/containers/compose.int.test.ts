import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Report } from '@chimera/shared/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askable, committedDashboards, questions } from '../grafana/committed.ts';
import { SMALL } from '../support/dataset.ts';
import { commandsUnder } from '../support/page-commands.ts';
import { until } from '../support/wait.ts';
import { baseImage, pinnedImage } from './deployed.ts';
import { composeCommand, engineAbsent, imagesAbsent } from './engine.ts';
import { imageSize, memoryOf } from './measured.ts';
import { openNode, openStack, START_MS, type Stack } from './stack.ts';

const OWN = ['ingest', 'collector', 'insight', 'reporter'];
const BUILD_MS = 15 * 60_000;
const MEGABYTE = 1_000_000;
const IMAGE_MB = 250;
const IDLE_MB = 120;

const engine = engineAbsent();
const command = engine === null ? await composeCommand() : null;
const absent = engine ?? (command === null ? 'there is no compose' : await imagesAbsent([baseImage(), pinnedImage('nats')]));
const absentOf = async (service: string) => absent ?? (await imagesAbsent([pinnedImage(service)]));
const prometheusAbsent = await absentOf('prometheus');
const grafanaAbsent = prometheusAbsent ?? (await absentOf('grafana'));
// Killing everything in turn takes minutes: `npm run test:compose` does it.
const short = process.env.CHIMERA_COMPOSE === 'full' ? null : 'CHIMERA_COMPOSE=full runs it, as npm run test:compose does';
const noTls = spawnSync('openssl', ['version']).status === 0 ? null : 'there is no openssl';
const because = (reason: string | null) => (reason ? ` (left out: ${reason})` : '');

describe.skipIf(absent)(`the system as docker-compose.yml runs it${because(absent)}`, () => {
  let stack: Stack;
  let files = 0;
  let reports: string[] = [];
  const services = ['nats', ...OWN, 'replay', ...(prometheusAbsent ? [] : ['prometheus']), ...(grafanaAbsent ? [] : ['grafana'])];

  /** One artifact more, whole at once: an inventory of its own. */
  const drop = (name: string) => {
    files++;
    stack.drop(`runs/${name}.csv`, `model,tokens_s\ntiny:1b,${50 + files}.5\ntiny:1b,${50 + files}.75\n`);
  };
  /** The report of all that was dropped; with it there is one report more than before, and none is lost. */
  const nextReport = async (): Promise<Report> => {
    const report = await stack.reportOf(files);
    const links = await until('The list of reports', () => stack.links(), START_MS, 250);
    expect(links).toEqual(expect.arrayContaining(reports));
    expect(links).toHaveLength(reports.length + 1);
    reports = links;
    expect(report.record.missing).toEqual([]);
    return report;
  };

  beforeAll(async () => {
    stack = await openStack(command ?? [], services, {
      // Words of the model that the replay server claims to have.
      CHIMERA_MODEL: 'tiny:1b',
      CHIMERA_SETTLE_SECONDS: '1',
      CHIMERA_BUCKET: '',
      CHIMERA_BLOBS: '',
      CHIMERA_DATASETS: '',
      CHIMERA_HTTP_TOKEN: '',
      // How many calls at once it is worth is said, not measured: the first report comes sooner.
      CHIMERA_OLLAMA_URLS: 'http://ollama:11434#slots=1',
      CHIMERA_LOG_LEVEL: '',
      OTEL_EXPORTER_OTLP_ENDPOINT: '',
      // 0: a free one
      CHIMERA_PAGE_PORT: '0',
      PROMETHEUS_PORT: '0',
      GRAFANA_PORT: '0',
    });
    await stack.up();
    await stack.healthy();
  }, BUILD_MS + START_MS);

  afterAll(async () => stack?.close(), START_MS);

  it(`has an image of at most ${IMAGE_MB} MB over its base, and services of at most ${IDLE_MB} MB that wait`, async () => {
    const over = (await imageSize(stack.image)) - (await imageSize(baseImage()));
    const ids = (await Promise.all([...OWN, 'nats', 'replay'].map((service) => stack.containersOf(service)))).flat();
    const memory = await memoryOf(ids);
    const rows = [...memory].map(([name, bytes]) => `${name.replace(/^.*-\d+[-_]/, '')} ${(bytes / MEGABYTE).toFixed(0)} MB`);
    console.log(`image: ${(over / MEGABYTE).toFixed(0)} MB over ${baseImage()}; memory of a container that waits: ${rows.join(', ')}`);
    expect(over).toBeLessThanOrEqual(IMAGE_MB * MEGABYTE);
    for (const [name, bytes] of memory) expect(bytes, name).toBeLessThanOrEqual(IDLE_MB * MEGABYTE);
  });

  it(
    'hazard 24, 41: prints a report for what is dropped into the bucket, and serves it to whoever has the token',
    async () => {
      for (const [path, text] of Object.entries(SMALL)) stack.drop(path, text);
      files = Object.keys(SMALL).length;
      const report = await nextReport();
      expect((await fetch(await stack.addressOf('reporter', 8604))).status).toBe(401);
      expect(await stack.page(`${reports[0]}/report.html`)).toContain(report.title);
    },
    START_MS,
  );

  it(
    'has the model write, and says of the replay server that it is one',
    async () => {
      drop('words');
      const { agents } = (await nextReport()).record;
      for (const agent of Object.values(agents)) {
        expect(agent.narrator).toMatchObject({ kind: 'model', model: 'tiny:1b', server: 'http://ollama:11434' });
        expect(agent.narrator.reason).toMatch(/replay server/);
        expect(agent.account.written).toBeGreaterThan(0);
        expect(agent.calls.map(({ replay }) => replay)).not.toContain(false);
      }
      expect(Object.keys(agents).sort()).toEqual(['collector', 'insight']);
    },
    START_MS,
  );

  it('runs the services as a user without rights on a file system they cannot change', async () => {
    for (const service of [...OWN, 'replay']) {
      const [id = ''] = await stack.containersOf(service);
      const [found] = JSON.parse(await stack.docker('inspect', id)) as {
        Config: { User: string };
        HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[]; PortBindings: Record<string, { HostIp: string }[]> | null };
      }[];
      expect(found?.Config.User, service).toBe('node');
      expect(found?.HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'] });
      for (const { HostIp } of Object.values(found?.HostConfig.PortBindings ?? {}).flat()) expect(HostIp).toBe('127.0.0.1');
    }
  });

  it('has the command line in the image', async () => {
    expect(await stack.compose(['exec', '-T', 'reporter', 'chimera', 'dead', 'list', '--json'])).toMatch(/^[[{]/);
    expect(await stack.docker('run', '--rm', '--network', 'none', stack.image, '--version')).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it(
    '--scale insight=3 gives three that are healthy, and reports as before',
    async () => {
      await stack.up('insight=3');
      await stack.healthy(['insight']);
      expect(await stack.containersOf('insight')).toHaveLength(3);
      drop('scaled');
      await nextReport();
    },
    2 * START_MS,
  );

  it.skipIf(prometheusAbsent)(
    `has a Prometheus that scrapes every container of the services and answers every panel's query${because(prometheusAbsent)}`,
    async () => {
      const prometheus = await stack.addressOf('prometheus', 9090);
      const ask = async (path: string) => (await (await fetch(new URL(path, prometheus))).json()) as { status: string; data: unknown };
      await until(
        'Six targets that are up',
        async () => {
          const { data } = (await ask('/api/v1/query?query=up')) as {
            data: { result: { metric: { job: string }; value: [number, string] }[] };
          };
          const up = data.result
            .filter(({ metric, value }) => OWN.includes(metric.job) && value[1] === '1')
            .map(({ metric }) => metric.job);
          return up.sort().join() === [...OWN, 'insight', 'insight'].sort().join();
        },
        START_MS,
        250,
      );
      for (const { panel, expr } of questions()) {
        for (const question of askable(expr, '1m')) {
          const answer = await ask(`/api/v1/query?query=${encodeURIComponent(question)}`);
          expect(answer.status, `${panel}: ${question}`).toBe('success');
        }
      }
    },
    2 * START_MS,
  );

  it.skipIf(grafanaAbsent)(
    `has a Grafana that shows the dashboards to whoever is on this machine${because(grafanaAbsent)}`,
    async () => {
      const grafana = await stack.addressOf('grafana', 3000);
      const wanted = [...committedDashboards().values()].map(({ title }) => title).sort();
      await until(
        'Every dashboard',
        async () => {
          const found = (await (await fetch(new URL('/api/search?type=dash-db', grafana))).json()) as { title: string }[];
          return (
            found
              .map(({ title }) => title)
              .sort()
              .join() === wanted.join()
          );
        },
        START_MS,
        250,
      );
    },
    START_MS,
  );

  describe.skipIf(short)(`in trouble${because(short)}`, () => {
    it.each(services)(
      'loses nothing when %s is killed by hand, and goes on once it is started again',
      async (service) => {
        // Once before anything is taken, once while the agents write: the log of ingest tells of the inventory.
        const told = (log: string) => log.split('"generation":').length;
        for (const moment of ['before', 'during']) {
          const before = told(await stack.logOf('ingest'));
          drop(`${service}-${moment}`);
          if (moment === 'during') await until('The inventory', async () => told(await stack.logOf('ingest')) > before, START_MS, 100);
          await stack.docker('kill', ...(await stack.containersOf(service)));
          // The engine takes `docker kill` for the wish that it stays down.
          await stack.up('insight=3');
          await nextReport();
        }
      },
      3 * START_MS,
    );

    it(
      'starts again by itself what crashed, even all of it at once',
      async () => {
        await stack.healthy();
        const all = (await Promise.all(services.map((service) => stack.containersOf(service)))).flat();
        const starts = async () => (await stack.docker('inspect', '--format', '{{.RestartCount}}', ...all)).split('\n').map(Number);
        const before = await starts();
        drop('crashed');
        // Every process of a container but its first, which ends with them. The command dies too.
        await Promise.all(all.map((id) => stack.docker('exec', id, 'sh', '-c', 'kill -9 -1').catch(() => undefined)));
        await until('A restart of each', async () => (await starts()).every((count, i) => count > (before[i] ?? 0)), START_MS, 250);
        await stack.healthy();
        await nextReport();
      },
      2 * START_MS,
    );

    it(
      'keeps all reports over down and up',
      async () => {
        await stack.compose(['down']);
        expect(await stack.containersOf('reporter')).toEqual([]);
        await stack.up();
        await stack.healthy();
        expect(await until('The list of reports', () => stack.links(), START_MS, 250)).toEqual(reports);
        for (const link of reports) expect(await stack.page(`${link}/report.html`), link).toContain('<html');
        drop('afterwards');
        await nextReport();
      },
      2 * START_MS,
    );

    it.skipIf(noTls)(
      `lets a GPU node join, and leaves the work to it${because(noTls)}`,
      async () => {
        // The page's own words make the certificate, here for the name that NATS has in its network.
        const [certificate = ''] = commandsUnder('docs/operations/add-a-gpu-node.md', '### On the first host, once');
        await stack.run('bash', ['-euc', certificate], stack.work);
        stack.use('docker-compose.nodes.yml', {
          CHIMERA_NATS_TLS_DIR: join(stack.work, 'nats-tls'),
          CHIMERA_NATS_BIND: '127.0.0.1',
          CHIMERA_NATS_PORT: '0',
        });
        await stack.up('insight=0', 'collector=0');
        for (const agent of ['insight', 'collector']) {
          const made = `/var/lib/chimera-nats/creds/gpu2-${agent}.creds`;
          await stack.compose(['run', '--rm', 'admin', 'nats', 'user', `gpu2-${agent}`, '--as', agent, '--dir', dirname(dirname(made))]);
          const creds = await stack.compose(['run', '--rm', '-T', '--entrypoint', 'cat', 'admin', made]);
          writeFileSync(join(stack.work, `${agent}.creds`), `${creds}\n`, { mode: 0o644 });
        }
        const node = await openNode(stack, command ?? []);
        try {
          drop('on-a-node');
          const { agents } = (await nextReport()).record;
          for (const agent of Object.values(agents)) expect(agent.narrator).toMatchObject({ kind: 'model', server: 'http://ollama:11434' });
          expect((await Promise.all(['insight', 'collector'].map((agent) => stack.containersOf(agent)))).flat()).toEqual([]);
          // What was printed while blobs lay in the volume is there still.
          for (const link of reports) expect(await stack.page(`${link}/report.html`), link).toContain('<html');
        } finally {
          await node.close();
        }
      },
      3 * START_MS,
    );
  });
});
