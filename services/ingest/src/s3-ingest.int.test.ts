import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus, InventoryPublished, type NatsBus, systemClock } from '@chimera/shared/bus';
import { Evidence, type InventoryRef, Observations } from '@chimera/shared/domain';
import { createLogger, noMetrics, type Service } from '@chimera/shared/service';
import { folderBlobs, getJson } from '@chimera/shared/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../test/support/nats.ts';
import { type S3Double, startS3Double, storedNow } from '../../../test/support/s3-double.ts';
import { type Recorder, recorder, until } from '../../../test/support/wait.ts';
import { ingestSettings } from './config.ts';
import { startIngest } from './ingest.ts';

const GUARD_MS = 60_000;
const NEVER = '3600';

describeOnEachNats('ingest of a bucket in S3', (binary) => {
  let folder = '';
  let nats: Nats;
  let server: S3Double;
  let bucket = '';
  let bus: NatsBus;
  let service: Service | null = null;
  let published: Recorder<InventoryRef>;
  const blobs = () => folderBlobs(join(folder, 'blobs'));
  const put = (key: string, content: string) => server.objects(bucket).set(key, storedNow(content));

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chimera-s3-ingest-'));
    nats = await startNats(binary);
    server = await startS3Double();
    bucket = await server.bucket();
    published = recorder<InventoryRef>();
    bus = await connectBus({ url: nats.url, name: 'ingest', connectTimeoutMs: PATIENT_MS });
    void (async () => {
      for await (const message of bus.connection.subscribe(InventoryPublished.subjects))
        published.add(InventoryPublished.schema.parse(message.json()));
    })();
  });
  afterEach(async () => {
    await service?.stop(5_000);
    service = null;
    await bus.close();
    await nats.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(env: Record<string, string> = {}): Promise<Service> {
    const settings = ingestSettings({
      ...server.env,
      CHIMERA_HOME: join(folder, 'home'),
      CHIMERA_BUCKET: `s3://${bucket}`,
      CHIMERA_SETTLE_SECONDS: '0.2',
      CHIMERA_SCAN_SECONDS: '0.1',
      ...env,
    });
    mkdirSync(settings.CHIMERA_HOME, { recursive: true });
    const logger = createLogger('ingest', process.env.TEST_LOG_LEVEL ?? 'silent');
    service = await startIngest(settings, { bus, blobs: blobs(), logger, metrics: noMetrics, clock: systemClock, instance: randomUUID() });
    return service;
  }

  /** What the newest inventory says of each path. */
  async function newest(): Promise<Record<string, string>> {
    const ref = published.all.at(-1);
    if (ref === undefined) return {};
    const { artifacts } = await getJson(blobs(), ref.evidence, Evidence);
    return Object.fromEntries(artifacts.map((a) => [a.path, a.status === 'read' ? `${a.measurements}` : `refused: ${a.reason}`]));
  }
  const comes = (what: Record<string, unknown>) =>
    until(
      `an inventory of ${JSON.stringify(what)}`,
      async () => {
        try {
          expect(await newest()).toEqual(what);
          return true;
        } catch {
          return false;
        }
      },
      GUARD_MS,
    );
  const listings = () => server.requests.filter(({ key, query }) => key === '' && query.has('list-type')).length;

  it('takes what is there, what comes and changes, and notices what goes, by listing alone', async () => {
    put('a.csv', 'n_ms\n1\n');
    put('../../x.csv', 'n_ms\n1\n');
    put('half.csv.part', 'n_ms\n');
    const running = await start();
    const unsafe = { '..%2F..%2Fx.csv': expect.stringMatching(/refused: its key in S3 is no path below the bucket/) };
    await comes({ 'a.csv': '1', ...unsafe });
    put('b/c d+.csv', 'n_ms\n1\n2\n');
    await comes({ 'a.csv': '1', 'b/c d+.csv': '2', ...unsafe });
    put('a.csv', 'n_ms\n1\n2\n3\n');
    server.objects(bucket).delete('../../x.csv');
    await comes({ 'a.csv': '3', 'b/c d+.csv': '2' });
    server.objects(bucket).delete('a.csv');
    await comes({ 'b/c d+.csv': '2' });
    expect(running.notReady()).toEqual([]);
    expect(running.notes?.().join()).toBe(
      'watching by polling: S3 is listed every 0.1 s, and when a message comes on chimera.bucket.v1.changed.>.',
    );
    expect((await getJson(blobs(), published.all.at(-1)?.observations ?? '', Observations)).bucket).toBe(`s3://${bucket}`);
    expect([...server.reads(bucket)].sort()).toEqual([
      ['a.csv', 2],
      ['b/c d+.csv', 1],
    ]);
  });

  it('hazard 5: looks at once when a message comes on the configured subject, whatever it holds', async () => {
    await start({ CHIMERA_SCAN_SECONDS: NEVER, CHIMERA_S3_EVENTS_SUBJECT: 'minio.events' });
    await until('the first look', () => listings() === 1);
    put('a.csv', 'n_ms\n1\n');
    put('.done', '');
    bus.connection.publish('chimera.bucket.v1.changed.x', 'another subject');
    bus.connection.publish('minio.events', Buffer.from([0, 1, 2]));
    await comes({ 'a.csv': '1' });
    expect(published.all).toHaveLength(1);
  });

  it('takes another content of the same size that was written within the same second', async () => {
    put('a.csv', 'n_ms\n1\n');
    const { modified } = server.objects(bucket).get('a.csv') ?? storedNow('');
    await start();
    await published.count(1, GUARD_MS);
    server.objects(bucket).set('a.csv', { ...storedNow('n_ms\n2\n'), modified });
    const [first, second] = await published.count(2, GUARD_MS);
    expect(second?.inventory).not.toBe(first?.inventory);
    expect(server.reads(bucket).get('a.csv')).toBe(2);
  });

  it('puts a dataset off while an object is overwritten, and takes the last of it', async () => {
    put('a.csv', 'n_ms\n1\n');
    put('b.csv', 'n_ms\n1\n');
    let rewritten = 0;
    // Each time that it is read it is another one by then, three times.
    server.falsify = ({ method, key }) => {
      if (method === 'GET' && key === 'a.csv' && rewritten < 3) put('a.csv', `n_ms\n${'7\n'.repeat(++rewritten)}`);
      return null;
    };
    await start();
    await comes({ 'a.csv': '3', 'b.csv': '1' });
    expect(published.all).toHaveLength(1);
    expect(server.reads(bucket).get('b.csv')).toBe(1);
  });

  it('hazard 16: takes no listing that broke off for the whole, says so, and goes on when S3 answers again', async () => {
    server.pageSize = 2;
    for (const name of ['a', 'b', 'c', 'd', 'e']) put(`${name}.csv`, 'n_ms\n1\n');
    const all = { 'a.csv': '1', 'b.csv': '1', 'c.csv': '1', 'd.csv': '1', 'e.csv': '1' };
    server.falsify = ({ query }) => (query.has('continuation-token') ? { status: 403, code: 'AccessDenied' } : null);
    const running = await start();
    await until('the word of it', () => /cannot be looked at: Listing s3:.*AccessDenied, 403/.test(running.notReady().join()));
    const before = listings();
    await until('more tries', () => listings() > before + 4);
    expect(published.all).toEqual([]);
    server.falsify = null;
    await comes(all);
    await until('that it is ready again', () => running.notReady().length === 0);

    server.falsify = ({ query }) => (query.has('continuation-token') ? { cutAfter: 200 } : null);
    await until('the word of it', () => running.notReady().length > 0, GUARD_MS);
    expect(await newest()).toEqual(all);
    server.falsify = null;
    put('f.csv', 'n_ms\n1\n');
    await comes({ ...all, 'f.csv': '1' });
    expect(published.all).toHaveLength(2);
  });

  it('refuses one object that may not be read, and reads the others; a bucket that becomes empty keeps its inventory', async () => {
    put('a.csv', 'n_ms\n1\n');
    put('secret.csv', 'n_ms\n1\n');
    server.falsify = ({ method, key }) => (method === 'GET' && key === 'secret.csv' ? { status: 403, code: 'AccessDenied' } : null);
    await start();
    await comes({ 'a.csv': '1', 'secret.csv': expect.stringMatching(/refused: permission denied: S3 does not let/) });
    server.objects(bucket).clear();
    const before = listings();
    await until('more looks', () => listings() > before + 2);
    expect(published.all).toHaveLength(1);
    put('new.csv', 'n_ms\n1\n');
    await comes({ 'new.csv': '1' });
  });
});
