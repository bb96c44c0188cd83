import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { layFiles, SMALL } from '../support/dataset.ts';
import { killAllUps, startUp, type Up } from '../support/up.ts';
import { until } from '../support/wait.ts';

const RECOVERY_MS = 60_000;
const work = mkdtempSync(join(tmpdir(), 'chimera-disk-'));
const mounts: string[] = [];

/** A small disk of its own at this folder. Throws where that is not allowed. */
function mountDisk(folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,nr_inodes=4096', 'tmpfs', folder], { stdio: 'ignore' });
  mounts.push(folder);
}

function unmountAll(): void {
  for (const folder of mounts.splice(0)) execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
}

/** Why there can be no full disk here; null where there can. */
function whyNone(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can mount a small disk';
  try {
    mountDisk(join(work, 'try'));
    return null;
  } catch {
    return 'no file system can be mounted here';
  } finally {
    unmountAll();
  }
}
const absent = whyNone();

const fill = (folder: string) => {
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(join(folder, 'ballast'), Buffer.alloc(bavail * bsize));
};
const makeSpace = (folder: string) => rmSync(join(folder, 'ballast'));

describe.skipIf(absent)(`a disk without space${absent ? ` (left out: ${absent})` : ''}`, () => {
  let up: Up | null = null;
  afterAll(async () => {
    await up?.interrupt();
    killAllUps();
    unmountAll();
    rmSync(work, { recursive: true, force: true });
  }, 60_000);

  it('hazard 16: is told of, loses nothing, and the report comes once there is space: under blobs, then under reports', async () => {
    const home = join(work, 'home');
    const [blobs, reports] = [join(home, 'blobs'), join(home, 'reports')];
    for (const folder of [blobs, reports]) mountDisk(folder);
    for (const folder of [blobs, reports]) fill(folder);
    const running = startUp(work, { CHIMERA_RECONCILE_SECONDS: '2' });
    up = running;
    await running.line(/watching/);
    const log = (service: string) => readFileSync(join(home, 'logs', `${service}.log`), 'utf8');
    layFiles(SMALL, running.bucket);

    await until('the word of ingest', () => /A blob could not be written to .*no space left/i.test(log('ingest')), RECOVERY_MS);
    const url = /"url":"([^"]+)"/.exec(log('ingest'))?.[1];
    const ready = await until('its unreadiness', async () => {
      const response = await fetch(`${url}/readyz`);
      return response.status === 503 && ((await response.json()) as { reasons: string[] });
    });
    expect(ready.reasons.join()).toMatch(/dataset bucket could not be taken in: A blob could not be written/);
    expect(log('reporter')).not.toContain('report printed');
    makeSpace(blobs);

    await until('the word of the reporter', () => /no space left/i.test(log('reporter')), RECOVERY_MS);
    expect(running.lines.filter((line) => line.startsWith('chimera: report: '))).toEqual([]);
    makeSpace(reports);
    const folder = (await running.line(/^chimera: report: (.*)\/report\.md$/))[1] ?? '';
    expect(Report.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')))).toMatchObject({
      status: 'current',
      revision: 1,
      artifacts: { total: Object.keys(SMALL).length },
    });
    await until('its readiness', async () => (await fetch(`${url}/readyz`)).status === 200);
    for (const service of ['ingest', 'collector', 'insight', 'reporter']) expect(log(service)).not.toContain('"outcome":"dead"');
  }, 150_000);
});
