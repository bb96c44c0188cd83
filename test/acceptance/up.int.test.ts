import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { laySeed, seedAbsent } from '../support/seed.ts';
import { killAllUps, startUp, type Up } from '../support/up.ts';
import { until } from '../support/wait.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-up-'));
afterAll(() => {
  killAllUps();
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
});

const reportAt = (path: string) => Report.parse(JSON.parse(readFileSync(join(dirname(path), 'report.json'), 'utf8')));
/** The runs that are printed: `report.json` is written last. */
function runsOf(up: Up): string[] {
  const root = join(up.home, 'reports', 'bucket');
  return existsSync(root) ? readdirSync(root).filter((run) => existsSync(join(root, run, 'report.json'))) : [];
}
const REPORT = /^chimera: report: (.*report\.md)$/;
const SUPERSEDED = /^chimera: superseded: (.*report\.md)$/;

// They mostly wait, each for a system of its own: so they run side by side.
const SIDE_BY_SIDE = { concurrent: true };

describe.skipIf(seedAbsent)(`chimera up over the seed artifacts${seedAbsent ? ` (left out: ${seedAbsent})` : ''}`, SIDE_BY_SIDE, () => {
  it('hazard 7: gives one report over 101 files; one more file gives one more and marks the first superseded', async () => {
    const folder = join(work, 'seed');
    const up = startUp(folder);
    await up.line(/watching/);
    laySeed(work, up.bucket);
    const first = (await up.line(REPORT))[1] ?? '';
    expect(reportAt(first)).toMatchObject({ status: 'current', revision: 1, artifacts: { total: 101 } });
    expect(runsOf(up)).toHaveLength(1);

    layFiles({ 'csv_data/one_more.csv': 'latency_ms\n1\n2\n3\n' }, up.bucket);
    expect((await up.line(SUPERSEDED))[1]).toBe(first);
    const second = (await up.line(REPORT))[1] ?? '';
    expect(reportAt(second)).toMatchObject({ status: 'current', artifacts: { total: 102 } });
    expect(reportAt(first)).toMatchObject({ status: 'superseded', supersededBy: reportAt(second).inventory, artifacts: { total: 101 } });
    expect(readFileSync(first, 'utf8')).toContain('Superseded');
    expect(runsOf(up)).toHaveLength(2);
    expect(await up.interrupt()).toBe(0);
  }, 90_000);
});

describe('chimera up', SIDE_BY_SIDE, () => {
  it('hazard 1: starts a service again that was killed, and loses nothing that was dropped meanwhile', async () => {
    const up = startUp(join(work, 'killed'));
    await up.line(/watching/);
    layFiles(SMALL, up.bucket);
    await up.line(REPORT);
    const reports = () => runsOf(up).map((run) => reportAt(join(up.home, 'reports', 'bucket', run, 'report.md')));
    let runs = 1;
    for (const service of ['ingest', 'insight', 'reporter']) {
      process.kill(up.pidOf(service), 'SIGKILL');
      await up.line(new RegExp(`${service} ended with SIGKILL; starting it again`));
      layFiles({ [`after-${service}.csv`]: `n_ms\n${service.length}\n` }, up.bucket);
      runs++;
      await until(
        `report ${runs}`,
        () => runsOf(up).length === runs && reports().filter((r) => r.status === 'current').length === 1,
        90_000,
      );
    }
    expect(reports().find((r) => r.status === 'current')?.artifacts.total).toBe(Object.keys(SMALL).length + 3);
    const pids = ['ingest', 'collector', 'insight', 'reporter'].map((service) => up.pidOf(service));
    expect(await up.interrupt()).toBe(0);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }, 300_000);

  it('leaves no service and no NATS behind when it is killed', async () => {
    const up = startUp(join(work, 'orphans'));
    await up.line(/watching/);
    layFiles(SMALL, up.bucket);
    await up.line(REPORT);
    const pids = ['ingest', 'collector', 'insight', 'reporter'].map((service) => up.pidOf(service));
    await up.kill();
    const lives = (pid: number) => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    await until('the end of the services', () => !pids.some(lives), 40_000);
  }, 90_000);

  it('ends with all faults of the configuration before anything is started', async () => {
    const { code, stderr } = await chimera(['up', '--home', join(work, 'refused')], {
      env: { CHIMERA_SETTLE_SECONDS: 'soon', CHIMERA_SCAN_SECONDS: '-1', CHIMERA_JOIN_WAIT: 'x' },
    });
    expect(code).toBe(2);
    for (const fault of ['CHIMERA_SETTLE_SECONDS="soon": is no number', 'CHIMERA_SCAN_SECONDS="-1"', 'CHIMERA_JOIN_WAIT="x"'])
      expect(stderr).toContain(fault);
    expect(existsSync(join(work, 'refused'))).toBe(false);
  });

  it('refuses a home that another one uses, and a port that another program holds, in one sentence', async () => {
    const up = startUp(join(work, 'held'));
    await up.line(/watching/);
    const second = await chimera(['up', '--home', up.home, '--nats-port', '0'], { env: { CHIMERA_HTTP_PORT: '0' } });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/in use by another "chimera up" \(process \d+\)/);
    const port = new URL(/NATS at (\S+);/.exec(up.lines.join('\n'))?.[1] ?? '').port;
    const third = await chimera(['up', '--home', join(work, 'other'), '--nats-port', port], { env: { CHIMERA_HTTP_PORT: '0' } });
    expect(third.code).toBe(1);
    expect(third.stderr).toContain('--nats-port');
    expect(third.stderr).not.toMatch(/\n\s+at /);
    expect(await up.interrupt()).toBe(0);
  }, 120_000);
});
