import { afterEach, describe, expect, test } from 'vitest';
import { createOllamaClient } from '../client.ts';
import { schemaFaults } from '../testing/schema-check.ts';
import { type ReplayServer, type ReplayServerConfig, startReplayServer } from './server.ts';
import type { ReplayTimers } from './timers.ts';
import { tokensOf } from './tokens.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const server = await startReplayServer(config);
  opened.push(server);
  return server;
}

function clientOf(server: ReplayServer) {
  const client = createOllamaClient({
    url: server.url,
    timeouts: { connectMs: 5_000, firstTokenMs: 20_000, idleMs: 20_000, totalMs: 20_000 },
  });
  opened.push(client);
  return client;
}

const format = {
  type: 'object',
  properties: { sentences: { type: 'array', minItems: 3, items: { type: 'string', maxLength: 300 } } },
  required: ['sentences'],
};
const messages = [{ role: 'user' as const, content: 'F12 | time_to_first_token p95\nF13 | error_rate' }];
const ask = { model: 'gemma3:latest', messages, format, options: {} };

/** Time that passes only by being waited for. */
function virtualTimers(): ReplayTimers & { waited: number } {
  const timers = {
    waited: 0,
    now: () => timers.waited,
    wait: async (ms: number) => {
      timers.waited += ms;
    },
  };
  return timers;
}

