import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { onPath, run } from '../../packages/cli/provision/run.mjs';
import { cachedOllama } from './find.ts';
import { headerFolders } from './headers.ts';

const MODULE = 'github.com/ollama/ollama';
const REACH_MS = 60_000;
const BUILD_MS = 60 * 60_000;

export interface BuildOptions {
  /** of the project */
  root: string;
  env: NodeJS.ProcessEnv;
  say: (line: string) => void;
}

/**
 * Builds Ollama with Go from the module proxy that Go is set up with, and puts the program into the project's cache.
 * Throws with a sentence when Go, the C++ compiler, a header or the module cannot be had, or the build fails.
 */
export async function buildOllama({ root, env, say }: BuildOptions, version: string): Promise<string> {
  const go = await onPath('go', env);
  if (go === null) throw new Error('there is no Go on the PATH to build one with');
  const compiler = await cppCompiler(go, env);
  await run(go, ['list', '-m', `${MODULE}@${version}`], { name: `go list -m ${MODULE}@${version}`, env, timeoutMs: REACH_MS });

  const target = cachedOllama(root, version);
  await mkdir(dirname(target), { recursive: true });
  const scratch = await mkdtemp(join(dirname(dirname(target)), '.part-'));
  try {
    const folders = await headerFolders({ compiler, env, folder: scratch });
    say(`building Ollama ${version} with ${go}; that takes a quarter of an hour or more, once.`);
    const linked = `-ldflags=-s -w -X=${MODULE}/version.Version=${version.replace(/^v/, '')}`;
    const [program = go, ...first] = [...(await politely(env)), go];
    await run(program, [...first, 'install', linked, `${MODULE}@${version}`], {
      name: 'go install',
      env: { ...env, CGO_ENABLED: '1', GOBIN: scratch, CPLUS_INCLUDE_PATH: [...folders, env.CPLUS_INCLUDE_PATH].filter(Boolean).join(':') },
      timeoutMs: BUILD_MS,
    });
    await chmod(join(scratch, 'ollama'), 0o755);
    await rename(join(scratch, 'ollama'), target); // in one step: whoever looks sees no program or the whole one
    say(`Ollama ${version} is built: ${relative(root, target)}.`);
    return target;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The C++ compiler Go would use, as a command with its arguments. */
async function cppCompiler(go: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const command = (await run(go, ['env', 'CXX'], { name: 'go env', env, timeoutMs: REACH_MS })).trim().split(/\s+/);
  const [program = ''] = command;
  if (!program.includes('/') && (await onPath(program, env)) === null)
    throw new Error(`there is no C++ compiler (${program}) on the PATH, which the build needs`);
  return command;
}

/** A build of this length leaves the machine to others. */
async function politely(env: NodeJS.ProcessEnv): Promise<string[]> {
  const nice = await onPath('nice', env);
  return nice === null ? [] : [nice, '-n', '10'];
}
