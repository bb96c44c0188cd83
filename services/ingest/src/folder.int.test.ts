import { once } from 'node:events';
import {
  appendFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/wait.ts';
import { Unstable } from './bucket.ts';
import { type Entry, entryOf as entryOfStatus } from './entry.ts';
import { folderBucket } from './folder.ts';

const windows = process.platform === 'win32';
let base = '';
let root = '';
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'chimera-folder-')));
  root = join(base, 'bucket');
  mkdirSync(root);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const put = (path: string, text = 'n_ms\n1\n') => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};
const scan = async () => (await folderBucket(root).scan()).entries;
const entryOf = async (path: string): Promise<Entry> => {
  const found = (await scan()).find((e) => e.path === path);
  if (found === undefined) throw new Error(`${path} was not found.`);
  return found;
};
const read = (entry: Entry) => folderBucket(root).read(entry);
const textOf = async (path: string) => Buffer.from(await read(await entryOf(path))).toString('utf8');

describe('a look at a folder', () => {
  it('hazard 23: leaves out what is unfinished, hidden, or of an editor, until it is renamed', async () => {
    const unfinished = [
      'a.csv.part',
      'b.csv.PARTIAL',
      'c.tmp',
      '~$d.csv',
      'e.csv~',
      '.f.csv.swp',
      '#g.csv#',
      '.hidden.csv',
      'h.crdownload',
    ];
    for (const name of unfinished) put(name);
    put('.git/config.csv');
    put('a.csv');
    expect((await scan()).map((e) => e.path)).toEqual(['a.csv']);
    renameSync(join(root, 'c.tmp'), join(root, 'c.csv'));
    expect((await scan()).map((e) => e.path)).toEqual(['a.csv', 'c.csv']);
  });

  it('hazard 27: keeps names apart that look alike, and takes those of 255 bytes, with newlines, with anything', async () => {
    const long = `${'x'.repeat(251)}.csv`;
    const names = [
      'caf\u00e9.csv',
      'cafe\u0301.csv',
      long,
      'two\nlines.csv',
      'a\u202eb.csv',
      'CASE.csv',
      'case.csv',
      'tag\u{e0041}.csv',
      ' .csv',
    ];
    for (const name of names) put(name, name);
    const found = (await scan()).map((e) => e.path);
    // Some file systems keep fewer names apart; what is there is found as it is, and read as itself.
    for (const path of found) expect(names).toContain(path);
    if (process.platform === 'linux') expect(found).toHaveLength(names.length);
    for (const path of found) if (process.platform === 'linux') expect(await textOf(path)).toBe(path);
  });

  it('hazard 27: survives folders that are renamed, removed and replaced while it looks', async () => {
    for (let i = 0; i < 300; i++) put(`d${i % 30}/f${i}.csv`);
    const looking = folderBucket(root).scan();
    for (let i = 0; i < 30; i += 3) {
      renameSync(join(root, `d${i}`), join(root, `moved${i}`));
      rmSync(join(root, `d${i + 1}`), { recursive: true });
      rmSync(join(root, `d${i + 2}`), { recursive: true });
      writeFileSync(join(root, `d${i + 2}`), 'a file now');
    }
    await looking;
    const entries = await scan();
    expect(entries).toHaveLength(100 + 10);
  });

  it.skipIf(windows)('hazard 30: names links, sockets and the like as what they are, and follows none', async () => {
    put('a.csv');
    symlinkSync('/etc/passwd', join(root, 'passwd.csv'));
    symlinkSync(root, join(root, 'loop'));
    symlinkSync(join(base, 'nowhere'), join(root, 'dangling.json'));
    // A socket can be had everywhere; to a look it is as special as a pipe or a device.
    const server = createServer().listen(join(root, 'socket.csv'));
    await once(server, 'listening');
    expect((await scan()).map((e) => [e.path, e.type])).toEqual([
      ['a.csv', 'file'],
      ['dangling.json', 'link'],
      ['loop', 'link'],
      ['passwd.csv', 'link'],
      ['socket.csv', 'special'],
    ]);
    for (const path of ['passwd.csv', 'socket.csv']) await expect(read({ ...(await entryOf(path)), type: 'file' })).rejects.toThrow();
    server.close();
    await once(server, 'close');
  });

  it.skipIf(windows)('hazard 30: knows a hard link that leads out of the bucket from one that does not', async () => {
    put('a.csv');
    put('twice.csv');
    writeFileSync(join(base, 'secret'), 'n_ms\n1\n');
    linkSync(join(base, 'secret'), join(root, 'out.csv'));
    linkSync(join(root, 'twice.csv'), join(root, 'again.csv'));
    expect((await scan()).map((e) => [e.path, e.type])).toEqual([
      ['a.csv', 'file'],
      ['again.csv', 'file'],
      ['out.csv', 'linked'],
      ['twice.csv', 'file'],
    ]);
  });

  it('tells each .done from the one before', async () => {
    put('runs/a.csv');
    put('runs/.done', '');
    const marks = async () => (await folderBucket(root).scan()).done;
    const first = await marks();
    expect([...first.keys()]).toEqual(['runs']);
    expect(await marks()).toEqual(first);
    rmSync(join(root, 'runs/.done'));
    put('runs/b.csv');
    put('runs/.done', '');
    expect((await marks()).get('runs')).not.toEqual(first.get('runs'));
  });

  it('hazard 28: looks at ten thousand files, each once', async () => {
    for (let i = 0; i < 10_000; i++) put(`d${i % 100}/f${i}.csv`, '');
    const entries = await scan();
    expect(new Set(entries.map((e) => e.path)).size).toBe(10_000);
    expect(entries).toHaveLength(10_000);
  }, 120_000);
});

