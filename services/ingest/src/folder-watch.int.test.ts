import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OUTPUT_MARKER } from '@chimera/shared/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recorder, signal, until } from '../../../test/support/wait.ts';
import { isCanary } from './canary.ts';
import { createCondition } from './condition.ts';
import { type OpenWatch, openDirectoryWatch } from './directory-watch.ts';
import { type FolderWatch, type WatchFolderOptions, type WatchState, watchFolder } from './folder-watch.ts';

vi.setConfig({ testTimeout: 60_000 });
const linux = process.platform === 'linux';
const queueLimit = linux ? Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')) : Number.POSITIVE_INFINITY;
const queueAbsent = queueLimit < 100_000 ? '' : ' (left out: the queue of events is too long to fill)';
const EVENTS: WatchState = { mode: 'events', reason: null };

let home: string;
let root: string;
const watches: FolderWatch[] = [];
beforeEach(() => {
  home = mkdtempSync(join(realpathSync(tmpdir()), 'chimera-watch-'));
  root = join(home, 'bucket');
  mkdirSync(root);
});
afterEach(async () => {
  await Promise.all(watches.splice(0).map((watch) => watch.stop()));
  rmSync(home, { recursive: true, force: true });
});

/** Watches the bucket, and records hints, states and the names the watch tells: `null` once a new folder is watched. */
async function watchBucket(options: Partial<WatchFolderOptions> = {}) {
  const hints = recorder<null>();
  const states = recorder<WatchState>();
  const names = recorder<string | null>();
  const inner = options.openWatch ?? openDirectoryWatch;
  const openWatch: OpenWatch = (folder, events) =>
    inner(folder, {
      ...events,
      onChange(name) {
        names.add(name);
        events.onChange(name);
      },
    });
  const watch = await watchFolder({ root, onHint: () => hints.add(null), onState: states.add, ...options, openWatch });
  watches.push(watch);
  const newFolders = () => names.all.filter((name) => name === null).length;
  return {
    ...{ watch, hints, states, names, newFolders },
    /** The watch told of this name, and a hint was given. */
    told: (name: string) => until(`a hint at ${name}`, () => names.all.includes(name)),
    canaries: () => names.all.filter((name) => name !== null && isCanary(name)),
  };
}

/** A watch that can be made deaf: what is underneath is real, but nothing it says gets through. */
function deafenable(isDeaf: () => boolean): OpenWatch {
  return (folder, events) => openDirectoryWatch(folder, { ...events, onChange: (name) => (isDeaf() ? undefined : events.onChange(name)) });
}

/** How many inotify watches this process holds. */
function watchCount(): number {
  const holds = (fd: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('inotify');
    } catch {
      return false;
    }
  };
  const instances = readdirSync('/proc/self/fd').filter(holds);
  return instances.flatMap((fd) => readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').match(/^inotify /gm) ?? []).length;
}

