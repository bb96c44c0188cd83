import { afterEach, describe, expect, test } from 'vitest';
import { clients, failureOf, line, QUESTION } from './testing/clients.ts';
import { bytesServer, rawServer } from './testing/raw-server.ts';

const { keep, clientOf, replay } = clients(afterEach);

describe('an answer', () => {
  test('is the text of all chunks, with its times, its digest and where it came from', async () => {
    const server = await replay(
      { kind: 'text', text: 'The latency is steady.', thinking: 'Let me see.' },
      { rates: { tokensPerSecond: 2_000, loadMs: 3, promptMs: 2 } },
    );
    const seen: string[] = [];
    let firstTokens = 0;
    const client = clientOf(server.url);
    const result = await client.chat(QUESTION, {
      onFirstToken: () => {
        firstTokens += 1;
      },
      onProgress: ({ content }) => seen.push(content),
    });
    expect(result.text).toBe('The latency is steady.');
    expect(result.thinking).toBe('Let me see.');
    expect(seen.join('')).toBe(result.text);
    expect(seen.length).toBeGreaterThan(4);
    expect(firstTokens).toBe(1);
    expect(result.replay).toBe(true);
    expect(result.server).toBe(server.url);
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(result.model).toMatchObject({ asked: 'gemma3', digest, digestUnknown: null, loaded: { name: 'gemma3:latest', digest } });
    expect(result.metrics).toMatchObject({ loadSeconds: 0.003, promptEvalSeconds: 0.002, doneReason: 'stop' });
    expect(result.metrics.outputTokensPerSecond).toBeCloseTo(2_000, 5);
    expect(result.metrics.timeToFirstTokenSeconds).toBeGreaterThan(0);
    expect(result.metrics.wallSeconds).toBeGreaterThanOrEqual(result.metrics.timeToFirstTokenSeconds ?? Number.NaN);
    expect((await server.call(0)).request.truncate).toBe(false);
  });

  test('keeps characters whose bytes arrive apart, and a last line without newline', async () => {
    const bytes = new TextEncoder().encode(`${line('grün ')}${line('— 速い 🚀')}`);
    const server = keep(await bytesServer([...Array.from(bytes, (byte) => Uint8Array.of(byte)), line('', { done: true }).trimEnd()]));
    const result = await clientOf(server.url).chat(QUESTION);
    expect(result.text).toBe('grün — 速い 🚀');
    expect(result.replay).toBe(false);
  });

  test('has null for what the server does not say, and the reason why it has no digest', async () => {
    const server = keep(await bytesServer(['\n', line('yes'), '\n', line('', { done: true })]));
    const { metrics, model } = await clientOf(server.url).chat(QUESTION);
    expect(metrics).toMatchObject({
      loadSeconds: null,
      promptTokens: null,
      outputTokens: null,
      outputTokensPerSecond: null,
      queueSeconds: null,
      doneReason: null,
    });
    expect(model.digest).toBeNull();
    expect(model.digestUnknown).toContain('404');
  });

  test('starts at the time of the clock handed in', async () => {
    const server = await replay({ kind: 'text', text: 'yes' });
    let ms = 0;
    const client = clientOf(server.url, {}, { now: () => 1_700_000_000_000, monotonicMs: () => (ms += 250) });
    const { metrics } = await client.chat(QUESTION);
    expect(metrics).toMatchObject({ startedAt: 1_700_000_000_000, timeToFirstTokenSeconds: 0.25, wallSeconds: 0.5 });
  });
});

