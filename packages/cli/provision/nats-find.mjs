// @ts-check
import { cachedPaths, versionOf } from './nats-cache.mjs';
import { ANY_USABLE, describe, satisfies } from './nats-wanted.mjs';
import { onPath } from './run.mjs';
import { compareVersions } from './version.mjs';

/**
 * A nats-server on this machine that has been run once to ask its version.
 * @typedef {object} NatsServer
 * @property {string} path
 * @property {string} version such as `2.9.10`
 * @property {'named' | 'path' | 'cache'} source named by CHIMERA_NATS_SERVER, on the PATH, or in the project's cache
 */

/**
 * @typedef {object} Place
 * @property {string} root of the project
 * @property {NodeJS.ProcessEnv} [env] default: the environment of this process
 */

/**
 * Looks for a nats-server and brings nothing: the one CHIMERA_NATS_SERVER names, else the first on the PATH, else the newest in the cache.
 * @param {Place & { wanted?: import('./nats-wanted.mjs').Wanted }} options default: any that is usable (2.9.4 or newer)
 * @returns {Promise<NatsServer | null>} null when there is none
 * @throws {Error} when CHIMERA_NATS_SERVER names one that does not run or is too old: what a person asked for is not passed over
 */
export async function findNatsServer({ root, env = process.env, wanted = ANY_USABLE }) {
  const named = await namedServer(env);
  if (named && satisfies(named.version, wanted)) return named;
  const first = await ask(await onPath('nats-server', env), 'path', env);
  if (first && satisfies(first.version, wanted)) return first;
  for (const path of await cachedPaths(root)) {
    const cached = await ask(path, 'cache', env);
    if (cached && satisfies(cached.version, wanted)) return cached;
  }
  return null;
}

/**
 * All usable nats-servers (2.9.4 or newer) of this machine, for tests on several versions.
 * @param {Place} options
 * @returns {Promise<NatsServer[]>} newest first, one for each version; empty when there is none
 * @throws {Error} as findNatsServer
 */
export async function listNatsServers({ root, env = process.env }) {
  const found = await Promise.all([
    namedServer(env),
    onPath('nats-server', env).then((path) => ask(path, 'path', env)),
    ...(await cachedPaths(root)).map((path) => ask(path, 'cache', env)),
  ]);
  /** @type {Map<string, NatsServer>} */
  const byVersion = new Map();
  for (const server of found) {
    if (server && satisfies(server.version, ANY_USABLE) && !byVersion.has(server.version)) byVersion.set(server.version, server);
  }
  return [...byVersion.values()].sort((a, b) => compareVersions(b.version, a.version));
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<NatsServer | null>}
 */
async function namedServer(env) {
  const path = env.CHIMERA_NATS_SERVER;
  if (path === undefined || path === '') return null;
  const next = 'Name a nats-server that runs here, or unset CHIMERA_NATS_SERVER.';
  let version;
  try {
    version = await versionOf(path, env);
  } catch (error) {
    throw new Error(`CHIMERA_NATS_SERVER names ${path}, which cannot be used: ${/** @type {Error} */ (error).message}. ${next}`, {
      cause: error,
    });
  }
  if (!satisfies(version, ANY_USABLE)) {
    throw new Error(`CHIMERA_NATS_SERVER names ${path}, which is version ${version}; ${describe(ANY_USABLE)} is needed. ${next}`);
  }
  return { path, version, source: 'named' };
}

/**
 * @param {string | null} path
 * @param {'path' | 'cache'} source
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<NatsServer | null>} null when there is none, or it does not run here (such as a cache that came from another machine)
 */
async function ask(path, source, env) {
  try {
    return path === null ? null : { path, version: await versionOf(path, env), source };
  } catch {
    return null;
  }
}
