// @ts-check
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { distributionSources, readAptSources, writeAptSource } from './apt-sources.mjs';
import { NotHere } from './nats-wanted.mjs';
import { isExecutable, onPath, run } from './run.mjs';

/** `this` is the suite that runs here; any other is a suite of Debian, and exists on Debian proper only.
 * @typedef {'this' | 'sid' | 'bookworm'} Suite */

/**
 * @typedef {object} DebianOptions
 * @property {string} package such as `nats-server`
 * @property {readonly string[]} programs the names of the programs that are wanted out of it
 * @property {Suite} suite
 * @property {string} folder an empty folder; everything that is fetched and unpacked stays in it
 * @property {NodeJS.ProcessEnv} env
 * @property {string} [aptFolder] default /etc/apt
 * @property {string} [osRelease] default /etc/os-release
 * @property {{ reach: number, whole: number }} [limits] milliseconds until the mirror answers, and in all
 */

/**
 * Fetches a package from the mirror this machine already uses, perhaps of another suite, and unpacks it
 * beside the system: with lists, configuration and archives of its own, without root, and without changing what is installed.
 * Meant for programs that are linked statically, so that a newer suite's run on an older system. apt checks the signatures as always.
 * @param {DebianOptions} options
 * @returns {Promise<string[]>} the paths of the unpacked programs in `folder`, in their order
 * @throws {NotHere} when this machine has no apt, or is not Debian and another suite is asked for
 * @throws {Error} when the mirror is out of reach, refuses, or has no such package
 */
export async function unpackDebianPackage({
  package: name,
  programs,
  suite,
  folder,
  env,
  aptFolder = '/etc/apt',
  osRelease = '/etc/os-release',
  limits,
}) {
  const { reach, whole } = limits ?? { reach: 10_000, whole: 180_000 };
  if (!(await onPath('apt-get', env)) || !(await onPath('dpkg-deb', env))) throw new NotHere('this system has no apt');
  if (!(await onPath('gpgv', env))) throw new NotHere('gpgv is missing, by which apt checks signatures: install the package gpgv');
  const system = await readOsRelease(osRelease);
  if (suite !== 'this' && system.id !== 'debian') throw new NotHere('this system is not Debian');
  const own = distributionSources(await readAptSources(aptFolder), system.suites);
  const [mirror] = own;
  if (mirror === undefined) throw new Error(`${aptFolder} names no mirror of the running suite`);
  const sources =
    suite === 'this' ? own.map((source) => writeAptSource(source, {})) : [writeAptSource(mirror, { suites: suite, components: 'main' })];

  const configuration = await layOut(folder, sources);
  const quiet = { ...env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  const signOfLife = { withinMs: reach, line: /^(Get|Hit):/m, otherwise: `the mirror did not answer within ${reach / 1000} s` };
  await run('apt-get', ['-c', configuration, 'update'], { name: 'apt-get update', env: quiet, timeoutMs: whole, signOfLife });
  const archives = join(folder, 'archives');
  await run('apt-get', ['-c', configuration, 'download', name], {
    name: 'apt-get download',
    env: quiet,
    cwd: archives,
    timeoutMs: whole,
  });
  const archive = (await readdir(archives)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get download left no package behind');
  const unpacked = join(folder, 'unpacked');
  await run('dpkg-deb', ['-x', join(archives, archive), unpacked], { env: quiet, timeoutMs: whole });
  return Promise.all(programs.map((program) => programIn(unpacked, program, archive)));
}

/**
 * @param {string} unpacked
 * @param {string} program
 * @param {string} archive
 */
async function programIn(unpacked, program, archive) {
  for (const place of ['usr/sbin', 'usr/bin']) {
    const path = join(unpacked, place, program);
    if (await isExecutable(path)) return path;
  }
  throw new Error(`${archive} holds no program named ${program}`);
}

/**
 * Makes the folders apt needs and a configuration that points to nothing else.
 * @param {string} folder
 * @param {string[]} sources
 * @returns {Promise<string>} the path of the configuration
 */
async function layOut(folder, sources) {
  for (const part of ['lists/partial', 'archives/partial', 'sources', 'preferences']) await mkdir(join(folder, part), { recursive: true });
  await writeFile(join(folder, 'sources', 'mirror.sources'), sources.join('\n'));
  const settings = {
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': join(folder, 'sources'),
    'Dir::Etc::preferences': '/dev/null', // a machine's pins may forbid the other suite
    'Dir::Etc::preferencesparts': join(folder, 'preferences'),
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache::archives': join(folder, 'archives'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'APT::Sandbox::User': 'root', // root's helper user could not read a folder in somebody's home
    'APT::Update::Error-Mode': 'any', // otherwise a mirror out of reach is only a warning
    'Acquire::Languages': 'none',
    'Acquire::Retries': '0',
    'Acquire::http::Timeout': '8',
    'Acquire::https::Timeout': '8',
  };
  // The machine's hooks clean up or index the system's own folders: not wanted here.
  const cleared = ['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success'].map((hook) => `#clear APT::Update::${hook};\n`);
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  const path = join(folder, 'apt.conf');
  await writeFile(path, [...cleared, ...lines].join(''));
  return path;
}

/**
 * @param {string} path
 * @returns {Promise<{ id: string, suites: string[] }>} the names of the running suite, as sources may write them
 */
async function readOsRelease(path) {
  const text = await readFile(path, 'utf8').catch(() => '');
  const fields = new Map(
    text
      .split('\n')
      .map(
        (line) =>
          /** @type {[string, string]} */ ([line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1).replace(/^["']|["']$/g, '')]),
      ),
  );
  const id = fields.get('ID') ?? '';
  const names = ['VERSION_CODENAME', 'UBUNTU_CODENAME', 'DEBIAN_CODENAME']
    .map((key) => fields.get(key) ?? '')
    .filter((name) => name !== '');
  return { id, suites: id === 'debian' ? [...names, 'stable', 'oldstable', 'testing', 'unstable', 'sid'] : names };
}
