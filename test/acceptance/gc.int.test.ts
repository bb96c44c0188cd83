import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReplayServer } from '@chimera/ollama';
import { Report } from '@chimera/shared/domain';
import { folderBlobs } from '@chimera/shared/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allOf } from '../support/all-of.ts';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { ROOT } from '../support/seed.ts';
import { killAllUps, startUp, type Up } from '../support/up.ts';
import { until } from '../support/wait.ts';

const LONG_AGO = new Date('2026-01-01T00:00:00.000Z');
const REPORTS = 4;
const HEX = /[0-9a-f]{64}/g;

type Collected = {
  reports: { run: string; folder: string }[];
  answers: number;
  blobs: { count: number; bytes: number };
  kept: { reports: number };
};

/** Four inventories of one dataset, written about by a model, in a system that goes on running. */
describe('chimera gc', () => {
  const work = mkdtempSync(join(tmpdir(), 'chimera-gc-'));
  let up: Up;
  let nats = '';
  let replay: Awaited<ReturnType<typeof startReplayServer>>;
  const folders: string[] = [];

  beforeAll(async () => {
    replay = await startReplayServer();
    up = startUp(work, { CHIMERA_OLLAMA_URLS: `${replay.url}#slots=2`, CHIMERA_MODEL: 'gemma3:latest', CHIMERA_RECONCILE_SECONDS: '1' });
    nats = (await up.line(/NATS at (nats:\/\/[^;]+);/))[1] ?? '';
    layFiles(SMALL, up.bucket);
    for (let n = 1; n <= REPORTS; n++) {
      folders.push(await nextReport());
      layFiles({ [`more-${n}.csv`]: `latency_ms\n${n}\n` }, up.bucket);
    }
    folders.push(await nextReport());
  }, 240_000);
  afterAll(async () => {
    await up.interrupt();
    killAllUps();
    await replay.close();
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  }, 60_000);

  const nextReport = async () => ((await up.line(/^chimera: report: (.*)\/report\.md$/))[1] ?? '').toString();
  const gc = (...args: string[]) => chimera(['gc', '--home', up.home, '--nats', nats, ...args], { env: { CHIMERA_BLOBS: '' } });
  async function json(...args: string[]): Promise<Collected> {
    const { code, stdout, stderr } = await gc(...args, '--json');
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as Collected;
  }
  const blobs = () => folderBlobs(join(up.home, 'blobs'));
  const reportIn = (folder: string) => Report.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')));
  const filesIn = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile())
      .sort();

  /** As if all of it had been stored long ago. */
  function age(folder = join(up.home, 'blobs')): void {
    for (const { name, parentPath } of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()))
      utimesSync(join(parentPath, name), LONG_AGO, LONG_AGO);
  }

  /** That a report lies there whole, and all blobs that its kept join leads to, to the last transcript. */
  async function expectWhole(folder: string): Promise<void> {
    const report = reportIn(folder);
    const files = filesIn(folder);
    for (const name of ['report.md', 'report.html', 'evidence.json', 'observations.json', 'measurements.parquet', 'agents/insight.md'])
      expect(files, folder).toContain(name);
    const kept = await blobs().named(`report-${report.run}`);
    const join_ = Buffer.from(await blobs().get(kept ?? '')).toString('utf8');
    const { inventory, printed } = JSON.parse(join_) as {
      inventory: Record<'evidence' | 'observations' | 'measurements', string>;
      printed: { report: string; analyses: Record<string, string> };
    };
    expect(Buffer.from(await blobs().get(inventory.evidence)).equals(readFileSync(join(folder, 'evidence.json')))).toBe(true);
    for (const id of [inventory.observations, inventory.measurements, printed.report]) await blobs().get(id);
    let transcripts = 0;
    for (const analysis of Object.values(printed.analyses)) {
      const text = Buffer.from(await blobs().get(analysis)).toString('utf8');
      for (const [, id = ''] of text.matchAll(/"transcript":"([0-9a-f]{64})"/g)) {
        await blobs().get(id);
        transcripts++;
      }
    }
    expect(transcripts).toBe(files.filter((path) => path.startsWith('transcripts/')).length);
    expect(transcripts).toBeGreaterThan(0);
  }

  it('says how it was called wrongly, and where there is nothing to look at', async () => {
    for (const wrong of [
      ['--older-than', '3'],
      ['--older-than', 'soon'],
      ['--keep-reports', '-1'],
      ['--grace', '1y'],
    ])
      expect((await gc(...wrong)).code, wrong.join(' ')).toBe(2);
    const elsewhere = await chimera(['gc', '--home', join(work, 'elsewhere'), '--nats', nats]);
    expect([elsewhere.code, elsewhere.stdout]).toEqual([1, '']);
    expect(elsewhere.stderr).toMatch(/^chimera: There are no reports at .*elsewhere\/reports: run this where the reporter runs/);
    const nobody = await gc('--nats', 'nats://127.0.0.1:9');
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringMatching(/^chimera: No nats-server answers at /)]);
  }, 60_000);

  it('removes nothing by itself where nothing is old', async () => {
    expect(await json()).toMatchObject({ reports: [], answers: 0, blobs: { count: 0, bytes: 0 }, kept: { reports: REPORTS + 1 } });
    for (const folder of folders) await expectWhole(folder);
  }, 60_000);

  it('says in a dry run what would go, and changes nothing', async () => {
    age();
    const before = filesIn(up.home).filter((path) => /^(blobs|reports)/.test(path));
    const told = await json('--keep-reports', '1', '--dry-run');
    expect(told.reports.map(({ folder }) => folder)).toEqual(folders.slice(0, REPORTS - 1));
    expect(filesIn(up.home).filter((path) => /^(blobs|reports)/.test(path))).toEqual(before);
    const { stdout } = await gc('--keep-reports', '1', '--dry-run');
    expect(stdout).toMatch(/^would go: 3 superseded reports, \d+ stored answers, 0 dead letters, \d+ blobs of [\d.]+ [kM]?B\n/);
    expect(stdout).toMatch(/\nwould stay: 2 reports, \d+ blobs of [\d.]+ [kM]?B\n$/);
  }, 60_000);

  it('leaves what is kept whole when it is killed at any moment, and ends when it is run again', async () => {
    let killed = 0;
    for (const ms of [100, 300, 450, 600, 750, 900, 1_050]) {
      age();
      const child = spawn(join(ROOT, 'packages/cli/bin/chimera'), ['gc', '--home', up.home, '--nats', nats, '--keep-reports', '1'], {
        stdio: 'ignore',
      });
      const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
      const timer = setTimeout(() => child.kill('SIGKILL'), ms);
      if ((await ended) === 'SIGKILL') killed++;
      clearTimeout(timer);
      for (const folder of folders.slice(REPORTS - 1)) await expectWhole(folder);
    }
    expect(killed).toBeGreaterThan(0);
    age();
    await json('--keep-reports', '1', '--older-than', '1s');
    // Answers are forgotten first, and what they led to one grace later.
    age();
    await json('--keep-reports', '1', '--older-than', '1s');
    for (const folder of folders.slice(0, REPORTS - 1)) expect(existsSync(folder)).toBe(false);
    for (const folder of folders.slice(REPORTS - 1)) await expectWhole(folder);
    const there = new Set((await allOf(blobs().list())).map(({ id }) => id));
    const led = new Set<string>();
    const follow = async (text: string): Promise<void> => {
      for (const [id] of text.matchAll(HEX)) {
        if (!there.has(id) || led.has(id)) continue;
        led.add(id);
        await follow(Buffer.from(await blobs().get(id)).toString('latin1'));
      }
    };
    for (const { name } of await allOf(blobs().names())) await follow((await blobs().named(name)) ?? '');
    // The pages of the superseded report have a blob of their own, to which the index alone leads.
    expect(there.size - led.size).toBeLessThanOrEqual(1);
  }, 180_000);

  it('never brings back what went: not the page, not a service that is started again; and the next drop has its report', async () => {
    process.kill(up.pidOf('reporter'), 'SIGKILL');
    await up.line(/reporter ended with SIGKILL; starting it again/);
    layFiles({ 'last.csv': 'latency_ms\n9\n' }, up.bucket);
    const last = await nextReport();
    await expectWhole(last);
    const page = await until('the page', async () => {
      const { url } = JSON.parse(
        readFileSync(join(up.home, 'logs', 'reporter.log'), 'utf8')
          .split('\n')
          .findLast((line) => line.includes('"started"')) ?? '{}',
      ) as { url?: string };
      return url ? (await fetch(url)).text().catch(() => null) : null;
    });
    const listed = [...page.matchAll(/· run ([0-9a-f]{12}) ·/g)].map(([, run]) => run);
    expect(listed.sort()).toEqual([...folders.slice(REPORTS - 1), last].map((folder) => folder.slice(-12)).sort());
    for (const folder of folders.slice(0, REPORTS - 1)) expect(existsSync(folder)).toBe(false);
  }, 120_000);
});
