import { createOllamaClient, type ReplayServer, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';
import { afterEach, describe, expect, it } from 'vitest';
import { cellOf, soleServer } from '../../../test/support/campaign-runs.ts';
import { PATIENT } from '../../agent/src/testing.ts';
import type { Cell } from './cell.ts';
import { createWarmUp, NotReady } from './warm-up.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function replay(config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const server = await startReplayServer({ models: ['tiny:1b', 'other:7b'], ...config });
  opened.push(server);
  return server;
}

function warmUpOf(...urls: string[]) {
  const servers = urls.map(soleServer);
  opened.unshift(...servers);
  return createWarmUp(servers, ['tiny:1b']);
}

/** What a server has loaded, as another client sees it: model and context in force. */
async function loadedAt({ url }: ReplayServer): Promise<(string | number | null)[][]> {
  const client = createOllamaClient({ url, timeouts: PATIENT });
  try {
    return (await client.ps()).map(({ name, contextLength }) => [name, contextLength]);
  } finally {
    await client.close();
  }
}

const { signal } = new AbortController();
const withContext = (num_ctx: number | undefined, rest: object = {}): object => ({
  profiles: [{ name: 'p', agents: { insight: { ...(num_ctx === undefined ? {} : { num_ctx }), ...rest } } }],
});
const alone = (num_ctx?: number, rest?: object): Cell => cellOf('alone', withContext(num_ctx, rest));
const TWO = { profiles: [{ name: 'two', agents: { collector: { num_ctx: 1_024 }, insight: { num_ctx: 2_048 } } }] };

describe('warming up', () => {
  it('loads the model with the options of the agent that asks first', async () => {
    const server = await replay();
    expect(await warmUpOf(server.url).before(cellOf('serial', TWO), signal)).toBe('warm');
    expect(await loadedAt(server)).toEqual([['tiny:1b', 1_024]]);
  });

  it('loads every model that will be asked for, that of the first asker last', async () => {
    const two = { profiles: [{ name: 'two', agents: { collector: { num_ctx: 1_024 }, insight: { model: 'other:7b', num_ctx: 2_048 } } }] };
    const [both, one] = [await replay(), await replay({ maxLoaded: 1 })];
    for (const server of [both, one]) expect(await warmUpOf(server.url).before(cellOf('serial', two), signal)).toBe('warm');
    expect((await loadedAt(both)).sort()).toEqual([
      ['other:7b', 2_048],
      ['tiny:1b', 1_024],
    ]);
    // One that holds a single model has the one that is asked for first.
    expect(await loadedAt(one)).toEqual([['tiny:1b', 1_024]]);
  });

  it('warms each server that is asked, and no other', async () => {
    const [one, two, three] = [await replay(), await replay(), await replay()];
    expect(await warmUpOf(one.url, two.url, three.url).before(cellOf('spread', TWO), signal)).toBe('warm');
    expect(await Promise.all([one, two, three].map(loadedAt))).toEqual([[['tiny:1b', 1_024]], [['tiny:1b', 2_048]], []]);
  });

  it('leaves nothing of the run before in force, where this one leaves a setting to the server', async () => {
    const server = await replay();
    const warmUp = warmUpOf(server.url);
    await warmUp.before(alone(16_384), signal);
    expect(await loadedAt(server)).toEqual([['tiny:1b', 16_384]]);
    await warmUp.before(alone(), signal);
    expect(await loadedAt(server)).toEqual([['tiny:1b', 4_096]]);
  });

  it('has no model of the campaign loaded before a cold run, also where nobody asks, and leaves those of others', async () => {
    const [one, two] = [await replay(), await replay()];
    const client = createOllamaClient({ url: one.url, timeouts: PATIENT });
    opened.unshift(client);
    await client.load('other:7b', { options: {} });
    const warmUp = warmUpOf(one.url, two.url);
    await warmUp.before(cellOf('spread', TWO), signal);
    expect(await warmUp.before({ ...cellOf('serial', TWO), start: 'cold' }, signal)).toBe('cold');
    expect(await Promise.all([one, two].map(loadedAt))).toEqual([[['other:7b', 4_096]], []]);
  });

  it('names a server that is away, where it is needed', async () => {
    const [one, two] = [await replay(), await replay()];
    const warmUp = warmUpOf(one.url, two.url);
    await two.close();
    const failed = await warmUp.before(cellOf('spread', TWO), signal).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(NotReady);
    expect(failed).toMatchObject({ url: two.url, away: true, message: expect.stringContaining(two.url) });
    expect(await warmUp.before({ ...cellOf('serial', TWO), start: 'cold' }, signal)).toBe('cold');
    expect(await warmUp.before(cellOf('serial', TWO), signal)).toBe('warm');
  });

  it('tells a server that cannot load the model from one that is away', async () => {
    const server = await replay({ models: [{ name: 'tiny:1b', gpuLayersAtMost: 10 }] });
    const failed = await warmUpOf(server.url)
      .before(alone(4_096, { num_gpu: 30 }), signal)
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'NotReady', away: false });
  });

  it('ends with whoever breaks it off', async () => {
    const server = await replay();
    const stopped = AbortSignal.abort(new Error('enough'));
    await expect(warmUpOf(server.url).before(alone(), stopped)).rejects.toThrow('enough');
  });
});
