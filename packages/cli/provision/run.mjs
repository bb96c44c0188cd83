// @ts-check
import { spawn } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** What npm prints around the line that tells the reason. */
const NPM_NOISE = /^npm \S+ +(code|errno|syscall|type|at |A complete log|network( This| In| If|$))/;

/**
 * @typedef {object} RunOptions
 * @property {NodeJS.ProcessEnv} env
 * @property {string} [cwd]
 * @property {string} [name] what a person would call it, such as `npm ci`; default: the command
 * @property {number} timeoutMs the whole run is stopped after this
 * @property {{ withinMs: number, line: RegExp, otherwise: string }} [signOfLife]
 *   a line that has to appear on the output within a time; without it the run is stopped and `otherwise` is the reason
 */

/**
 * Runs a program to its end with nothing on its standard input.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} options
 * @returns {Promise<string>} its standard output and standard error, in the order they came
 * @throws {Error} naming the program and the reason: it could not start, it ended with a code, it took too long
 */
export function run(command, args, { env, cwd, name = command, timeoutMs, signOfLife }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let stopped = '';
    /** @param {string} reason */
    const stop = (reason) => {
      stopped ||= reason;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 2_000).unref();
    };
    const whole = setTimeout(() => stop(`it did not end within ${timeoutMs / 1000} s`), timeoutMs);
    const first = signOfLife && setTimeout(() => stop(signOfLife.otherwise), signOfLife.withinMs);
    /** @param {Buffer} chunk */
    const take = (chunk) => {
      output += chunk.toString('utf8');
      if (first && signOfLife?.line.test(output)) clearTimeout(first);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    /** @param {() => void} settle */
    const end = (settle) => {
      clearTimeout(whole);
      clearTimeout(first);
      settle();
    };
    child.on('error', (error) => end(() => reject(new Error(`${name} could not be started: ${error.message}`, { cause: error }))));
    child.on('close', (code, signal) =>
      end(() => {
        if (stopped) reject(new Error(`${name} was stopped: ${stopped}`));
        else if (code === 0) resolve(output);
        else reject(new Error(`${name} ended with ${signal ?? `code ${code}`}: ${lastErrors(output)}`));
      }),
    );
  });
}

/**
 * @param {string} name of a program
 * @param {NodeJS.ProcessEnv} env whose PATH is searched
 * @returns {Promise<string | null>} the first executable file of that name
 */
export async function onPath(name, env) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    if (folder !== '' && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return null;
}

/** @param {string} path */
export async function isExecutable(path) {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * The lines of an output that say what went wrong; its last lines where none is marked as an error.
 * @param {string} output
 */
function lastErrors(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const marked = lines.filter((line) => /^(E:|npm error|npm ERR!)/.test(line) && !NPM_NOISE.test(line));
  const telling = marked.length > 0 ? marked.slice(0, 2) : lines.slice(-3);
  return telling.map((line) => line.replace(/^(E:|npm error|npm ERR!) */, '')).join(' / ') || 'it said nothing';
}