describe('a call that is broken off', () => {
  test('before the first byte closes its socket, and the server notices', async () => {
    const server = await replay({ kind: 'hang' });
    const stop = new AbortController();
    const failure = failureOf(clientOf(server.url).chat(QUESTION, { signal: stop.signal }));
    const call = await server.call(0);
    stop.abort(new Error('newer inventory'));
    expect(await failure).toMatchObject({ code: 'aborted', retry: 'never', cause: { message: 'newer inventory' } });
    expect(await call.ended).toBe('aborted');
  });

  test('in mid-stream closes its socket, and the server notices', async () => {
    const server = await replay({ kind: 'endless' });
    const stop = new AbortController();
    const failure = failureOf(clientOf(server.url).chat(QUESTION, { signal: stop.signal, onFirstToken: () => stop.abort() }));
    expect((await failure).code).toBe('aborted');
    expect(await (await server.call(0)).ended).toBe('aborted');
  });

  test('before it begins sends nothing', async () => {
    const server = await replay({ kind: 'hang' });
    const failure = await failureOf(clientOf(server.url).chat(QUESTION, { signal: AbortSignal.abort() }));
    expect(failure.code).toBe('aborted');
    expect(server.calls).toHaveLength(0);
  });

  test('by closing the client fails, and so do later ones', async () => {
    const server = await replay({ kind: 'hang' });
    const client = clientOf(server.url);
    const failure = failureOf(client.chat(QUESTION));
    const call = await server.call(0);
    await client.close();
    expect((await failure).code).toBe('aborted');
    expect(await call.ended).toBe('aborted');
    expect((await failureOf(client.chat(QUESTION))).code).toBe('aborted');
  });

  test('leaves the other calls of the client alone', async () => {
    const server = await replay({ kind: 'stall' });
    const client = clientOf(server.url);
    const [one, two] = [new AbortController(), new AbortController()];
    const first = failureOf(client.chat(QUESTION, { signal: one.signal }));
    const second = failureOf(client.chat(QUESTION, { signal: two.signal }));
    const calls = [await server.call(0), await server.call(1)];
    one.abort();
    expect((await first).code).toBe('aborted');
    expect(await Promise.race(calls.map(({ ended }) => ended))).toBe('aborted');
    expect(calls.filter(({ end }) => end === null)).toHaveLength(1);
    two.abort();
    expect((await second).code).toBe('aborted');
    expect(server.busyMax).toBe(2);
  });

  test('by a hook that throws closes its socket and passes the error on', async () => {
    const server = await replay({ kind: 'endless' });
    const bug = new TypeError('a bug of the caller');
    const call = clientOf(server.url).chat(QUESTION, {
      onProgress: () => {
        throw bug;
      },
    });
    await expect(call).rejects.toBe(bug);
    expect(await (await server.call(0)).ended).toBe('aborted');
  });
});

describe('small questions', () => {
  test('tags, ps and version are read', async () => {
    const server = await replay({ kind: 'text', text: 'yes' }, { models: ['gemma3:1b', 'qwen3'] });
    const client = clientOf(server.url);
    expect((await client.tags()).map(({ name }) => name)).toEqual(['gemma3:1b', 'qwen3:latest']);
    expect(await client.ps()).toEqual([]);
    expect(await client.version()).toEqual({ version: '0.0.0-replay', replay: true });
    await client.chat({ ...QUESTION, model: 'gemma3:1b', options: { num_ctx: 2048, num_gpu: 0 } });
    expect(await client.ps()).toMatchObject([{ name: 'gemma3:1b', contextLength: 2048, sizeVram: 0 }]);
    await client.chat({ ...QUESTION, model: 'gemma3:1b', keepAlive: 0 });
    expect(await client.ps()).toEqual([]);
  });

  test('a server that is no Ollama is told', async () => {
    const server = keep(await rawServer((_, response) => response.end('<html>hello</html>')));
    const failure = await failureOf(clientOf(server.url).tags());
    expect(failure).toMatchObject({ code: 'not_ollama', retry: 'elsewhere' });
  });
});

test('the request goes out as given, and what is undefined does not', async () => {
  const bodies: unknown[] = [];
  const server = keep(
    await rawServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        if (request.url === '/api/chat')
          bodies.push({ auth: request.headers.authorization, ...JSON.parse(Buffer.concat(parts).toString('utf8')) });
        response.end(line('yes', { done: true }));
      });
    }),
  );
  const client = clientOf(server.url.replace('//', '//user:p%40ss@'));
  expect(client.url).toBe(server.url);
  const format = { type: 'object', properties: {} };
  await client.chat({
    model: 'gemma3',
    messages: [{ role: 'system', content: 'be brief' }],
    format,
    options: { num_ctx: 8192, num_predict: 700, temperature: 0, seed: undefined },
    think: false,
    keepAlive: '10m',
  });
  await client.chat({ ...QUESTION, format: undefined, think: undefined });
  const auth = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  const common = { auth, model: 'gemma3', stream: true, truncate: false };
  expect(bodies).toEqual([
    {
      ...common,
      messages: [{ role: 'system', content: 'be brief' }],
      format,
      options: { num_ctx: 8192, num_predict: 700, temperature: 0 },
      think: false,
      keep_alive: '10m',
    },
    { ...common, messages: QUESTION.messages, options: {} },
  ]);
});
