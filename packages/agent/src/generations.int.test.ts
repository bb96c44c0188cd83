import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReplayServer, type ReplayServerConfig, startReplayServer } from '@chimera/ollama';
import type { ModelOptions } from '@chimera/shared/domain';
import { folderBlobs, putJson } from '@chimera/shared/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sectionSchema } from './answer-schema.ts';
import { generationKey, storedGenerations } from './generations.ts';
import { type ModelSession, openSession } from './model-session.ts';
import type { Prompt } from './prompt.ts';
import type { Question } from './question.ts';
import { PATIENT, poolOf, SUMMARY } from './testing.ts';

const opened: { close(): Promise<void> }[] = [];
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'chimera-generations-'));
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await rm(root, { recursive: true });
});

async function server(config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const started = await startReplayServer({ models: ['tiny:1b', 'other:1b'], ...config });
  opened.push(started);
  return started;
}

type Rest = { options?: ModelOptions; model?: string; campaign?: boolean; think?: false };

/** A session as another process would open it: nothing is remembered but what the folder holds. */
async function open({ url }: ReplayServer, { options = {}, model = 'tiny:1b', campaign = false, think }: Rest = {}): Promise<ModelSession> {
  const blobs = folderBlobs(root);
  const pool = poolOf([url]);
  opened.unshift(pool);
  const { signal } = new AbortController();
  const found = await pool.acquire({ model, options }, { signal, patienceMs: 0 });
  const lane = found && { ...found, think: think ?? found.think };
  const session = await openSession(
    { model, options },
    {
      ...{ pool, lane, patienceMs: 0, now: Date.now, elapsed: () => performance.now(), gpus: null, signal, timeouts: PATIENT },
      keepTranscript: (transcript) => putJson(blobs, transcript),
      generations: campaign ? null : storedGenerations(blobs),
    },
  );
  return session;
}

const promptOf = (content: string): Prompt => [
  { role: 'system', content: 'You are it.' },
  { role: 'user', content },
];

const question = (rest: Partial<Question> = {}): Question => ({
  section: 'summary',
  repair: false,
  prompt: promptOf('F1 | The median is so.'),
  schema: sectionSchema(SUMMARY),
  usable: () => true,
  estimate: 100,
  numPredict: 500,
  ...rest,
});

/** Asks in a session of its own, which ends. */
async function ask(at: ReplayServer, asked: Partial<Question> = {}, rest: Rest = {}) {
  const session = await open(at, rest);
  const answer = await session.ask(question(asked)).finally(() => session.close());
  return { ...answer, session };
}

