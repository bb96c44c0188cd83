// @ts-check
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npmCi } from './npm.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, os?: string[] }} Locked
 * @typedef {{ packages?: Record<string, Locked> }} Lockfile
 */

/**
 * Installs the dependencies of package-lock.json, unless node_modules was made from this very file on this kind of machine.
 * @param {{ root: string, env: NodeJS.ProcessEnv, say: (line: string) => void }} options
 * @returns {Promise<void>}
 * @throws {Error} when npm fails
 */
export async function bringDependencies({ root, env, say }) {
  const lock = await readFile(join(root, 'package-lock.json'), 'utf8');
  const stamp = join(root, 'node_modules', '.chimera-lock');
  // A tree that is shared between systems holds the native packages of one of them.
  const wanted = `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return;
  if (!(await matchesLock(root, lock))) {
    say('dependencies: installing what package-lock.json names, into node_modules (npm ci).');
    try {
      await npmCi(root, env);
    } catch (error) {
      const { message } = /** @type {Error} */ (error);
      throw new Error(
        `The dependencies could not be installed: ${message}. Check that npm reaches its registry, then run \`npm run setup\`.`,
        { cause: error },
      );
    }
  }
  await writeFile(stamp, wanted);
}

/**
 * Whether node_modules, perhaps made by a person's own npm, already holds what the lockfile names, so that it need not be made again.
 * @param {string} root
 * @param {string} lock
 */
async function matchesLock(root, lock) {
  const folder = join(root, 'node_modules');
  const text = await readFile(join(folder, '.package-lock.json'), 'utf8').catch(() => null);
  if (text === null) return false;
  const locked = /** @type {Lockfile} */ (JSON.parse(lock)).packages ?? {};
  const installed = /** @type {Lockfile} */ (JSON.parse(text)).packages ?? {};
  const allAsLocked = Object.entries(installed).every(
    ([path, { version, os }]) =>
      path in locked && locked[path]?.version === version && (os?.includes(process.platform) ?? true) && existsSync(join(root, path)),
  );
  const noneMissing = Object.entries(locked).every(([path, { optional }]) => path === '' || optional === true || path in installed);
  return allAsLocked && noneMissing;
}
