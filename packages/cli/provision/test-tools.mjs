// @ts-check
import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { unpackDebianPackage } from './debian-package.mjs';
import { isExecutable, onPath, run } from './run.mjs';
import { versionIn } from './version.mjs';

/** @typedef {'prometheus' | 'promtool' | 'rclone'} TestTool */

/** @typedef {{ package: string, suite: import('./debian-package.mjs').Suite }} Source */

/** @type {(current: string, older: string) => readonly Source[]} */
const either = (current, older) => [
  { package: current, suite: 'sid' },
  { package: older, suite: 'this' },
];

/**
 * Programs that tests ask for and no user needs, with the packages that carry them. Where one cannot be had, its tests are left out visibly.
 * @type {Readonly<Record<TestTool, readonly Source[]>>}
 */
const SOURCES = {
  prometheus: either('prometheus', 'prometheus'),
  // A package of its own since Prometheus 3.
  promtool: either('promtool', 'prometheus'),
  rclone: either('rclone', 'rclone'),
};

/** All of them. */
export const TEST_TOOLS = /** @type {TestTool[]} */ (Object.keys(SOURCES));

/** @typedef {{ path: string, version: string }} FoundTool */

/**
 * @typedef {object} Place
 * @property {string} root of the project
 * @property {NodeJS.ProcessEnv} [env] default: the environment of this process
 */

/** @param {string} root of the project */
const cacheFolder = (root) => join(root, '.cache', 'tools');

/**
 * @param {string} root of the project
 * @param {string} name
 */
const cachedPath = (root, name) => join(cacheFolder(root), name, name);

/**
 * Looks for a program that tests need, and brings nothing: the project's cache, else the first on the PATH.
 * @param {Place & { name: TestTool }} options
 * @returns {Promise<FoundTool | null>} one that has been run to ask its version; null where there is none that runs here
 */
export async function findTestTool({ root, env = process.env, name }) {
  for (const path of [cachedPath(root, name), await onPath(name, env)]) {
    if (path === null || !(await isExecutable(path))) continue;
    const version = await versionOf(path, env).catch(() => null);
    if (version !== null) return { path, version };
  }
  return null;
}

/**
 * Brings a program that tests need, where this machine lacks it: from Debian's suite sid, else from this system's own suite.
 * @param {Place & { name: TestTool, say?: (line: string) => void, unpack?: typeof unpackDebianPackage }} options
 * @throws {Error} where it cannot be had; the message names each source with its reason
 */
export async function bringTestTool({ root, env = process.env, name, say = () => {}, unpack = unpackDebianPackage }) {
  if (await findTestTool({ root, env, name })) return;
  const reasons = [];
  for (const { package: from, suite } of SOURCES[name]) {
    await mkdir(cacheFolder(root), { recursive: true });
    const folder = await mkdtemp(join(cacheFolder(root), '.part-'));
    try {
      const [file = ''] = await unpack({ package: from, programs: [name], suite, folder, env });
      const version = await placeInCache(root, name, file, env);
      say(`${name} ${version}: brought for tests to ${relative(root, cachedPath(root, name))}.`);
      return;
    } catch (error) {
      const place = suite === 'this' ? "this system's suite" : `Debian ${suite}`;
      reasons.push(`${name} out of the package ${from} of ${place}: ${/** @type {Error} */ (error).message}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new Error(reasons.join('\n'));
}

/**
 * Puts a program that runs here into the cache in one step.
 * @param {string} root
 * @param {string} program
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} its version
 */
async function placeInCache(root, program, file, env) {
  const version = await versionOf(file, env);
  const target = cachedPath(root, program);
  await mkdir(join(cacheFolder(root), program), { recursive: true });
  const part = `${target}.${process.pid}.part`;
  await copyFile(file, part);
  await chmod(part, 0o755);
  await rename(part, target);
  return version;
}

/**
 * @param {string} path
 * @param {NodeJS.ProcessEnv} env
 */
async function versionOf(path, env) {
  const answer = await run(path, ['--version'], { env, timeoutMs: 20_000 });
  const version = versionIn(answer);
  if (version === null) throw new Error(`${path} --version names no version; it said: ${answer.trim().slice(0, 200)}`);
  return version;
}