describe('reading an entry', () => {
  const replace = (path: string) => {
    renameSync(path, `${path}.old`);
    writeFileSync(path, 'n_ms\n1\n');
  };
  const become = (path: string) => {
    rmSync(path);
    mkdirSync(path);
  };
  const changes: [string, (path: string) => void][] = [
    ['it grew', (path) => appendFileSync(path, '2\n')],
    ['it shrank', (path) => truncateSync(path, 3)],
    ['it went away', (path) => rmSync(path)],
    ['it was replaced by another file', replace],
    ['it became a folder', become],
  ];
  it.each(changes)('hazard 6, 21: gives nothing where, since the look, %s', async (_, change) => {
    put('a.csv');
    const entry = await entryOf('a.csv');
    expect(Buffer.from(await read(entry)).toString()).toBe('n_ms\n1\n');
    change(join(root, 'a.csv'));
    await expect(read(entry)).rejects.toThrow(Unstable);
  });

  it('hazard 21: gives nothing where it was written to and its size and time were put back', async () => {
    put('a.csv', 'n_ms\n1\n');
    const entry = await entryOf('a.csv');
    const time = new Date(entry.modifiedMs);
    // Times are told to the millisecond: the next one must have begun.
    const again = await until('a later change time', async () => {
      writeFileSync(join(root, 'a.csv'), 'n_ms\n9\n');
      utimesSync(join(root, 'a.csv'), time, time);
      const now = await entryOf('a.csv');
      return now.changedMs !== entry.changedMs && now;
    });
    expect({ ...again, changedMs: 0 }).toEqual({ ...entry, changedMs: 0 });
    await expect(read(entry)).rejects.toThrow(/is not what it was/);
  });

  it.skipIf(windows)('hazard 30: gives nothing where a link took its place, or that of a folder on the way', async () => {
    mkdirSync(join(base, 'outside'));
    put('d/a.csv');
    writeFileSync(join(base, 'outside/a.csv'), 'n_ms\n1\n');
    const entry = await entryOf('d/a.csv');
    rmSync(join(root, 'd/a.csv'));
    symlinkSync(join(base, 'outside/a.csv'), join(root, 'd/a.csv'));
    await expect(read(entry)).rejects.toThrow(/replaced by a link/);
    // The very file of the look, but reached through a link: its folder now lies outside.
    rmSync(join(root, 'd'), { recursive: true });
    put('e/a.csv');
    const moved = await entryOf('e/a.csv');
    renameSync(join(root, 'e'), join(base, 'e'));
    symlinkSync(join(base, 'e'), join(root, 'e'));
    await expect(read(moved)).rejects.toThrow(Unstable);
  });

  it.skipIf(windows)('hazard 30: leaves the bucket by no name', async () => {
    writeFileSync(join(base, 'secret'), 'x');
    put('a.csv');
    const entry = await entryOf('a.csv');
    for (const path of ['../secret', '/etc/hostname', 'a.csv/../../secret', '%2e%2e/secret', 'C:\\secret'])
      await expect(read({ ...entry, path })).rejects.toThrow(Unstable);
    // Nor where whoever names it knows all that is looked at.
    const secret = lstatSync(join(base, 'secret'));
    for (const path of ['../secret', 'd/../../secret', '../bucket/../secret']) {
      const known = entryOfStatus(path, secret);
      await expect(read(known)).rejects.toThrow(Unstable);
      const pieces = folderBucket(root).pieces(known)[Symbol.asyncIterator]();
      await expect(pieces.next()).rejects.toThrow(Unstable);
    }
  });

  it('reads large files whole', async () => {
    const text = `n_ms\n${'1234567\n'.repeat(300_000)}`;
    put('large.csv', text);
    expect((await read(await entryOf('large.csv'))).length).toBe(text.length);
    expect(await textOf('large.csv')).toBe(text);
  });
});
