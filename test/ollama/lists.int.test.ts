import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ChatRequest, findModel } from '../../packages/ollama/src/mod.ts';
import { until } from '../support/wait.ts';
import { TRAINED_CONTEXT } from './model/tiny-model.ts';
import { ENGINES } from './server/engines.ts';
import { answerSoon } from './server/failure.ts';
import { rawChat } from './server/raw.ts';
import { absent, openSubject, type Subject, titled } from './server/subject.ts';
import { copyModel, removeModel } from './server/tiny.ts';

const OPTIONS = { num_ctx: 512, num_predict: 2, temperature: 0, num_gpu: 0 };

describe.skipIf(absent).each(ENGINES)(titled('what a real Ollama says of its models, by %s', absent), (_, settings) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await openSubject(settings);
  });
  afterAll(() => subject?.close());

  const ask = (rest: Partial<ChatRequest> = {}): ChatRequest => ({
    model: subject.model,
    messages: [{ role: 'user', content: 'x' }],
    options: OPTIONS,
    ...rest,
  });
  const loaded = async () => (await subject.client.ps()).find(({ name }) => name === subject.model);

  test('its version, and that it is no replay server', async () => {
    const { version, replay } = await subject.client.version();
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect(replay).toBe(false);
  });

  test('a model is found by its name with and without the tag', async () => {
    for (const name of [subject.model, subject.model.replace(/:latest$/, '')]) {
      const { found } = await findModel([subject.url], name, { timeoutMs: 5_000 });
      expect(found).toMatchObject({ name: subject.model, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    }
  });

  test('a loaded model has the context that was asked for, its size and the digest of the installed one', async () => {
    await subject.client.chat(ask());
    const [installed] = (await subject.client.tags()).filter(({ name }) => name === subject.model);
    expect(await loaded()).toMatchObject({ contextLength: 512, sizeVram: 0, digest: installed?.digest });
    expect((await loaded())?.size).toBeGreaterThan(installed?.size ?? Number.NaN); // weights and context
  });

  test('a context beyond what the model was trained on is cut to that', async () => {
    await subject.client.chat(ask({ options: { ...OPTIONS, num_ctx: 100_000 } }));
    expect((await loaded())?.contextLength).toBe(TRAINED_CONTEXT);
  });

  test('another context loads it anew, the same one does not', async () => {
    const load = async (num_ctx: number): Promise<number> =>
      (await subject.client.chat(ask({ options: { ...OPTIONS, num_ctx } }))).metrics.loadSeconds ?? Number.NaN;
    await load(512);
    const warm = await load(512);
    const cold = await load(1024);
    expect(warm).toBeGreaterThan(0); // present also where nothing was loaded
    expect(warm).toBeLessThan(cold);
    expect((await loaded())?.contextLength).toBe(1024);
  });

  test('no context asked for is the one of the server, not the one it is loaded with', async () => {
    await subject.client.chat(ask());
    await subject.client.chat(ask({ options: { num_predict: 2, num_gpu: 0 } }));
    expect((await loaded())?.contextLength).not.toBe(512);
  });

  test('of two names of the same weights only the one that was asked first is listed as loaded', async () => {
    await subject.client.chat(ask());
    const other = subject.model.replace(':latest', ':copy');
    await copyModel(subject.url, subject.model, other);
    try {
      const { model } = await subject.client.chat(ask({ model: other }));
      const names = (await subject.client.ps()).map(({ name }) => name);
      expect(names).toContain(subject.model);
      expect(names).not.toContain(other);
      const digests = (await subject.client.tags()).map(({ digest }) => digest);
      expect([null, ...digests]).toContain(model.digest); // never one of another model
    } finally {
      await removeModel(subject.url, other);
    }
  });

  test('a call without messages loads it or unloads it, and says which in one line', async () => {
    const plain = { status: 200, contentType: 'application/json; charset=utf-8' };
    for (const [keep_alive, done_reason] of [
      ['5m', 'load'],
      [0, 'unload'],
    ]) {
      const answer = await rawChat(subject.url, { ...ask({ messages: [] }), keep_alive });
      expect(answer).toMatchObject({ ...plain, lines: [{ message: { role: 'assistant', content: '' }, done: true, done_reason }] });
    }
    await until('The unloading', async () => (await loaded()) === undefined);
  });

  test('keep_alive 0 unloads it, after the answer', async () => {
    await answerSoon(() => subject.client.chat(ask({ keepAlive: 0 }))); // it may just be unloading
    await until('The unloading', async () => (await loaded()) === undefined);
  });
});
