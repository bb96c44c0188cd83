// @ts-check
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './run.mjs';
import { compareVersions, versionIn } from './version.mjs';

/** The folder of the project's own nats-servers: `<root>/.cache/nats-server/<version>/nats-server`.
 * @param {string} root of the project */
export const cacheFolder = (root) => join(root, '.cache', 'nats-server');

/**
 * Asks a nats-server for its version by running it, which also shows that it runs on this machine.
 * @param {string} path
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} such as `2.9.10`
 * @throws {Error} when it does not run, or says no version
 */
export async function versionOf(path, env) {
  const answer = await run(path, ['--version'], { env, timeoutMs: 5_000 });
  const version = versionIn(answer);
  if (version === null) throw new Error(`${path} --version names no version; it said: ${answer.trim().slice(0, 200)}`);
  return version;
}

/**
 * @param {string} root of the project
 * @returns {Promise<string[]>} paths of the cached nats-servers, newest first by the names of their folders; none is run
 */
export async function cachedPaths(root) {
  /** @type {string[]} */
  let names = [];
  try {
    names = await readdir(cacheFolder(root));
  } catch {
    return []; // no cache yet
  }
  const versions = names.filter((name) => versionIn(name) === name).sort((a, b) => compareVersions(b, a));
  return versions.map((version) => join(cacheFolder(root), version, 'nats-server'));
}

/**
 * Gives `use` an empty folder on the cache's own file system, and removes it afterwards whatever happened.
 * @template T
 * @param {string} root of the project
 * @param {(folder: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withScratchFolder(root, use) {
  await mkdir(cacheFolder(root), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(root), '.part-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Puts a nats-server that was made ready in a scratch folder into the cache, in one step:
 * whoever looks at the same time sees either no file or the whole file.
 * @param {string} root of the project
 * @param {string} file
 * @param {string} version its own answer to `--version`
 * @returns {Promise<string>} the path in the cache
 */
export async function placeInCache(root, file, version) {
  const target = join(cacheFolder(root), version, 'nats-server');
  await mkdir(dirname(target), { recursive: true });
  await chmod(file, 0o755);
  await rename(file, target);
  return target;
}