describe('what was generated once', () => {
  it('is taken from the store where the same is asked again, word for word, with the record of the call that made it', async () => {
    const gpu = await server();
    const first = await ask(gpu);
    const again = await ask(gpu);
    expect(gpu.calls).toHaveLength(1);
    expect(again.text).toBe(first.text);
    expect(again.doneReason).toBe('stop');
    expect([first.call.stored, again.call.stored]).toEqual([false, true]);
    expect(again.call).toMatchObject({
      transcript: first.call.transcript,
      startedAt: first.call.startedAt,
      wallSeconds: first.call.wallSeconds,
      promptTokens: first.call.promptTokens,
      server: gpu.url,
      replay: true,
      slotWaitSeconds: 0,
      section: 'summary',
    });
    expect(again.session.replay).toBe(true);
  });

  it('is taken from there also where the same model is asked at another server', async () => {
    const [one, two] = [await server(), await server()];
    const first = await ask(one);
    const again = await ask(two);
    expect([one.calls.length, two.calls.length]).toEqual([1, 0]);
    expect([again.text, again.call.server]).toEqual([first.text, one.url]);
  });

  it.each<[string, Partial<Question>, Rest]>([
    ['of another model, by its digest', {}, { model: 'other:1b' }],
    ['with other options', {}, { options: { seed: 1 } }],
    ['with other words', { prompt: promptOf('F1 | The median is otherwise.') }, {}],
    ['in another form', { schema: { type: 'object' } }, {}],
    ['with another bound', { numPredict: 501 }, {}],
    ['by a model that is told not to think', {}, { think: false }],
    ['in a campaign', {}, { campaign: true }],
  ])('is generated anew where it is asked %s', async (_, asked, rest) => {
    const gpu = await server();
    await ask(gpu);
    expect((await ask(gpu, asked, rest)).call.stored).toBe(false);
    expect(gpu.calls).toHaveLength(2);
  });

  it('is nothing that a campaign leaves behind', async () => {
    const gpu = await server();
    await ask(gpu, {}, { campaign: true });
    expect((await ask(gpu)).call.stored).toBe(false);
  });

  it('is found by the first question of a session too where the model must be told not to think', async () => {
    const gpu = await server();
    await ask(gpu, {}, { think: false });
    expect((await ask(gpu, {}, { think: false })).call.stored).toBe(true);
    expect(gpu.calls.map(({ request }) => request.think)).toEqual([false]);
  });

  it('teaches a session what the call taught then: the next question comes out the same', async () => {
    const gpu = await server({ models: [{ name: 'tiny:1b', trainedContext: 3_000 }] });
    const first = await ask(gpu, { estimate: 10 });
    const cold = await server({ models: [{ name: 'tiny:1b', trainedContext: 3_000 }] });
    const again = await ask(cold, { estimate: 10 });
    expect(again.call.stored).toBe(true);
    expect(first.session.room.scale).toBeGreaterThan(1);
    expect(again.session.room).toEqual(first.session.room);
    expect(again.session.room.context).toEqual({ tokens: 3_000, by: 'told' });
  });

  it('counts as never given where its transcript is damaged or gone, and is made anew', async () => {
    const gpu = await server();
    const first = await ask(gpu);
    const id = first.call.transcript ?? '';
    await writeFile(join(root, id.slice(0, 2), id), '{"answer": "of somebody else"}');
    const second = await ask(gpu);
    expect(second.call.stored).toBe(false);
    const made = second.call.transcript ?? '';
    await rm(join(root, made.slice(0, 2), made));
    expect((await ask(gpu)).call.stored).toBe(false);
    expect((await ask(gpu)).call.stored).toBe(true);
    expect(gpu.calls).toHaveLength(3);
  });

  it('counts as never given where its name leads to what is no transcript', async () => {
    const gpu = await server();
    const first = await ask(gpu);
    const blobs = folderBlobs(root);
    const generations = storedGenerations(blobs);
    const key = generationKey({ model: 'tiny:1b', messages: [], options: {} }, 'a'.repeat(64));
    for (const id of ['no hash at all', await putJson(blobs, { answer: 'so' })]) {
      await blobs.name(`generation-${key}`, id);
      expect(await storedGenerations(folderBlobs(root)).find(key)).toBeNull();
    }
    await generations.keep(key, first.call.transcript ?? '');
    expect((await generations.find(key))?.transcript.answer).toBe(first.text);
  });

  it.each<[string, ReplayServerConfig, Partial<Question>]>([
    ['cannot be read', {}, { usable: () => false }],
    ['was cut at its bound', {}, { numPredict: 3 }],
    [
      'was given to half a prompt',
      { behaviour: { kind: 'truncates' } },
      { estimate: 9_000, prompt: promptOf('The median is so. '.repeat(3_000)) },
    ],
  ])('is not kept where it %s', async (_, config, asked) => {
    const gpu = await server(config);
    const first = await ask(gpu, asked);
    expect(first.call.transcript).not.toBeNull();
    expect((await ask(gpu, asked)).call.stored).toBe(false);
    expect(gpu.calls).toHaveLength(2);
    expect((await readdir(root)).includes('names')).toBe(false);
  });

  it('is kept of a call whose answer was found wanting only in its facts: reading it is another matter', async () => {
    const gpu = await server({ behaviour: { kind: 'lies' } });
    await ask(gpu);
    expect((await ask(gpu)).call.stored).toBe(true);
  });
});

describe('generationKey', () => {
  const request = { model: 'tiny:1b', messages: [{ role: 'user' as const, content: 'So?' }], options: { seed: 1 } };

  it('takes options that are left out and such that are undefined for the same', () => {
    const spelled = { ...request, options: { num_ctx: undefined, seed: 1 } };
    expect(generationKey(spelled, 'd')).toBe(generationKey(request, 'd'));
  });

  it('asks for no name of the model: its digest says what it is', () => {
    expect(generationKey({ ...request, model: 'renamed:1b' }, 'd')).toBe(generationKey(request, 'd'));
    expect(generationKey(request, 'e')).not.toBe(generationKey(request, 'd'));
  });
});