describe('what gives a hint', () => {
  it('is a file that is made, appended to, renamed or deleted in a folder that was there', async () => {
    mkdirSync(join(root, 'runs'));
    for (const name of ['grown.csv', 'old.csv', 'gone.csv']) writeFileSync(join(root, 'runs', name), 'a\n');
    const { told, states } = await watchBucket();
    expect(states.all).toEqual([EVENTS]);
    writeFileSync(join(root, 'runs/made.csv'), 'a\n');
    await told('made.csv');
    appendFileSync(join(root, 'runs/grown.csv'), '1\n');
    await told('grown.csv');
    renameSync(join(root, 'runs/old.csv'), join(root, 'runs/new.csv'));
    await Promise.all([told('old.csv'), told('new.csv')]);
    rmSync(join(root, 'runs/gone.csv'));
    await told('gone.csv');
  });

  it('is the same in a folder made later, however deep', async () => {
    const { told, newFolders } = await watchBucket();
    mkdirSync(join(root, 'a/b/c'), { recursive: true });
    await until('three new folders', () => newFolders() >= 3);
    writeFileSync(join(root, 'a/b/c/made.csv'), 'a\n');
    await told('made.csv');
    appendFileSync(join(root, 'a/b/c/made.csv'), '1\n');
    renameSync(join(root, 'a/b/c/made.csv'), join(root, 'a/b/c/new.csv'));
    await told('new.csv');
    rmSync(join(root, 'a/b'), { recursive: true });
    await told('b');
  });

  it('hazard 27: is a folder moved in, renamed, moved and deleted, and what happens in it after that', async () => {
    const { told, newFolders } = await watchBucket();
    mkdirSync(join(home, 'outside/deep'), { recursive: true });
    mkdirSync(join(root, 'other'));
    renameSync(join(home, 'outside'), join(root, 'inside'));
    await until('three new folders', () => newFolders() >= 3);
    writeFileSync(join(root, 'inside/deep/one.csv'), 'a\n');
    await told('one.csv');
    renameSync(join(root, 'inside'), join(root, 'renamed'));
    await until('two more', () => newFolders() >= 5);
    writeFileSync(join(root, 'renamed/deep/two.csv'), 'a\n');
    await told('two.csv');
    renameSync(join(root, 'renamed'), join(root, 'other/moved'));
    await until('two more', () => newFolders() >= 7);
    writeFileSync(join(root, 'other/moved/deep/three.csv'), 'a\n');
    await told('three.csv');
    rmSync(join(root, 'other'), { recursive: true });
    await told('other');
  });

  it.skipIf(!linux)('hazard 27: is a change in a folder of any name', async () => {
    const { told, newFolders } = await watchBucket();
    const odd = ['new\nline', 'back\\slash', 'Caf\u00e9', 'Cafe\u0301', 'A', 'a', ' ', '\'"$(x)', 'x'.repeat(255), 'run.json'];
    for (const [i, name] of odd.entries()) {
      mkdirSync(join(root, name));
      await until(`the folder ${JSON.stringify(name)}`, () => newFolders() > i);
      writeFileSync(join(root, name, `${i}.csv`), 'a\n');
      await told(`${i}.csv`);
    }
  });

  it('comes again once a new folder is watched, for what was written there after the hint and before the watch', async () => {
    const found = new Set<string>();
    let written = 0;
    const onHint = () => {
      for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) found.add(path);
      // Right after each look, so that only a further hint can lead to it.
      if (found.has('a/b') && written < 6) writeFileSync(join(root, 'a/b', `${written++}.csv`), 'a\n');
    };
    await watchBucket({ onHint });
    mkdirSync(join(root, 'a/b'), { recursive: true });
    await until('the last file', () => found.has('a/b/5.csv'));
  });

  it('leads to whatever is written into folders while they are being made', async () => {
    // As the service does: a hint asks for a look, one during a look for another one, and without a hint there is none.
    const found = new Set<string>();
    let hinted = false;
    let looking = false;
    async function lookAgain(): Promise<void> {
      hinted = true;
      if (looking) return;
      looking = true;
      while (hinted) {
        hinted = false;
        for (const path of await readdir(root, { recursive: true })) found.add(path);
      }
      looking = false;
    }
    await watchBucket({ onHint: () => void lookAgain() });
    const paths = Array.from({ length: 100 }, (_, i) => `t${i}/a/b/f${i}.csv`);
    for (const [i, path] of paths.entries()) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      // At another moment of the watch's own work each time.
      for (let turn = 0; turn < i % 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      writeFileSync(join(root, path), 'a\n');
    }
    await until('all files', () => paths.every((path) => found.has(path)));
  });

  it('is no change behind a link', async () => {
    mkdirSync(join(home, 'outside'));
    symlinkSync(join(home, 'outside'), join(root, 'link'));
    symlinkSync(root, join(root, 'loop'));
    const { told, names } = await watchBucket();
    writeFileSync(join(home, 'outside/behind.csv'), 'a\n');
    writeFileSync(join(root, 'inside.csv'), 'a\n');
    await told('inside.csv');
    expect(names.all).not.toContain('behind.csv');
  });

  it('is no canary, neither its own nor that of another process', async () => {
    const one = await watchBucket({ canaryEveryMs: 10 });
    const hintsBefore = one.hints.all.length;
    const other = await watchBucket({ canaryEveryMs: 10 });
    await until('canaries of both', () => new Set(one.canaries()).size >= 2 && one.canaries().length > 40);
    await other.watch.stop();
    expect(one.hints.all).toHaveLength(hintsBefore);
    expect(one.states.all).toEqual([EVENTS]);
  });
});

