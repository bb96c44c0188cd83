import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
  keptReport,
  openBlobs,
  putJson,
  runOf,
  sha256,
} from '@chimera/shared/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { allOf } from '../../../../test/support/all-of.ts';
import { describeOnEachNats, type Nats, startNats } from '../../../../test/support/nats.ts';
import { bestS3 } from '../../../../test/support/s3.ts';
import { collect, type GcOptions } from './collect.ts';
import type { OldLetters } from './letters.ts';

const DAY = 86_400_000;
/** Seen from then, all that a test stores is old. */
const LATER = Date.now() + 1_000 * DAY;
const PROFILE = { name: 'default', agents: { collector: { model: null, options: {} } } };
const HEX = /[0-9a-f]{64}/g;

describeOnEachNats('clearing away', (binary) => {
  const work = mkdtempSync(joinPath(tmpdir(), 'chimera-gc-'));
  let nats: Nats;
  let bus: NatsBus;
  let home: string;
  let s3: Awaited<ReturnType<typeof bestS3.start>> | null = null;
  let letters: OldLetters & { left: number[] };
  beforeEach(async () => {
    home = mkdtempSync(joinPath(work, 'home-'));
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'gc', connectTimeoutMs: 10_000 });
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

  it.each(kinds)('removes superseded reports wherever they are known, and then what nothing leads to, in %s', async (_, open) => {
    const blobs = await open();
    const { a, b, lost, answer, reading, waste } = await world(blobs);
    const before = await allOf(blobs.list());
    const foretold = await run(blobs, { dryRun: true });
    expect((await allOf(blobs.list())).length).toBe(before.length);
    expect(letters.left).toEqual([1, 2, 3]);
    const done = await run(blobs);
    const gone = [...a.slice(0, 3), ...b.slice(0, 1)];
    expect(done.reports.map((one) => one.run).sort()).toEqual(gone.map((one) => one.run).sort());
    expect([done.answers, done.letters, done.kept.reports, letters.left]).toEqual([1, 3, 3, []]);
    // What an answer leads to stays for another grace, or, as here, goes where that is over too.
    expect({ ...foretold, dryRun: false, blobs: null, kept: null }).toEqual({ ...done, blobs: null, kept: null });
    expect(done.blobs.count + done.kept.blobs).toBe(before.length);
    expect(done.blobs.bytes + done.kept.bytes).toBe(before.reduce((sum, { bytes }) => sum + bytes, 0));

    const there = await ids(blobs);
    expect(await ledTo(blobs, new Set(before.map(({ id }) => id)))).toEqual(there);
    for (const one of gone) {
      expect(existsSync(one.folder)).toBe(false);
      for (const id of [one.report, one.superseded, one.own, one.analysis, one.inventory.evidence]) expect(there.has(id)).toBe(false);
      expect(await keptReport(blobs, one.run)).toBeNull();
    }
    for (const one of [a[3], b[1], lost].flatMap((each) => (each ? [each] : []))) {
      expect(readdirSync(one.folder).sort()).toEqual(['.chimera-output', 'agents', 'report.json', 'report.md']);
      for (const id of [one.report, one.own, one.shared, one.analysis, one.inventory.evidence, one.inventory.measurements])
        expect(there.has(id)).toBe(true);
      expect((await keptReport(blobs, one.run))?.join).toEqual(one.join);
    }
    expect([there.has(answer), there.has(waste), there.has(reading)]).toEqual([false, false, true]);
    // Once more, there is nothing to do.
    expect(await run(blobs)).toMatchObject({ reports: [], answers: 0, letters: 0, blobs: { count: 0, bytes: 0 } });
  });

  it('leaves alone what was stored within the grace, and an answer that goes for as long again', async () => {
    const blobs = folderBlobs(joinPath(home, 'blobs'));
    const { answer, waste } = await world(blobs);
    const now = Date.now() + 10 * DAY;
    expect(await run(blobs, { now, graceMs: 20 * DAY, maxAgeMs: DAY })).toMatchObject({ answers: 1, blobs: { count: 0 } });
    // It was taken by somebody at the very moment at which its name went.
    expect([await blobs.has(answer), await blobs.has(waste)]).toEqual([true, true]);
    expect(await blobs.remove(answer, Date.now() - 1_000)).toBe(false);
  });

  it('is whole wherever it is broken off, and ends as if it had not been', async () => {
    const blobs = folderBlobs(joinPath(home, 'blobs'));
    const { a, b, lost } = await world(blobs);
    const all = await ids(blobs);
    const kept = [a[3], b[1], lost].flatMap((one) => (one ? [one] : []));
    let steps = 0;
    for (let round = 0; ; round++) {
      // Each round gets one step further, and is broken off before or after it.
      const breaking = breakOff(blobs, bus, letters, round % 2 === 0 ? 'before' : 'after', Math.floor(round / 2) % 3);
      const ended = await collect(breaking, options()).then(
        () => true,
        (error: Error) => {
          expect(error.message).toBe('broken off');
          return false;
        },
      );
      steps += breaking.steps();
      const there = await ids(blobs);
      for (const id of await ledTo(blobs, all)) expect(there.has(id), `round ${round}`).toBe(true);
      for (const one of kept) expect(existsSync(joinPath(one.folder, 'report.md')), `round ${round}`).toBe(true);
      if (ended) break;
      expect(round).toBeLessThan(500);
    }
    expect(steps).toBeGreaterThan(30);
    expect(await ids(blobs)).toEqual(await ledTo(blobs, all));
    const { index, joins } = await stores();
    expect((await index.keys()).length).toBe(3);
    expect((await joins.keys()).length).toBe(3);
  });

  it('removes nothing where it cannot tell what is referred to', async () => {
    const blobs = folderBlobs(joinPath(home, 'blobs'));
    const waste = await blobs.put(Buffer.from('waste'));
    await expect(run(blobs)).rejects.toThrow(/^This NATS knows of no dataset: .*Nothing is removed/);
    const { a } = await world(blobs);
    const { joins } = await stores();
    const strange = await bus.documents<unknown>(JOINS_BUCKET, { parse: (value) => value });
    await strange.change('from-another-version', () => ({ run: 7 }));
    await expect(run(blobs)).rejects.toThrow(/from-another-version in the KV bucket chimera_joins cannot be read by this version/);
    await joins.delete('from-another-version');
    const other = await blobs.put(Buffer.from('{"schema":"of tomorrow"}'));
    await blobs.name(`report-${a[0]?.run}`, other);
    await expect(run(blobs)).rejects.toThrow(/What is kept of the report of run .* cannot be read .*Nothing is removed/);
    await blobs.unname(`report-${a[0]?.run}`, LATER);
    await joins.delete(a[0]?.run ?? '');
    const [, second] = a;
    if (second === undefined) throw new Error('There are reports.');
    const strangeAnalysis = await blobs.put(Buffer.from('{"sections":"of tomorrow"}'));
    await joins.change(second.run, () => ({
      ...second.join,
      printed: { ...second.join.printed, analyses: { collector: strangeAnalysis } },
    }));
    await expect(run(blobs, { reports: { maxAgeMs: null, newest: 9 } })).rejects.toThrow(
      /^An analysis cannot be read by this version .*No blob is removed/,
    );
    expect(await blobs.has(waste)).toBe(true);
    expect(a.every(({ folder }) => existsSync(folder))).toBe(true);
  });

  it('takes from the index what a report is of: whoever writes joins has no current report removed', async () => {
    const blobs = folderBlobs(joinPath(home, 'blobs'));
    const { a } = await world(blobs);
    const current = a[3];
    if (current === undefined) throw new Error('There are reports.');
    const { joins } = await stores();
    const forged = { ...current.join, run: { ...current.join.run, inventory: sha256('another') } };
    await joins.change(current.run, () => forged);
    // Its folder is called by the beginning of its run.
    const alike = { ...forged, run: { ...forged.run, id: current.run.slice(0, 12) + sha256('x').slice(12) } };
    await joins.change(alike.run.id, () => alike);
    const elsewhere = { ...current.join, run: { ...current.join.run, dataset: 'b b' } };
    for (const join of [forged, elsewhere]) {
      await joins.change(current.run, () => join);
      const done = await run(blobs);
      expect(done.reports.map((one) => one.run)).not.toContain(current.run);
      expect(existsSync(current.folder)).toBe(true);
      expect(await keptReport(blobs, current.run)).not.toBeNull();
    }
  });

  it('keeps a report that became current again while others were removed', async () => {
    const blobs = folderBlobs(joinPath(home, 'blobs'));
    const { a } = await world(blobs);
    const [first] = a;
    if (first === undefined) throw new Error('There are reports.');
    const returning: Blobs = {
      ...blobs,
      // The dataset goes back to its first inventory just before the first report is removed.
      unname: async (name, before) => {
        await makeCurrent({ dataset: 'a', inventory: first.inventory });
        return blobs.unname(name, before);
      },
    };
    const { current } = await stores();
    await current.change(subjectToken('b b'), (now) => now);
    const done = await run(returning, { reports: { maxAgeMs: null, newest: null } });
    expect(done.reports.map((one) => one.run)).not.toContain(first.run);
    const there = await ids(blobs);
    for (const id of [first.inventory.evidence, first.inventory.measurements]) expect(there.has(id)).toBe(true);
  });
});

/** The same stores, until so many changes were made: then each further one fails, as after a kill. */
function breakOff(blobs: Blobs, bus: NatsBus, letters: OldLetters, when: 'before' | 'after', changes: number) {
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
