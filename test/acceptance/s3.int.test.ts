import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectBus, InventoryPublished, type NatsBus } from '@chimera/shared/bus';
import { type InventoryRef, Report } from '@chimera/shared/domain';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { SMALL } from '../support/dataset.ts';
import { describeOnEachNats, type Nats, natsServers, PATIENT_MS, startNats } from '../support/nats.ts';
import { bestS3 } from '../support/s3.ts';
import type { S3Server } from '../support/s3-front.ts';
import { ROOT } from '../support/seed.ts';
import { killAllUps, startUp } from '../support/up.ts';
import { signal, until } from '../support/wait.ts';

const GUARD_MS = 120_000;
const [newest] = await natsServers();
const WRITERS = 32;
const contentOf = (i: number) => `model,tokens_s\nm${i % 7}:1b,${20 + (i % 50)}.5\n`;
const pathOf = (i: number) => `runs ${i % 10}/file+${i}.csv`;

async function putAll(server: S3Server, bucket: string, paths: readonly string[], each: (path: string) => void = () => {}): Promise<void> {
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let i = writer; i < paths.length; i += WRITERS) {
        const path = paths[i] ?? '';
        await server.put(bucket, `data/${path}`, contentOf(i));
        each(path);
      }
    }),
  );
}

/** Two ingest processes as on two hosts, each with blobs in S3, over one NATS. */
describeOnEachNats(`two ingest processes and one bucket in S3 (${bestS3.name})`, (binary) => {
  // What the number of objects changes is the same on each.
  const many = binary.version === newest?.version ? 5_000 : 500;
  let work = '';
  let nats: Nats;
  let server: S3Server;
  let bucket = '';
  let bus: NatsBus;
  const children: { process: ChildProcess; lines: string[] }[] = [];

  beforeEach(async () => {
    work = mkdtempSync(join(tmpdir(), 'chimera-s3-'));
    nats = await startNats(binary);
    server = await bestS3.start();
    bucket = await server.bucket();
    bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: PATIENT_MS });
  });
  afterEach(async () => {
    for (const { process: child } of children.splice(0)) child.kill('SIGKILL');
    await bus.close();
    await nats.close();
    await server.close();
    rmSync(work, { recursive: true, force: true });
  });

  function ingest(name: string, env: Record<string, string> = {}) {
    const child = spawn(join(ROOT, 'packages/cli/bin/chimera'), ['work', 'ingest', '--nats', nats.url, '--bucket', `s3://${bucket}/data`], {
      env: {
        ...process.env,
        ...server.env,
        CHIMERA_HOME: join(work, name),
        CHIMERA_BLOBS: `s3://${bucket}/blobs`,
        CHIMERA_HTTP_PORT: '0',
        // Only a `.done` says that the dataset is complete, and only a message when to look.
        CHIMERA_SETTLE_SECONDS: '3600',
        CHIMERA_SCAN_SECONDS: '3600',
        CHIMERA_RECONCILE_SECONDS: '3600',
        CHIMERA_LEASE_SECONDS: '2',
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
    const started = { process: child, lines };
    children.push(started);
    return started;
  }

  const says = (text: string, { lines }: { lines: string[] }) => lines.some((line) => line.includes(text));
  async function bothRun(): Promise<void> {
    await until(
      'both processes',
      () => {
        const dead = children.find(({ process: { exitCode } }) => exitCode !== null);
        if (dead) throw new Error(`A process ended with ${dead.process.exitCode}:\n${dead.lines.join('\n')}`);
        return children.every((child) => says('"msg":"started"', child));
      },
      GUARD_MS,
    );
  }
  /** What S3 servers publish of a change. */
  const tellOf = (path: string, event = 's3:ObjectCreated:Put') =>
    bus.connection.publish(
      'chimera.bucket.v1.changed.minio',
      JSON.stringify({ EventName: event, Key: `${bucket}/data/${path}`, Records: [] }),
    );
  const published = async (): Promise<number> => (await bus.manager.streams.info(InventoryPublished.stream)).state.messages;
  async function lastPublished(): Promise<InventoryRef> {
    const { state } = await bus.manager.streams.info(InventoryPublished.stream);
    const message = await bus.manager.streams.getMessage(InventoryPublished.stream, { seq: state.last_seq });
    return InventoryPublished.schema.parse(message?.json());
  }
  /** How often the bucket was listed from its beginning. */
  const listings = () =>
    server.requests.filter(({ key, query }) => key === '' && query.get('prefix') === 'data/' && !query.has('continuation-token')).length;
  /** Reads of artifacts by their path, markers included. */
  const reads = () => new Map([...server.reads(bucket)].flatMap(([key, n]) => (key.startsWith('data/') ? [[key.slice(5), n]] : [])));
  async function told(what: () => void): Promise<void> {
    const before = listings();
    await until('a look', () => {
      what();
      return listings() >= before + 2;
    });
  }

  it(
    `hazard 5: ${many} objects, events doubled and out of order: each object is read once, and there is one inventory; then only what is new`,
    async () => {
      ingest('one');
      ingest('two');
      await bothRun();
      const paths = Array.from({ length: many }, (_, i) => pathOf(i));
      const shuffled = [...paths].sort(
        (a, b) => ((a.length * 31 + a.charCodeAt(a.length - 6)) % 17) - ((b.length * 31 + b.charCodeAt(b.length - 6)) % 17),
      );
      // Of what is not there yet, and never will be.
      for (const path of shuffled.slice(0, 500)) tellOf(path);
      tellOf('never.csv', 's3:ObjectRemoved:Delete');
      bus.connection.publish('chimera.bucket.v1.changed', 'not below the subject');
      bus.connection.publish('chimera.bucket.v1.changed.x', Buffer.from([0, 255]));
      await putAll(server, bucket, paths, (path) => {
        tellOf(path);
        tellOf(path);
      });
      await server.put(bucket, 'data/.done', '');
      tellOf('.done');
      await until(
        'the inventory',
        async () => {
          tellOf('.done');
          return (await published()) > 0;
        },
        GUARD_MS,
      );
      // What is said afterwards, again and backwards, changes nothing.
      await told(() => {
        for (const path of shuffled.slice(0, 500).reverse()) tellOf(path);
      });
      expect([...reads().keys()].sort()).toEqual([...paths].sort());
      expect([...new Set(reads().values())]).toEqual([1]);
      expect(await published()).toBe(1);
      expect(await lastPublished()).toMatchObject({ dataset: 'bucket', generation: 1, artifacts: many, refused: 0 });

      await server.put(bucket, `data/${pathOf(7)}`, contentOf(8));
      await server.put(bucket, 'data/new.csv', contentOf(1));
      await server.put(bucket, 'data/.done', 'once more');
      await until(
        'the second inventory',
        async () => {
          tellOf('.done');
          return (await published()) > 1;
        },
        GUARD_MS,
      );
      await told(() => tellOf('.done'));
      expect([...reads()].filter(([, n]) => n > 1)).toEqual([[pathOf(7), 2]]);
      expect(reads().get('new.csv')).toBe(1);
      expect([await published(), (await lastPublished()).artifacts]).toEqual([2, many + 1]);
    },
    2 * GUARD_MS,
  );

  it(
    'the process that reads is killed in the middle: the other one takes the dataset in, once',
    async () => {
      const paths = Array.from({ length: 300 }, (_, i) => pathOf(i));
      await putAll(server, bucket, [...paths, '.done']);
      const killed = signal();
      server.falsify = async ({ method, key }) => {
        if (method === 'GET' && key.startsWith('data/') && reads().size > 100) await killed.promise;
        return null;
      };
      const [one, two] = [ingest('one'), ingest('two')];
      await until('the middle', () => reads().size > 100, GUARD_MS);
      const holder = [one, two].find((child) => says('now takes the dataset in', child));
      const other = holder === one ? two : one;
      expect(await published()).toBe(0);
      holder?.process.kill('SIGKILL');
      killed.resolve();
      await until('the inventory', async () => (await published()) > 0, GUARD_MS);
      expect(says('now takes the dataset in', other)).toBe(true);
      await told(() => tellOf('x'));
      expect(await published()).toBe(1);
      expect(await lastPublished()).toMatchObject({ generation: 1, artifacts: 300, refused: 0 });
      expect(Math.max(...reads().values())).toBe(2);
      expect([...reads().keys()].sort()).toEqual([...paths].sort());
    },
    2 * GUARD_MS,
  );
});

describe(`a bucket and blobs in S3 (${bestS3.name})`, () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-s3-up-'));
  const servers: S3Server[] = [];
  afterAll(async () => {
    killAllUps();
    for (const server of servers) await server.close();
    rmSync(work, { recursive: true, force: true });
  });

  async function start(): Promise<{ server: S3Server; bucket: string }> {
    const server = await bestS3.start();
    servers.push(server);
    return { server, bucket: await server.bucket() };
  }

  it(
    '`chimera up --bucket s3://…` prints a report of what is dropped there, and keeps nothing on the disk but the report',
    async () => {
      const { server, bucket } = await start();
      const env = { ...server.env, CHIMERA_BLOBS: `s3://${bucket}/blobs/`, CHIMERA_SCAN_SECONDS: '0.5' };
      const up = startUp(work, env, `s3://${bucket}/runs/`);
      await up.line(new RegExp(`watching s3://${bucket}/runs`));
      for (const [path, text] of Object.entries(SMALL)) await server.put(bucket, `runs/${path}`, text);
      const [, file = ''] = await up.line(/^chimera: report: (.*report\.md)$/);
      const report = Report.parse(JSON.parse(readFileSync(file.replace(/md$/, 'json'), 'utf8')));
      expect(report.artifacts).toMatchObject({ total: Object.keys(SMALL).length, refused: [] });
      expect(readFileSync(file, 'utf8')).toMatch(/^# Chimera report: runs$/m);
      expect(await up.interrupt()).toBe(0);
      expect(existsSync(join(up.home, 'blobs'))).toBe(false);
      expect(existsSync('s3:')).toBe(false);
      const written = new Set(server.requests.flatMap(({ method, key }) => (method === 'PUT' ? [key.split('/')[0]] : [])));
      expect(written).toEqual(new Set(['', 'runs', 'blobs']));
    },
    2 * GUARD_MS,
  );

  it('without region or credentials, ends with 2 and says what is missing', async () => {
    const { code, stderr } = await chimera(['up', '--bucket', 's3://bucket', '--home', join(work, 'none'), '--nats-port', '0'], {
      env: {
        CHIMERA_HTTP_PORT: '0',
        AWS_REGION: '',
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
        AWS_PROFILE: '',
        CHIMERA_S3_ENDPOINT: '',
      },
    });
    expect(code).toBe(2);
    expect(stderr).toMatch(/AWS_REGION=\(not set\): .*CHIMERA_S3_ENDPOINT/);
    expect(stderr).toMatch(/AWS_ACCESS_KEY_ID=\(not set\): S3 needs credentials/);
    expect(existsSync(join(work, 'none'))).toBe(false);
  });

  it(
    '`chimera doctor` says whether bucket and blobs can be reached and read',
    async () => {
      const { server, bucket } = await start();
      await server.put(bucket, 'runs/a.csv', 'n_ms\n1\n');
      type Finding = { check: string; state: string; says: string; next: string | null };
      const doctor = async (env: Record<string, string>): Promise<{ code: number | null; bucket?: Finding; blobs?: Finding }> => {
        const { code, stdout } = await chimera(['doctor', '--json'], {
          env: {
            ...server.env,
            CHIMERA_BUCKET: `s3://${bucket}/runs`,
            CHIMERA_BLOBS: `s3://${bucket}/blobs`,
            CHIMERA_MODEL: 'none',
            ...env,
          },
        });
        const findings = JSON.parse(stdout) as Finding[];
        const of = (check: string) => findings.find((finding) => finding.check === check);
        return { code, ...{ bucket: of('bucket in S3') as Finding, blobs: of('blobs in S3') as Finding } };
      };
      const well = await doctor({});
      expect([well.code, well.bucket?.state, well.blobs?.state]).toEqual([0, 'ok', 'ok']);
      expect(well.bucket?.says).toBe(`s3://${bucket}/runs can be listed, and its objects can be read`);
      const wrong = await doctor({ AWS_SECRET_ACCESS_KEY: 'wrong', AWS_ACCESS_KEY_ID: 'nobody' });
      expect([wrong.code, wrong.bucket?.state, wrong.bucket?.next]).toEqual([1, 'fault', expect.stringContaining('docs/operations/s3.md')]);
      server.falsify = ({ method }) => (method === 'HEAD' ? { status: 403, code: 'AccessDenied' } : null);
      expect((await doctor({})).bucket).toMatchObject({ state: 'fault', says: expect.stringMatching(/Looking at s3:.*403/) });
      const gone = await doctor({ CHIMERA_S3_ENDPOINT: 'http://127.0.0.1:9' });
      expect(gone.bucket).toMatchObject({ state: 'fault', says: expect.stringMatching(/ECONNREFUSED/) });
    },
    GUARD_MS,
  );
});
