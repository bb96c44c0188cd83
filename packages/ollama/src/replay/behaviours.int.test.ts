import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../testing/ask.ts';
import { virtualTimers } from '../testing/virtual-timers.ts';
import { type Behaviour, type BehaviourScript, FAULTS } from './behaviour.ts';
import { OUT_OF_MEMORY_TEXTS } from './refusal.ts';
import { type ReplayServer, type ReplayServerConfig, startReplayServer } from './server.ts';

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(behaviour: BehaviourScript, config: ReplayServerConfig = {}): Promise<ReplayServer> {
  const server = await startReplayServer({ behaviour, ...config });
  opened.push(server);
  return server;
}

const format = { type: 'object', properties: { sentence: { type: 'string' } }, required: ['sentence'] };

describe('a fault by script', () => {
  it('busy-for: 503, then well', async () => {
    const { url, calls } = await start({ kind: 'busy-for', calls: 1 });
    const [first, second] = [await ask(url, {}), await ask(url, {})];
    expect([first.status, first.last]).toEqual([503, { error: 'server busy, please try again.  maximum pending requests exceeded' }]);
    expect(second).toMatchObject({ status: 200, last: { done: true } });
    expect(calls.map(({ behaviour }) => behaviour)).toEqual(['busy', 'well-behaved']);
  });

  it('out-of-memory: 500 with each of Ollama’s texts in turn, or the one given', async () => {
    const { url } = await start({ kind: 'out-of-memory' });
    const said: unknown[] = [];
    for (const _ of OUT_OF_MEMORY_TEXTS) said.push((await ask(url, {})).last.error);
    expect(said).toEqual([...OUT_OF_MEMORY_TEXTS]);
    const given = await start({ kind: 'out-of-memory', message: 'CUDA error: out of memory' });
    expect(await ask(given.url, {})).toMatchObject({ status: 500, last: { error: 'CUDA error: out of memory' } });
  });

  it('not-found: 404 for a model that is listed', async () => {
    const { url } = await start({ kind: 'not-found' });
    expect(await ask(url, {})).toMatchObject({ status: 404, last: { error: "model 'gemma3' not found" } });
  });

  it('think-ignored: thinks, whatever it is told', async () => {
    const { url } = await start({ kind: 'think-ignored', thinking: 'Let me see.' });
    const answer = await ask(url, { think: false, format });
    expect(answer.thinking).toBe('Let me see.');
    expect(JSON.parse(answer.text)).toHaveProperty('sentence');
  });

  it('format-ignored: prose where a document was asked for', async () => {
    const { url } = await start({ kind: 'format-ignored' });
    const { text, last } = await ask(url, { format });
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    expect([text.includes('{{F1}}'), last.done]).toEqual([true, true]);
  });

  it('truncates: cuts a prompt that may not be cut, and says nothing', async () => {
    const { url } = await start({ kind: 'truncates' });
    const { status, last } = await ask(url, { truncate: false, options: { num_ctx: 4096 } });
    expect([status, last.prompt_eval_count]).toEqual([200, 2050]);
  });

  it('slow-first-token: a prompt that takes as long as it says', async () => {
    const { url } = await start({ kind: 'slow-first-token', ms: 7_000 }, { timers: virtualTimers(), rates: { promptMs: 5 } });
    expect((await ask(url, {})).last).toMatchObject({ prompt_eval_duration: 7_000e6 });
  });

  it('reload-thrash: loads what is loaded', async () => {
    const { url } = await start({ kind: 'reload-thrash' }, { timers: virtualTimers(), rates: { loadMs: 900 } });
    for (const _ of 'two') expect((await ask(url, {})).last).toMatchObject({ load_duration: 900e6 });
  });

  it('no-done: the whole text, and no account', async () => {
    const { url } = await start({ kind: 'no-done' });
    const { text, last } = await ask(url, { format });
    expect(JSON.parse(text)).toHaveProperty('sentence');
    expect(last.done).toBe(false);
  });

  it('mixed: the same calls fail in the same ways each time', async () => {
    const outcomes = async (): Promise<unknown[]> => {
      const server = await start({ kind: 'mixed', share: 0.5, seed: 11, kinds: ['busy', 'no-done', 'format-ignored'] });
      const said: unknown[] = [];
      for (let call = 0; call < 12; call += 1) {
        const { status, last } = await ask(server.url, { format });
        said.push([status, last.done, server.calls[call]?.behaviour]);
      }
      return said;
    };
    const first = await outcomes();
    expect(await outcomes()).toEqual(first);
    expect(new Set(first.map(String)).size).toBeGreaterThan(2);
  });
});

it.each(FAULTS.filter((kind) => !['cut', 'hang', 'stall'].includes(kind)))('%s comes to an end by itself, given time', async (kind) => {
  const behaviour: Behaviour = { kind };
  const { url, calls } = await start(behaviour, { timers: virtualTimers() });
  await ask(url, { format, options: { num_ctx: 512 } });
  expect(await calls[0]?.ended).toBe('answered');
});