describe('the replay server', () => {
  test('answers by schema with references to the facts of the prompt', async () => {
    const server = await start();
    const { text } = await clientOf(server).chat(ask);
    expect(schemaFaults(format, JSON.parse(text))).toEqual([]);
    expect(text).toContain('{{F12}}');
    expect(text).toContain('error rate');
  });

  test('answers without a schema in sentences, and the same question in the same words', async () => {
    const client = clientOf(await start());
    const { format: _, ...plain } = ask;
    const first = await client.chat(plain);
    expect(first.text).toMatch(/\{\{F12\}\}.*\{\{F13\}\}/);
    expect((await client.chat(plain)).text).toBe(first.text);
  });

  test('lies in a well-formed document', async () => {
    const { text } = await clientOf(await start({ behaviour: { kind: 'lies' } })).chat({
      ...ask,
      format: { ...format, properties: { sentences: { type: 'array', minItems: 15, items: { type: 'string' } } } },
    });
    expect(JSON.parse(text)).toMatchObject({ sentences: { length: 15 } });
    for (const lie of ['37.5 %', 'forty-two', '2031', '٤٢', '<script>', '![', '{{F9999}}']) expect(text).toContain(lie);
  });

  test('breaks a document off in the middle', async () => {
    const { text } = await clientOf(await start({ behaviour: { kind: 'half-json' } })).chat(ask);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  test('behaves call by call as its script says, and records the calls', async () => {
    const server = await start({ behaviour: (request, index) => ({ kind: 'text', text: `call ${index} of ${request.model}` }) });
    const client = clientOf(server);
    expect((await client.chat(ask)).text).toBe('call 0 of gemma3:latest');
    expect((await client.chat({ ...ask, options: { num_ctx: 1024 } })).text).toBe('call 1 of gemma3:latest');
    expect(server.calls.map(({ request }) => request.options)).toEqual([{}, { num_ctx: 1024 }]);
    expect(await Promise.all(server.calls.map(({ ended }) => ended))).toEqual(['answered', 'answered']);
    expect(server.busyMax).toBe(1);
  });

  test('takes its time, reports it, and loads a model again when its options change', async () => {
    const timers = virtualTimers();
    const rates = { tokensPerSecond: (busy: number) => 100 / busy, loadMs: 500, promptMs: 800 };
    const client = clientOf(await start({ behaviour: { kind: 'slow', rates }, timers }));
    const cold = await client.chat({ ...ask, options: { num_ctx: 4096 } });
    const warm = await client.chat({ ...ask, options: { num_ctx: 4096 } });
    const changed = await client.chat({ ...ask, options: { num_ctx: 2048 } });
    expect([cold, warm, changed].map(({ metrics }) => metrics.loadSeconds)).toEqual([0.5, null, 0.5]);
    expect(cold.metrics).toMatchObject({
      promptEvalSeconds: 0.8,
      queueSeconds: expect.closeTo(0, 6),
      outputTokens: tokensOf(cold.text).length,
    });
    expect(cold.metrics.outputTokensPerSecond).toBeCloseTo(100, 6);
    expect(timers.waited).toBeGreaterThan(2_000);
  });

  test('is off its rates by its jitter, waits so and reports so, call by call the same by the same seed', async () => {
    const run = async (seed: number) => {
      const timers = virtualTimers();
      const rates = { tokensPerSecond: 100, loadMs: 1_000, promptMs: 200 };
      const client = clientOf(await start({ rates, jitter: { share: 0.1, seed }, timers }));
      const calls = [];
      for (let count = 0; count < 3; count += 1) {
        const before = timers.waited;
        const { metrics } = await client.chat({ ...ask, options: { num_predict: 20 } });
        calls.push({ ...metrics, waited: timers.waited - before });
      }
      return calls;
    };
    const [some, again, others] = [await run(4), await run(4), await run(5)];
    const told = (calls: typeof some) => calls.map(({ promptEvalSeconds, evalSeconds }) => [promptEvalSeconds, evalSeconds]);
    expect(told(some)).toEqual(told(again));
    expect(told(some)).not.toEqual(told(others));
    for (const { loadSeconds, promptEvalSeconds, evalSeconds, waited } of some) {
      const times = (evalSeconds ?? Number.NaN) / (20 / 100);
      expect(Math.abs(times - 1)).toBeLessThanOrEqual(0.1);
      expect(times).not.toBe(1);
      expect(promptEvalSeconds).toBeCloseTo(0.2 * times, 6);
      if (loadSeconds !== null) expect(loadSeconds).toBeCloseTo(times, 6);
      expect(waited / 1_000).toBeCloseTo((loadSeconds ?? 0) + (promptEvalSeconds ?? 0) + (evalSeconds ?? 0), 6);
    }
    expect(new Set(some.map(({ evalSeconds }) => evalSeconds)).size).toBe(3);
  });

  test('has the rates of a well-behaved call where its script gives some', async () => {
    const behaviour = (_: unknown, index: number) => ({
      kind: 'well-behaved' as const,
      ...(index === 1 ? { rates: { tokensPerSecond: 40 } } : {}),
    });
    const client = clientOf(await start({ behaviour, rates: { tokensPerSecond: 100 }, timers: virtualTimers() }));
    const rates = [];
    for (let count = 0; count < 2; count += 1) rates.push((await client.chat(ask)).metrics.outputTokensPerSecond);
    expect(rates.map((rate) => Math.round(rate ?? 0))).toEqual([100, 40]);
  });

  test.each([
    [1, 1],
    [-0.1, 1],
    [Number.NaN, 1],
    [0.1, 0.5],
  ])('takes no jitter of share %d and seed %d', async (share, seed) => {
    await expect(startReplayServer({ jitter: { share, seed } })).rejects.toThrow(RangeError);
  });

  test('stops at num_predict', async () => {
    const { metrics, text } = await clientOf(await start({ behaviour: { kind: 'endless' } })).chat({
      ...ask,
      options: { num_predict: 12 },
    });
    expect(metrics).toMatchObject({ outputTokens: 12, doneReason: 'length' });
    expect(tokensOf(text)).toHaveLength(12);
  });

  test('says what it is', async () => {
    const server = await start();
    const response = await fetch(`${server.url}/api/version`);
    expect(response.headers.get('x-chimera-replay')).toBe('1');
    expect(await response.json()).toEqual({ version: '0.0.0-replay' });
  });

  test('answers in one piece where no stream is wanted, and refuses what is no request', async () => {
    const { url } = await start({ behaviour: { kind: 'text', text: 'in one piece' } });
    const post = (body: string): Promise<Response> => fetch(`${url}/api/chat`, { method: 'POST', body });
    const whole = await post(JSON.stringify({ model: 'gemma3', messages, stream: false }));
    expect(await whole.json()).toMatchObject({ message: { content: 'in one piece' }, done: true });
    for (const body of ['{', '[]', '{"messages":[]}']) expect((await post(body)).status).toBe(400);
    expect((await fetch(`${url}/api/nothing`)).status).toBe(404);
  });

  test('tells its own fault: a schema that it cannot fulfil', async () => {
    const call = clientOf(await start()).chat({ ...ask, format: { type: 'string', pattern: '^Q{7}$' } });
    await expect(call).rejects.toMatchObject({ code: 'server_error', message: expect.stringContaining('pattern') });
  });
});

test('tokens joined are the text, and no character is torn', () => {
  const text = 'Grün — 速い 🚀🚀, {{F12}}:  12345 <b>\n';
  expect(tokensOf(text).join('')).toBe(text);
  expect(tokensOf(text).every((token) => token.isWellFormed())).toBe(true);
});