describe('whether events are relied upon', () => {
  it('hazard 19: follows the canary: not while it is unanswered, and again once it is answered', async () => {
    let deaf = false;
    const { states, watch, hints } = await watchBucket({ canaryEveryMs: 10, canaryAnswerMs: 100, openWatch: deafenable(() => deaf) });
    const becomes = (mode: WatchState['mode']) => until(mode, () => watch.state().mode === mode);
    await becomes('events');
    deaf = true;
    await becomes('polling');
    expect(states.all.at(-1)?.reason).toMatch(/^No event came within 0\.1 s for a file that was written to \/.*\/bucket: /);
    const hintsBefore = hints.all.length;
    deaf = false;
    await becomes('events');
    expect(states.all.at(-1)).toEqual(EVENTS);
    // What happened in between is found by one more look.
    expect(hints.all.length).toBeGreaterThan(hintsBefore);
  });

  it('hazard 24: is found out by itself where no event ever comes', async () => {
    const { states } = await watchBucket({ canaryAnswerMs: 50, openWatch: deafenable(() => true) });
    expect(states.all).toEqual([{ mode: 'polling', reason: expect.stringContaining('its mount does not report changes') }]);
  });

  it('does not mistake a busy event loop for a watch that is deaf', async () => {
    const condition = createCondition(new AbortController().signal);
    const ready = signal();
    let heard = false;
    const onChange = (name: string | null) => {
      heard = name === 'x';
      condition.changed();
    };
    const watch = openDirectoryWatch(root, { onReady: ready.resolve, onFault() {}, onChange });
    await ready.promise;
    const answer = condition.holds(() => heard, 1);
    writeFileSync(join(root, 'x'), '');
    const busyUntil = performance.now() + 50;
    while (performance.now() < busyUntil);
    expect(await answer).toBe(true);
    await watch.close();
  });

  it('hazard 27: ends at once when the bucket is moved away', async () => {
    const { states } = await watchBucket();
    renameSync(root, join(home, 'elsewhere'));
    expect(await states.count(2)).toEqual([
      EVENTS,
      { mode: 'polling', reason: `${root} was moved, removed or made anew while it was watched.` },
    ]);
  });

  it('hazard 27: ends when the bucket is removed, and begins again when it is made anew', async () => {
    const { states, watch, names } = await watchBucket({ canaryEveryMs: 50 });
    rmSync(root, { recursive: true });
    await until('the reason', () => states.all.at(-1)?.reason === `${root} is not there, so it cannot be watched.`);
    mkdirSync(join(root, 'sub'), { recursive: true });
    await until('events', () => watch.state().mode === 'events');
    // Replaced so quickly that it was never seen to be missing.
    renameSync(root, join(home, 'elsewhere'));
    mkdirSync(join(root, 'sub'), { recursive: true });
    await until('an event of the new bucket', () => {
      appendFileSync(join(root, 'sub/late.csv'), '1\n');
      return names.all.includes('late.csv');
    });
  });

  it('is denied where the environment makes chokidar poll', async () => {
    vi.stubEnv('CHOKIDAR_USEPOLLING', '1');
    const { states } = await watchBucket();
    vi.unstubAllEnvs();
    expect(states.all).toEqual([{ mode: 'polling', reason: expect.stringContaining('CHOKIDAR_USEPOLLING') }]);
  });

  it.skipIf(queueAbsent)(
    `hazard 26: ends for a while when the queue of events runs over, and watches then what was lost${queueAbsent}`,
    async () => {
      const { states, told } = await watchBucket({ canaryEveryMs: 50 });
      // Two events a file, none of which can be read before all are made: more than the kernel keeps.
      for (let i = 0; i < queueLimit * 0.6; i += 1) writeFileSync(join(root, `${i}.csv`), 'a');
      mkdirSync(join(root, 'lost'));
      const [, fallen, risen] = await states.count(3);
      expect(fallen).toEqual({ mode: 'polling', reason: expect.stringContaining('fs.inotify.max_queued_events') });
      expect(risen).toEqual(EVENTS);
      writeFileSync(join(root, 'lost/late.csv'), 'a\n');
      await told('late.csv');
    },
  );
});

describe('what is in the bucket', () => {
  it('is one canary while it is watched, and none that was left an hour ago', async () => {
    for (const name of ['.chimera-canary-left', '.chimera-canary-fresh', '.other']) writeFileSync(join(root, name), '');
    const hoursAgo = new Date(Date.now() - 7_200_000);
    for (const name of ['.chimera-canary-left', '.other']) utimesSync(join(root, name), hoursAgo, hoursAgo);
    const { watch, canaries } = await watchBucket();
    const own = canaries().at(-1) ?? '';
    expect(own).toMatch(/^\.chimera-canary-[0-9a-f-]{36}$/);
    expect(readdirSync(root).sort()).toEqual([own, '.chimera-canary-fresh', '.other'].sort());
    await Promise.all([watch.stop(), watch.stop()]);
    expect(readdirSync(root).sort()).toEqual(['.chimera-canary-fresh', '.other']);
  });

  it('hazard 30: is written through no link that was put in the place of the canary', async () => {
    const { states, canaries } = await watchBucket({ canaryEveryMs: 20 });
    const victim = join(home, 'victim');
    writeFileSync(victim, 'mine');
    const name = canaries()[0] ?? '';
    rmSync(join(root, name), { force: true });
    symlinkSync(victim, join(root, `${name}.new`));
    renameSync(join(root, `${name}.new`), join(root, name));
    await until('more canaries', () => canaries().length > 30);
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(states.all).toEqual([EVENTS]);
  });

  it.skipIf(!linux)('costs a watch a folder, none a file, none for hidden folders and our own output', async () => {
    const before = watchCount();
    for (const folder of ['a/b', '.git/objects', 'report/assets']) mkdirSync(join(root, folder), { recursive: true });
    for (let i = 0; i < 500; i += 1) writeFileSync(join(root, 'a/b', `${i}.csv`), 'a\n');
    writeFileSync(join(root, 'report', OUTPUT_MARKER), '');
    const { watch, newFolders } = await watchBucket();
    expect(watchCount() - before).toBe(3);
    cpSync(join(root, 'a'), join(root, 'c'), { recursive: true });
    await until('two new folders', () => newFolders() >= 2);
    expect(watchCount() - before).toBe(5);
    await watch.stop();
    expect(watchCount()).toBe(before);
  });
});
