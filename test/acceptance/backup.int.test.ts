import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startReplayServer } from '@chimera/ollama';
import { Report } from '@chimera/shared/domain';
import { sha256 } from '@chimera/shared/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { killAllUps, startUp, type Up } from '../support/up.ts';
import { until } from '../support/wait.ts';

const MARKER = '.chimera-output';

/** As docs/operations/backup.md has it: the names first, those of parts again, then the rest of the blobs, and the bucket; the system goes on running. */
function backUp(up: Up, to: string): void {
  const how = { recursive: true, preserveTimestamps: true } as const;
  const names = join(up.home, 'blobs', 'names');
  const isOfParts = (path: string) => statSync(path).isDirectory() || basename(path).startsWith('whole-');
  cpSync(names, join(to, 'blobs', 'names'), how);
  cpSync(names, join(to, 'blobs', 'names'), { ...how, filter: isOfParts });
  cpSync(join(up.home, 'blobs'), join(to, 'blobs'), { ...how, filter: (path) => !path.startsWith(names) });
  cpSync(up.bucket, join(to, 'bucket'), how);
}

/** Into a home and a bucket that hold nothing else. */
function restore(from: string, folder: string): void {
  mkdirSync(join(folder, 'home'), { recursive: true });
  cpSync(join(from, 'blobs'), join(folder, 'home', 'blobs'), { recursive: true, preserveTimestamps: true });
  cpSync(join(from, 'bucket'), join(folder, 'bucket'), { recursive: true, preserveTimestamps: true });
}

