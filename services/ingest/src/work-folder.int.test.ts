import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openWorkFolder } from './work-folder.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'chimera-work-'));
});
afterEach(() => rmSync(parent, { recursive: true }));

const host = hostname().replaceAll(/[^A-Za-z0-9.]/g, '_');
const ended = () => spawnSync(process.execPath, ['-e', '']).pid;
const MINUTE_MS = 60_000;
/** Makes a folder as a process makes it, whose last sign of life lies so far back. */
function lay(name: string, silentMs: number): string {
  mkdirSync(join(parent, name));
  for (const file of ['numbers', 'alive']) writeFileSync(join(parent, name, file), 'x');
  const at = new Date(Date.now() - silentMs);
  utimesSync(join(parent, name, 'alive'), at, at);
  utimesSync(join(parent, name), 1, 1);
  return name;
}

it('hazard 19: openWorkFolder removes what killed processes of this host left, and nothing else', async () => {
  const gone = ended();
  const left = [`chimera-table-${host}-${gone}-abcdef`, `chimera-table-${host}-${process.pid}-abcdef`];
  const others = [`chimera-table-elsewhere-${gone}-abcdef`, `chimera-table-${host}-${process.ppid}-abcdef`, 'blobs', `${gone}`];
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

it('hazard 19: openWorkFolder removes what a container of another name left, and never what one that lives works in', async () => {
  const gone = ended();
  lay(`chimera-table-before-${gone}-abcdef`, 61 * MINUTE_MS);
  lay(`chimera-table-before-${process.pid}-abcdef`, 61 * MINUTE_MS);
  lay(`chimera-table-${host}-${gone}-abcdef`, 4 * MINUTE_MS);
  lay(`chimera-table-${host}-${process.pid}-abcdef`, 4 * MINUTE_MS);
  const kept = [
    // of another host, which may but have been held up
    lay(`chimera-table-elsewhere-${gone}-abcdef`, 59 * MINUTE_MS),
    // of other containers that have our name: their processes are not to be seen from here
    lay(`chimera-table-${host}-${gone}-ghijkl`, MINUTE_MS),
    lay(`chimera-table-${host}-${process.pid}-ghijkl`, MINUTE_MS),
    // of a process of this host, however long it is silent
    lay(`chimera-table-${host}-${process.ppid}-abcdef`, 61 * MINUTE_MS),
    // nobody's work
    lay('reports-elsewhere-1-abcdef', 61 * MINUTE_MS),
  ];
  await (await openWorkFolder(parent)).remove();
  expect(readdirSync(parent).sort()).toEqual(kept.sort());
});

it('a work folder shows each minute that its process lives, until it is removed', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const folder = await openWorkFolder(parent);
    const alive = join(folder.path, 'alive');
    for (let minute = 0; minute < 3; minute++) {
      utimesSync(alive, 1, 1);
      vi.advanceTimersByTime(MINUTE_MS);
      expect(statSync(alive).mtimeMs).toBeGreaterThan(1_000);
    }
    await folder.remove();
    expect(vi.getTimerCount()).toBe(0);
    expect(readdirSync(parent)).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

it('a work folder that went away is no fault of the beat', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const folder = await openWorkFolder(parent);
    rmSync(folder.path, { recursive: true });
    vi.advanceTimersByTime(MINUTE_MS);
    expect(vi.getTimerCount()).toBe(0);
    await folder.remove();
  } finally {
    vi.useRealTimers();
  }
});
