// @ts-check
import { basename } from 'node:path';
import { run } from './run.mjs';

/**
 * Installs exactly what a folder's package-lock.json says.
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<void>}
 * @throws {Error} with npm's own reason
 */
export async function npmCi(folder, env) {
  const inNpm = env.npm_execpath ?? '';
  // The npm that runs us, when one does: another may stand on the PATH. Other package managers set the variable too.
  const [command, first] = /^npm(-cli)?\.c?js$/.test(basename(inNpm)) ? [process.execPath, [inNpm]] : ['npm', []];
  // Settings of the machine may leave out what the tests and the native packages need, or wait for minutes.
  const settings = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=3000', '--fetch-timeout=60000'];
  await run(command, [...first, 'ci', ...settings, ...patience], { env, cwd: folder, timeoutMs: 900_000 });
}
