import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { ROOT } from '../support/seed.ts';

const out = join(mkdtempSync(join(tmpdir(), 'chimera-readme-')), 'report');
afterAll(() => rmSync(join(out, '..'), { recursive: true, force: true }));

describe('the README', () => {
  it('shows the first screen that the demo prints', async () => {
    const { code, stdout } = await chimera(['analyze', 'samples', '--out', out, '--ollama', 'http://127.0.0.1:11434', '--model', 'none']);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(6);
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const rows = readFileSync(join(out, 'report.md'), 'utf8')
      .split('\n')
      .filter((line) => /^\| \*\*(Choose|Changed|Watch|Cannot be told)\*\*/.test(line))
      .map((line) => line.replace(/\[(F\d+)\]\(#f\d+\)/g, '[$1]'));
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(readme).toContain(row);
  });

  it('shows of a file what the command prints', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [, file = '', excerpt = ''] = /^\$ npx chimera inspect (\S+)\n([^`]+)```$/m.exec(readme) ?? [];
    const { code, stdout } = await chimera(['inspect', file]);
    expect(code).toBe(0);
    const lines = excerpt.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    expect(stdout.split('\n')).toEqual(expect.arrayContaining(lines));
  });

  it('names only commands and flags that there are', async () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    for (const [line, command = ''] of readme.matchAll(/^\| `npx chimera (\w+).*$/gm)) {
      const { code, stdout } = await chimera([command, '--help']);
      expect([command, code]).toEqual([command, 0]);
      // A flag may be one of a command within it that the line names: `dead show <n>`.
      const within = [...new Set([...line.matchAll(new RegExp(`\\b${command} (\\w+)`, 'g'))].map(([, name = '']) => name))];
      const helps = await Promise.all(within.map((name) => chimera([command, name, '--help'])));
      const help = [stdout, ...helps.map((one) => one.stdout)].join('\n');
      for (const name of within) expect(stdout, line).toContain(`  ${name} `);
      for (const [flag] of line.matchAll(/--[a-z-]+/g)) expect(help).toContain(flag);
    }
  });

  it('shows a CI job of commands and flags that there are', async () => {
    const lines = readFileSync(join(ROOT, 'README.md'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('bin/chimera '));
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const { stdout } = await chimera([/bin\/chimera (\w+)/.exec(line)?.[1] ?? '', '--help']);
      for (const [flag] of line.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(flag);
    }
  });
});
