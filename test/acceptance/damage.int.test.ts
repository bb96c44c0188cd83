import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus } from '@chimera/shared/bus';
import { Report } from '@chimera/shared/domain';
import { CURRENT_BUCKET, Current } from '@chimera/shared/store';
import { expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { describeOnEachNats, type Nats, type NatsBinary, PATIENT_MS, startNats } from '../support/nats.ts';
import { filesBelow } from '../support/seed.ts';
import { type System, startSystem } from '../support/system.ts';
import { until } from '../support/wait.ts';

// What was handed out before the damage comes again after its ack wait, perhaps twice.
const RECOVERY_MS = 120_000;
const TEST_MS = 400_000;

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

type World = {
  folder: string;
  nats: Nats;
  bucket: string;
  /** The reports on disk, by the number of their artifacts, which differs in each inventory here. */
  printed(): Record<number, { run: string; status: string; revision: number; evidence: string }>;
  /** Waits until exactly these reports lie on disk, and NATS calls the newest inventory the current one. */
  settles(expected: Record<number, 'current' | 'superseded'>): Promise<void>;
};

/** Runs a test on a system of its own: they mostly wait, so they run side by side. */
async function inWorld(binary: NatsBinary, test: (world: World) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-damage-'));
  const nats = await startNats(binary);
  let system: System | null = null;
  try {
    // Events may be gone for good: then comparing, which goes on all the time, is what brings the report.
    system = await startSystem(nats.url, folder, { CHIMERA_RECONCILE_SECONDS: '2' });
    const { home, bucket } = system;
    const printed = () => reportsBelow(join(home, 'reports', 'bucket'));
    await test({ folder, nats, bucket, printed, settles: (expected) => settled(nats.url, printed, expected) });
  } finally {
    await system?.stop();
    await nats.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportsBelow(root: string): ReturnType<World['printed']> {
  const folders = existsSync(root) ? readdirSync(root).map((run) => join(root, run)) : [];
  return Object.fromEntries(
    folders
      .filter((path) => existsSync(join(path, 'report.json')))
      .map((path) => {
        const { run, status, revision, artifacts } = Report.parse(JSON.parse(readFileSync(join(path, 'report.json'), 'utf8')));
        return [artifacts.total, { run, status, revision, evidence: readFileSync(join(path, 'evidence.json'), 'utf8') }];
      }),
  );
}

async function settled(url: string, printed: World['printed'], expected: Record<number, string>): Promise<void> {
  const bus = await connectBus({ url, name: 'test', connectTimeoutMs: PATIENT_MS });
  const statuses = () => JSON.stringify(Object.fromEntries(Object.entries(printed()).map(([total, { status }]) => [total, status])));
  try {
    // A damaged bucket may be in the middle of being made anew.
    const current = await until('the KV bucket', () => bus.documents(CURRENT_BUCKET, Current).catch(() => null));
    await until(
      `the reports ${JSON.stringify(expected)}`,
      async () => {
        const known = (await current.get('bucket').catch(() => null))?.inventory.artifacts;
        return expected[known ?? 0] === 'current' && statuses() === JSON.stringify(expected);
      },
      RECOVERY_MS,
    );
  } finally {
    await bus.close();
  }
}

const FILES = Object.keys(SMALL).length;

/** What NATS holds is a hint: set back or damaged, it costs time and never makes a report wrong. */
describeOnEachNats('the state of NATS', (binary) => {
  it.concurrent(
    'hazard 3: was set back to an older copy: the same runs, one report of them current',
    () =>
      inWorld(binary, async ({ folder, nats, bucket, printed, settles }) => {
        layFiles(SMALL, bucket);
        await settles({ [FILES]: 'current' });
        await nats.stop();
        const copy = join(folder, 'copy');
        cpSync(nats.folder, copy, { recursive: true });
        await nats.restart();
        layFiles({ 'more.csv': 'n_ms\n1\n' }, bucket);
        await settles({ [FILES]: 'superseded', [FILES + 1]: 'current' });
        const before = printed();
        await nats.kill();
        await nats.wipe();
        cpSync(copy, nats.folder, { recursive: true });
        await nats.restart();
        await settles({ [FILES]: 'superseded', [FILES + 1]: 'current' });
        expect(printed()).toEqual(before);
        layFiles({ 'another.csv': 'n_ms\n2\n' }, bucket);
        await settles({ [FILES]: 'superseded', [FILES + 1]: 'superseded', [FILES + 2]: 'current' });
      }),
    TEST_MS,
  );

  it.concurrent.each([
    ['bits flipped', flipBits],
    ['the half of each file cut off', cutInHalf],
  ])(
    'hazard 3: has %s: the server says so and does not start, or the reports are what they were',
    (_, damage) =>
      inWorld(binary, async ({ nats, bucket, printed, settles }) => {
        layFiles(SMALL, bucket);
        await settles({ [FILES]: 'current' });
        const before = printed();
        await nats.kill();
        const blocks = filesBelow(nats.folder).map((path) => join(nats.folder, path));
        const written = blocks.filter((path) => path.endsWith('.blk') && readFileSync(path).length > 0);
        expect(written.length).toBeGreaterThan(3);
        for (const path of written) damage(path);
        const refused = await nats.restart().then(
          () => null,
          (error: Error) => error.message,
        );
        if (refused !== null) {
          expect(refused).toMatch(/It said:\n.+/);
          await nats.wipe();
          await nats.restart();
        }
        layFiles({ 'more.csv': 'n_ms\n1\n' }, bucket);
        await settles({ [FILES]: 'superseded', [FILES + 1]: 'current' });
        expect(printed()[FILES]).toMatchObject({ run: before[FILES]?.run, evidence: before[FILES]?.evidence });
      }),
    TEST_MS,
  );
});
