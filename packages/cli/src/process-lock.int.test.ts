import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lockFile } from './process-lock.ts';
import { CommandFailed } from './usage-error.ts';

const root = mkdtempSync(join(tmpdir(), 'chimera-lock-'));
afterAll(() => rmSync(root, { recursive: true }));
const path = join(root, 'process.pid');
const take = () => lockFile(path, { held: (pid) => `held by ${pid}`, contended: 'contended' });
/** The number of a process that has ended. */
const ended = spawnSync(process.execPath, ['-e', '']).pid;

describe('lockFile', () => {
  it.each([
    ['there is none', null],
    ['its process has ended', `${ended}\n`],
  ])('is taken by one of many that come at once, where %s', async (_, before) => {
    for (let round = 0; round < 40; round++) {
      rmSync(path, { force: true });
      if (before !== null) writeFileSync(path, before);
      const all = await Promise.allSettled(Array.from({ length: 6 }, take));
      const taken = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      for (const one of all) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(CommandFailed);
      expect(taken).toHaveLength(1);
      expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`);
      await taken[0]?.release();
      expect(readdirSync(root)).toEqual([]);
    }
  });

  it('waits for nobody who left it empty long ago', async () => {
    writeFileSync(path, '');
    await expect(take()).rejects.toThrow('contended');
    utimesSync(path, 0, 0);
    const lock = await take();
    await expect(take()).rejects.toThrow(`held by ${process.pid}`);
    await lock.release();
  });
});
