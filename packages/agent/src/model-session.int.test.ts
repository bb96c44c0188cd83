import { type Behaviour, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';
import type { ModelOptions as Options } from '@chimera/shared/domain';
import { afterEach, describe, expect, it } from 'vitest';
import { sectionSchema } from './answer-schema.ts';
import { AskFailed, type ModelSession, NoModel, openSession, type Question } from './model-session.ts';
import { SUMMARY } from './testing.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

async function server(behaviour: ReplayServerConfig['behaviour'], model = 'tiny:1b') {
  const started = await startReplayServer({ behaviour, models: [model] });
  opened.push(started);
  return started;
}

type Rest = { options?: Options; totalMs?: number; now?: () => number; signal?: AbortSignal };

function open(
  urls: string[],
  { options = {}, totalMs = 10_000, now = Date.now, signal = new AbortController().signal }: Rest = {},
): Promise<ModelSession> {
  return openSession(
    { model: 'tiny:1b', options },
    {
      urls,
      timeouts: { connectMs: 5_000, firstTokenMs: 5_000, idleMs: 5_000, totalMs },
      now,
      signal,
      keepTranscript: async () => 'a'.repeat(64),
    },
  );
}

const question = (rest: Partial<Question> = {}): Question => ({
  section: 'summary',
  repair: false,
  prompt: [
    { role: 'system', content: 'You are it.' },
    { role: 'user', content: 'F1 | The median is so.' },
  ],
  schema: sectionSchema(SUMMARY, ['F1']),
  estimate: 100,
  numPredict: 500,
  ...rest,
});
const failure = (ask: Promise<unknown>) =>
  ask.then(
    () => null,
    (error: unknown) => (error instanceof AskFailed ? error : Promise.reject(error)),
  );

describe('a session with a model', () => {
  it('asks with the profile’s options, alike in every call but for the bound of the answer, and records what each was for', async () => {
    const { url, calls } = await server({ kind: 'well-behaved' });
    const session = await open([url], { options: { num_ctx: 2_048, seed: 1, num_predict: 9 } });
    await session.ask(question());
    await session.ask(question({ repair: true, numPredict: 300 }));
    expect(calls.map(({ request }) => request.options)).toEqual([
      { num_ctx: 2_048, seed: 1, num_predict: 500 },
      { num_ctx: 2_048, seed: 1, num_predict: 300 },
    ]);
    expect(calls.every(({ request }) => request.truncate === false)).toBe(true);
    expect(session.calls.map(({ section, repair, note }) => [section, repair, note])).toEqual([
      ['summary', false, null],
      ['summary', true, null],
    ]);
    expect(session).toMatchObject({ replay: true, serverVersion: expect.any(String), digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('takes the context that was asked for; where none was, what the server has loaded, and before that its least', async () => {
    const { url } = await server({ kind: 'well-behaved' });
    expect((await open([url], { options: { num_ctx: 777 } })).room.context).toEqual({ tokens: 777, by: 'asked' });
    expect((await open([url])).room.context).toEqual({ tokens: 4_096, by: 'assumed' });
    await (await open([url], { options: { num_ctx: 3_000 } })).ask(question());
    const session = await open([url]);
    expect(session.room.context).toEqual({ tokens: 3_000, by: 'told' });
    // The model is loaded anew, with what the server gives by itself.
    await session.ask(question());
    expect(session.room.context).toEqual({ tokens: 4_096, by: 'told' });
  });

  it('says where an estimate of a prompt was too low, and estimates higher from then on', async () => {
    const { url } = await server({ kind: 'well-behaved' });
    const session = await open([url]);
    await session.ask(question({ estimate: 10 }));
    expect(session.calls[0]?.note).toMatch(/^The prompt has \d+ tokens and was taken to have 10 at most/);
    expect(session.room.scale).toBeCloseTo((session.calls[0]?.promptTokens ?? 0) / 10);
  });

  it.each<[string, Behaviour, string, boolean]>([
    ['is busy', { kind: 'error', status: 503, body: { error: 'server busy' } }, 'busy', true],
    ['has no memory', { kind: 'error', status: 500, body: { error: 'out of memory' } }, 'out_of_memory', true],
    ['breaks off', { kind: 'error-mid-stream' }, 'stream_error', false],
    [
      'finds a prompt too long',
      { kind: 'error', status: 400, body: { error: 'exceeds the available context size' } },
      'prompt_too_long',
      false,
    ],
  ])('tells whether a server that %s need be asked again', async (_, behaviour, code, gone) => {
    const { url } = await server(behaviour);
    const session = await open([url]);
    expect(await failure(session.ask(question()))).toMatchObject({ code, gone });
    expect(session.calls).toMatchObject([{ outcome: code, transcript: null, section: 'summary', estimatedPromptTokens: 100 }]);
  });

  it('asks a model that said nothing not to think', async () => {
    const { url, calls } = await server((_, index) => (index === 0 ? { kind: 'empty', thinking: 'Hm.' } : { kind: 'well-behaved' }));
    const session = await open([url]);
    expect(await failure(session.ask(question()))).toMatchObject({ code: 'empty_answer', gone: false });
    await session.ask(question());
    expect(calls.map(({ request }) => request.think)).toEqual([undefined, false]);
  });

  it('gives all its calls together the time of one answer', async () => {
    let now = 0;
    const { url, calls } = await server({ kind: 'well-behaved' });
    const session = await open([url], { totalMs: 1_000_000, now: () => now });
    await session.ask(question());
    now = 1_000_000;
    const late = await failure(session.ask(question()));
    expect(late).toMatchObject({ code: 'out_of_time', gone: true, message: expect.stringContaining('all sections within 1000 s') });
    expect(calls).toHaveLength(1);
  });

  it('is not opened where no server has the model, and ends with its signal', async () => {
    const { url } = await server({ kind: 'hang' }, 'other:1b');
    await expect(open([url])).rejects.toThrow(NoModel);
    await expect(open([url])).rejects.toThrow(/tiny:1b is not installed at .*other:1b/);
    await expect(open(['http://127.0.0.1:9'])).rejects.toThrow(/no Ollama server answers/);
    const hanging = await server({ kind: 'hang' });
    const stop = new AbortController();
    const session = await open([hanging.url], { signal: stop.signal });
    const asked = session.ask(question());
    await hanging.call(0);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ name: 'OllamaFailure', code: 'aborted' });
  });
});
