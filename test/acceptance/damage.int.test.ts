import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@chimera/shared/bus';
import { Report } from '@chimera/shared/domain';
import { CURRENT_BUCKET, Current } from '@chimera/shared/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { describeOnEachNats, type Nats, startNats } from '../support/nats.ts';
import { filesBelow } from '../support/seed.ts';
import { type System, startSystem } from '../support/system.ts';
import { until } from '../support/wait.ts';

const RECOVERY_MS = 60_000;
const TEST_MS = 150_000;

/** One bit at each quarter of a file. */
function flipBits(path: string): void {
  const bytes = readFileSync(path);
  for (const quarter of [1, 2, 3]) {
    const at = Math.floor((bytes.length * quarter) / 4);
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  }
  writeFileSync(path, bytes);
}

function cutInHalf(path: string): void {
  truncateSync(path, Math.floor(readFileSync(path).length / 2));
}

/** What NATS holds is a hint: set back or damaged, it costs time and never makes a report wrong. */
describeOnEachNats('the state of NATS', (binary) => {
  let folder = '';
  let nats: Nats;
  let system: System;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chimera-damage-'));
    nats = await startNats(binary);
    // Events may be gone for good: then comparing, which goes on all the time, is what brings the report.
    system = await startSystem(nats.url, folder, { CHIMERA_RECONCILE_SECONDS: '2' });
  });
  afterEach(async () => {
    await system.stop();
    await nats.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The reports on disk, by the number of their artifacts, which differs in each inventory here. */
  function printed(): Record<number, { run: string; status: string; revision: number; evidence: string }> {
    const root = join(system.home, 'reports', 'bucket');
    if (!existsSync(root)) return {};
    return Object.fromEntries(
      readdirSync(root)
        .map((run) => join(root, run))
        .filter((path) => existsSync(join(path, 'report.json')))
        .map((path) => {
          const { run, status, revision, artifacts } = Report.parse(JSON.parse(readFileSync(join(path, 'report.json'), 'utf8')));
          return [artifacts.total, { run, status, revision, evidence: readFileSync(join(path, 'evidence.json'), 'utf8') }];
        }),
    );
  }
  const statuses = () => Object.fromEntries(Object.entries(printed()).map(([total, { status }]) => [total, status]));
  /** Waits until exactly these reports lie on disk, and NATS calls the newest inventory the current one. */
  async function settles(expected: Record<number, 'current' | 'superseded'>): Promise<void> {
    const bus = await connectBus({ url: nats.url, name: 'test', connectTimeoutMs: 10_000 });
    try {
      const current = await bus.documents(CURRENT_BUCKET, Current);
      await until(
        `the reports ${JSON.stringify(expected)}, where there are ${JSON.stringify(statuses())}`,
        async () => {
          const known = (await current.get('bucket').catch(() => null))?.inventory.artifacts;
          return expected[known ?? 0] === 'current' && JSON.stringify(statuses()) === JSON.stringify(expected);
        },
        RECOVERY_MS,
      );
    } finally {
      await bus.close();
    }
  }
  const files = Object.keys(SMALL).length;

  it(
    'hazard 3: was set back to an older copy: the same runs, one report of them current',
    async () => {
      layFiles(SMALL, system.bucket);
      await settles({ [files]: 'current' });
      await nats.stop();
      const copy = join(folder, 'copy');
      cpSync(nats.folder, copy, { recursive: true });
      await nats.restart();
      layFiles({ 'more.csv': 'n_ms\n1\n' }, system.bucket);
      await settles({ [files]: 'superseded', [files + 1]: 'current' });
      const before = printed();
      await nats.kill();
      await nats.wipe();
      cpSync(copy, nats.folder, { recursive: true });
      await nats.restart();
      await settles({ [files]: 'superseded', [files + 1]: 'current' });
      expect(printed()).toEqual(before);
      layFiles({ 'another.csv': 'n_ms\n2\n' }, system.bucket);
      await settles({ [files]: 'superseded', [files + 1]: 'superseded', [files + 2]: 'current' });
    },
    TEST_MS,
  );

  it.each([
    ['bits flipped', flipBits],
    ['the half of each file cut off', cutInHalf],
  ])(
    'hazard 3: has %s: the server says so and does not start, or the reports are what they were',
    async (_, damage) => {
      layFiles(SMALL, system.bucket);
      await settles({ [files]: 'current' });
      const before = printed();
      await nats.kill();
      const blocks = filesBelow(nats.folder).filter((path) => path.endsWith('.blk') && readFileSync(join(nats.folder, path)).length > 0);
      expect(blocks.length).toBeGreaterThan(3);
      for (const path of blocks) damage(join(nats.folder, path));
      const refused = await nats.restart().then(
        () => null,
        (error: Error) => error.message,
      );
      if (refused !== null) {
        expect(refused).toMatch(/It said:\n.+/);
        await nats.wipe();
        await nats.restart();
      }
      layFiles({ 'more.csv': 'n_ms\n1\n' }, system.bucket);
      await settles({ [files]: 'superseded', [files + 1]: 'current' });
      expect(printed()[files]).toMatchObject({ run: before[files]?.run, evidence: before[files]?.evidence });
    },
    TEST_MS,
  );
});
