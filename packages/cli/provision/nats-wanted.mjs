// @ts-check
import { compareVersions, isAtLeast } from './version.mjs';

/** The oldest nats-server whose JetStream does what Chimera asks of it. */
export const OLDEST_NATS = '2.9.4';

/**
 * What a nats-server has to be: of this version or newer, or of exactly one version.
 * @typedef {{ atLeast: string } | { exactly: string }} Wanted
 */

/** @type {Wanted} */
export const ANY_USABLE = { atLeast: OLDEST_NATS };

/**
 * @param {string} version
 * @param {Wanted} wanted
 */
export function satisfies(version, wanted) {
  return 'exactly' in wanted ? compareVersions(version, wanted.exactly) === 0 : isAtLeast(version, wanted.atLeast);
}

/** @param {Wanted} wanted */
export function describe(wanted) {
  return 'exactly' in wanted ? `nats-server ${wanted.exactly}` : `nats-server ${wanted.atLeast} or newer`;
}

/** A source that does not exist on this kind of machine: a choice in the list, but nothing that failed. */
export class NotHere extends Error {
  /** @override */
  name = 'NotHere';
}
