import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  connectBus,
  type NatsBus,
  publish,
  type ReadingRequest,
  ReadingRequested,
  readingId,
  readingToldSubject,
  systemClock,
} from '@chimera/shared/bus';
import { createLogger, createMetrics, type Dependencies } from '@chimera/shared/service';
import { type Blobs, folderBlobs, inOnePiece } from '@chimera/shared/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../test/support/nats.ts';
import { until } from '../../../test/support/wait.ts';
import { Unstable } from './bucket.ts';
import { type IngestSettings, ingestSettings, readingLimits } from './config.ts';
import { READING_VERSION } from './content-reading.ts';
import { folderBucket } from './folder.ts';
import { type TakenInventory, takeInventory } from './inventory.ts';
import { createPace } from './pace.ts';
import { createReadings } from './readings.ts';
import { READER_CONSUMER, type Spreading, startSpreading } from './spreading.ts';
import { storedReadings } from './stored-readings.ts';

const GUARD_MS = 60_000;

/** A process that reads, as far as reading goes, and what it counted. */
type Host = {
  deps: Dependencies & { bus: NatsBus };
  settings: IngestSettings;
  spreading: Spreading | null;
  counted(outcome: string): Promise<number>;
};

const rows = (n: number, of: (i: number) => string) => Array.from({ length: n }, (_, i) => `${of(i)}\n`).join('');
/** Files that are read whole, streamed, refused, Chimera's own, copies of each other, and too small to be asked for. */
const FILES: Readonly<Record<string, string>> = {
  'whole.csv': `model,ttft_ms,odd\n${rows(300, (i) => `m${i % 3},${i * 1.25},${-i}`)}`,
  'copy/of-whole.csv': `model,ttft_ms,odd\n${rows(300, (i) => `m${i % 3},${i * 1.25},${-i}`)}`,
  'streamed.csv': `model,latency_ms,zero\n${rows(4_000, (i) => `m${i % 2},${(i * 37) % 1_009},-0.0`)}`,
  'streamed.jsonl': rows(3_000, (i) =>
    JSON.stringify({ model: 'm', output_tokens: i % 50, ttft_ms: i / 8, error: i % 100 === 7 ? 'timed out' : null }),
  ),
  'document.json': JSON.stringify({ model: 'm', latencies_ms: Array.from({ length: 900 }, (_, i) => i * 0.1), note: 'é\ud800' }),
  'page.md': `# Numbers\n\n| model | ttft (ms) |\n|---|---|\n${rows(300, (i) => `| m | ${i} |`)}`,
  'binary.csv': `\u0000\u0001${'\u0000'.repeat(5_000)}`,
  'own.json': JSON.stringify({ schema: 'chimera.report/v1', padding: 'x'.repeat(5_000) }),
  'small.csv': 'x_ms\n1\n2\n',
};

