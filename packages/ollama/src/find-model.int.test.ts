import { expect, test } from 'vitest';
import { findModel } from './find-model.ts';
import { startReplayServer } from './replay/server.ts';
import { rawServer } from './testing/raw-server.ts';

test('the first reachable server in the order given that has the model is found; all are described', async () => {
  const gone = await startReplayServer();
  await gone.close();
  const other = await startReplayServer({ models: ['qwen3:4b', { name: 'gemma3', remoteHost: 'https://cloud.invalid' }] });
  const first = await startReplayServer({ models: ['gemma3'] });
  const second = await startReplayServer({ models: ['gemma3:latest'] });
  const silent = await rawServer(() => undefined);
  try {
    const given = first.url.replace('//', '//user:secret@');
    const { found, servers } = await findModel([gone.url, silent.url, other.url, given, second.url], 'gemma3', { timeoutMs: 3_000 });
    expect(found).toEqual({ url: first.url, address: given, name: 'gemma3:latest', digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(servers).toEqual([
      { url: gone.url, reachable: false, models: [], error: expect.stringContaining('ollama serve') },
      { url: silent.url, reachable: false, models: [], error: expect.stringContaining(silent.url) },
      { url: other.url, reachable: true, models: ['qwen3:4b'] },
      { url: first.url, reachable: true, models: ['gemma3:latest'] },
      { url: second.url, reachable: true, models: ['gemma3:latest'] },
    ]);
  } finally {
    for (const server of [other, first, second, silent]) await server.close();
  }
});

test('where no server has it, none is found, and the models that are there are listed', async () => {
  const server = await startReplayServer({ models: ['gemma3:1b'] });
  try {
    const { found, servers } = await findModel([server.url, 'ftp://nowhere'], 'gemma3', { timeoutMs: 1_000 });
    expect(found).toBeNull();
    expect(servers[0]).toEqual({ url: server.url, reachable: true, models: ['gemma3:1b'] });
    expect(servers[1]).toMatchObject({ reachable: false, error: expect.stringContaining('not the address') });
  } finally {
    await server.close();
  }
});
