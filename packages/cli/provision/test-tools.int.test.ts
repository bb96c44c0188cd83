import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bringTestTool, findTestTool } from './test-tools.mjs';
import { writeProgram } from './testing.ts';

let root: string;
let env: NodeJS.ProcessEnv;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tools-'));
  env = { PATH: join(root, 'path') }; // not the machine's: the tools may be on it
});
afterEach(() => rmSync(root, { recursive: true }));

const says = (version: string) => `#!/bin/sh\necho "rclone v${version}"\n`;
const cached = () => join(root, '.cache/tools/rclone/rclone');
const find = () => findTestTool({ root, env, name: 'rclone' });

describe('findTestTool', () => {
  it('finds none on a bare machine, and none that does not run', async () => {
    expect(await find()).toBeNull();
    writeProgram(cached(), '#!/bin/sh\nexit 1\n');
    expect(await find()).toBeNull();
  });

  it('takes the one of the cache before the one on the PATH', async () => {
    const path = writeProgram(join(root, 'path', 'rclone'), says('1.60.1'));
    expect(await find()).toEqual({ path, version: '1.60.1' });
    writeProgram(cached(), says('1.75.2'));
    expect(await find()).toEqual({ path: cached(), version: '1.75.2' });
  });
});

describe('bringTestTool', () => {
  it('takes the first source that has a program which runs, and leaves nothing half behind', async () => {
    const asked: string[] = [];
    await bringTestTool({
      root,
      env,
      name: 'rclone',
      async unpack({ suite, folder }) {
        asked.push(suite);
        return [writeProgram(join(folder, 'rclone'), suite === 'sid' ? '#!/bin/sh\nexit 1\n' : says('1.60.1'))];
      },
    });
    expect(asked).toEqual(['sid', 'this']);
    expect(await find()).toEqual({ path: cached(), version: '1.60.1' });
    expect(readdirSync(join(root, '.cache/tools'))).toEqual(['rclone']);
  });

  it('brings nothing where there is one', async () => {
    writeProgram(join(root, 'path', 'rclone'), says('1.60.1'));
    const unpack = () => Promise.reject(new Error('was asked'));
    await expect(bringTestTool({ root, env, name: 'rclone', unpack })).resolves.toBeUndefined();
  });

  it('says of each source why it gave nothing', async () => {
    const unpack = ({ suite }: { suite: string }) => Promise.reject(new Error(`no ${suite}`));
    await expect(bringTestTool({ root, env, name: 'promtool', unpack })).rejects.toThrow(
      "promtool out of the package promtool of Debian sid: no sid\npromtool out of the package prometheus of this system's suite: no this",
    );
  });
});
