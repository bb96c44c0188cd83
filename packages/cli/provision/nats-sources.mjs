// @ts-check
import { unpackDebianPackage } from './debian-package.mjs';
import { CURRENT_RELEASE, fetchRelease } from './nats-release.mjs';

/**
 * A place a nats-server can be brought from.
 * @typedef {object} Source
 * @property {string} name as a person would say it
 * @property {(folder: string, env: NodeJS.ProcessEnv) => Promise<string>} fetch
 *   puts a nats-server into the empty folder and returns its path; throws an Error with the reason, NotHere where the source does not exist
 */

/**
 * The sources in the order they are tried.
 * @param {import('./nats-wanted.mjs').Wanted} wanted
 * @returns {Source[]}
 */
export function sourcesFor(wanted) {
  const version = 'exactly' in wanted ? wanted.exactly : CURRENT_RELEASE;
  // Debian's suites hold one version each: sid a current one, bookworm 2.9.10.
  const other = 'exactly' in wanted ? 'bookworm' : 'sid';
  return [
    { name: `the official release ${version}`, fetch: (folder) => fetchRelease({ version, folder }) },
    { name: `the package of Debian ${other}`, fetch: (folder, env) => fromDebian(other, folder, env) },
    { name: "the package of this system's suite", fetch: (folder, env) => fromDebian('this', folder, env) },
  ];
}

/**
 * @param {import('./debian-package.mjs').Suite} suite
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 */
async function fromDebian(suite, folder, env) {
  const [path = ''] = await unpackDebianPackage({ package: 'nats-server', programs: ['nats-server'], suite, folder, env });
  return path;
}
