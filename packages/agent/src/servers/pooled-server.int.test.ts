import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FailureCode, OllamaFailure } from '@chimera/ollama';
import { systemClock } from '@chimera/shared/bus';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../../test/support/wait.ts';
import { PATIENT } from '../testing.ts';
import { PooledServer } from './pooled-server.ts';
import { serverSpec } from './spec.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const DIGEST = 'd'.repeat(64);
type Says = { installed: { name: string; digest?: string; remote_host?: string }[]; loaded: { name: string }[]; show: number };

/** A server that says what it has, which a test may change, and counts what it is asked. */
async function lister(says: Partial<Says> = {}) {
  const state: Says = { installed: [{ name: 'tiny:1b', digest: DIGEST }], loaded: [], show: 200, ...says };
  const asked: string[] = [];
  let up = true;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    if (!up) return void request.socket.destroy();
    const answers: Record<string, object> = {
      '/api/tags': { models: state.installed },
      '/api/ps': { models: state.loaded },
      '/api/version': { version: '0.30.0' },
      '/api/show': state.show === 200 ? { capabilities: ['completion', 'thinking'] } : { error: 'not now' },
    };
    response.writeHead(path === '/api/show' ? state.show : 200).end(JSON.stringify(answers[path] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const count = (path: string) => asked.filter((one) => one === path).length;
  opened.push({
    close() {
      server.close();
      server.closeAllConnections();
    },
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    count,
    setUp(value: boolean) {
      up = value;
    },
  };
}

/** A server as a worker sees it, whose time passes by hand. */
function pooled(url: string) {
  let nowMs = 0;
  const server = new PooledServer(serverSpec(url, 'here'), { ...PATIENT, connectMs: 1_000 }, { ...systemClock, elapsed: () => nowMs });
  opened.unshift(server.client);
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { server, pass };
}

const failure = (code: FailureCode, retryAfterMs?: number) =>
  new OllamaFailure(code, `it failed: ${code}`, { server: 'http://gpu', retryAfterMs });

describe('a server as a worker sees it', () => {
  it('is asked once for all that look at the same time, and again when what is known is too old', async () => {
    const { url, count } = await lister();
    const { server, pass } = pooled(url);
    await Promise.all([server.look(5_000), server.look(5_000), server.look(0)]);
    expect(count('/api/tags')).toBe(1);
    pass(4_999);
    await server.look(5_000);
    expect(count('/api/tags')).toBe(1);
    pass(1);
    // What is known serves meanwhile.
    await server.look(5_000);
    expect(server.installed('tiny:1b')).not.toBeNull();
    await until('the second question', () => count('/api/tags') === 2);
    expect(server.version).toEqual({ version: '0.30.0', replay: false });
    expect(server.models()).toEqual({ url, reachable: true, models: ['tiny:1b'] });
  });

  it('has nothing while it does not answer, says why, and has all of it again afterwards', async () => {
    const { url, setUp } = await lister();
    const { server, pass } = pooled(url);
    expect(server.models()).toMatchObject({ reachable: false, error: expect.stringContaining('was not asked yet') });
    setUp(false);
    await server.look(0);
    expect(server.installed('tiny:1b')).toBeNull();
    expect(server.models()).toMatchObject({ reachable: false, models: [], error: expect.stringContaining(url) });
    setUp(true);
    pass(5_000);
    await server.look(5_000);
    expect(server.installed('tiny')).toBeNull();
    expect(server.installed('tiny:1b')).toMatchObject({ digest: DIGEST });
  });

  it('tells what is loaded from what would have to be, and from what would have to make room', async () => {
    const { url, state } = await lister();
    const { server } = pooled(url);
    await server.look(0);
    expect(server.distance('tiny:1b')).toBe(1);
    const loads = async (name: string, distance: number) => {
      state.loaded = [{ name }];
      await until('the look', async () => {
        await server.look(0);
        return server.distance('tiny:1b') === distance;
      });
    };
    await loads('other:1b', 2);
    await loads('tiny:1b', 0);
    server.sawLoaded({ name: 'other:1b', digest: null, size: null, sizeVram: null, contextLength: 4_096 });
    expect([server.distance('tiny:1b'), server.distance('other:1b')]).toEqual([0, 0]);
    expect(server.loaded('other:1b')?.contextLength).toBe(4_096);
  });

  it('does not count a model that runs elsewhere as its own', async () => {
    const { url } = await lister({ installed: [{ name: 'cloud:1b', remote_host: 'https://elsewhere' }] });
    const { server } = pooled(url);
    await server.look(0);
    expect(server.installed('cloud:1b')).toBeNull();
    expect(server.models().models).toEqual([]);
  });

  it('remembers what a model is made of, and asks again where it was not told', async () => {
    const { url, state, count } = await lister({ show: 503 });
    const { server } = pooled(url);
    await server.look(0);
    expect(await server.info('tiny:1b')).toBeNull();
    state.show = 200;
    expect((await server.info('tiny:1b'))?.capabilities).toEqual(['completion', 'thinking']);
    expect(server.knownInfo('tiny:1b')?.capabilities).toContain('thinking');
    await server.info('tiny:1b');
    expect(count('/api/show')).toBe(2);
    // Another digest is another model.
    state.installed = [{ name: 'tiny:1b', digest: 'e'.repeat(64) }];
    await until('the look', async () => {
      await server.look(0);
      return server.installed('tiny:1b')?.digest === 'e'.repeat(64);
    });
    expect(server.knownInfo('tiny:1b')).toBeNull();
    await server.info('tiny:1b');
    expect(count('/api/show')).toBe(3);
  });

  it('is left alone for as long as its failure says, twice as long each time, and never longer than five minutes', async () => {
    const { server, pass } = pooled('http://127.0.0.1:9');
    const rests: number[] = [];
    for (let i = 0; i < 8; i++) {
      server.failed(failure('busy'));
      rests.push(server.restMs());
      expect(server.trouble?.code).toBe('busy');
      pass(server.restMs());
      expect([server.restMs(), server.trouble]).toEqual([0, null]);
    }
    expect(rests).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 160_000, 160_000]);
    server.succeeded();
    server.failed(failure('busy', 200_000));
    server.failed(failure('busy', 200_000));
    expect(server.restMs()).toBe(300_000);
    server.succeeded();
    expect(server.restMs()).toBe(0);
    server.failed(failure('busy'));
    expect(server.restMs()).toBe(5_000);
  });

  it('waits as long as the server asked, and where nobody says for how long, half a minute', () => {
    const told = pooled('http://127.0.0.1:9').server;
    told.failed(failure('busy', 1_234));
    expect(told.restMs()).toBe(1_234);
    const untold = pooled('http://127.0.0.1:9').server;
    untold.failed(failure('first_token_timeout'));
    expect(untold.restMs()).toBe(30_000);
  });

  it.each(['stream_error', 'stream_incomplete', 'server_error'] as const)('may be asked again at once after the first %s', (code) => {
    const { server } = pooled('http://127.0.0.1:9');
    server.failed(failure(code));
    expect(server.restMs()).toBe(0);
    server.failed(failure(code));
    expect(server.restMs()).toBe(10_000);
  });

  it.each(['aborted', 'prompt_too_long', 'bad_request', 'answer_too_long', 'empty_answer', 'remote_model'] as const)(
    'is not at fault where a question ended as %s',
    (code) => {
      const { server } = pooled('http://127.0.0.1:9');
      server.failed(failure(code));
      server.failed(failure(code));
      expect([server.restMs(), server.trouble]).toEqual([0, null]);
    },
  );

  it('has a model no longer for a while that it lists and does not know when it is asked', async () => {
    const { url, count } = await lister({ installed: [{ name: 'tiny:1b' }, { name: 'other:1b' }] });
    const { server, pass } = pooled(url);
    await server.look(5_000);
    server.failed(new OllamaFailure('model_not_found', 'no such model', { server: url, model: 'tiny:1b' }));
    expect(server.restMs()).toBe(0);
    await server.look(5_000);
    await until('the second question', () => count('/api/tags') === 2);
    expect([server.installed('tiny:1b'), server.installed('other:1b')?.name]).toEqual([null, 'other:1b']);
    expect(server.models().models).toEqual(['other:1b']);
    pass(30_000);
    expect(server.installed('tiny:1b')).not.toBeNull();
  });
});
