import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../packages/ollama/src/mod.ts';
import { tokensOf } from './model/vocabulary.ts';
import { ENGINES } from './server/engines.ts';
import { failureOf } from './server/failure.ts';
import { rawChat } from './server/raw.ts';
import { absent, openSubject, type Subject, titled } from './server/subject.ts';

const CONTEXT = 512;
const OPTIONS = { num_ctx: CONTEXT, num_predict: 4, temperature: 0, num_gpu: 0 };
/** A prompt of so many tokens, the one that marks its beginning included. */
const promptOf = (tokens: number): string => 'x'.repeat(tokens - tokensOf(''));

describe.skipIf(absent).each(ENGINES)(titled('what a real Ollama refuses, by %s', absent), (_, settings) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await openSubject(settings);
  });
  afterAll(() => subject?.close());

  const ask = (content: string, rest: Partial<ChatRequest> = {}): ChatRequest => ({
    model: subject.model,
    messages: [{ role: 'user', content }],
    options: OPTIONS,
    ...rest,
  });

  test('a prompt that fills the context is read whole', async () => {
    const { metrics } = await subject.client.chat(ask(promptOf(CONTEXT - 1)));
    expect(metrics.promptTokens).toBe(CONTEXT - 1);
  });

  test.each([1, 2_000])('a prompt of %i tokens too many is refused, not cut', async (more) => {
    const failure = await failureOf(subject.client.chat(ask(promptOf(CONTEXT + more))));
    expect(failure).toMatchObject({ code: 'prompt_too_long', retry: 'never', status: 400 });
  });

  test('messages that are too long only together are refused, not left out', async () => {
    const messages = ['a', 'b', 'c'].map((letter) => ({ role: 'user' as const, content: letter.repeat(CONTEXT / 2) }));
    expect((await failureOf(subject.client.chat(ask('', { messages })))).code).toBe('prompt_too_long');
    const { status, lines } = await rawChat(subject.url, { ...ask('', { messages }), truncate: true });
    expect(status).toBe(200);
    expect(lines.at(-1)?.prompt_eval_count).toBe(tokensOf(promptOf(CONTEXT / 2 + 1)));
  });

  test('without the client such a prompt is cut, and nothing in the answer tells', async () => {
    const { status, lines } = await rawChat(subject.url, ask(promptOf(2_000)));
    const last = lines.at(-1);
    expect(status).toBe(200);
    expect(last).toMatchObject({ done: true, done_reason: 'length' });
    expect(last?.prompt_eval_count).toBeLessThanOrEqual(CONTEXT);
    expect(Object.keys(last ?? {}).filter((name) => /trunc|cut|warn/i.test(name))).toEqual([]);
  });

  test('an answer that outgrows the context goes on, and forgets the beginning', async () => {
    const { metrics } = await subject.client.chat(ask(promptOf(CONTEXT - 10), { options: { ...OPTIONS, num_predict: 100 } }));
    expect(metrics).toMatchObject({ outputTokens: 100, doneReason: 'length' });
    const kept = await rawChat(subject.url, {
      ...ask(promptOf(CONTEXT - 10), { options: { ...OPTIONS, num_predict: 100 } }),
      shift: false,
    });
    expect(kept.lines.at(-1)).toMatchObject({ done: true, done_reason: 'length' });
    expect(kept.lines.at(-1)?.eval_count).toBeLessThan(20);
  });

  test.each(['no-such-model', 'no-such-model:7b'])('the unknown model %s is not found', async (model) => {
    const failure = await failureOf(subject.client.chat(ask('x', { model })));
    expect(failure).toMatchObject({ code: 'model_not_found', retry: 'elsewhere', status: 404 });
    expect(failure.message).toContain(`ollama pull ${model}`);
  });

  test('thinking, of a model that does not think', async () => {
    const failure = await failureOf(subject.client.chat(ask('x', { think: true })));
    expect(failure).toMatchObject({ code: 'bad_request', status: 400 });
    expect(failure.message).toContain('Leave out "think"');
    expect((await subject.client.chat(ask('x', { think: false }))).thinking).toBe('');
  });

  test('a schema it cannot follow, and an option of another type, with a status that blames the server', async () => {
    const options = { ...OPTIONS, num_ctx: 'many' };
    const answer = await rawChat(subject.url, { ...ask('x'), options });
    expect(answer).toMatchObject({ status: 500, lines: [{ error: 'option "num_ctx" must be of type integer' }] });

    const failure = await failureOf(subject.client.chat(ask('x', { format: { type: 'nonsense' } })));
    expect(failure.status).toBe(500);
    expect(failure.message).toContain('invalid JSON schema in format');
  });

  test('after all that it still answers', async () => {
    expect((await subject.client.chat(ask('x'))).metrics.outputTokens).toBe(OPTIONS.num_predict);
  });
});
