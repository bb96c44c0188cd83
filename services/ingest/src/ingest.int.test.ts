import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus, InventoryPublished, type NatsBus, systemClock } from '@chimera/shared/bus';
import { Evidence, type InventoryRef, Observations } from '@chimera/shared/domain';
import { createLogger, type Dependencies, noMetrics, type Service } from '@chimera/shared/service';
import { folderBlobs, getJson } from '@chimera/shared/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../test/support/nats.ts';
import { type Recorder, recorder, until } from '../../../test/support/wait.ts';
import { ingestSettings } from './config.ts';
import { startIngest } from './ingest.ts';

const GUARD_MS = 60_000;

describeOnEachNats('ingest', (binary) => {
  let folder = '';
  let nats: Nats;
  const buses: NatsBus[] = [];
  const services: Service[] = [];
  let published: Recorder<InventoryRef>;
  const blobs = () => folderBlobs(join(folder, 'blobs'));
  const bucket = () => join(folder, 'bucket');
  const put = (path: string, text: string) => {
    mkdirSync(join(bucket(), path, '..'), { recursive: true });
    writeFileSync(join(bucket(), path), text);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chimera-ingest-'));
    mkdirSync(bucket());
    nats = await startNats(binary);
    published = recorder<InventoryRef>();
    const bus = await connect('watcher');
    void (async () => {
      for await (const message of bus.connection.subscribe(InventoryPublished.subjects))
        published.add(InventoryPublished.schema.parse(message.json()));
    })();
    await bus.connection.flush();
  });
  afterEach(async () => {
    for (const service of services.splice(0)) await service.stop(5_000);
    for (const bus of buses.splice(0)) await bus.close();
    await nats.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function connect(name: string): Promise<NatsBus> {
    const bus = await connectBus({ url: nats.url, name, connectTimeoutMs: PATIENT_MS });
    buses.push(bus);
    return bus;
  }

  async function start(env: Record<string, string> = {}): Promise<Service> {
    const bus = await connect('ingest');
    const deps: Dependencies = {
      bus,
      blobs: blobs(),
      logger: createLogger('ingest', process.env.TEST_LOG_LEVEL ?? 'silent'),
      metrics: noMetrics,
      clock: systemClock,
      instance: randomUUID(),
    };
    const settings = ingestSettings({
      CHIMERA_HOME: join(folder, 'home'),
      CHIMERA_BUCKET: bucket(),
      CHIMERA_SETTLE_SECONDS: '0.2',
      CHIMERA_SCAN_SECONDS: '0.1',
      CHIMERA_RECONCILE_SECONDS: '2',
      ...env,
    });
    mkdirSync(settings.CHIMERA_HOME, { recursive: true });
    const service = await startIngest(settings, deps);
    services.push(service);
    return service;
  }

  const evidenceOf = (ref: InventoryRef) => getJson(blobs(), ref.evidence, Evidence);
  /** What the newest inventory says of each path. */
  async function newest(): Promise<Record<string, string>> {
    const ref = published.all.at(-1);
    if (ref === undefined) return {};
    return Object.fromEntries(
      (await evidenceOf(ref)).artifacts.map((a) => [a.path, a.status === 'read' ? `${a.measurements}` : `refused: ${a.reason}`]),
    );
  }
  const comes = (what: Record<string, unknown>) =>
    until(
      `an inventory of ${JSON.stringify(what)}`,
      async () => {
        const is = await newest();
        try {
          expect(is).toEqual(what);
          return true;
        } catch {
          return false;
        }
      },
      GUARD_MS,
    );

  it('hazard 22, 23: takes what is there at the start, a file that was renamed to its name, and what goes away', async () => {
    put('a.csv', 'n_ms\n1\n');
    put('b.csv.part', 'n_ms\n1\n2\n');
    const service = await start();
    await comes({ 'a.csv': '1' });
    renameSync(join(bucket(), 'b.csv.part'), join(bucket(), 'b.csv'));
    await comes({ 'a.csv': '1', 'b.csv': '2' });
    rmSync(join(bucket(), 'a.csv'));
    await comes({ 'b.csv': '2' });
    expect(service.notReady()).toEqual([]);
    expect(service.notes?.().join()).toMatch(/^watching by (events|polling)/);
  });

  it('hazard 21: waits for a copy that stalls in the middle of a JSON file, and then takes the whole', async () => {
    const text = JSON.stringify({ results: [{ latency_ms: 1 }, { latency_ms: 2 }] });
    put('slow.json', text.slice(0, 20));
    await start({ CHIMERA_CUT_SECONDS: '30' });
    put('other.csv', 'n_ms\n1\n');
    await until('the first taking', async () => (await leaseWrites()) >= 1, GUARD_MS);
    expect(published.all).toEqual([]);
    appendFileSync(join(bucket(), 'slow.json'), text.slice(20));
    await comes({ 'other.csv': '1', 'slow.json': '2' });
    expect(published.all).toHaveLength(1);
  });

  /** How often a lease was written: it is asked for right before a dataset is taken. */
  async function leaseWrites(): Promise<number> {
    const bus = buses.at(-1);
    const leases = await bus?.manager.streams.info('KV_chimera_leases').catch(() => null);
    return leases?.state.last_seq ?? 0;
  }

  it('hazard 29: takes a file that stays cut off as refused, with the reason, when its time is over', async () => {
    put('cut.json', '{"results": [{"latency_ms": 1}, {"lat');
    put('good.csv', 'n_ms\n1\n');
    await start({ CHIMERA_CUT_SECONDS: '1' });
    await comes({ 'good.csv': '1', 'cut.json': expect.stringMatching(/refused: not valid JSON.*cut off/) });
  });

  it('hazard 21: does not let a file that never rests hold up the others, and says so', async () => {
    put('a.csv', 'n_ms\n1\n');
    put('log.csv', 'n_ms\n');
    const writing = setInterval(() => appendFileSync(join(bucket(), 'log.csv'), '7\n'), 40);
    try {
      await start({ CHIMERA_RESTLESS_SECONDS: '1' });
      await comes({ 'a.csv': '1' });
      const observations = await getJson(blobs(), published.all.at(-1)?.observations ?? '', Observations);
      expect(observations.unsettled).toEqual([{ path: 'log.csv', reason: 'it is still being written' }]);
    } finally {
      clearInterval(writing);
    }
    const lines = readFileSync(join(bucket(), 'log.csv'), 'utf8').trim().split('\n').length - 1;
    await comes({ 'a.csv': '1', 'log.csv': `${lines}` });
  });

  it('takes a dataset at once that says that it is done', async () => {
    put('a.csv', 'n_ms\n1\n');
    await start({ CHIMERA_SETTLE_SECONDS: '3600' });
    put('.done', '');
    await comes({ 'a.csv': '1' });
  });

  it('hazard 10: of two processes one takes the dataset, and the other when that one is gone', async () => {
    const bus = await connect('looker');
    await start({ CHIMERA_LEASE_SECONDS: '1' });
    await start({ CHIMERA_LEASE_SECONDS: '1' });
    put('a.csv', 'n_ms\n1\n');
    await comes({ 'a.csv': '1' });
    await services.shift()?.stop(5_000);
    put('b.csv', 'n_ms\n1\n');
    await comes({ 'a.csv': '1', 'b.csv': '1' });
    // Never twice: each inventory became current once. A process that stands by may take over for a moment and tell the same again,
    // under the same id, so it is the stream that is asked and not who hears what is published.
    const { state } = await bus.manager.streams.info(InventoryPublished.stream);
    expect(state.messages).toBe(2);
    expect([...new Set(published.all.map((ref) => ref.generation))]).toEqual([1, 2]);
  });

  it('compares each inventory with the one before, also after a restart, and the same one again with nothing new', async () => {
    const runs = (middle: number) =>
      `model,output_tokens_per_second\n${Array.from({ length: 8 }, (_, i) => `tiny:1b,${middle + i / 10}\n`).join('')}`;
    const observed = async (ref: InventoryRef | undefined) => getJson(blobs(), ref?.observations ?? '', Observations);
    const changes = ({ facts }: Observations) =>
      facts.flatMap(({ comparison, value }) => (comparison ? [[comparison.verdict, Number(value).toFixed(2)]] : []));
    put('a.csv', runs(100));
    put('still.csv', runs(50));
    await start();
    const [first] = await published.count(1, GUARD_MS);
    const alone = await observed(first);
    expect([alone.baseline, changes(alone)]).toEqual([undefined, []]);

    put('a.csv', runs(90));
    const [, second] = await published.count(2, GUARD_MS);
    const worse = await observed(second);
    expect(worse.baseline).toEqual({
      ...{ kind: 'previous', inventory: first?.inventory },
      name: `the previous inventory ${first?.inventory.slice(0, 12)}`,
    });
    // What was not measured anew is not compared.
    expect(changes(worse)).toEqual([['worse', '0.90']]);

    await services.shift()?.stop(5_000);
    await start();
    // It is told of again as it is.
    const [, , again] = await published.count(3, GUARD_MS);
    expect(again).toEqual(second);
    put('a.csv', runs(120));
    const better = await observed((await published.count(4, GUARD_MS)).at(-1));
    expect(better.baseline?.inventory).toBe(second?.inventory);
    expect(changes(better)).toEqual([['better', '1.33']]);
  });
});
