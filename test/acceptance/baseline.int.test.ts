import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Observations, Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { csvRuns, repeats, runFiles, vllmRun } from '../support/benchmarks.ts';
import { chimera } from '../support/chimera.ts';
import { layFiles } from '../support/dataset.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-baseline-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
const lay = (name: string, files: Record<string, string>): string => {
  mkdirSync(join(work, name));
  return layFiles(files, join(work, name));
};
let count = 0;
async function analyze(folder: string, ...flags: string[]) {
  const out = join(work, `out-${++count}`);
  return { out, ...(await chimera(['analyze', folder, '--model', 'none', '--out', out, ...flags])) };
}
const read = (out: string, name: string) => readFileSync(join(out, name), 'utf8');
const observed = (out: string) => Observations.parse(JSON.parse(read(out, 'observations.json')));
const verdicts = (out: string) =>
  observed(out).facts.flatMap(({ kind, metric, comparison }) =>
    kind === 'change' && comparison ? [`${metric}: ${comparison.verdict}`] : [],
  );

const FILES = (runs: readonly number[], commit: string) => runFiles(runs.map((run, i) => vllmRun(run, i, { engine_commit: commit })));
const main = lay('main', FILES(repeats(100, 8), 'aaaa111'));
const slower = lay('slower', FILES(repeats(90, 8, 3), 'bbbb222'));

describe('chimera analyze --baseline', () => {
  it('finds a regression of 10 %, writes the report all the same, and ends with 3', async () => {
    const { code, stdout, stderr, out } = await analyze(slower, '--baseline', main, '--fail-on-regression', '--json');
    expect(code).toBe(3);
    const report = Report.parse(JSON.parse(stdout));
    expect(report).toEqual(Report.parse(JSON.parse(read(out, 'report.json'))));
    expect(observed(out).baseline).toMatchObject({ kind: 'given', name: main });
    expect(verdicts(out)).toContain('output_token_throughput: worse');
    expect(verdicts(out)).toContain('time_to_first_token: no difference shown');
    const worse = Object.values(report.facts).find(({ kind, metric }) => kind === 'change' && metric === 'output_token_throughput');
    expect(worse).toMatchObject({ value: expect.closeTo(0.9, 3), unit: 'times', n: 16 });
    expect(stderr).toMatch(/^chimera: worse than .*main: .*output token throughput.*100\.\d tok\/s \(n = 8\).*: worse; adjusted p/m);
    expect(stderr).toContain('engine_commit was aaaa111 and is bbbb222');
    // Without the flag it is told, and is no failure.
    expect(await analyze(slower, '--baseline', main)).toMatchObject({ code: 0, stderr: expect.stringMatching(/^chimera: worse than/m) });
  }, 60_000);

  it('leaves the evidence as it is without one', async () => {
    const [plain, against] = [await analyze(slower), await analyze(slower, '--baseline', join(main, 'run-1.json'))];
    expect(read(against.out, 'evidence.json')).toBe(read(plain.out, 'evidence.json'));
    expect('baseline' in observed(plain.out)).toBe(false);
    expect(verdicts(plain.out)).toEqual([]);
    expect(verdicts(against.out)).toContain('output_token_throughput: not enough samples');
  }, 60_000);

  it('says how many more runs it needs where there are two, and fails nothing', async () => {
    const two = lay('two', { 'runs.csv': csvRuns(repeats(90, 2)) });
    const before = lay('before', { 'runs.csv': csvRuns(repeats(100, 8)) });
    const { code, stderr } = await analyze(two, '--baseline', before, '--fail-on-regression');
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^chimera: cannot be told for want of runs: output_token_throughput of .*tiny:1b.*: 3 more runs a side needed \(n = 2 now, 8 before\)$/m,
    );
  }, 60_000);

  it('fails nothing where the data is the same, or better, or where nothing can be compared, which it says', async () => {
    const same = await analyze(main, '--baseline', main, '--fail-on-regression');
    expect([same.code, new Set(verdicts(same.out).map((one) => one.replace(/.*: /, '')))]).toEqual([0, new Set(['no difference shown'])]);
    const better = await analyze(main, '--baseline', slower, '--fail-on-regression');
    expect([better.code, verdicts(better.out)]).toEqual([0, expect.arrayContaining(['output_token_throughput: better'])]);
    const other = lay('other', { 'runs.csv': csvRuns(repeats(50, 8), 'other:7b') });
    const none = await analyze(other, '--baseline', main, '--fail-on-regression');
    expect(none).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing could be compared with') });
  }, 60_000);

  it('takes the report that it writes over for the baseline', async () => {
    const { out } = await analyze(main);
    const { code } = await chimera([
      'analyze',
      slower,
      '--model',
      'none',
      '--out',
      out,
      '--baseline',
      join(out, 'report.json'),
      '--fail-on-regression',
    ]);
    expect(code).toBe(3);
    expect(verdicts(out)).toContain('output_token_throughput: worse');
    expect(read(out, 'report.md')).toContain('worse');
  }, 60_000);

  it('is used wrongly in sentences, before anything is written', async () => {
    const alone = await analyze(main, '--fail-on-regression');
    expect(alone).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^chimera: --fail-on-regression needs .* --baseline/),
    });
    const nowhere = await analyze(main, '--baseline', join(work, 'nowhere'));
    expect(nowhere).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/There is no .*nowhere: give a folder of artifacts/),
    });
    expect([alone, nowhere].map(({ out }) => existsSync(out))).toEqual([false, false]);
  });
});
