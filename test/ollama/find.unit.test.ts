import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startReplayServer } from '../../packages/ollama/src/mod.ts';
import { rawServer } from '../../packages/ollama/src/testing/raw-server.ts';
import { cachedOllama, findOllama } from '../../scripts/ollama/find.ts';

const VERSION = 'v1.2.3';
let root = '';
let said: string[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'chimera-find-'));
  said = [];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const find = (env: NodeJS.ProcessEnv) => findOllama({ root, env, say: (line) => said.push(line), timeoutMs: 2_000 }, VERSION);

async function program(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '');
  await chmod(path, 0o755);
  return path;
}

test('nothing is found where there is nothing', async () => {
  expect(await find({ PATH: root })).toBeNull();
  expect(said).toEqual([]);
});

test('the one built here is found, the one on the PATH goes before it, and the server of OLLAMA_HOST before both', async () => {
  const cached = await program(cachedOllama(root, VERSION));
  expect(await find({ PATH: '' })).toEqual({ kind: 'program', path: cached });
  const installed = await program(join(root, 'bin', 'ollama'));
  const PATH = [join(root, 'none'), join(root, 'bin')].join(delimiter);
  expect(await find({ PATH })).toEqual({ kind: 'program', path: installed });
  const server = await rawServer((_, response) => response.end('{"version":"0.17.4"}'));
  try {
    expect(await find({ PATH, OLLAMA_HOST: server.url.replace('http://', '') })).toEqual({ kind: 'server', url: server.url });
  } finally {
    await server.close();
  }
});

test('a server that OLLAMA_HOST names and that is none is passed over aloud', async () => {
  const replay = await startReplayServer();
  expect(await find({ PATH: '', OLLAMA_HOST: replay.url })).toBeNull();
  await replay.close();
  expect(await find({ PATH: '', OLLAMA_HOST: replay.url })).toBeNull();
  expect(said).toHaveLength(2);
  expect(said[0]).toContain('the replay server');
  expect(said[1]).toContain('ollama serve');
});
