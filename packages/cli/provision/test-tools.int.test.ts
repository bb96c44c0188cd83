import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bringTestTool, findTestTool, type Source } from './test-tools.mjs';
import { writeProgram } from './testing.ts';

let root: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tools-'));
  env = { PATH: join(root, 'path') }; // not the machine's: the tools may be on it
});
afterEach(() => rmSync(root, { recursive: true }));

/** What answers as an rclone does that can serve S3, or cannot. */
const rclone = (version: string, options = 's3 --auth-key') =>
  `#!/bin/sh\n[ "$1" = --version ] && echo "rclone v${version}" || echo "rclone serve ${options}"\n`;
const works = (name: string, text: string): Source => ({ name, fetch: async (folder) => writeProgram(join(folder, 'rclone'), text) });
const fails = (name: string, reason: string): Source => ({ name, fetch: () => Promise.reject(new Error(reason)) });
const cached = () => join(root, '.cache/tools/rclone/rclone');
const find = () => findTestTool({ root, env, name: 'rclone' });

describe('findTestTool', () => {
  it('finds none on a bare machine, and none that does not run', async () => {
    expect(await find()).toBeNull();
    writeProgram(cached(), '#!/bin/sh\nexit 1\n');
    expect(await find()).toBeNull();
  });

  it('takes the one of the cache before the one on the PATH', async () => {
    const path = writeProgram(join(root, 'path', 'rclone'), rclone('1.60.1'));
    expect(await find()).toEqual({ path, version: '1.60.1' });
    writeProgram(cached(), rclone('1.75.2'));
    expect(await find()).toEqual({ path: cached(), version: '1.75.2' });
  });

  it('takes none that cannot do what is needed of it', async () => {
    writeProgram(join(root, 'path', 'rclone'), rclone('1.75.2', 'webdav'));
    expect(await find()).toBeNull();
  });
});

describe('bringTestTool', () => {
  it('takes the first source that has a program which is fit, and leaves nothing half behind', async () => {
    const sources = [
      fails('a', 'out of reach'),
      works('b', '#!/bin/sh\nexit 1\n'),
      works('c', rclone('1.74.0', 'webdav')),
      works('d', rclone('1.75.2')),
    ];
    await bringTestTool({ root, env, name: 'rclone', sources });
    expect(await find()).toEqual({ path: cached(), version: '1.75.2' });
    expect(readdirSync(join(root, '.cache/tools'))).toEqual(['rclone']);
    expect(readdirSync(join(root, '.cache/tools/rclone'))).toEqual(['rclone']);
  });

  it('brings nothing where there is one', async () => {
    writeProgram(join(root, 'path', 'rclone'), rclone('1.75.2'));
    await expect(bringTestTool({ root, env, name: 'rclone', sources: [fails('a', 'was asked')] })).resolves.toBeUndefined();
  });

  it('says of each source why it gave nothing', async () => {
    const sources = [fails('a', 'out of reach'), works('b', rclone('1.75.2', 'webdav'))];
    await expect(bringTestTool({ root, env, name: 'rclone', sources })).rejects.toThrow(
      'rclone from a: out of reach\nrclone from b: it knows no "rclone serve s3"',
    );
  });
});
