import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWorkFolder } from './work-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'chimera-work-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

it('hazard 19: openWorkFolder removes what killed processes of this host left, and nothing else', async () => {
  const host = hostname().replaceAll(/[^A-Za-z0-9.]/g, '_');
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  const left = [`chimera-table-${host}-${ended}-abcdef`, `chimera-table-${host}-${process.pid}-abcdef`];
  const others = [`chimera-table-elsewhere-${ended}-abcdef`, `chimera-table-${host}-${process.ppid}-abcdef`, 'blobs', `${ended}`];
  for (const name of [...left, ...others]) {
    mkdirSync(join(parent, name));
    writeFileSync(join(parent, name, 'spilled'), 'x');
    utimesSync(join(parent, name), 1, 1);
  }
  const first = await openWorkFolder(parent);
  const second = await openWorkFolder(parent);
  expect(existsSync(first.path)).toBe(true);
  await Promise.all([first.remove(), second.remove()]);
  expect(readdirSync(parent).sort()).toEqual([...others].sort());
});

it('openWorkFolder makes the folder that it is to be in', async () => {
  const folder = await openWorkFolder(join(parent, 'a', 'b'));
  expect(readdirSync(join(parent, 'a', 'b'))).toHaveLength(1);
  await folder.remove();
});
