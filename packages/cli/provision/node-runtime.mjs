// @ts-check
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCi } from './npm.mjs';
import { isExecutable, run } from './run.mjs';
import { isAtLeast } from './version.mjs';

/** The oldest Node that runs TypeScript files as they are. */
export const OLDEST_NODE = '22.18.0';

const PINS = fileURLToPath(new URL('node', import.meta.url));

/**
 * Brings a current Node to `.cache/node/bin/node` where the one on the PATH is too old; it is not put on the PATH.
 * @param {{ root: string, env: NodeJS.ProcessEnv, say: (line: string) => void, onPath?: string }} options
 *   onPath: the version of the Node on the PATH; default: of the one that runs this
 * @returns {Promise<void>}
 * @throws {Error} when npm fails, or has no Node that runs on this machine
 */
export async function bringNode({ root, env, say, onPath = process.versions.node }) {
  if (isAtLeast(onPath, OLDEST_NODE)) return;
  const folder = join(root, '.cache', 'node');
  const link = join(folder, 'bin', 'node');
  const stamp = join(folder, '.chimera-lock');
  const lock = await readFile(join(PINS, 'package-lock.json'), 'utf8');
  const wanted = `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted && (await isExecutable(link))) return;

  const next = `Install Node ${OLDEST_NODE} or newer and put it on the PATH, then run this again.`;
  say(`Node: the one on the PATH is ${onPath}, ${OLDEST_NODE} or newer is needed; bringing a current one from npm into .cache/node.`);
  await mkdir(join(folder, 'bin'), { recursive: true });
  await rm(stamp, { force: true });
  for (const name of ['package.json', 'package-lock.json']) await copyFile(join(PINS, name), join(folder, name));
  try {
    await npmCi(folder, env);
  } catch (error) {
    throw new Error(`A current Node could not be brought: ${/** @type {Error} */ (error).message}. ${next}`, { cause: error });
  }
  const binary = await installedBinary(folder);
  if (binary === null) throw new Error(`npm has no pinned Node for ${process.platform}-${process.arch}. ${next}`);
  try {
    await run(join(folder, 'bin', binary), ['--version'], { env, timeoutMs: 20_000 });
  } catch (error) {
    throw new Error(`The Node that npm brought does not run here: ${/** @type {Error} */ (error).message}. ${next}`, { cause: error });
  }
  await rm(`${link}.new`, { force: true });
  await symlink(binary, `${link}.new`);
  await rename(`${link}.new`, link);
  await writeFile(stamp, wanted);
}

/**
 * @param {string} folder
 * @returns {Promise<string | null>} the installed Node, as seen from `<folder>/bin`; null when no package fits this platform
 */
async function installedBinary(folder) {
  const packages = await readdir(join(folder, 'node_modules')).catch(() => []);
  for (const name of packages) {
    if (await isExecutable(join(folder, 'node_modules', name, 'bin', 'node'))) return join('..', 'node_modules', name, 'bin', 'node');
  }
  return null;
}
