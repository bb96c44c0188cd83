import type { Behaviour } from '@chimera/ollama';
import { afterEach, describe, expect, it } from 'vitest';
import { NoModel } from './question.ts';
import { leapingClock } from './testing.ts';
import { failureOf, question, sessions } from './testing-sessions.ts';

const { server, open } = sessions(afterEach);

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
    // Whoever asks for no context of its own gets the one that is in force.
    await session.ask(question());
    expect(session.room.context).toEqual({ tokens: 3_000, by: 'told' });
  });

  it('says where an estimate of a prompt was too low, and estimates higher from then on', async () => {
    const { url } = await server({ kind: 'well-behaved' });
    const session = await open([url]);
    await session.ask(question({ estimate: 10 }));
    expect(session.calls[0]?.note).toMatch(/^The prompt has \d+ tokens and was taken to have 10 at most/);
    expect(session.room.scale).toBeCloseTo((session.calls[0]?.promptTokens ?? 0) / 10);
  });

  it.each<[string, Behaviour, string[]]>([
    ['is busy', { kind: 'error', status: 503, body: { error: 'server busy' } }, ['busy']],
    ['has no memory', { kind: 'error', status: 500, body: { error: 'out of memory' } }, ['out_of_memory']],
    // What may pass is tried once more at once; the others wait, and here nothing waits.
    ['breaks off', { kind: 'error-mid-stream' }, ['stream_error', 'stream_error']],
  ])('has nobody left to ask where its only server %s', async (_, behaviour, outcomes) => {
    const { url } = await server(behaviour);
    const session = await open([url]);
    expect(await failureOf(session.ask(question()))).toMatchObject({ code: 'no_server', gone: true });
    expect(session.calls.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(session.calls[0]).toMatchObject({ transcript: 'a'.repeat(64), section: 'summary', estimatedPromptTokens: 100 });
  });

  it('puts a question to the next server where the first one fails', async () => {
    const broken = await server({ kind: 'error', status: 500, body: { error: 'out of memory' } });
    const sound = await server({ kind: 'well-behaved' });
    const session = await open([broken.url, sound.url]);
    await session.ask(question());
    expect(session.calls.map(({ server: at, outcome }) => [at, outcome])).toEqual([
      [broken.url, 'out_of_memory'],
      [sound.url, 'stop'],
    ]);
    expect(session.found().map((one) => one.server)).toEqual([broken.url, sound.url]);
    // The first one is left alone for a while.
    await session.ask(question());
    expect(broken.calls).toHaveLength(1);
  });

  it('puts a question to each of its servers, however many fail before one that does not', async () => {
    const broken = await Promise.all(Array.from({ length: 5 }, () => server({ kind: 'out-of-memory' })));
    const sound = await server({ kind: 'well-behaved' });
    const session = await open([...broken, sound].map(({ url }) => url));
    await session.ask(question());
    expect(broken.map(({ calls }) => calls.length)).toEqual([1, 1, 1, 1, 1]);
    expect(session.server).toBe(sound.url);
  });

  it('says of a prompt that is too long that no other server need be asked, and that others fit', async () => {
    const { url, calls } = await server({ kind: 'error', status: 400, body: { error: 'exceeds the available context size' } });
    const session = await open([url, url]);
    expect(await failureOf(session.ask(question()))).toMatchObject({ code: 'prompt_too_long', gone: false });
    expect(calls).toHaveLength(1);
  });

  it('asks a model that said nothing not to think', async () => {
    const { url, calls } = await server((_, index) => (index === 0 ? { kind: 'empty', thinking: 'Hm.' } : { kind: 'well-behaved' }));
    const session = await open([url]);
    expect(await failureOf(session.ask(question()))).toMatchObject({ code: 'empty_answer', gone: false });
    await session.ask(question());
    expect(calls.map(({ request }) => request.think)).toEqual([undefined, false]);
  });

  it('gives all its calls together the time of one answer', async () => {
    const clock = leapingClock();
    const { url, calls } = await server({ kind: 'well-behaved' });
    const session = await open([url], { totalMs: 1_000_000, clock });
    await session.ask(question());
    await clock.sleep(1_000_000);
    const late = await failureOf(session.ask(question()));
    expect(late).toMatchObject({ code: 'out_of_time', gone: true, message: expect.stringContaining('all sections within 1000 s') });
    expect(calls).toHaveLength(1);
  });

  it('is not opened where no server has the model, and ends with its signal', async () => {
    const { url } = await server({ kind: 'hang' }, { models: ['other:1b'] });
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
