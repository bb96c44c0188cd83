import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { openReportIndex, REPORTS_BUCKET, type ReportEntry, reportFolder, reportKey } from '@chimera/reporter';
import { connectBus, type NatsBus, subjectToken } from '@chimera/shared/bus';
import type { InventoryRef } from '@chimera/shared/domain';
import {
  type Blobs,
  CURRENT_BUCKET,
  Current,
  folderBlobs,
  JOINS_BUCKET,
  Join,
  keepReport,
  openBlobs,
  putJson,
  runOf,
  sha256,
} from '@chimera/shared/store';
import { afterEach, beforeEach } from 'vitest';
import { collect, type GcOptions } from '../../packages/cli/src/gc/collect.ts';
import type { OldLetters } from '../../packages/cli/src/gc/letters.ts';
import { allOf } from './all-of.ts';
import { type Nats, type NatsBinary, PATIENT_MS, startNats } from './nats.ts';
import { bestS3 } from './s3.ts';

export const DAY = 86_400_000;
/** Seen from then, all that a test stores is old. */
export const LATER = Date.now() + 1_000 * DAY;
const PROFILE = { name: 'default', agents: { collector: { model: null, options: {} } } };
const HEX = /[0-9a-f]{64}/g;

/** For each test of a suite: a NATS, a home, and reports in it of which some are superseded. */
export function clearing(binary: NatsBinary) {
  const work = mkdtempSync(joinPath(tmpdir(), 'chimera-gc-'));
  let nats: Nats;
  let bus: NatsBus;
  let home: string;
  let s3: Awaited<ReturnType<typeof bestS3.start>> | null = null;
  let letters: OldLetters & { left: number[] };
  beforeEach(async () => {
    home = mkdtempSync(joinPath(work, 'home-'));
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'gc', connectTimeoutMs: PATIENT_MS });
    const left = [1, 2, 3];
    letters = {
      left,
      before: async (time) => left.filter((sequence) => sequence < time / DAY),
      remove: async (sequence) => void left.splice(left.indexOf(sequence), 1),
    };
  });
  afterEach(async () => {
    await s3?.close();
    s3 = null;
    await bus.close();
    await nats.close();
    rmSync(home, { recursive: true });
  });

  const options = (more: Partial<GcOptions> = {}): GcOptions => ({
    ...{ reports: { maxAgeMs: 90 * DAY, newest: null }, maxAgeMs: 90 * DAY, graceMs: DAY, dryRun: false, now: LATER, home },
    ...more,
  });
  const stores = async () => ({
    current: await bus.documents(CURRENT_BUCKET, Current),
    joins: await bus.documents(JOINS_BUCKET, Join),
    index: await openReportIndex(bus),
  });
  const run = (blobs: Blobs, more: Partial<GcOptions> = {}, on: Pick<NatsBus, 'documents'> = bus) =>
    collect({ bus: on, blobs, letters }, options(more));

  async function inventoryOf(blobs: Blobs, dataset: string, generation: number): Promise<InventoryRef> {
    const of = `${dataset} ${generation}`;
    return {
      ...{ dataset, inventory: sha256(of), generation, artifacts: 1, refused: 0 },
      evidence: await putJson(blobs, { evidence: of }),
      observations: await putJson(blobs, { observations: of }),
      // The same in all inventories of a dataset.
      measurements: await blobs.put(Buffer.from(`table of ${dataset}`)),
      ingest: { startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:00.000Z', seconds: 0 },
    };
  }

  /** A printed report with an analysis of two calls, one of which others took as well, known wherever it may be known. */
  async function print(blobs: Blobs, dataset: string, generation: number, known = { join: true, entry: true, kept: true }) {
    const inventory = await inventoryOf(blobs, dataset, generation);
    const of = runOf(dataset, inventory.inventory, PROFILE);
    const [own, shared] = [await putJson(blobs, { transcript: of.id }), await putJson(blobs, { transcript: 'shared' })];
    const analysis = await putJson(blobs, {
      calls: [{ model: 'tiny', transcript: own }, { transcript: shared, of: 'tomorrow' }, { transcript: null }],
      run: of.id,
    });
    const openedAt = new Date(Date.UTC(2026, 0, generation)).toISOString();
    const report = await putJson(blobs, { report: of.id, record: { printedAt: openedAt } });
    const superseded = await putJson(blobs, { report: of.id, status: 'superseded' });
    const join: Join = {
      ...{ run: of, inventory, openedAt, parts: { collector: { state: 'done', analysis } } },
      printed: { revision: 1, analyses: { collector: analysis }, report },
    };
    const folder = reportFolder(home, { dataset, run: of.id });
    mkdirSync(joinPath(folder, 'agents'), { recursive: true });
    for (const name of ['report.json', 'report.md', '.chimera-output', 'agents/collector.md']) writeFileSync(joinPath(folder, name), name);
    const entry: ReportEntry = {
      ...{
        dataset,
        inventory: inventory.inventory,
        run: of.id,
        revision: 1,
        status: 'superseded',
        base: report,
        report: superseded,
        folder,
      },
    };
    const { joins, index } = await stores();
    if (known.join) await joins.change(of.id, () => join);
    if (known.entry) await index.change(reportKey(dataset, of.id), () => entry);
    if (known.kept) await keepReport(blobs, join);
    return { run: of.id, dataset, folder, join, entry, inventory, report, superseded, own, shared, analysis };
  }
  type Printed = Awaited<ReturnType<typeof print>>;

  async function makeCurrent({ dataset, inventory }: Pick<Printed, 'dataset' | 'inventory'>): Promise<void> {
    await (await stores()).current.change(subjectToken(dataset), () => ({ inventory, fence: { token: 1, holder: 'me' } }));
  }

  /** Two datasets, of each the last report is current; reports that are known in part only; answers, other names, waste. */
  async function world(blobs: Blobs) {
    const some = { join: false, entry: true, kept: false };
    const a = [await print(blobs, 'a', 1), await print(blobs, 'a', 2), await print(blobs, 'a', 3, some), await print(blobs, 'a', 4)];
    const b = [await print(blobs, 'b b', 1, { join: false, entry: false, kept: true }), await print(blobs, 'b b', 2)];
    const lost = await print(blobs, 'gone from the bucket', 1);
    for (const { join } of [a[3], b[1]].flatMap((one) => (one ? [one] : [])))
      await makeCurrent({ dataset: join.run.dataset, inventory: join.inventory });
    const answer = await blobs.put(Buffer.from('an answer that no analysis took'));
    await blobs.name(`generation-${sha256('question')}`, answer);
    const reading = await blobs.put(Buffer.from('somebody else knows what this is'));
    await blobs.name('something-else', reading);
    const waste = await blobs.put(Buffer.from('waste'));
    return { a, b, lost, answer, reading, waste };
  }

  /** All blobs that documents and names lead to, however deep: every hash in them of which there was a blob. */
  async function ledTo(blobs: Blobs, there: ReadonlySet<string>): Promise<Set<string>> {
    const found = new Set<string>();
    const follow = async (text: string): Promise<void> => {
      for (const [id] of text.matchAll(HEX)) {
        if (!there.has(id) || found.has(id)) continue;
        found.add(id);
        await follow(Buffer.from(await blobs.get(id)).toString('latin1'));
      }
    };
    for (const bucket of [CURRENT_BUCKET, JOINS_BUCKET, REPORTS_BUCKET]) {
      const documents = await bus.documents<unknown>(bucket, { parse: (value) => value });
      for (const key of await documents.keys()) await follow(JSON.stringify(await documents.get(key)));
    }
    for (const { name } of await allOf(blobs.names())) await follow((await blobs.named(name)) ?? '');
    return found;
  }
  const ids = async (blobs: Blobs) => new Set((await allOf(blobs.list())).map(({ id }) => id));
  const kinds: [string, () => Promise<Blobs>][] = [
    ['a folder', async () => folderBlobs(joinPath(home, 'blobs'))],
    ['NATS', () => openBlobs('nats', home, bus.connection)],
    [
      `S3 (${bestS3.name})`,
      async () => {
        s3 = await bestS3.start();
        return openBlobs(`s3://${await s3.bucket()}/of chimera`, home, bus.connection, s3.env);
      },
    ],
  ];

  return {
    get bus() {
      return bus;
    },
    get home() {
      return home;
    },
    get letters() {
      return letters;
    },
    ...{ options, stores, run, print, makeCurrent, world, ledTo, ids, kinds },
  };
}

/** The same stores, until so many changes were made: then each further one fails, as after a kill. */
export function breakOff(blobs: Blobs, bus: NatsBus, letters: OldLetters, when: 'before' | 'after', changes: number) {
  let made = 0;
  const step = async <T>(change: () => Promise<T>): Promise<T> => {
    if (made > changes || (made === changes && when === 'before')) throw new Error('broken off');
    const result = await change();
    made++;
    if (made > changes) throw new Error('broken off');
    return result;
  };
  const broken: Blobs = {
    ...blobs,
    put: (bytes) => step(() => blobs.put(bytes)),
    remove: (id, before) => step(() => blobs.remove(id, before)),
    unname: (name, before) => step(() => blobs.unname(name, before)),
  };
  return {
    blobs: broken,
    letters: { before: letters.before, remove: (sequence: number) => step(() => letters.remove(sequence)) },
    bus: {
      async documents<T>(bucket: string, schema: { parse(value: unknown): T }) {
        const documents = await bus.documents(bucket, schema);
        return { ...documents, delete: (key: string) => step(() => documents.delete(key)) };
      },
    },
    steps: () => made,
  };
}
