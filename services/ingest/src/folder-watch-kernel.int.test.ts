import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recorder, until } from '../../../test/support/wait.ts';
import type { WatchState } from './folder-watch.ts';

// The kernel's own limits and mounts: real ones, in namespaces that end with the process, so that nobody else meets them.
vi.setConfig({ testTimeout: 60_000 });
const NAMESPACES = ['--user', '--map-root-user', '--mount'];
const MODULE = JSON.stringify(new URL('folder-watch.ts', import.meta.url).href);
const absent = spawnSync('unshare', [...NAMESPACES, 'true']).status === 0 ? '' : ' (left out: this user may not make namespaces)';
const fuseAbsent = absent || (existsSync('/dev/fuse') ? '' : ' (left out: there is no /dev/fuse)');

let root: string;
const children: (() => void)[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'chimera-watch-'));
  for (const name of ['a', 'b', 'c', 'd', 'e']) mkdirSync(join(root, name));
});
afterEach(() => {
  for (const end of children.splice(0)) end();
  rmSync(root, { recursive: true, force: true });
});

/** Watches the bucket in a process in namespaces of its own, after `before`; `then` runs after the first decision. */
function watchApart(before: string, then = '') {
  const states = recorder<WatchState>();
  const script = `
    import { mkdirSync, openSync, writeFileSync } from 'node:fs';
    import { spawnSync } from 'node:child_process';
    import { watchFolder } from ${MODULE};
    const root = ${JSON.stringify(root)};
    ${before}
    let hints = 0;
    const until = async (test) => {
      while (!test()) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const onState = (state) => console.log(JSON.stringify(state));
    const watch = await watchFolder({ root, canaryEveryMs: 50, onHint: () => { hints += 1; }, onState });
    ${then}`;
  const child = spawn('unshare', [...NAMESPACES, process.execPath, '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(() => child.kill('SIGKILL'));
  createInterface(child.stdout).on('line', (line) => states.add(JSON.parse(line) as WatchState));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { states, ended };
}

const EVENTS: WatchState = { mode: 'events', reason: null };
const STAY = 'setInterval(() => {}, 1_000);';

describe('a watch at the limits of the kernel', () => {
  it.skipIf(absent)(`hazard 26: says which limit is too low, and watches once it is raised${absent}`, async () => {
    const set = (value: number) => `writeFileSync('/proc/sys/user/max_inotify_watches', '${value}');`;
    const { states } = watchApart(set(3), `${set(1_000)} ${STAY}`);
    expect(await states.count(2)).toEqual([{ mode: 'polling', reason: expect.stringContaining('fs.inotify.max_user_watches') }, EVENTS]);
  });

  it.skipIf(absent)(`hazard 26: says so when folders are made beyond the limit${absent}`, async () => {
    const { states } = watchApart(
      `writeFileSync('/proc/sys/user/max_inotify_watches', '6');`,
      `for (let i = 0; i < 10; i += 1) mkdirSync(root + '/more' + i); ${STAY}`,
    );
    expect(await states.count(2)).toEqual([EVENTS, { mode: 'polling', reason: expect.stringContaining('sysctl') }]);
  });

  it.skipIf(absent)(`hazard 26: says so when no watch can be had at all${absent}`, async () => {
    const set = (value: number) => `writeFileSync('/proc/sys/user/max_inotify_instances', '${value}');`;
    const { states } = watchApart(set(0), `${set(10)} ${STAY}`);
    expect(await states.count(2)).toEqual([{ mode: 'polling', reason: expect.stringContaining('fs.inotify.max_user_instances') }, EVENTS]);
  });

  it.skipIf(fuseAbsent)(
    `hazard 24: polls on a mount whose changes are made behind it, without waiting for its server${fuseAbsent}`,
    async () => {
      // Nobody serves this mount, so whoever touched it would wait for ever.
      const { states } = watchApart(`
      const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
      const mount = spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'nobody', root], { stdio: ['ignore', 'inherit', 'inherit', openSync('/dev/fuse', 'r+')] });
      if (mount.status !== 0) throw new Error('mount failed');`);
      expect(await states.count(1)).toEqual([{ mode: 'polling', reason: expect.stringContaining(`${root} is mounted as fuse`) }]);
    },
  );

  it.skipIf(absent)(`polls where nothing may be written, and watches once it may${absent}`, async () => {
    const mount = (...flags: string[]) => `spawnSync('mount', ${JSON.stringify([...flags, root])}, { stdio: 'inherit' });`;
    const { states } = watchApart(
      `${mount('--bind', root)} ${mount('-o', 'remount,bind,ro')}`,
      `${mount('-o', 'remount,bind,rw')} ${STAY}`,
    );
    expect(await states.count(2)).toEqual([{ mode: 'polling', reason: expect.stringMatching(/^No file can be written .*EROFS/) }, EVENTS]);
  });

  it.skipIf(absent)(`watches what comes to lie over the bucket once a canary finds it${absent}`, async () => {
    const { states } = watchApart(
      '',
      `spawnSync('mount', ['-t', 'tmpfs', 'over', root], { stdio: 'inherit' });
      mkdirSync(root + '/new');
      for (const file of ['one', 'two']) {
        const before = hints;
        // The first is found by the look that a new watch asks for, the second by its event.
        writeFileSync(root + '/new/' + file, '');
        await until(() => hints > before);
        console.log(JSON.stringify({ mode: 'events', reason: file }));
      }`,
    );
    await until('both hints', () => states.all.some(({ reason }) => reason === 'two'));
  });

  it.skipIf(absent)(`does not keep a process alive that has nothing else to do${absent}`, async () => {
    const { ended } = watchApart('');
    expect(await ended).toBe(0);
    expect(readdirSync(root).length).toBeGreaterThanOrEqual(5);
  });
});
