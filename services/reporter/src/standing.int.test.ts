import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { AnalysisCompleted, connectBus, type NatsBus, publish, subjectToken, systemClock } from '@chimera/shared/bus';
import { agentsOf, type InventoryRef } from '@chimera/shared/domain';
import { createLogger, type Dependencies, noMetrics } from '@chimera/shared/service';
import {
  analysesOf,
  type Blobs,
  CURRENT_BUCKET,
  Current,
  folderBlobs,
  JOINS_BUCKET,
  Join,
  KEPT_REPORT,
  keepReport,
  keptReport,
  openJoin,
  putJson,
  runOf,
  sha256,
} from '@chimera/shared/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeOnEachNats, type Nats, PATIENT_MS, startNats } from '../../../test/support/nats.ts';
import { signal, until } from '../../../test/support/wait.ts';
import { reporterSettings } from './config.ts';
import type { Printer } from './printer.ts';
import { openReportIndex, type ReportEntry, reportKey } from './report-index.ts';
import { type Press, startReporter } from './reporter.ts';
import { createStanding } from './standing.ts';

const DATASET = 'a dataset';
const SETTINGS = reporterSettings({ CHIMERA_MODEL: 'none', CHIMERA_HOME: '/nowhere' });

describeOnEachNats('where reports stand', (binary) => {
  let root = '';
  let nats: Nats;
  let bus: NatsBus;
  let blobs: Blobs;
  beforeEach(async () => {
    root = await mkdtemp(joinPath(tmpdir(), 'chimera-standing-'));
    nats = await startNats(binary);
    bus = await connectBus({ url: nats.url, name: 'standing', connectTimeoutMs: PATIENT_MS });
    blobs = folderBlobs(joinPath(root, 'blobs'));
  });
  afterEach(async () => {
    await bus.close();
    await nats.close();
    await rm(root, { recursive: true });
  });

  const depsOf = (store: Blobs): Dependencies => ({
    ...{ bus, blobs: store, logger: createLogger('test', 'silent'), metrics: noMetrics, clock: systemClock, instance: 'one' },
  });
  const stores = async () => ({
    current: await bus.documents(CURRENT_BUCKET, Current),
    joins: await bus.documents(JOINS_BUCKET, Join),
    index: await openReportIndex(bus),
  });
  const folderOf = ({ run }: { run: string }) => joinPath(root, run);

  /** A press that writes nothing but down what it is asked for. */
  function press(onWrite: (run: string) => Promise<unknown> = async () => undefined) {
    const [assembled, written]: [string[], string[]] = [[], []];
    const printer: Printer = {
      async assemble(join, revision) {
        assembled.push(join.run.id);
        return putJson(blobs, { run: join.run.id, revision, printed: 'anew' });
      },
      count: async () => undefined,
      async write({ supersededBy: _, ...of }) {
        written.push(of.run);
        await onWrite(of.run);
        return { ...of, report: of.base };
      },
      found: async () => [],
    };
    return { assembled, written, press: { printer, folderOf } satisfies Press };
  }

  async function inventoryOf(of: string, generation: number): Promise<InventoryRef> {
    return {
      ...{ dataset: DATASET, inventory: sha256(of), generation, artifacts: 1, refused: 0 },
      evidence: await putJson(blobs, { evidence: of }),
      observations: await putJson(blobs, { observations: of }),
      measurements: await putJson(blobs, { measurements: of }),
      ingest: { startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:00.000Z', seconds: 0 },
    };
  }

  /** The join of a printed report; `day` of January: when it was opened. */
  async function printed(of: string, generation: number, day: number): Promise<{ join: Join; entry: ReportEntry }> {
    const inventory = await inventoryOf(of, generation);
    const open = openJoin(runOf(DATASET, inventory.inventory, SETTINGS.profile), inventory, new Date(Date.UTC(2026, 0, day)).toISOString());
    for (const agent of agentsOf(SETTINGS.profile))
      open.parts[agent] = { state: 'done', analysis: await putJson(blobs, { by: agent, of, calls: [] }) };
    const report = await putJson(blobs, { report: of });
    const { id: run, inventory: id } = open.run;
    return {
      join: { ...open, printed: { revision: 1, analyses: analysesOf(open), report } },
      entry: {
        ...{ dataset: DATASET, inventory: id, run, revision: 1, status: 'superseded', base: report, report, folder: folderOf({ run }) },
      },
    };
  }
  const makeCurrent = async (inventory: InventoryRef) =>
    (await stores()).current.change(subjectToken(DATASET), () => ({ inventory, fence: { token: 1, holder: 'me' } }));

  it('does not bring back a report that is removed while those of its dataset are looked through', async () => {
    const known = await stores();
    const both = [await printed('first', 1, 1), await printed('second', 2, 2)];
    for (const { entry } of both) await known.index.change(reportKey(DATASET, entry.run), () => ({ ...entry, status: 'current' }));
    await makeCurrent(await inventoryOf('third', 3));
    const otherThan = (run: string) => both.map(({ entry }) => entry.run).find((other) => other !== run) ?? '';
    const { press: on, written } = press((run) => known.index.delete(reportKey(DATASET, otherThan(run))));
    await createStanding(depsOf(blobs), known, on.printer, folderOf).restate(DATASET);
    expect(written).toHaveLength(1);
    expect(await known.index.get(reportKey(DATASET, otherThan(written[0] ?? '')))).toBeNull();
  });

  it('remembers in the blob store when a dataset came back to a report, so that without NATS it counts as the latest', async () => {
    const known = await stores();
    const { join, entry } = await printed('first', 1, 1);
    await keepReport(blobs, join);
    await known.index.change(reportKey(DATASET, entry.run), () => entry);
    const again = { ...join, inventory: { ...join.inventory, generation: 3 }, openedAt: '2026-01-03T00:00:00.000Z' };
    await known.joins.change(entry.run, () => again);
    await makeCurrent(again.inventory);
    await createStanding(depsOf(blobs), known, press().press.printer, folderOf).restate(DATASET);
    expect((await known.index.get(reportKey(DATASET, entry.run)))?.status).toBe('current');
    expect((await keptReport(blobs, entry.run))?.join).toEqual(again);
  });

  it('prints no run anew whose report the blob store keeps, also before it has come to it', async () => {
    const { join } = await printed('first', 1, 1);
    await keepReport(blobs, join);
    const gate = signal();
    const slow: Blobs = {
      ...blobs,
      async *names(beginning) {
        await gate.promise;
        yield* blobs.names(beginning);
      },
    };
    const { press: on, assembled, written } = press();
    const reporter = await startReporter(SETTINGS, depsOf(slow), on);
    try {
      await makeCurrent(join.inventory);
      for (const agent of agentsOf(SETTINGS.profile)) {
        const analysis = await putJson(blobs, { by: agent, of: 'the second time', calls: [] });
        await publish(bus, AnalysisCompleted, { run: join.run, agent, inventory: join.inventory, analysis });
      }
      const { joins } = await stores();
      await until('the run is printed', async () => ((await joins.get(join.run.id))?.printed.revision ?? 0) > 0);
      expect((await joins.get(join.run.id))?.printed).toEqual(join.printed);
      await until('its folder is written', () => written.length > 0);
      expect([assembled, new Set(written)]).toEqual([[], new Set([join.run.id])]);
    } finally {
      gate.resolve();
      await reporter.stop(5_000);
    }
    expect((await keptReport(blobs, join.run.id))?.join.printed).toEqual(join.printed);
  });

  it('looks after deadlines where what is kept cannot be listed', async () => {
    const { join } = await printed('first', 1, 1);
    const lost: Blobs = { ...blobs, names: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('away')) }) }) };
    const { press: on } = press();
    const { joins } = await stores();
    // All of it is there, and nobody tells of it: the sweep prints it.
    await joins.change(join.run.id, () => ({ ...join, printed: { revision: 0, analyses: {}, report: null } }));
    await makeCurrent(join.inventory);
    const reporter = await startReporter(SETTINGS, depsOf(lost), on);
    try {
      await until('the run is printed', async () => ((await joins.get(join.run.id))?.printed.revision ?? 0) > 0);
    } finally {
      await reporter.stop(5_000);
    }
  });

  it('stops in the midst of thousands of reports', async () => {
    const { join } = await printed('first', 1, 1);
    await keepReport(blobs, join);
    const begun = signal();
    const endless: Blobs = {
      ...blobs,
      async *names() {
        for (;;) {
          yield { name: `${KEPT_REPORT}${join.run.id}`, namedAt: 0 };
          begun.resolve();
          await new Promise(setImmediate);
        }
      },
    };
    const reporter = await startReporter(SETTINGS, depsOf(endless), press().press);
    await begun.promise;
    await reporter.stop(600_000);
  });
});
