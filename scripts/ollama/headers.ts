import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onPath, run } from '../../packages/cli/provision/run.mjs';

const JSON_HEADER = 'nlohmann/json.hpp';
const DEBIAN_PACKAGE = 'nlohmann-json3-dev';
const MIRROR_MS = 180_000;
const COMPILE_MS = 60_000;

/** Of images and sound the client's tests ask nothing: these headers refuse both. */
const STAND_INS = fileURLToPath(new URL('./headers', import.meta.url));

export interface HeaderOptions {
  /** the C++ compiler with its arguments */
  compiler: readonly string[];
  env: NodeJS.ProcessEnv;
  /** what has to be fetched is put in here */
  folder: string;
}

/**
 * Folders with the C++ headers that Ollama keeps in a folder named `vendor`, which Go leaves out of every module. The JSON library
 * is the machine's own, or comes from its Debian mirror, unpacked beside the system; the others are stand-ins of this project.
 * Throws with a sentence when the JSON library cannot be had.
 */
export async function headerFolders({ compiler, env, folder }: HeaderOptions): Promise<string[]> {
  if (await compiles(compiler, env)) return [STAND_INS];
  const advice = `the C++ compiler finds no ${JSON_HEADER}: install the JSON library of Niels Lohmann (${DEBIAN_PACKAGE}, nlohmann-json)`;
  if ((await onPath('apt-get', env)) === null || (await onPath('dpkg-deb', env)) === null) throw new Error(advice);
  try {
    return [STAND_INS, await unpacked(folder, env)];
  } catch (error) {
    throw new Error(`${advice}; fetching it failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function compiles([program = '', ...first]: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const args = [...first, '-fsyntax-only', '-include', JSON_HEADER, '-x', 'c++', '/dev/null'];
    await run(program, args, { env, timeoutMs: COMPILE_MS });
    return true;
  } catch {
    return false; // no such header
  }
}

/** Fetches the package with lists of its own, so without root and without a change to the system; apt checks its signature. */
async function unpacked(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
  const settings = [
    `Dir::State::lists=${join(folder, 'lists')}`,
    'Dir::Cache::pkgcache=',
    'Dir::Cache::srcpkgcache=',
    'APT::Sandbox::User=root', // root's helper user could not read a folder in somebody's home
    'APT::Update::Error-Mode=any', // otherwise a mirror out of reach is only a warning
    'Acquire::Languages=none',
    'Acquire::Retries=0',
  ].flatMap((setting) => ['-o', setting]);
  const options = { env: { ...env, LC_ALL: 'C' }, cwd: folder, timeoutMs: MIRROR_MS };
  await run('apt-get', [...settings, 'update'], { ...options, name: 'apt-get update' });
  await run('apt-get', [...settings, 'download', DEBIAN_PACKAGE], { ...options, name: 'apt-get download' });
  const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get download left no package behind');
  await run('dpkg-deb', ['-x', archive, 'unpacked'], options);
  return join(folder, 'unpacked', 'usr', 'include');
}
