// @ts-check
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * One package source of this machine; the keys are those of deb822 in lower case (`uris`, `suites`, `components`, `signed-by` …).
 * @typedef {Map<string, string>} AptSource
 */

/**
 * Reads where this machine gets its packages from, both of apt's file formats.
 * @param {string} aptFolder such as /etc/apt
 * @returns {Promise<AptSource[]>} the enabled sources of binary packages; empty when there are none
 */
export async function readAptSources(aptFolder) {
  const parts = join(aptFolder, 'sources.list.d');
  const names = await readdir(parts).catch(() => []);
  const files = [join(aptFolder, 'sources.list'), ...names.sort().map((name) => join(parts, name))];
  /** @type {AptSource[]} */
  const sources = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (file.endsWith('.list')) sources.push(...parseLines(text));
    else if (file.endsWith('.sources')) sources.push(...parseStanzas(text));
  }
  return sources.filter((source) => words(source, 'types').includes('deb') && !/^(no|false|off|0)$/i.test(source.get('enabled') ?? ''));
}

/**
 * The sources among all that carry the distribution's own packages, the plainest mirror first.
 * @param {AptSource[]} sources
 * @param {string[]} suites names the running suite goes by
 * @returns {AptSource[]} others' repositories left out, by their components
 */
export function distributionSources(sources, suites) {
  const own = sources.filter(
    (source) =>
      words(source, 'suites').some((suite) => suites.includes(suite)) &&
      words(source, 'components').some((component) => component === 'main' || component === 'universe'),
  );
  /** @param {AptSource} source */
  const isMirror = (source) => Number(words(source, 'uris').some((uri) => /\/(debian|ubuntu(-ports)?)\/?$/.test(uri)));
  return own.sort((a, b) => isMirror(b) - isMirror(a));
}

/**
 * Writes a source down for apt, with some fields replaced; only the package index is asked for.
 * @param {AptSource} source
 * @param {Record<string, string>} replaced such as `{ suites: 'sid' }`
 * @returns {string} one stanza of a `.sources` file
 */
export function writeAptSource(source, replaced) {
  const fields = new Map([...source, ...Object.entries({ types: 'deb', targets: 'Packages', ...replaced })]);
  return `${[...fields].map(([name, value]) => `${name}: ${value}`).join('\n')}\n`;
}

/**
 * @param {AptSource} source
 * @param {string} field
 */
function words(source, field) {
  return (source.get(field) ?? '').split(/\s+/).filter((word) => word !== '');
}

/** deb822: stanzas apart by an empty line; a line that begins with a blank continues the field above, as embedded keys do.
 * @param {string} text */
function parseStanzas(text) {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  /** @type {AptSource[]} */
  const sources = [];
  for (const stanza of lines.join('\n').split(/\n[ \t]*\n/)) {
    /** @type {AptSource} */
    const source = new Map();
    for (const field of stanza.split(/\n(?![ \t])/)) {
      const colon = field.indexOf(':');
      if (colon > 0) source.set(field.slice(0, colon).trim().toLowerCase(), field.slice(colon + 1).trim());
    }
    if (source.size > 0) sources.push(source);
  }
  return sources;
}

/** The older format: `deb [option=value …] URI suite component …`, a line each.
 * @param {string} text */
function parseLines(text) {
  /** @type {Record<string, string>} */
  const longNames = { arch: 'architectures', target: 'targets', lang: 'languages' };
  /** @type {AptSource[]} */
  const sources = [];
  for (const line of text.split('\n')) {
    const match = /^\s*(deb)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)([^#]*)/.exec(line);
    if (!match) continue;
    const [, type = '', options = '', uri = '', suite = '', components = ''] = match;
    /** @type {AptSource} */
    const source = new Map([
      ['types', type],
      ['uris', uri],
      ['suites', suite],
      ['components', components.trim()],
    ]);
    for (const option of options.split(/\s+/)) {
      const [name = '', value] = option.split('=');
      if (value !== undefined) source.set(longNames[name] ?? name, value.replaceAll(',', ' '));
    }
    sources.push(source);
  }
  return sources;
}
