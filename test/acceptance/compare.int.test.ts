import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvRuns, llamaBench, medianOf, repeats, runFiles, vllmRun } from '../support/benchmarks.ts';
import { chimera } from '../support/chimera.ts';
import { layFiles } from '../support/dataset.ts';

type Side = { median: number; n: number; scope: string; sources: { path: string; sha256: string; pointer: string }[] };
type Change = {
  verdict: string;
  needed?: number;
  metric: string;
  unit: string;
  labels: Record<string, string>;
  before: Side;
  after: Side;
  ratio: number;
  interval: [number, number] | null;
  adjusted: number | null;
  family: string[];
  floor: number;
  caveats: string[];
};
type Document = {
  of: { name: string; inventory: string };
  to: { name: string; inventory: string };
  counts: Record<string, number>;
  changes: Change[];
  added: { labels: Record<string, string>; scope: string }[];
  gone: { labels: Record<string, string>; scope: string }[];
};

const work = mkdtempSync(join(tmpdir(), 'chimera-compare-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const lay = (name: string, files: Record<string, string>): string => {
  mkdirSync(join(work, name));
  return layFiles(files, join(work, name));
};

async function compared(a: string, b: string, ...flags: string[]): Promise<{ code: number | null; stderr: string; document: Document }> {
  const { code, stdout, stderr } = await chimera(['compare', a, b, '--json', ...flags]);
  return { code, stderr, document: JSON.parse(stdout) };
}
const verdicts = ({ changes }: Document) => changes.map(({ metric, verdict }) => `${metric}: ${verdict}`);

const [FAST, SLOW] = [repeats(100, 8), repeats(90, 8, 3)];
const main = lay('main', { 'runs.csv': csvRuns(FAST) });
const slower = lay('slower', { 'runs.csv': csvRuns(SLOW) });

describe('chimera compare', () => {
  it('finds a regression of 10 % with eight repeats a side, and ends with 3 where that was asked for', async () => {
    const { code, stderr, document } = await compared(main, slower, '--fail-on-regression');
    expect([code, stderr]).toEqual([3, '']);
    expect(document.of.name).toBe(slower);
    expect(document.to.name).toBe(main);
    expect(verdicts(document)).toEqual(['output_token_throughput: worse', 'time_to_first_token: no difference shown']);
    const [worse] = document.changes;
    expect(worse).toMatchObject({ unit: 'tok/s', labels: { model: 'tiny:1b', num_ctx: '4096' }, floor: 0.02, caveats: [] });
    expect(worse?.before.median).toBeCloseTo(medianOf(FAST), 2);
    expect(worse?.after.median).toBeCloseTo(medianOf(SLOW), 2);
    expect(worse?.ratio).toBeCloseTo(0.9, 3);
    expect([worse?.before.n, worse?.after.n, worse?.family.length]).toEqual([8, 8, 2]);
    // Two of two tests with p = 2 / C(16, 8): the smaller one is doubled.
    expect(worse?.adjusted).toBeCloseTo((2 * 2) / 12_870, 12);
    expect(worse?.interval?.[1]).toBeLessThan(0.95);
    expect(worse?.after.sources[0]).toMatchObject({
      path: 'runs.csv',
      pointer: 'line 2 column tokens_per_second … line 9 column tokens_per_second',
    });
    expect(document.counts).toMatchObject({ worse: 1, better: 0, 'no difference shown': 1, 'not enough samples': 0, added: 0, gone: 0 });
    expect((await chimera(['compare', main, slower])).code).toBe(0);
  });

  it('shows it on a terminal and as Markdown: medians with n, the change with its interval, what a verdict asks for', async () => {
    const { stdout } = await chimera(['compare', main, slower]);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(
      `${slower} against ${main}: 1 worse, 0 better, 1 without a difference shown, 0 with too few runs to tell; 0 configurations new, 0 gone.`,
    );
    expect(lines.find((line) => line.startsWith('worse'))).toMatch(
      /^worse +output token throughput +100\.0 tok\/s \(n = 8\) +90\.0\d tok\/s \(n = 8\) +-(10|9\.9\d|10\.0) % +-\d+\.?\d* to -\d+\.?\d* % +runs\.csv$/,
    );
    expect(lines.findIndex((line) => line.startsWith('worse'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('no difference shown')),
    );
    expect(stdout).toMatch(/Benjamini-Hochberg\) < 0\.05.*2 % at least.*superiority 0\.9/);
    const markdown = (await chimera(['compare', main, slower, '--markdown'])).stdout;
    expect(markdown).toMatch(
      /^\| \*\*worse\*\* \| output token throughput \| – \| 100\.0 tok\/s \(n = 8\) \| 90\.0\d tok\/s \(n = 8\) \| /m,
    );
  });

  it('says how many more runs it needs where there are two, and fails nothing', async () => {
    const two = lay('two', { 'runs.csv': csvRuns(repeats(90, 2)) });
    const { code, document } = await compared(main, two, '--fail-on-regression');
    expect(code).toBe(0);
    expect(verdicts(document)).toContain('output_token_throughput: not enough samples');
    expect(document.changes.map(({ needed, after: { n } }) => [needed, n])).toEqual([
      // Of two metrics one alone may differ: 2 · 2/70 with four a side, 2 · 2/252 with five.
      [3, 2],
      [3, 2],
    ]);
    expect((await chimera(['compare', main, two])).stdout).toMatch(/^not enough samples: 3 more runs a side needed +/m);
  });

  it('shows no difference between the same data, and an improvement is no regression', async () => {
    const same = await compared(main, main, '--fail-on-regression');
    expect(same.code).toBe(0);
    expect(same.document.changes.map(({ verdict, ratio }) => [verdict, ratio])).toEqual([
      ['no difference shown', 1],
      ['no difference shown', 1],
    ]);
    expect((await chimera(['compare', main, main])).stdout).toMatch(/^No difference shown between /);
    const other = lay('noise', { 'runs.csv': csvRuns(repeats(100, 8, 5)) });
    expect(verdicts((await compared(main, other)).document)).not.toContain('output_token_throughput: worse');
    const better = await compared(slower, main, '--fail-on-regression');
    expect(better.code).toBe(0);
    expect(verdicts(better.document)[0]).toBe('output_token_throughput: better');
  });

  it('compares eight result files a side as eight runs, over another commit, which it names', async () => {
    const files = (runs: readonly number[], engine_commit: string) => runFiles(runs.map((run, i) => vllmRun(run, i, { engine_commit })));
    const [before, after] = [lay('vllm-before', files(FAST, 'aaaa111')), lay('vllm-after', files(SLOW, 'bbbb222'))];
    const { code, document } = await compared(before, after, '--fail-on-regression');
    expect(code).toBe(3);
    const throughput = document.changes.find(({ metric }) => metric === 'output_token_throughput');
    expect(throughput).toMatchObject({ verdict: 'worse', caveats: ['engine_commit was aaaa111 and is bbbb222'], after: { n: 8 } });
    expect(throughput?.before.median).toBeCloseTo(medianOf(FAST), 9);
    expect(throughput?.after.sources.map(({ path, pointer }) => [path, pointer])).toContainEqual(['run-3.json', '/output_throughput']);
    expect(verdicts(document)).toContain('time_to_first_token: no difference shown');
    expect(verdicts(document)).toContain('time_per_output_token: worse');
    expect((await chimera(['compare', before, after])).stdout).toMatch(/Beware:\n {2}engine_commit was aaaa111 and is bbbb222\n/);
  });

  it('compares the repetitions that llama-bench lists, of two files that are called otherwise', async () => {
    const folder = lay('llama', { 'main.json': llamaBench(FAST, 'aaaa111'), 'candidate.json': llamaBench(SLOW, 'bbbb222') });
    const { code, document } = await compared(join(folder, 'main.json'), join(folder, 'candidate.json'), '--fail-on-regression');
    expect(code).toBe(3);
    const [worse] = document.changes;
    expect(worse).toMatchObject({ verdict: 'worse', metric: 'output_token_throughput', before: { n: 8, scope: 'main.json' } });
    expect(worse?.caveats).toEqual(['engine_commit was aaaa111 and is bbbb222', 'the file was main.json and is candidate.json']);
    expect(worse?.before.median).toBeCloseTo(medianOf(FAST), 9);
  });

  it('tells new configurations from those that are gone, and says where nothing can be compared', async () => {
    const other = lay('other', { 'runs.csv': csvRuns(FAST, 'other:7b') });
    const { code, stderr, document } = await compared(main, other, '--fail-on-regression');
    expect([code, document.changes]).toEqual([0, []]);
    expect(document.added).toEqual([{ labels: { model: 'other:7b', num_ctx: '4096' }, scope: 'runs.csv' }]);
    expect(document.gone[0]?.labels.model).toBe('tiny:1b');
    expect(stderr).toContain('nothing could be compared, so no regression can have been found');
    const { stdout } = await chimera(['compare', main, other]);
    expect(stdout).toMatch(/^Nothing can be compared: no configuration is on both sides; 1 configuration new, 1 gone\.$/m);
    expect(stdout).toMatch(/New in .*other:\n {2}.*model other:7b.*\(runs\.csv\)/);
    const mute = lay('mute', { 'a.csv': 'x,y\n1,2\n' });
    expect((await chimera(['compare', mute, mute])).stdout).toMatch(/^Nothing can be compared: neither/);
  });

  it('says that artifacts of a side could not be read', async () => {
    const damaged = lay('damaged', { 'runs.csv': csvRuns(FAST), 'cut.json': '{"a": 1, "b": ' });
    const { code, stderr } = await chimera(['compare', main, damaged]);
    expect([code, stderr]).toEqual([0, `chimera: of ${damaged}, 1 of 2 artifacts could not be read, and count nowhere.\n`]);
    const alone = await chimera(['compare', main, join(damaged, 'cut.json')]);
    expect(alone.code).toBe(1);
    expect(alone.stderr).toMatch(/cut\.json is no artifact that can be read: not valid JSON/);
  });

  it('prints nothing out of artifacts or names that a terminal or Markdown would act on', async () => {
    const evil = 'tiny\u001b[2J|<b>x</b>';
    const [a, b] = [lay('evil-a', { 'runs.csv': csvRuns(FAST, evil) }), lay('evil-b\u001b[31m', { 'runs.csv': csvRuns(SLOW, evil) })];
    for (const flags of [[], ['--markdown'], ['--json']]) {
      const { stdout, stderr } = await chimera(['compare', a, b, ...flags]);
      expect(stdout).not.toContain('\u001b');
      expect(stderr).not.toContain('\u001b');
      expect(stdout).toContain('worse');
    }
    expect((await chimera(['compare', a, `${b}/none`])).stderr).not.toContain('\u001b');
  });

  it('is used wrongly in sentences', async () => {
    expect(await chimera(['compare', main])).toMatchObject({ code: 2, stderr: expect.stringContaining("missing required argument 'b'") });
    const both = await chimera(['compare', main, slower, '--json', '--markdown']);
    expect(both).toMatchObject({ code: 2, stdout: '', stderr: 'chimera: --json and --markdown exclude each other.\n' });
    const none = await chimera(['compare', main, join(work, 'none')]);
    expect(none).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^chimera: There is no .*none: give a folder/) });
    const empty = await chimera(['compare', main, lay('empty', {})]);
    expect(empty).toMatchObject({ code: 1, stderr: expect.stringMatching(/empty holds no artifact .*: there is nothing to compare\.\n$/) });
  });
});