describe('backup and restore', () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-backup-'));
  const backup = join(work, 'backup');
  let replay: Awaited<ReturnType<typeof startReplayServer>>;
  let env: NodeJS.ProcessEnv;
  const before = new Map<string, Map<string, Buffer>>();

  const reports = (up: Up) => join(up.home, 'reports');
  const foldersOf = (up: Up) =>
    !existsSync(reports(up))
      ? []
      : readdirSync(reports(up)).flatMap((dataset) => readdirSync(join(reports(up), dataset)).map((run) => join(dataset, run)));
  const reportIn = (folder: string) => Report.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));
  const standing = (up: Up) =>
    foldersOf(up)
      .filter((folder) => existsSync(join(reports(up), folder, 'report.json')))
      .map((folder) => reportIn(join(reports(up), folder)));
  /** All files of each report, but the marker, in which the folder's own path stands. */
  function contents(up: Up): Map<string, Map<string, Buffer>> {
    return new Map(
      foldersOf(up).map((folder) => {
        const at = join(reports(up), folder);
        const files = readdirSync(at, { recursive: true, encoding: 'utf8' }).filter(
          // Beside them, what is being written just now under a name of its own.
          (path) => path !== MARKER && !path.endsWith('.part') && statSync(join(at, path)).isFile(),
        );
        return [folder, new Map(files.sort().map((path) => [path, readFileSync(join(at, path))]))];
      }),
    );
  }

  beforeAll(async () => {
    replay = await startReplayServer();
    env = {
      CHIMERA_OLLAMA_URLS: `${replay.url}#slots=2`,
      CHIMERA_MODEL: 'gemma3:latest',
      CHIMERA_DATASETS: 'folders',
      CHIMERA_RECONCILE_SECONDS: '1',
    };
    const up = startUp(join(work, 'first'), env);
    await up.line(/watching/);
    layFiles(Object.fromEntries(Object.entries(SMALL).map(([path, text]) => [`one/${path}`, text])), up.bucket);
    await up.line(/^chimera: report: /);
    layFiles({ 'one/more.csv': 'latency_ms\n1\n2\n' }, up.bucket);
    await up.line(/^chimera: report: /);
    layFiles({ 'two/other.csv': 'latency_ms\n3\n4\n' }, up.bucket);
    await up.line(/^chimera: report: /);
    // A dataset that nobody has in the bucket any more.
    layFiles({ 'three/old.csv': 'latency_ms\n5\n6\n' }, up.bucket);
    await up.line(/^chimera: report: /);
    rmSync(join(up.bucket, 'three'), { recursive: true });
    await until(
      'four reports at rest',
      () => standing(up).length === 4 && standing(up).filter(({ status }) => status === 'superseded').length === 1,
    );
    backUp(up, backup);
    for (const [folder, files] of contents(up)) before.set(folder, files);
    expect(await up.interrupt()).toBe(0);
    rmSync(join(work, 'first'), { recursive: true });
  }, 180_000);
  afterAll(async () => {
    killAllUps();
    await replay.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  it('hands an empty system, from bucket and blobs alone, every report as it was', async () => {
    restore(backup, join(work, 'second'));
    const up = startUp(join(work, 'second'), env);
    try {
      await up.line(/watching/);
      await until('all reports', () => foldersOf(up).length === before.size && standing(up).length === before.size, 60_000);
      // Ingest has taken both datasets in again, and the reporter has had time to say what it makes of them.
      await until('both inventories', () => inventoriesIn(up).size === 2, 60_000);
      await up.line(/^chimera: report: /);
      const again = contents(up);
      expect([...again.keys()].sort()).toEqual([...before.keys()].sort());
      for (const [folder, files] of before) {
        expect([...(again.get(folder)?.keys() ?? [])]).toEqual([...files.keys()]);
        for (const [path, bytes] of files) {
          const now = again.get(folder)?.get(path) ?? Buffer.alloc(0);
          // The keys of report.json stand in another order once it has been through the blob store.
          if (path === 'report.json') expect(JSON.parse(now.toString())).toEqual(JSON.parse(bytes.toString()));
          else expect(now.equals(bytes), `${folder}/${path}`).toBe(true);
        }
      }
      const taken = new Set(
        standing(up)
          .filter(({ status, dataset }) => status === 'current' && dataset !== 'three')
          .map(({ inventory }) => inventory),
      );
      expect(inventoriesIn(up)).toEqual(taken);
      const page = await pageOf(up);
      for (const folder of before.keys()) expect(page).toContain(`/reports/${folder}/report.html`);
      expect([...page.matchAll(/<strong>current<\/strong>/g)]).toHaveLength(3);

      // It goes on from there: what is dropped now has its report, and the one before becomes superseded.
      layFiles({ 'two/next.csv': 'latency_ms\n7\n' }, up.bucket);
      await until(
        'five reports',
        () => standing(up).length === 5 && standing(up).filter(({ status }) => status === 'superseded').length === 2,
        60_000,
      );

      // The folder of reports alone is lost.
      process.kill(up.pidOf('reporter'), 'SIGKILL');
      rmSync(reports(up), { recursive: true });
      await until('five reports again', () => standing(up).length === 5, 60_000);
      expect(standing(up).filter(({ status }) => status === 'superseded')).toHaveLength(2);
    } finally {
      await up.interrupt();
    }
  }, 240_000);

  it('leaves out the report of which a blob is lost, says so, and brings back all others', async () => {
    restore(backup, join(work, 'fourth'));
    // Of the dataset that is in no bucket any more: nobody makes it again.
    const [lost = ''] = [...before.keys()].filter((folder) => folder.startsWith('three/'));
    const evidence = sha256(before.get(lost)?.get('evidence.json') ?? '');
    rmSync(join(work, 'fourth', 'home', 'blobs', evidence.slice(0, 2), evidence));
    const up = startUp(join(work, 'fourth'), env);
    try {
      await until('all others', () => standing(up).length === before.size - 1 && inventoriesIn(up).size === 2, 60_000);
      const log = readFileSync(join(up.home, 'logs', 'reporter.log'), 'utf8');
      expect(log).toContain(`the report cannot be brought back: blob ${evidence} of it is missing or damaged`);
      expect(foldersOf(up)).not.toContain(lost);
    } finally {
      await up.interrupt();
    }
  }, 120_000);

  it('comes to the same evidence from the bucket alone, without any blob', async () => {
    mkdirSync(join(work, 'third'), { recursive: true });
    cpSync(join(backup, 'bucket'), join(work, 'third', 'bucket'), { recursive: true, preserveTimestamps: true });
    const up = startUp(join(work, 'third'), env);
    try {
      await until('both reports', () => standing(up).length === 2, 60_000);
      for (const { dataset, run } of standing(up)) {
        const folder = join(dataset, run.slice(0, 12));
        const evidence = readFileSync(join(reports(up), folder, 'evidence.json'));
        expect(before.get(folder)?.get('evidence.json')?.equals(evidence)).toBe(true);
        expect(
          before
            .get(folder)
            ?.get('measurements.parquet')
            ?.equals(readFileSync(join(reports(up), folder, 'measurements.parquet'))),
        ).toBe(true);
      }
    } finally {
      await up.interrupt();
    }
  }, 120_000);

  /** The inventories that ingest says it has published. */
  function inventoriesIn(up: Up): Set<string> {
    const path = join(up.home, 'logs', 'ingest.log');
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
    return new Set(
      lines.flatMap((line) => {
        const { msg, inventory } = JSON.parse(line || '{}') as { msg?: string; inventory?: string };
        return msg?.includes('inventory') && inventory ? [inventory] : [];
      }),
    );
  }

  async function pageOf(up: Up): Promise<string> {
    const lines = readFileSync(join(up.home, 'logs', 'reporter.log'), 'utf8').split('\n');
    const { url } = JSON.parse(lines.findLast((line) => line.includes('"started"')) ?? '{}') as { url: string };
    return (await fetch(url)).text();
  }
});
