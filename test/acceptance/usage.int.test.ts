import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-usage-'));
const folder = layFiles(SMALL);
afterAll(() => {
  rmSync(work, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
});

describe('chimera analyze, used wrongly', () => {
  it('names an empty folder, and says what would count as an artifact', async () => {
    const empty = mkdtempSync(join(work, 'empty-'));
    const out = join(work, 'none');
    const { code, stdout, stderr } = await chimera(['analyze', empty, '--out', out]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(empty);
    expect(stderr).toMatch(/\.csv.*\.json.*\.md/);
    expect(existsSync(join(out, 'report.md'))).toBe(false);
  });

  it.each([
    [['analyze'], 2],
    [['analyze', '/nowhere/at/all'], 1],
    [['analyze', folder, '--nonsense'], 2],
    [['nonsense'], 2],
    [['analyze', folder, '--model', 'x', '--profile', 'y.yaml'], 2],
    [['--help'], 0],
    [['--version'], 0],
  ])('%j ends with %d', async (args, expected) => {
    const { code, stderr, stdout } = await chimera(args);
    expect(code).toBe(expected);
    expect(stderr + stdout).not.toMatch(/\n\s+at /);
  });

  it('never reports on what Chimera wrote', async () => {
    const parent = mkdtempSync(join(work, 'own-'));
    layFiles(SMALL, join(parent, 'data'));
    await chimera(['analyze', join(parent, 'data'), '--model', 'none', '--out', join(parent, 'renamed')]);
    const { code } = await chimera(['analyze', parent, '--model', 'none', '--out', join(work, 'second'), '--json']);
    expect(code).toBe(0);
    const evidence = JSON.parse(readFileSync(join(work, 'second/evidence.json'), 'utf8')) as { artifacts: { path: string }[] };
    expect(evidence.artifacts.map((a) => a.path).sort()).toEqual(
      Object.keys(SMALL)
        .map((path) => `data/${path}`)
        .sort(),
    );
  });

  it('prints one JSON document on standard output with --json, and progress elsewhere', async () => {
    const { code, stdout, stderr } = await chimera(['analyze', folder, '--model', 'none', '--out', join(work, 'json'), '--json']);
    expect(code).toBe(0);
    expect(Report.parse(JSON.parse(stdout)).artifacts.total).toBe(4);
    expect(stderr).toContain('reading artifacts');
  });
});
