import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ask } from '../testing/ask.ts';
import { virtualTimers } from '../testing/virtual-timers.ts';
import { recordedScript } from './recorded-script.ts';
import { NoRecording, readRecordings, recordingsIn } from './recordings.ts';
import { type ReplayServer, type ReplayServerConfig, startReplayServer } from './server.ts';

const RECORDED = fileURLToPath(new URL('../../../../../shared/data/transcripts', import.meta.url));

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

async function start(config: ReplayServerConfig): Promise<ReplayServer> {
  const server = await startReplayServer({ timers: virtualTimers(), ...config });
  opened.push(server);
  return server;
}

const call = (prompt: string, response: string, metrics: object = {}) => ({ stage: 'analysis', prompt, response, metrics });
const METRICS = {
  load_duration_ms: 100,
  prompt_eval_duration_ms: 50,
  eval_duration_ms: 400,
  ttft_ms: 200,
  total_duration_ms: 800,
  tokens_generated: 7,
};
const document = (...calls: object[]) => ({ model: 'gemma3:latest', calls });

describe('a recorded call', () => {
  it('is answered as it was, at the times it took', async () => {
    const recordings = recordingsIn(document(call('How fast?', 'Fast enough.', METRICS)), 'a.json');
    const timers = virtualTimers();
    const server = await start({ timers, speed: 4, behaviour: recordedScript(recordings), rates: { loadMs: 9_000, tokensPerSecond: 1 } });
    const { text, last } = await ask(server.url, { messages: [{ role: 'user', content: 'How fast?' }] });
    expect(text).toBe('Fast enough.');
    expect(last).toMatchObject({
      load_duration: 100e6,
      prompt_eval_duration: 50e6,
      eval_duration: 400e6,
      eval_count: 7,
      total_duration: 800e6,
      done_reason: 'stop',
    });
    expect(server.calls[0]?.firstTokenAt).toBeCloseTo(50, 9); // 200 ms at four times the speed
    expect(timers.at).toBeCloseTo(200, 9);
  });

  it('out of a report’s transcripts is known by all its messages', async () => {
    const messages = [
      { role: 'system', content: 'You are it.' },
      { role: 'user', content: 'How fast?' },
    ];
    const metrics = {
      timeToFirstTokenSeconds: 0.2,
      wallSeconds: 0.9,
      loadSeconds: null,
      promptEvalSeconds: 0.05,
      evalSeconds: 0.4,
      totalSeconds: 0.8,
      promptTokens: 33,
      outputTokens: 4,
      doneReason: 'length',
    };
    const transcript = { server: 'http://gpu:11434', request: { model: 'gemma3', messages, options: {} }, answer: 'Fast', metrics };
    const { url } = await start({ behaviour: recordedScript(recordingsIn(transcript, 't.json'), 404) });
    const { text, last } = await ask(url, { messages, options: { num_predict: 4 } });
    expect(text).toBe('Fast');
    expect(last).toMatchObject({
      prompt_eval_count: 33,
      eval_count: 4,
      eval_duration: 400e6,
      total_duration: 800e6,
      done_reason: 'length',
    });
    expect(last).not.toHaveProperty('load_duration');
    expect((await ask(url, { messages: messages.slice(1) })).status).toBe(404);
  });

  it('without times goes out at the server’s rates', async () => {
    const { url } = await start({
      behaviour: recordedScript(recordingsIn(document(call('a', 'yes')), 'a.json')),
      rates: { tokensPerSecond: 20 },
    });
    expect((await ask(url, { messages: [{ role: 'user', content: 'a' }] })).last).toMatchObject({ eval_count: 1, eval_duration: 50e6 });
  });

  it('ends where num_predict does', async () => {
    const { url } = await start({
      behaviour: recordedScript(recordingsIn(document(call('a', 'one two three four five six seven', METRICS)), 'a.json')),
    });
    const { text, last } = await ask(url, { messages: [{ role: 'user', content: 'a' }], options: { num_predict: 2 } });
    expect([text, last.eval_count, last.done_reason]).toEqual(['one two', 2, 'length']);
  });
});

