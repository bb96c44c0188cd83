// @ts-check
import { relative } from 'node:path';
import { cacheFolder, placeInCache, versionOf, withScratchFolder } from './nats-cache.mjs';
import { findNatsServer } from './nats-find.mjs';
import { sourcesFor } from './nats-sources.mjs';
import { ANY_USABLE, describe, NotHere, satisfies } from './nats-wanted.mjs';

export { findNatsServer, listNatsServers } from './nats-find.mjs';

/** @typedef {import('./nats-find.mjs').NatsServer} NatsServer */

/**
 * @typedef {object} BringOptions
 * @property {string} root of the project
 * @property {NodeJS.ProcessEnv} [env] default: the environment of this process
 * @property {(line: string) => void} [say] told in a line each what is brought and what was out of reach
 * @property {import('./nats-wanted.mjs').Wanted} [wanted] default: any that is usable (2.9.4 or newer)
 * @property {import('./nats-sources.mjs').Source[]} [sources] tried in this order; default: the official release, then Debian's packages
 */

/**
 * Finds a nats-server, or brings one into the project's cache: the one CHIMERA_NATS_SERVER names → PATH → cache → the sources in their order.
 * @param {BringOptions} options
 * @returns {Promise<NatsServer>} one that has been run to ask its version; source `cache` where it was brought
 * @throws {Error} when every choice fails; the message lists the choices, each with its reason, and the next step
 */
export async function bringNatsServer({ root, env = process.env, say = () => {}, wanted = ANY_USABLE, sources = sourcesFor(wanted) }) {
  const found = await findNatsServer({ root, env, wanted });
  if (found) return found;
  const failed = [`on the PATH: no ${describe(wanted)}`, `in the project's cache (${relative(root, cacheFolder(root))}): none either`];
  for (const source of sources) {
    try {
      return await withScratchFolder(root, async (folder) => {
        const file = await source.fetch(folder, env);
        const version = await versionOf(file, env);
        if (!satisfies(version, wanted)) throw new Error(`it is version ${version}`);
        const path = await placeInCache(root, file, version);
        say(`nats-server ${version}: brought from ${source.name} to ${relative(root, path)}.`);
        return { path, version, source: /** @type {const} */ ('cache') };
      });
    } catch (error) {
      const reason = /** @type {Error} */ (error).message;
      failed.push(`${source.name}: ${reason}`);
      if (!(error instanceof NotHere)) say(`nats-server: ${source.name} cannot be had: ${reason}.`);
    }
  }
  throw new Error(
    [
      `There is no ${describe(wanted)} on this machine, and none could be brought. What was tried:`,
      ...failed.map((line) => `  - ${line}`),
      'Install nats-server with your package manager (such as `brew install nats-server`), or download it elsewhere and name the file in CHIMERA_NATS_SERVER; then run this again.',
    ].join('\n'),
  );
}
