import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackDebianPackage } from './debian-package.mjs';
import { bringNatsServer, findNatsServer, listNatsServers } from './nats-server.mjs';
import type { Source } from './nats-sources.mjs';
import { NotHere } from './nats-wanted.mjs';
import { fakeNatsServer, writeProgram } from './testing.ts';

let root: string;
let env: NodeJS.ProcessEnv;
let said: string[];
const say = (line: string) => void said.push(line);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nats-'));
  env = { PATH: join(root, 'path') }; // not the machine's: a nats-server may be on it
  said = [];
});
afterEach(() => rmSync(root, { recursive: true }));

const onPath = (version: string) => writeProgram(join(root, 'path', 'nats-server'), fakeNatsServer(version));
const inCache = (version: string) => writeProgram(join(root, '.cache/nats-server', version, 'nats-server'), fakeNatsServer(version));
const cached = () => readdirSync(join(root, '.cache/nats-server'));
const works = (name: string, version: string): Source => ({
  name,
  fetch: async (folder) => writeProgram(join(folder, 'nats-server'), fakeNatsServer(version)),
});
const fails = (name: string, error: Error): Source => ({
  name,
  fetch: async (folder) => {
    writeProgram(join(folder, 'half'), 'of it');
    throw error;
  },
});

describe('findNatsServer', () => {
  it('finds none on a bare machine', async () => {
    expect(await findNatsServer({ root, env })).toBeNull();
  });

  it('takes the one on the PATH before the cache, when it is new enough', async () => {
    inCache('2.15.0');
    const path = onPath('2.9.4');
    expect(await findNatsServer({ root, env })).toEqual({ path, version: '2.9.4', source: 'path' });
    onPath('2.9.3');
    expect(await findNatsServer({ root, env })).toMatchObject({ version: '2.15.0', source: 'cache' });
  });

  it('takes the newest of the cache that runs here', async () => {
    inCache('2.9.10');
    inCache('2.10.27');
    writeProgram(join(root, '.cache/nats-server/2.15.0/nats-server'), '#!/bin/sh\nexit 1\n');
    expect(await findNatsServer({ root, env })).toMatchObject({ version: '2.10.27', source: 'cache' });
    expect(await findNatsServer({ root, env, wanted: { exactly: '2.9.10' } })).toMatchObject({ version: '2.9.10' });
  });

  it('takes the one that is named, and says so when it cannot be used', async () => {
    onPath('2.15.0');
    const path = writeProgram(join(root, 'mine'), fakeNatsServer('2.9.10'));
    expect(await findNatsServer({ root, env: { ...env, CHIMERA_NATS_SERVER: path } })).toEqual({
      path,
      version: '2.9.10',
      source: 'named',
    });
    const absent = { ...env, CHIMERA_NATS_SERVER: join(root, 'absent') };
    await expect(findNatsServer({ root, env: absent })).rejects.toThrow(/CHIMERA_NATS_SERVER names .*absent, which cannot be used/);
    writeProgram(path, fakeNatsServer('2.8.0'));
    await expect(findNatsServer({ root, env: { ...env, CHIMERA_NATS_SERVER: path } })).rejects.toThrow(
      'is version 2.8.0; nats-server 2.9.4',
    );
  });
});

it('listNatsServers names each usable version once, newest first', async () => {
  inCache('2.9.10');
  inCache('2.15.0');
  inCache('2.8.1');
  const path = onPath('2.15.0');
  expect(await listNatsServers({ root, env })).toEqual([
    { path, version: '2.15.0', source: 'path' },
    { path: join(root, '.cache/nats-server/2.9.10/nats-server'), version: '2.9.10', source: 'cache' },
  ]);
});