describe('chimera compare with reports', () => {
  const [before, after] = [join(work, 'report-before'), join(work, 'report-after')];
  beforeAll(async () => {
    for (const [folder, out] of [
      [main, before],
      [slower, after],
    ] as const)
      expect((await chimera(['analyze', folder, '--model', 'none', '--out', out])).code).toBe(0);
  }, 60_000);

  it('takes a report, its folder or its evidence for the folder it is of', async () => {
    const { changes, counts, of } = (await compared(main, slower)).document;
    for (const [a, b] of [
      [join(before, 'report.json'), join(after, 'evidence.json')],
      [before, slower],
    ] as const) {
      const { document } = await compared(a, b);
      expect(document).toMatchObject({ changes, counts, of: { name: b, inventory: of.inventory } });
    }
  });

  it('refuses a report without its evidence, and with that of another', async () => {
    const alone = lay('alone', { 'report.json': readFileSync(join(before, 'report.json'), 'utf8') });
    const missing = await chimera(['compare', join(alone, 'report.json'), slower]);
    expect(missing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('There is no evidence.json beside') });
    cpSync(join(after, 'evidence.json'), join(alone, 'evidence.json'));
    const mixed = await chimera(['compare', join(alone, 'report.json'), slower]);
    expect(mixed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is that of another inventory') });
  });

  it.each([
    ['was written before there were groups', (evidence: Evidence) => delete evidence.groups, /written by an earlier Chimera/],
    ['was changed by hand', (evidence: Evidence) => evidence.groups?.[0]?.runs.reverse(), /is not evidence as this version/],
    [
      'has a metric in another unit',
      (evidence: Evidence) => Object.assign(evidence.groups?.[0] ?? {}, { unit: 'ms' }),
      /is not evidence as/,
    ],
  ])('refuses evidence that %s', async (name, change, sentence) => {
    const evidence: Evidence = JSON.parse(readFileSync(join(before, 'evidence.json'), 'utf8'));
    change(evidence);
    const path = join(work, `${name}.json`);
    writeFileSync(path, JSON.stringify(evidence));
    expect(await chimera(['compare', path, slower])).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(sentence) });
  });

  it('refuses what else Chimera wrote, and never takes it for an artifact', async () => {
    for (const name of ['report.md', 'observations.json', 'report.html']) {
      const { code, stdout, stderr } = await chimera(['compare', join(before, name), slower]);
      expect([name, code, stdout]).toEqual([name, 1, '']);
      expect(stderr).toContain('give the report.json or evidence.json of that report');
    }
    const { stdout: markdown } = await chimera(['compare', main, slower, '--markdown']);
    const { stdout: json } = await chimera(['compare', main, slower, '--json']);
    const kept = lay('kept', { 'comparison.md': markdown, 'comparison.json': json });
    expect((await chimera(['compare', main, kept])).stderr).toContain('holds no artifact but what Chimera itself wrote');
  });
});

type Evidence = { groups?: { runs: number[] }[] };
