import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ReplayServer, startReplayServer } from '../../packages/ollama/src/mod.ts';
import { rawChat } from './server/raw.ts';
import { absent, openSubject, type Subject, titled } from './server/subject.ts';

/** What Ollama always sends, and the replay server only where it was given a time for it. */
const SOMETIMES = 'load_duration';
const OPTIONS = { num_ctx: 512, num_predict: 3, temperature: 0, num_gpu: 0 };

// What the replay server says has to look as what Ollama says: the other tests of this project rest on it.
describe.skipIf(absent)(titled('the replay server beside a real Ollama', absent), () => {
  let real: Subject;
  let replay: ReplayServer;
  beforeAll(async () => {
    real = await openSubject();
    replay = await startReplayServer({ models: [real.model] });
  });
  afterAll(async () => {
    await replay?.close();
    await real?.close();
  });

  const ask = (rest: object = {}): object => ({
    model: real.model,
    messages: [{ role: 'user', content: 'Name the latency.' }],
    options: OPTIONS,
    ...rest,
  });

  /** What both answer to this, as types. */
  const both = async (body: object) => {
    const [ours, theirs] = await Promise.all([rawChat(replay.url, body), rawChat(real.url, body)]);
    return [ours, theirs].map(({ status, contentType, lines }) => ({
      status,
      contentType,
      first: typesOf(withoutSometimes(lines[0])),
      last: typesOf(withoutSometimes(lines.at(-1))),
    }));
  };
  const list = async (url: string, path: string): Promise<unknown> => typesOf(await (await fetch(`${url}${path}`)).json());

  test('answers a call with the same fields', async () => {
    const [ours, theirs] = await both(ask());
    expect(ours).toEqual(theirs);
  });

  test('answers a call that wants no stream with the same fields', async () => {
    const [ours, theirs] = await both(ask({ stream: false }));
    expect(ours).toEqual(theirs);
  });

  test.each([
    ['an unknown model', { model: 'no-such-model' }],
    ['a model that does not think', { think: true }],
    ['no model', { model: '' }],
  ])('refuses %s in the same words', async (_, rest) => {
    const [ours, theirs] = await Promise.all([rawChat(replay.url, ask(rest)), rawChat(real.url, ask(rest))]);
    expect({ status: ours.status, said: ours.lines }).toEqual({ status: theirs.status, said: theirs.lines });
  });

  test.each(['/api/version', '/api/tags', '/api/ps'])('answers %s with the same fields', async (path) => {
    await both(ask()); // loads the model on both
    expect(await list(replay.url, path)).toEqual(await list(real.url, path));
  });
});

function withoutSometimes(line: Record<string, unknown> | undefined): object {
  return Object.fromEntries(Object.entries(line ?? {}).filter(([key]) => key !== SOMETIMES));
}

/** A value with its types in the place of what it says; of a list the first element stands for all. */
function typesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(typesOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typesOf(each)]));
}
