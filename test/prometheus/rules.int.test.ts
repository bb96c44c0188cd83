import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTestTool } from '../../packages/cli/provision/test-tools.mjs';
import { ROOT } from '../support/seed.ts';
import { FOLDER, testFiles } from './rules.ts';

const GUARD_MS = 300_000;
const promtool = await findTestTool({ root: ROOT, name: 'promtool' });
const absent = promtool === null ? 'there is no promtool: "node scripts/setup.mjs --for-tests" brings one' : null;

describe.skipIf(absent)(`deploy/prometheus, as promtool sees it${absent ? ` (left out: ${absent})` : ''}`, () => {
  let work = '';
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'chimera-rules-'));
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const run = async (cwd: string, ...args: string[]) => {
    const { stdout, stderr } = await promisify(execFile)(promtool?.path ?? '', args, { cwd, timeout: GUARD_MS });
    return `${stdout}${stderr}`;
  };

  /** A copy of the folder in which one text of a file is replaced by another. */
  function changed(name: string, file: string, from: string | RegExp, to: string): string {
    const copy = join(work, name);
    cpSync(FOLDER, copy, { recursive: true });
    const text = readFileSync(join(copy, file), 'utf8');
    const other = text.replaceAll(from, to);
    expect(other).not.toBe(text);
    writeFileSync(join(copy, file), other);
    return copy;
  }

  it('is a configuration', async () => {
    expect(await run(FOLDER, 'check', 'config', '--lint=all', '--lint-fatal', 'prometheus.yml')).toContain('SUCCESS');
  });

  it('is one with the token of the metrics too', async () => {
    const copy = changed('token', 'prometheus.yml', '# authorization:', 'authorization:');
    writeFileSync(join(copy, 'metrics-token'), 'scrape-me');
    const text = readFileSync(join(copy, 'prometheus.yml'), 'utf8');
    expect([...text.matchAll(/^ +authorization: \{ credentials_file: metrics-token \}$/gm)].length).toBe(4);
    expect(await run(copy, 'check', 'config', 'prometheus.yml')).toContain('SUCCESS');
  });

  it('is one with workers on other hosts too', async () => {
    const copy = join(work, 'nodes');
    cpSync(FOLDER, copy, { recursive: true });
    mkdirSync(join(copy, 'nodes'));
    writeFileSync(join(copy, 'nodes/insight.yml'), "- targets: ['gpu-b:8603']\n");
    expect(await run(copy, 'check', 'config', '--lint=all', '--lint-fatal', 'prometheus.yml')).toContain('SUCCESS');
    writeFileSync(join(copy, 'nodes/insight.yml'), 'targets: gpu-b\n');
    await expect(run(copy, 'check', 'config', 'prometheus.yml')).rejects.toThrow(/checking SD file "nodes\/insight/);
  });

  it('has rules without a fault', async () => {
    expect(await run(FOLDER, 'check', 'rules', '--lint=all', '--lint-fatal', 'recording.rules.yml', 'alerts.rules.yml')).toContain(
      'SUCCESS',
    );
  });

  it.each(testFiles().map((file) => [file]))('passes %s', { timeout: GUARD_MS }, async (file) => {
    expect(await run(FOLDER, 'test', 'rules', join('tests', file))).toContain('SUCCESS');
  });

  it.each([
    ['another wait', 'services.test.yml', 'for: 2m', 'for: 20m'],
    ['another threshold', 'pipeline.test.yml', '> 1800', '> 18000'],
    ['an alert that never clears', 'pipeline.test.yml', ')) > 0\n', ')) >= 0\n'],
  ])('fails with %s', async (name, file, from, to) => {
    const copy = changed(name.replaceAll(' ', '-'), 'alerts.rules.yml', from, to);
    await expect(run(copy, 'test', 'rules', join('tests', file))).rejects.toThrow(/FAILED|failed/);
  });
});
