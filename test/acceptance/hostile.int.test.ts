import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Evidence, Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles } from '../support/dataset.ts';
import { faultsOf } from '../support/page-judge.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-hostile-'));
chmodSync(work, 0o777);
afterAll(() => rmSync(work, { recursive: true, force: true }));

let made = 0;
async function reportOver(files: Record<string, string>, prepare: (folder: string) => void = () => {}, uid?: number) {
  const folder = join(work, `data-${++made}`);
  const out = join(work, `out-${made}`);
  mkdirSync(folder);
  layFiles(files, folder);
  prepare(folder);
  const outcome = await chimera(['analyze', folder, '--model', 'none', '--out', out], uid === undefined ? {} : { uid });
  expect(outcome).toMatchObject({ code: 0 });
  const read = (name: string) => readFileSync(join(out, name), 'utf8');
  return {
    report: Report.parse(JSON.parse(read('report.json'))),
    evidence: Evidence.parse(JSON.parse(read('evidence.json'))),
    markdown: read('report.md'),
    html: read('report.html'),
  };
}

describe('a bucket that means no good', () => {
  it.skipIf(process.platform === 'win32')('hazard 6, 11: refuses what may not be read, with the reason, and reads the rest', async () => {
    // Root may read everything, so as root the command runs as nobody.
    const { report } = await reportOver(
      { 'a.csv': 'n_ms\n1\n', 'secret.csv': 'n_ms\n2\n', 'closed/b.csv': 'n_ms\n3\n' },
      (folder) => {
        chmodSync(join(folder, 'secret.csv'), 0o000);
        chmodSync(join(folder, 'closed'), 0o000);
      },
      process.getuid?.() === 0 ? 65_534 : undefined,
    );
    expect(report.artifacts).toMatchObject({ read: 1, total: 3 });
    expect(report.artifacts.refused.map((r) => r.path)).toEqual(['closed', 'secret.csv']);
    for (const { reason } of report.artifacts.refused) expect(reason).toContain('permission denied');
  });

  it.skipIf(process.platform !== 'linux')('hazard 27: refuses a name that is no UTF-8: it would lead nowhere', async () => {
    const { report } = await reportOver({ 'a.csv': 'n_ms\n1\n' }, (folder) =>
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff]), Buffer.from('.csv')]), 'n_ms\n1\n'),
    );
    expect(report.artifacts.refused).toHaveLength(1);
    expect(report.artifacts.refused[0]?.reason).toContain('UTF-8');
  });

  it('hazard 30: refuses links, and never follows one out of the bucket', async () => {
    const { report, markdown } = await reportOver({ 'a.csv': 'n_ms\n1\n' }, (folder) => {
      symlinkSync('/etc/passwd', join(folder, 'passwd.csv'));
      symlinkSync(folder, join(folder, 'loop'));
    });
    expect(report.artifacts.refused.map((r) => r.path)).toEqual(['loop', 'passwd.csv']);
    expect(markdown).not.toContain('root:');
  });

  it('hazard 8: counts numbers once where the same bytes have two kinds, whichever name comes first', async () => {
    const table = 'model,latency_ms\nm,10\nm,20\nm,30\n';
    const both = ['a.txt', 'z.txt'].map((copy) => reportOver({ [copy]: table, 'b.csv': table }));
    for (const { evidence } of await Promise.all(both)) {
      expect(evidence.facts.find((f) => f.metric === 'latency_ms' && f.statistic === 'median')).toMatchObject({
        value: 20,
        n: 3,
        scope: 'b.csv',
      });
      expect(evidence.facts.find((f) => f.metric === 'measurement_count')?.value).toBe(3);
    }
  });

  it('hazard 32: keeps a report where numbers leave every range', async () => {
    const { report, evidence } = await reportOver({
      'a.csv': 'a_ms\n1e160\n3\n4\n',
      'b.csv': 'b_ms\n1e308\n1e308\n',
      'c.json': '{"x_ms": 1e999, "y_ms": 9007199254740993}',
    });
    expect(report.artifacts.read).toBe(3);
    expect(evidence.facts.find((f) => f.metric === 'a_ms' && f.statistic === 'max')?.value).toBe(4);
  });

  it('tells a file named like our own words from the dataset itself', async () => {
    const failing = JSON.stringify([
      { error: 'x', t_ms: 0 },
      { error: null, t_ms: 4 },
    ]);
    const { evidence } = await reportOver({
      dataset: failing,
      'b.json': JSON.stringify([
        { error: 'y', t_ms: 0 },
        { error: 'z', t_ms: 0 },
        { error: null, t_ms: 5 },
      ]),
    });
    const failed = evidence.facts.filter((f) => f.metric === 'failed_records');
    expect(Object.fromEntries(failed.map((f) => [f.scope, f.value]))).toEqual({ '/': 3, dataset: 1, 'b.json': 2 });
  });

  it('takes expected folders as people write them', async () => {
    const { evidence } = await reportOver({
      'reports/a.csv': 'n_ms\n1\n',
      'chimera.yaml': 'expected:\n  folders: ["reports/", "./reports", "gone", "gone/", "reports//"]\n  kinds: [jsonl]\n',
    });
    expect(evidence.facts.filter((f) => f.metric === 'expected_folder').map((f) => f.labels.folder)).toEqual(['gone']);
    expect(evidence.facts.filter((f) => f.metric === 'expected_kind').map((f) => f.labels.kind)).toEqual(['jsonl']);
    const faulty = await reportOver({ 'a.csv': 'n_ms\n1\n', 'chimera.yaml': 'expected: {folders: ["../x"]}\n' });
    expect(faulty.report.artifacts.refused).toMatchObject([{ path: 'chimera.yaml' }]);
  });

  it('hazard 27, 36, 38: lets names and titles become neither markup nor a reference', async () => {
    const names = ['a|b.csv', '`c`.csv', '{{f1}}.csv', '<img src=x onerror=alert(1)>.csv', '![x](http%3A).csv', 'd\ne.csv', '# h.csv'];
    const files = Object.fromEntries(names.map((name, i) => [name, `lat_ms\n${i}\n${i + 1}\n`]));
    const { report, html, markdown } = await reportOver({
      ...files,
      'chimera.yaml': 'title: "<script>alert(1)</script> \\e[31m `x` [l](http://a.b)"\n',
    });
    expect(report.artifacts).toMatchObject({ total: names.length, read: names.length });
    expect(faultsOf(html)).toEqual([]);
    expect(markdown.split('\n')[0]).toMatch(/^# Chimera report: \\<script\\>/);
    expect(`${markdown}${html}`).not.toContain('\u001b');
  });
});

describe('an --out that would do harm', () => {
  it.each([
    ['below a file', (folder: string) => join(folder, 'a.csv', 'x')],
    ['inside of the artifacts', (folder: string) => join(folder, '..rep')],
    ['around the artifacts', () => work],
    [
      'a link that leads nowhere',
      (folder: string) => {
        const link = join(work, `link-${made}`);
        symlinkSync(join(folder, 'inner'), link);
        return link;
      },
    ],
  ])('is refused: %s', async (_, outOf) => {
    const folder = join(work, `data-${++made}`);
    mkdirSync(folder);
    layFiles({ 'a.csv': 'n_ms\n1\n' }, folder);
    const { code, stderr } = await chimera(['analyze', folder, '--model', 'none', '--out', outOf(folder)]);
    expect(code).toBe(2);
    expect(stderr).toContain('--out');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe('n_ms\n1\n');
  });
});
