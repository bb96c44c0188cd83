// @ts-check

/**
 * Finds the first dotted version in a text: `nats-server: v2.9.10` → `2.9.10`, `v26.10.0` → `26.10.0`.
 * @param {string} text
 * @returns {string | null} the version with its pre-release part, if it has one; null when there is none
 */
export function versionIn(text) {
  return /\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?/.exec(text)?.[0] ?? null;
}

/**
 * Orders two versions by number, not by letter; a pre-release comes before its release.
 * @param {string} a such as `2.9.10` or `2.12.2-RC.1`; missing parts count as 0
 * @param {string} b
 * @returns {number} negative when a is older, 0 when equal, positive when a is newer
 */
export function compareVersions(a, b) {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.preRelease === right.preRelease) return 0;
  if (left.preRelease === '') return 1;
  if (right.preRelease === '') return -1;
  return left.preRelease.localeCompare(right.preRelease, 'en', { numeric: true });
}

/**
 * @param {string} version
 * @param {string} floor
 * @returns {boolean} whether the version is the floor or newer
 */
export function isAtLeast(version, floor) {
  return compareVersions(version, floor) >= 0;
}

/** @param {string} version */
function partsOf(version) {
  const [core = '', ...rest] = version.replace(/^v/, '').split('-');
  return { numbers: core.split('.').map(Number), preRelease: rest.join('-') };
}
