import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReportPublished } from '@chimera/shared/bus';
import { Report } from '@chimera/shared/domain';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { describeOnEachNats, type Nats, type NatsBinary, startNats } from '../support/nats.ts';
import { type System, startSystem } from '../support/system.ts';
import { until } from '../support/wait.ts';

// What a killed server had delivered and nobody received comes again after the wait for its acknowledgement; what nobody told of is
// seen by the next comparison, a minute later at most, and then has to be made.
const RECOVERY_MS = 150_000;
const TEST_MS = 480_000;

const reportIn = (path: string) => Report.parse(JSON.parse(readFileSync(join(path, 'report.json'), 'utf8')));

/** The run of a dataset's latest report, as the server's stream has it: a listener may come back after it was told. */
async function toldTo(url: string, dataset: string): Promise<string | null> {
  const connection = await connect({ servers: url });
  try {
    const manager = await jetstreamManager(connection);
    const message = await manager.streams
      .getMessage('chimera_events', { last_by_subj: `chimera.report.v1.published.${dataset}` })
      // The stream is made again meanwhile.
      .catch(() => null);
    return message === null ? null : ReportPublished.schema.parse(message.json()).run;
  } finally {
    await connection.close();
  }
}

type World = { nats: Nats; system: System };

/** Runs a test on a system of its own: they mostly wait, so they run side by side. */
async function inWorld(binary: NatsBinary, env: Record<string, string>, test: (world: World) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-truth-'));
  const nats = await startNats(binary);
  let system: System | null = null;
  try {
    system = await startSystem(nats.url, folder, env);
    await test({ nats, system });
  } finally {
    await system?.stop();
    await nats.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The bucket is the truth, the queue a hint; one run, one report. */
describeOnEachNats(
  'the bucket',
  (binary) => {
    it(
      'hazard 3: gives the same report again from itself alone, after NATS lost all its state',
      () =>
        inWorld(binary, {}, async ({ nats, system }) => {
          layFiles(SMALL, system.bucket);
          const [first] = await system.reports.count(1);
          const evidence = readFileSync(join(first?.folder ?? '', 'evidence.json'));
          await nats.kill();
          await nats.wipe();
          await nats.restart();
          const [, second] = await system.reports.count(2, RECOVERY_MS);
          expect(second).toMatchObject({ run: first?.run, inventory: first?.inventory, status: 'current', folder: first?.folder });
          expect(readFileSync(join(second?.folder ?? '', 'evidence.json'))).toEqual(evidence);
          layFiles({ 'more.csv': 'n_ms\n1\n' }, system.bucket);
          // Words about reports may come twice; what they last say of each run is what counts.
          const last = () => new Map(system.reports.all.map((r) => [r.run, r.status]));
          await until('the second run', () => last().size === 2 && last().get(first?.run ?? '') === 'superseded', RECOVERY_MS);
          expect([...last().values()].sort()).toEqual(['current', 'superseded']);
        }),
      TEST_MS,
    );

    it(
      'hazard 5, 7: counts a dataset that went back to what it was as current again',
      () =>
        inWorld(binary, {}, async ({ system }) => {
          layFiles(SMALL, system.bucket);
          const [first] = await system.reports.count(1);
          const printedAt = reportIn(first?.folder ?? '').record.printedAt;
          layFiles({ 'more.csv': 'n_ms\n1\n' }, system.bucket);
          await system.reports.count(3);
          rmSync(join(system.bucket, 'more.csv'));
          const last = () => new Map(system.reports.all.map((r) => [r.run, r.status]));
          const other = system.reports.all.find((r) => r.run !== first?.run)?.run ?? '';
          await until('the first run again', () => last().get(first?.run ?? '') === 'current' && last().get(other) === 'superseded');
          // It is the very report that was printed first: nothing was narrated or printed anew.
          expect(reportIn(first?.folder ?? '')).toMatchObject({
            status: 'current',
            supersededBy: null,
            revision: 1,
            record: { printedAt },
          });
        }),
      TEST_MS,
    );

    it(
      'hazard 3: gives every dataset its report again after a wipe, and one that cannot be taken holds up no other',
      () =>
        inWorld(binary, { CHIMERA_DATASETS: 'folders' }, async ({ nats, system }) => {
          for (const name of ['aa', 'bb', 'cc']) layFiles(SMALL, join(system.bucket, name));
          const before = new Set((await system.reports.count(3)).map((r) => r.run));
          expect(before.size).toBe(3);
          await nats.kill();
          await nats.wipe();
          await nats.restart();
          const again = new Set<string>();
          for (const name of ['aa', 'bb', 'cc']) again.add(await until(`${name} again`, () => toldTo(nats.url, name), RECOVERY_MS, 250));
          expect(again).toEqual(before);
        }),
      TEST_MS,
    );

    it(
      'hazard 2: prints one report per run, though NATS is killed while files are dropped',
      () =>
        inWorld(binary, {}, async ({ nats, system }) => {
          /** What lies on disk: messages about reports may be lost with the server that carried them. */
          const printed = () => {
            const root = join(system.home, 'reports', 'bucket');
            return existsSync(root)
              ? readdirSync(root).flatMap((run) => (existsSync(join(root, run, 'report.json')) ? [reportIn(join(root, run))] : []))
              : [];
          };
          const settled = (runs: number) =>
            until(
              `report ${runs}`,
              () => printed().length === runs && printed().filter((r) => r.status === 'current').length === 1,
              RECOVERY_MS,
            );
          layFiles(SMALL, system.bucket);
          await settled(1);
          for (let i = 0; i < 3; i++) {
            await nats.kill();
            layFiles({ [`more-${i}.csv`]: `n_ms\n${i}\n` }, system.bucket);
            await nats.restart();
            await settled(2 + i);
          }
          expect(printed().find((r) => r.status === 'current')?.artifacts.total).toBe(Object.keys(SMALL).length + 3);
          expect(printed().every((r) => r.revision === 1)).toBe(true);
        }),
      TEST_MS,
    );
  },
  { concurrent: true },
);