describe('which recording answers', () => {
  const many = [
    ...recordingsIn(document(call('a', 'first'), call('a', 'second'), call('b', 'third')), 'a.json'),
    ...recordingsIn({ model: 'qwen3', calls: [call('a', 'of another')] }, 'b.json'),
  ];
  const script = (otherwise?: 'well-behaved' | 'in-turn' | 404) => ({
    behaviour: recordedScript(many, otherwise),
    models: ['gemma3', 'qwen3'],
  });
  const said = async (url: string, content: string, model = 'gemma3'): Promise<string> =>
    (await ask(url, { model, messages: [{ role: 'user', content }] })).text;

  it('is each of those of its prompt and model in turn', async () => {
    const { url } = await start(script());
    expect([await said(url, 'a'), await said(url, 'a'), await said(url, 'a'), await said(url, 'b')]).toEqual([
      'first',
      'second',
      'first',
      'third',
    ]);
    expect(await said(url, 'a', 'qwen3')).toBe('of another');
    expect(await said(url, 'b', 'qwen3')).toBe('third');
  });

  it('is none for what nobody recorded: a well-behaved answer, each recorded one in turn, or 404', async () => {
    expect(await said((await start(script())).url, 'F7 | request_latency p95')).toContain('{{F7}}');
    const { url } = await start(script('in-turn'));
    expect([await said(url, 'x'), await said(url, 'y'), await said(url, 'x')]).toEqual(['first', 'second', 'third']);
    expect(await ask((await start(script(404))).url, {})).toMatchObject({
      status: 404,
      last: { error: expect.stringContaining('no recording') },
    });
  });
});

describe('files of recordings', () => {
  it('are read in the order of their names; transcripts without an answer hold none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'chimera-recordings-'));
    opened.push({ close: () => rm(folder, { recursive: true }) });
    await expect(readRecordings(folder)).rejects.toThrow(`${folder} holds no recordings`);
    await writeFile(join(folder, 'b.json'), JSON.stringify(document(call('b', 'second'))));
    await writeFile(join(folder, 'a.json'), JSON.stringify(document(call('a', 'first'))));
    await writeFile(join(folder, 'c.json'), JSON.stringify({ request: { model: 'gemma3', messages: [] }, answer: null, metrics: null }));
    await writeFile(join(folder, 'SOURCES.csv'), 'no recording');
    expect((await readRecordings(folder)).map(({ answer }) => answer.text)).toEqual(['first', 'second']);
    await writeFile(join(folder, 'd.json'), '{');
    await expect(readRecordings(folder)).rejects.toThrow(/d\.json is no recording: it is no JSON/);
  });

  it.each([
    [7, 'x.json is no recording'],
    [{ calls: [{ prompt: 'a' }] }, 'x.json, call 1 is no recorded call'],
    [{ request: {}, answer: 'a' }, 'x.json is no recording: its request has no list of messages'],
  ])('that hold none are told so: %o', (given, message) => {
    expect(() => recordingsIn(given, 'x.json')).toThrow(NoRecording);
    expect(() => recordingsIn(given, 'x.json')).toThrow(message);
  });

  it('of a folder that is not there', async () => {
    await expect(readRecordings('/nowhere/at/all')).rejects.toThrow('/nowhere/at/all cannot be read');
  });

  it.skipIf(!existsSync(RECORDED))('that real models filled are replayed with their account', async () => {
    const recordings = await readRecordings(RECORDED);
    expect(recordings.length).toBeGreaterThan(50);
    const { url } = await start({ behaviour: recordedScript(recordings, 404) });
    for (const { messages, model, answer } of recordings) {
      const { text, last } = await ask(url, { model, messages });
      expect(text).toBe(answer.text);
      expect(last.eval_count).toBe(answer.outputTokens);
      expect(Number(last.total_duration) / 1e6).toBeCloseTo(answer.times?.totalMs ?? Number.NaN, 5);
    }
  });
});