describe('bringNatsServer', () => {
  it('asks no source and says nothing when there is one already', async () => {
    inCache('2.10.0');
    await bringNatsServer({ root, env, say, sources: [fails('a source', new Error('asked'))] });
    expect(said).toEqual([]);
  });

  it('takes the first source that works, says so in a line, and finds it the next time', async () => {
    const sources = [
      fails('the first', new Error('out of reach')),
      fails('the second', new NotHere('not this system')),
      works('the third', '2.15.0'),
      works('the fourth', '2.16.0'),
    ];
    const brought = await bringNatsServer({ root, env, say, sources });
    expect(brought).toEqual({ path: join(root, '.cache/nats-server/2.15.0/nats-server'), version: '2.15.0', source: 'cache' });
    expect(said).toEqual([
      'nats-server: the first cannot be had: out of reach.',
      'nats-server 2.15.0: brought from the third to .cache/nats-server/2.15.0/nats-server.',
    ]);
    expect(cached()).toEqual(['2.15.0']);
    expect(await findNatsServer({ root, env })).toEqual(brought);
  });

  it('refuses what is too old, another version than asked for, or does not run', async () => {
    const broken: Source = { name: 'broken', fetch: async (folder) => writeProgram(join(folder, 'nats-server'), '#!/bin/sh\nexit 3\n') };
    await expect(bringNatsServer({ root, env, say, sources: [works('old', '2.9.3'), broken] })).rejects.toThrow(
      /old: it is version 2\.9\.3[\s\S]*code 3/,
    );
    await expect(bringNatsServer({ root, env, say, wanted: { exactly: '2.9.10' }, sources: [works('other', '2.15.0')] })).rejects.toThrow(
      'There is no nats-server 2.9.10 on this machine',
    );
    expect(cached()).toEqual([]);
  });

  it('lists every choice with its reason and the next step when all fail', async () => {
    const sources = [
      fails('the release', new Error('no answer within 5 s')),
      fails("Debian's package", new NotHere('this system has no apt')),
    ];
    const error = await bringNatsServer({ root, env, say, sources }).catch((error: Error) => error.message);
    expect(error).toBe(
      [
        'There is no nats-server 2.9.4 or newer on this machine, and none could be brought. What was tried:',
        '  - on the PATH: no nats-server 2.9.4 or newer',
        "  - in the project's cache (.cache/nats-server): none either",
        '  - the release: no answer within 5 s',
        "  - Debian's package: this system has no apt",
        'Install nats-server with your package manager (such as `brew install nats-server`), or download it elsewhere and name the file in CHIMERA_NATS_SERVER; then run this again.',
      ].join('\n'),
    );
    expect(said).toHaveLength(1);
    expect(cached()).toEqual([]);
  });
});

describe('unpackDebianPackage', () => {
  const debian = (overrides: object) =>
    unpackDebianPackage({
      package: 'nats-server',
      programs: ['nats-server'],
      suite: 'sid',
      folder: join(root, 'work'),
      env,
      aptFolder: join(root, 'etc'),
      osRelease: writeProgram(join(root, 'os-release'), 'ID=debian\nVERSION_CODENAME=bookworm\n'),
      limits: { reach: 300, whole: 5_000 },
      ...overrides,
    });
  const apt = (script: string) => {
    writeProgram(join(root, 'path', 'apt-get'), `#!/bin/sh\n${script}\n`);
    writeProgram(join(root, 'path', 'gpgv'), '#!/bin/sh\n');
    writeProgram(
      join(root, 'path', 'dpkg-deb'),
      '#!/bin/sh\n/bin/mkdir -p "$3/usr/sbin" && /bin/cp "$2" "$3/usr/sbin/nats-server" && /bin/chmod +x "$3/usr/sbin/nats-server"\n',
    );
    writeProgram(join(root, 'etc', 'sources.list'), 'deb http://mirror.example/debian bookworm main\n');
  };

  it('is no choice where there is no apt, nor another suite where the system is not Debian', async () => {
    await expect(debian({ env: { PATH: join(root, 'empty') } })).rejects.toThrow(NotHere);
    apt('exit 1');
    const osRelease = writeProgram(join(root, 'other'), 'ID=ubuntu\nVERSION_CODENAME=noble\n');
    await expect(debian({ osRelease })).rejects.toThrow('this system is not Debian');
  });

  it('gives up a mirror that does not answer', async () => {
    apt('exec /bin/sleep 20');
    const began = performance.now();
    await expect(debian({})).rejects.toThrow('the mirror did not answer within 0.3 s');
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it("passes on apt's own reason", async () => {
    apt('echo "E: The repository has no Release file" >&2; exit 100');
    await expect(debian({})).rejects.toThrow('apt-get update ended with code 100: The repository has no Release file');
  });

  it('uses the mirror of the machine with another suite, and folders of its own', async () => {
    apt('[ "$3" = update ] && { echo "Get:1 sid"; exit 0; }\n/bin/cp "$0.program" ./nats-server_1_all.deb');
    writeProgram(join(root, 'path', 'apt-get.program'), fakeNatsServer('2.15.1'));
    const [file] = await debian({});
    expect(file).toBe(join(root, 'work/unpacked/usr/sbin/nats-server'));
    const source = readFileSync(join(root, 'work/sources/mirror.sources'), 'utf8');
    expect(source).toBe('types: deb\nuris: http://mirror.example/debian\nsuites: sid\ncomponents: main\ntargets: Packages\n');
    expect(readFileSync(join(root, 'work/apt.conf'), 'utf8')).toContain(`Dir::State::lists "${join(root, 'work/lists')}";`);
  });
});
