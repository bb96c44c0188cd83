// @ts-check
import { basename } from 'node:path';
import { run } from './run.mjs';

/**
 * Installs exactly what a folder's package-lock.json says. Where the registry is out of reach, npm's own cache may still have it all.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<void>}
 * @throws {Error} with npm's own reason; within seconds when the registry is out of reach
 */
export async function npmCi(folder, env) {
  // The npm that runs us, when one does: another may stand on the PATH. Other package managers set the variable too.
  const inNpm = env.npm_execpath ?? '';
  const isNpm = /^npm(-cli)?\.c?js$/.test(basename(inNpm));
  /** @type {(args: string[], timeoutMs: number) => Promise<string>} */
  const npm = (args, timeoutMs) =>
    run(isNpm ? process.execPath : 'npm', [...(isNpm ? [inNpm] : []), ...args, '--loglevel=error'], {
      name: `npm ${args[0]}`,
      env,
      cwd: folder,
      timeoutMs,
    });
  // Settings of the machine may leave out what the tests and the native packages need.
  const install = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const unreachable = await outOfReach(npm);
  if (unreachable === null) await npm(install, 900_000);
  else await npm([...install, '--offline'], 900_000).catch(() => Promise.reject(unreachable));
}

/**
 * `npm ci` itself takes minutes to give up, one package after the other.
 * @param {(args: string[], timeoutMs: number) => Promise<string>} npm
 * @returns {Promise<Error | null>} why the registry cannot be reached; null when it answered, be it with a refusal
 */
async function outOfReach(npm) {
  try {
    await npm(['ping', '--fetch-retries=0', '--fetch-timeout=8000'], 10_000);
    return null;
  } catch (error) {
    const reason = /** @type {Error} */ (error);
    return /\b[45]\d\d [A-Z]/.test(reason.message) ? null : reason;
  }
}
