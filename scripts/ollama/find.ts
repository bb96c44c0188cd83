import { join, relative } from 'node:path';
import { isExecutable, onPath } from '../../packages/cli/provision/run.mjs';
import { createOllamaClient, OllamaFailure } from '../../packages/ollama/src/mod.ts';

/** A server that runs already, or a program that can be started as one. */
export type FoundOllama = { kind: 'server'; url: string } | { kind: 'program'; path: string };

export interface FindOptions {
  /** of the project */
  root: string;
  env: NodeJS.ProcessEnv;
  /** told in a line what was found, and what a person named that does not answer */
  say: (line: string) => void;
  /** how long the server that OLLAMA_HOST names may take to tell its version; default 5000 */
  timeoutMs?: number;
}

/** Where the project keeps the Ollama of a version that it built. */
export const cachedOllama = (root: string, version: string): string => join(root, '.cache', 'ollama', version, 'ollama');

/** Looks for an Ollama and brings none: the server OLLAMA_HOST names, else the program on the PATH, else the one this project built. */
export async function findOllama({ root, env, say, timeoutMs = 5_000 }: FindOptions, version: string): Promise<FoundOllama | null> {
  const named = env.OLLAMA_HOST?.trim();
  if (named) {
    const server = await answering(named, timeoutMs);
    if (typeof server === 'object') {
      say(`the tests run on the server that OLLAMA_HOST names: ${server.url}, version ${server.version}.`);
      return { kind: 'server', url: server.url };
    }
    say(`the server that OLLAMA_HOST names is passed over. ${server}`);
  }
  const path = await onPath('ollama', env);
  if (path !== null) {
    say(`the tests run on the ollama of the PATH, ${path}.`);
    return { kind: 'program', path };
  }
  const cached = cachedOllama(root, version);
  if (!(await isExecutable(cached))) return null;
  say(`the tests run on the ollama that was built here, ${relative(root, cached)}.`);
  return { kind: 'program', path: cached };
}

/** The server at an address, or a sentence that says why there is none. */
async function answering(address: string, ms: number): Promise<{ url: string; version: string } | string> {
  try {
    const client = createOllamaClient({ url: address, timeouts: { connectMs: ms, firstTokenMs: ms, idleMs: ms, totalMs: ms } });
    const { version, replay } = await client.version().finally(() => client.close());
    return replay ? `${client.url} is the replay server, which has no model.` : { url: client.url, version };
  } catch (error) {
    if (error instanceof OllamaFailure) return error.message;
    throw error;
  }
}