describeOnEachNats('reading that spreads', (binary) => {
  let folder = '';
  let nats: Nats;
  const ends: (() => Promise<unknown>)[] = [];
  const bucket = () => join(folder, 'bucket');
  const put = (path: string, text: string) => {
    mkdirSync(join(bucket(), path, '..'), { recursive: true });
    writeFileSync(join(bucket(), path), text);
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chimera-spreading-'));
    mkdirSync(bucket());
    nats = await startNats(binary);
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await nats.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function host(env: Record<string, string> = {}, blobs: Blobs = folderBlobs(join(folder, 'blobs'))): Promise<Host> {
    const bus = await connectBus({ url: nats.url, name: 'ingest', connectTimeoutMs: PATIENT_MS });
    const metrics = await createMetrics('ingest');
    const deps = {
      ...{ bus, blobs, metrics, clock: systemClock, instance: randomUUID() },
      logger: createLogger('ingest', process.env.TEST_LOG_LEVEL ?? 'silent'),
    };
    const settings = ingestSettings({
      ...{ CHIMERA_HOME: join(folder, 'home'), CHIMERA_BUCKET: bucket() },
      ...{ CHIMERA_SPREAD_BYTES: '100', CHIMERA_STREAM_BYTES: '20000', ...env },
    });
    mkdirSync(settings.CHIMERA_HOME, { recursive: true });
    const parts = { bucket: folderBucket(bucket()), workFolder: settings.CHIMERA_HOME };
    const spreading = await startSpreading(settings, deps, parts);
    ends.push(async () => {
      await spreading?.worker.stop(1_000);
      await spreading?.close();
      await bus.close();
    });
    const counted = async (outcome: string) => {
      const line = new RegExp(`^chimera_readings_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)$`, 'm');
      return Number(line.exec((await metrics.expose()).text)?.[1] ?? 0);
    };
    return { deps, settings, spreading, counted };
  }

  /** Takes an inventory as a process does that remembers nothing. */
  async function take({ settings, spreading }: Host, given = folderBucket(bucket())): Promise<TakenInventory> {
    const readings = createReadings({ workFolder: settings.CHIMERA_HOME });
    try {
      const { entries } = await folderBucket(bucket()).scan();
      const { read, pieces } = given;
      const spread = spreading?.spread('');
      const limits = readingLimits(settings);
      return await takeInventory({
        ...{ dataset: 'bucket', bucket: bucket(), entries, limits, read, pieces, readings, firstSeen: () => null, now: () => 0 },
        ...(spread ? { spread } : {}),
      });
    } finally {
      await readings.close();
    }
  }

  const layAll = () => {
    for (const [path, text] of Object.entries(FILES)) put(path, text);
  };
  const dead = async ({ deps }: Host) => [...(await deps.bus.held('chimera_dead', '>')).values()].reduce((sum, n) => sum + n, 0);
  const waiting = async ({ deps }: Host) => (await deps.bus.held(READER_CONSUMER.stream, ReadingRequested.subjects)).size;

  it(
    'gives the same evidence and the same table, byte by byte: on, off, by one process and by two, and from what was stored',
    async () => {
      layAll();
      const alone = await host({ CHIMERA_SPREAD_BYTES: '0' });
      expect(alone.spreading).toBeNull();
      const expected = await take(alone);
      expect(expected.evidence.artifacts.map(({ path, status }) => [path, status])).toEqual([
        ['binary.csv', 'refused'],
        ['copy/of-whole.csv', 'read'],
        ['document.json', 'read'],
        ['page.md', 'read'],
        ['small.csv', 'read'],
        ['streamed.csv', 'read'],
        ['streamed.jsonl', 'read'],
        ['whole.csv', 'read'],
      ]);
      const one = await host();
      const by = async (host: Host) => {
        const { evidenceBytes, parquet, skipped } = await take(host);
        expect(Buffer.compare(inOnePiece(evidenceBytes), inOnePiece(expected.evidenceBytes))).toBe(0);
        expect(Buffer.compare(parquet, expected.parquet)).toBe(0);
        expect(skipped).toEqual(['own.json']);
      };
      await by(one);
      // The copy and the file itself are one content: the second one of them is found.
      expect([await one.counted('read'), await one.counted('found'), await one.counted('left')]).toEqual([7, 1, 0]);
      await by(one);
      expect([await one.counted('read'), await one.counted('found'), await one.counted('left')]).toEqual([7, 9, 0]);
      rmSync(join(folder, 'blobs'), { recursive: true });
      const helper = await host();
      await by(one);
      const reads = (await one.counted('read')) + (await helper.counted('read'));
      // Both may read the one content of two files at the same time.
      expect(reads - 7).toBeGreaterThanOrEqual(7);
      expect(reads - 7).toBeLessThanOrEqual(8);
      expect(await waiting(one)).toBe(0);
      expect(await dead(one)).toBe(0);
    },
    GUARD_MS,
  );

  it(
    'takes what was read before a restart, and reads nothing twice',
    async () => {
      layAll();
      const before = await host();
      const { evidence } = await take(before);
      await ends.pop()?.();
      const after = await host();
      expect((await take(after)).evidence).toEqual(evidence);
      expect([await before.counted('read'), await after.counted('read'), await after.counted('found')]).toEqual([7, 0, 8]);
    },
    GUARD_MS,
  );

  it('hazard 21: a file that changed between the look and the reading is unstable, and the others are read', async () => {
    put('a.csv', FILES['whole.csv'] ?? '');
    put('b.csv', FILES['streamed.csv'] ?? '');
    const one = await host();
    const real = folderBucket(bucket());
    const readings = createReadings({ workFolder: one.settings.CHIMERA_HOME });
    ends.push(() => readings.close());
    const { entries } = await real.scan();
    put('b.csv', `${FILES['streamed.csv']}m,1,1\n`);
    const given = { dataset: 'bucket', bucket: '', limits: readingLimits(one.settings), read: real.read, pieces: real.pieces };
    const more = { ...given, spread: one.spreading?.spread('') as never, readings, firstSeen: () => null, now: () => 0 };
    const taking = takeInventory({ ...more, entries });
    await expect(taking).rejects.toThrow(Unstable);
    await expect(taking).rejects.toMatchObject({ path: 'b.csv' });
    expect([await one.counted('read'), await one.counted('left')]).toEqual([1, 1]);
    const { evidence } = await takeInventory({ ...more, entries: (await real.scan()).entries });
    expect(evidence.artifacts.map(({ records }) => records)).toEqual([300, 4_001]);
    expect(await one.counted('read')).toBe(2);
  });

  it('reads again what is stored and cannot be understood', async () => {
    put('a.csv', FILES['whole.csv'] ?? '');
    const one = await host();
    const { evidence } = await take(one);
    const { blobs } = one.deps;
    for await (const { name } of blobs.names('reading-'))
      await blobs.name(name, await blobs.put(Buffer.from('{"schema":"chimera.reading/v0"}\n')));
    expect((await take(one)).evidence).toEqual(evidence);
    expect([await one.counted('read'), await one.counted('found')]).toEqual([2, 0]);
  });

  it(
    'goes on without NATS: what is asked of nobody is read here',
    async () => {
      layAll();
      const one = await host();
      const expected = await take(await host({ CHIMERA_SPREAD_BYTES: '0' }));
      const real = folderBucket(bucket());
      let reads = 0;
      const taken = take(one, {
        ...real,
        read(entry) {
          reads += 1;
          return real.read(entry);
        },
      });
      await nats.kill();
      expect((await taken).evidence).toEqual(expected.evidence);
      expect(reads).toBeGreaterThan(0);
      await nats.restart();
    },
    GUARD_MS,
  );

  it(
    'refuses, with a sentence and a dead letter, what ends each process that reads it, and does not ask for it again',
    async () => {
      put('a.csv', FILES['whole.csv'] ?? '');
      put('deadly.csv', FILES['streamed.csv'] ?? '');
      const one = await host({ CHIMERA_SPREAD_BYTES: '0' });
      await one.deps.bus.consumer(READER_CONSUMER);
      const entry = (await folderBucket(bucket()).scan()).entries.find(({ path }) => path === 'deadly.csv');
      if (entry === undefined) throw new Error('There is no deadly.csv.');
      const request = requestOf(one, entry);
      await publish(one.deps.bus, ReadingRequested, request);
      // Whoever takes it is no more before it answers: as many times as it is given out.
      for (let delivery = 1; delivery <= READER_CONSUMER.maxDeliveries; delivery++) {
        const message = await one.deps.bus.pull(READER_CONSUMER, 10_000);
        expect(message?.deliveries).toBe(delivery);
        message?.giveBack();
      }
      const two = await host();
      const { evidence } = await take(two);
      expect(evidence.artifacts).toMatchObject([
        { path: 'a.csv', status: 'read' },
        { path: 'deadly.csv', status: 'refused', sha256: null, reason: expect.stringMatching(/^given up: each of the 5 processes/) },
      ]);
      await until('the dead letter', async () => (await dead(two)) === 1, GUARD_MS);
      expect(await two.deps.blobs.named(`reading-given-up-${readingId(request)}`)).not.toBeNull();
      const again = await take(two);
      expect(again.evidence).toEqual(evidence);
      expect([await two.counted('read'), await dead(two)]).toEqual([1, 1]);
    },
    GUARD_MS,
  );

  it(
    'leaves a request of another version to a process of that version, and at last to whoever asked',
    async () => {
      put('a.csv', FILES['whole.csv'] ?? '');
      const one = await host();
      const [entry] = (await folderBucket(bucket()).scan()).entries;
      if (entry === undefined) throw new Error('There is no a.csv.');
      await publish(one.deps.bus, ReadingRequested, { ...requestOf(one, entry), readerVersion: READING_VERSION + 1 });
      await until('the request is left', async () => (await waiting(one)) === 0, GUARD_MS);
      expect([await one.counted('left'), await one.counted('read'), await dead(one)]).toEqual([1, 0, 0]);
    },
    GUARD_MS,
  );

  it(
    'leaves a request under other limits than its own to whoever asked, and reads nothing for it',
    async () => {
      put('a.csv', FILES['whole.csv'] ?? '');
      const one = await host();
      const [entry] = (await folderBucket(bucket()).scan()).entries;
      if (entry === undefined) throw new Error('There is no a.csv.');
      const own = requestOf(one, entry);
      const others: Record<string, number>[] = [
        { ...own.limits, maxBytes: 1e18 },
        { ...own.limits, maxLines: -1 },
        { ...own.limits, maxCells: 0.5 },
        { ...own.limits, of: 1 },
        Object.fromEntries(Object.entries(own.limits).slice(1)),
      ];
      for (const limits of others) await publish(one.deps.bus, ReadingRequested, { ...own, limits });
      await until('the requests are left', async () => (await waiting(one)) === 0, GUARD_MS);
      expect([await one.counted('left'), await one.counted('read'), await dead(one)]).toEqual([others.length, 0, 0]);
      await publish(one.deps.bus, ReadingRequested, own);
      await until('its own is read', async () => (await one.counted('read')) === 1, GUARD_MS);
    },
    GUARD_MS,
  );

  it(
    'reads for others as a stream what has too many lines to be read whole, as it would for itself',
    async () => {
      put('whole.csv', FILES['whole.csv'] ?? '');
      const few = { CHIMERA_MAX_LINES: '200' };
      const expected = await take(await host({ ...few, CHIMERA_SPREAD_BYTES: '0' }));
      expect(expected.evidence.artifacts).toMatchObject([{ status: 'read', records: 300 }]);
      const one = await host(few);
      for (const found of [0, 1]) {
        expect((await take(one)).evidence).toEqual(expected.evidence);
        expect([await one.counted('read'), await one.counted('found')]).toEqual([1, found]);
      }
    },
    GUARD_MS,
  );

  it.each([
    'a word that is no blob',
    'a blob that is none',
    'the reading of a file of another size',
    'the reading of another kind of file',
  ])(
    'does not believe who tells it %s: the artifact is read here',
    async (what) => {
      put('a.csv', FILES['whole.csv'] ?? '');
      put('other.csv', FILES['streamed.csv'] ?? '');
      put('same.tsv', FILES['whole.csv'] ?? '');
      const one = await host();
      const real = folderBucket(bucket());
      const { entries } = await real.scan();
      const entry = entries.find(({ path }) => path === 'a.csv');
      if (entry === undefined || one.spreading === null) throw new Error('There is no a.csv, or nobody to read it.');
      const alone = await take(await host({ CHIMERA_SPREAD_BYTES: '0' }));
      await take(one);
      const stored = storedReadings(one.deps.blobs, () => undefined);
      const limits = readingLimits(one.settings);
      const storedOf = async (path: string) =>
        (await stored.find({ path, limits, sha256: alone.evidence.artifacts.find((one) => one.path === path)?.sha256 ?? '' }))?.blob ?? '';
      const word = {
        'a word that is no blob': '-__-passwd',
        'a blob that is none': await one.deps.blobs.put(Buffer.from('no reading')),
        'the reading of a file of another size': await storedOf('other.csv'),
        'the reading of another kind of file': await storedOf('same.tsv'),
      }[what];
      expect(word).toMatch(/^.+$/);
      // Nobody takes requests but this test, which answers them.
      await one.spreading.worker.stop(1_000);
      const told = [word ?? '', await storedOf('a.csv')];
      const answered: unknown[] = [];
      for (const word of told) {
        const pace = createPace(
          () => 0,
          () => undefined,
        );
        const answers = one.spreading.spread('').ask([entry], limits, pace);
        one.deps.bus.tell(readingToldSubject(readingId(requestOf(one, entry)), word), '');
        for await (const { answer } of answers) answered.push(answer === 'own' ? answer : Object.keys(answer));
      }
      expect(answered).toEqual(['own', ['found']]);
    },
    GUARD_MS,
  );

  it('leaves nothing in the work folder but what is in use', async () => {
    layAll();
    const one = await host();
    await take(one);
    await one.spreading?.worker.stop(1_000);
    await one.spreading?.close();
    expect(readdirSync(one.settings.CHIMERA_HOME)).toEqual([]);
  });
});

function requestOf(
  { settings }: Host,
  { path, bytes, modifiedMs, changedMs, inode }: Awaited<ReturnType<ReturnType<typeof folderBucket>['scan']>>['entries'][number],
): ReadingRequest {
  return {
    bucket: settings.CHIMERA_BUCKET,
    path,
    bytes,
    modifiedMs,
    changedMs,
    inode,
    limits: readingLimits(settings),
    readerVersion: READING_VERSION,
  };
}
