import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../packages/ollama/src/mod.ts';
import { schemaFaults } from '../../packages/ollama/src/testing/schema-check.ts';
import { tokensOf } from './model/vocabulary.ts';
import { ENGINES } from './server/engines.ts';
import { failureOf } from './server/failure.ts';
import { contentOf, rawChat } from './server/raw.ts';
import { absent, openSubject, type Subject, titled } from './server/subject.ts';

const PROMPT = 'Name the latency.';
const OPTIONS = { num_ctx: 512, num_predict: 200, temperature: 0, seed: 7, num_gpu: 0 };
const MULTIBYTE = 'grün — 速い 🚀';

describe.skipIf(absent).each(ENGINES)(titled('an answer of a real Ollama, by %s', absent), (_, settings) => {
  let subject: Subject;
  beforeAll(async () => {
    subject = await openSubject(settings);
  });
  afterAll(() => subject?.close());

  const ask = (rest: Partial<ChatRequest> = {}): ChatRequest => ({
    model: subject.model,
    messages: [{ role: 'user', content: PROMPT }],
    options: OPTIONS,
    ...rest,
  });

  test('is a stream of lines, the account on the last, in nanoseconds', async () => {
    const { status, contentType, lines, wallMs } = await rawChat(subject.url, ask());
    expect({ status, contentType }).toEqual({ status: 200, contentType: 'application/x-ndjson' });
    const last = lines.pop();
    for (const line of lines) {
      expect(line).toEqual({
        model: subject.model,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/),
        message: { role: 'assistant', content: expect.any(String) },
        done: false,
      });
    }
    const count = expect.any(Number);
    expect(last).toEqual({
      model: subject.model,
      created_at: expect.any(String),
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: 'length',
      total_duration: count,
      load_duration: count,
      prompt_eval_count: tokensOf(PROMPT),
      prompt_eval_duration: count,
      eval_count: OPTIONS.num_predict,
      eval_duration: count,
    });
    const nanoseconds = ['total_duration', 'load_duration', 'prompt_eval_duration', 'eval_duration'].map((name) => Number(last?.[name]));
    expect(nanoseconds.every((each) => each > 0 && Number.isSafeInteger(each))).toBe(true);
    const [total = 0, ...parts] = nanoseconds.map((each) => each / 1e6);
    expect(total).toBeLessThanOrEqual(wallMs);
    expect(total).toBeGreaterThan(wallMs / 20);
    expect(parts.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(total);
  });

  test('is read by the client: text, counts, and durations that fit the wall clock', async () => {
    const chunks: string[] = [];
    const result = await subject.client.chat(ask(), { onProgress: ({ content }) => chunks.push(content) });
    const [installed] = (await subject.client.tags()).filter(({ name }) => name === subject.model);
    expect(result).toMatchObject({
      text: chunks.join(''),
      thinking: '',
      replay: false,
      model: { asked: subject.model, digest: installed?.digest, digestUnknown: null },
      metrics: { promptTokens: tokensOf(PROMPT), outputTokens: OPTIONS.num_predict, doneReason: 'length' },
    });
    expect(result.text).toHaveLength(OPTIONS.num_predict); // a token of this model is a character
    const { metrics } = result;
    const known = [metrics.loadSeconds, metrics.promptEvalSeconds, metrics.evalSeconds, metrics.queueSeconds].map(
      (value) => value ?? Number.NaN,
    );
    expect(known.reduce((sum, value) => sum + value, 0)).toBeCloseTo(metrics.totalSeconds ?? Number.NaN, 6);
    expect(metrics.totalSeconds).toBeLessThanOrEqual(metrics.wallSeconds);
    expect(metrics.timeToFirstTokenSeconds).toBeLessThan(metrics.wallSeconds);
    expect(metrics.outputTokensPerSecond).toBeCloseTo(OPTIONS.num_predict / (metrics.evalSeconds ?? Number.NaN), 6);
  });

  test('is the same again for the same seed at temperature 0', async () => {
    const [first, second] = [await subject.client.chat(ask()), await subject.client.chat(ask())];
    expect(second.text).toBe(first.text);
    expect(second.metrics.promptTokens).toBe(tokensOf(PROMPT)); // the part it remembers included
  });

  test('fulfils the schema it was asked for, and ends by itself', async () => {
    const format = {
      type: 'object',
      properties: {
        verdict: { enum: ['steady', 'slower'] },
        facts: { type: 'array', items: { type: 'string', maxLength: 12 }, minItems: 1, maxItems: 3 },
        share: { type: 'integer' },
        sure: { type: 'boolean' },
      },
      required: ['verdict', 'facts', 'share', 'sure'],
      additionalProperties: false,
    };
    const { text, metrics } = await subject.client.chat(ask({ format, options: { ...OPTIONS, num_predict: 500 } }));
    expect(schemaFaults(format, JSON.parse(text))).toEqual([]);
    expect(metrics.doneReason).toBe('stop');
  });

  test('never has a character apart, though its bytes are tokens of their own', async () => {
    const { lines } = await rawChat(subject.url, ask({ format: { const: MULTIBYTE } }));
    const contents = lines.map(contentOf);
    expect(JSON.parse(contents.join(''))).toBe(MULTIBYTE);
    expect(contents.join('')).not.toContain('\ufffd');
    // So lines are fewer than tokens: count tokens by eval_count only.
    expect(lines.at(-1)?.eval_count).toBeGreaterThan(contents.filter((content) => content !== '').length);
    expect(JSON.parse((await subject.client.chat(ask({ format: { const: MULTIBYTE } }))).text)).toBe(MULTIBYTE);
  });

  test('breaks off without a last line when a token repeats itself more than thirty times', async () => {
    const format = { const: '-'.repeat(60) };
    const { status, lines } = await rawChat(subject.url, ask({ format }));
    expect(status).toBe(200);
    expect(lines.map(contentOf).join('')).toBe(`"${'-'.repeat(31)}`);
    expect(lines.some(({ done, error }) => done === true || error !== undefined)).toBe(false);
    expect((await failureOf(subject.client.chat(ask({ format })))).code).toBe('stream_incomplete');
  });

  test('has no end when num_predict is 0, and ends at ten times the context when it is negative', async () => {
    const options = { ...OPTIONS, num_ctx: 128, temperature: 1 }; // hot enough not to repeat itself
    const most = 10 * options.num_ctx;
    const { metrics } = await subject.client.chat(ask({ options: { ...options, num_predict: -1 } }));
    expect(metrics).toMatchObject({ outputTokens: most, doneReason: 'length' });
    const endless = await rawChat(subject.url, ask({ options: { ...options, num_predict: 0 } }), most + 100);
    expect(endless.lines.some(({ done }) => done)).toBe(false);
  });
});
