import type { Measurement, Reading } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

type Read = Extract<Reading, { status: 'read' }>;

function read(path: string, text: string): Read {
  const reading = readArtifact({ path, bytes: Buffer.from(text) });
  if (reading.status !== 'read') throw new Error(reading.reason);
  return reading;
}

const json = (value: unknown): Read => read('a.json', JSON.stringify(value));
const jsonl = (...values: unknown[]): Read => read('a.jsonl', values.map((value) => `${JSON.stringify(value)}\n`).join(''));

/** A final response: 10 tokens of prompt in 0.5 s, 200 tokens in 4 s, of a model that is there. */
const final = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  model: 'qwen3:4b',
  created_at: '2026-03-01T10:00:00.5Z',
  response: 'Because.',
  done: true,
  done_reason: 'stop',
  total_duration: 4_600_000_000,
  load_duration: 50_000_000,
  prompt_eval_count: 10,
  prompt_eval_duration: 500_000_000,
  eval_count: 200,
  eval_duration: 4_000_000_000,
  ...more,
});

const chunk = (text: string) => ({ model: 'qwen3:4b', created_at: '2026-03-01T10:00:00Z', response: text, done: false });
const without = (...keys: string[]) => Object.fromEntries(Object.entries(final()).filter(([key]) => !keys.includes(key)));
const brief = (reading: Read) =>
  reading.measurements.map(({ metric, value, unit, pointer }: Measurement) => [metric, value, unit, pointer]);
const valuesOf = (reading: Read, metric: string) => reading.measurements.filter((one) => one.metric === metric).map(({ value }) => value);

describe('a final response of Ollama', () => {
  it('gives its durations in nanoseconds, its counts, and the rates made of them', () => {
    const reading = json(final());
    expect(reading).toMatchObject({ format: 'ollama-api', records: 1, failed: [], warnings: [] });
    expect(brief(reading)).toEqual([
      ['request_latency', 4_600_000_000, 'ns', '/total_duration'],
      ['load_duration', 50_000_000, 'ns', '/load_duration'],
      ['prompt_eval_duration', 500_000_000, 'ns', '/prompt_eval_duration'],
      ['eval_duration', 4_000_000_000, 'ns', '/eval_duration'],
      ['/prompt_eval_count', 10, 'tokens', '/prompt_eval_count'],
      ['/eval_count', 200, 'tokens', '/eval_count'],
      ['output_token_throughput', 50, 'tok/s', '/eval_count ÷ /eval_duration'],
      ['prompt_token_throughput', 20, 'tok/s', '/prompt_eval_count ÷ /prompt_eval_duration'],
    ]);
    for (const one of reading.measurements) expect(one).toMatchObject({ statistic: 'value', n: null, failed: false });
    expect(reading.measurements[0]).toMatchObject({ over: 'repetitions' });
    expect(reading.measurements[0]?.labels).toEqual({
      engine: 'ollama',
      tool: 'ollama api',
      model: 'qwen3:4b',
      timestamp: '2026-03-01T10:00:00.5Z',
      done_reason: 'stop',
    });
  });

  it('keeps the digits of durations that a double loses', () => {
    const text = JSON.stringify(final()).replace('4600000000', '9007199254740993');
    expect(read('a.json', text).measurements[0]).toMatchObject({ value: 9007199254740992, text: '9007199254740993' });
  });

  it('does not count what came from the cache, where it says how much', () => {
    const reading = json(final({ prompt_eval_count: 45, prompt_eval_cached_count: 35 }));
    expect(valuesOf(reading, 'prompt_token_throughput')).toEqual([20]);
    expect(reading.measurements.at(-1)?.pointer).toBe('(/prompt_eval_count − /prompt_eval_cached_count) ÷ /prompt_eval_duration');
    expect(valuesOf(reading, '/prompt_eval_cached_count')).toEqual([35]);
    // Zero is as good as none.
    expect(json(final({ prompt_eval_cached_count: 0 })).measurements.at(-1)?.pointer).toBe('/prompt_eval_count ÷ /prompt_eval_duration');
  });

  it.each<[string, Record<string, unknown>]>([
    ['absent', without('prompt_eval_count')],
    ['null', final({ prompt_eval_count: null })],
    ['zero', final({ prompt_eval_count: 0 })],
  ])('knows no rate of a prompt whose count is %s', (_what, response) => {
    const reading = json(response);
    expect(valuesOf(reading, 'prompt_token_throughput')).toEqual([]);
    expect(valuesOf(reading, 'output_token_throughput')).toEqual([50]);
    expect(reading.warnings).toEqual([expect.stringContaining('/prompt_eval_duration: the rate of the prompt is unknown')]);
  });

  it('makes no rate of one token, of no time, or of more than any machine makes', () => {
    const one = json(final({ eval_count: 1, eval_duration: 1000 }));
    expect(valuesOf(one, 'output_token_throughput')).toEqual([]);
    expect(one.warnings).toEqual([
      '/eval_count ÷ /eval_duration: the rate of generation (1000000 tok/s) was left out: one token makes no rate',
    ]);
    expect(valuesOf(json(final({ eval_duration: 0 })), 'output_token_throughput')).toEqual([]);
    const many = json(final({ eval_duration: 1000 }));
    expect(valuesOf(many, 'output_token_throughput')).toEqual([]);
    expect(many.warnings).toEqual([expect.stringContaining('no request generates so fast')]);
  });

  it.each([
    ['a thousand times that of generation', { prompt_eval_count: 32_768, prompt_eval_duration: 600_000_000 }],
    [
      'beyond any machine',
      { prompt_eval_count: 1_000_000, prompt_eval_duration: 1_000_000_000, eval_count: 9_000, eval_duration: 1_000_000_000 },
    ],
  ])('keeps an absurd rate of a prompt apart: %s', (_why, more) => {
    const reading = json(final(more));
    const [rate] = reading.measurements.filter(({ metric }) => metric === 'prompt_token_throughput');
    expect(rate?.labels.prompt_cache).toBe('suspected');
    expect(reading.measurements.filter(({ labels }) => labels.prompt_cache !== undefined)).toHaveLength(1);
    expect(reading.warnings).toEqual([expect.stringContaining('is not to be believed')]);
  });

  it('takes zero and negative durations for absent', () => {
    const reading = json(final({ load_duration: 0, total_duration: -1 }));
    expect(brief(reading).map(([metric]) => metric)).not.toContain('load_duration');
    expect(valuesOf(reading, 'request_latency')).toEqual([]);
    expect(reading.warnings).toEqual(['/total_duration: -1 ns is no duration; it was not read']);
  });

  it('counts as failed where no token was generated', () => {
    const reading = json(without('eval_count', 'eval_duration'));
    expect(reading.failed).toEqual([{ pointer: '/done', reason: 'no token was generated' }]);
    expect(reading.measurements.every(({ failed }) => failed)).toBe(true);
    expect(valuesOf(reading, 'prompt_token_throughput')).toEqual([]);
  });

  it('passes over one that only loaded or unloaded a model', () => {
    const reading = json([
      final(),
      { model: 'm', created_at: 'x', response: '', done: true, done_reason: 'load', total_duration: 5e9, load_duration: 5e9 },
    ]);
    expect(reading.records).toBe(1);
    expect(reading.warnings).toEqual(['/1 only loaded a model: it was passed over']);
  });
});

describe('streams, lists and what is around responses', () => {
  it('reads of a stream its last object only', () => {
    const reading = jsonl(chunk('Be'), chunk('cause'), final({ response: '' }), chunk('A'), final({ eval_count: 100 }));
    expect(reading).toMatchObject({ format: 'ollama-api', records: 2, failed: [] });
    expect(
      reading.measurements.filter(({ metric }) => metric === 'output_token_throughput').map(({ value, pointer }) => [value, pointer]),
    ).toEqual([
      [50, 'line 3 /eval_count ÷ line 3 /eval_duration'],
      [25, 'line 5 /eval_count ÷ line 5 /eval_duration'],
    ]);
  });

  it('reads a chat, and a stream under a name that says nothing', () => {
    const chat = { ...without('response'), message: { role: 'assistant', content: 'Because.' } };
    expect(valuesOf(json(chat), 'output_token_throughput')).toEqual([50]);
    const log = `$ curl localhost:11434/api/chat -d @request.json\n${JSON.stringify({ ...chunk('x'), response: undefined, message: {} })}\n${JSON.stringify(chat)}\n`;
    expect(read('run.log', log)).toMatchObject({ format: 'ollama-api', records: 1 });
  });

  it('counts a stream that ends without a final response as failed', () => {
    expect(jsonl(final(), chunk('Be'), chunk('cau'))).toMatchObject({
      records: 2,
      failed: [{ pointer: 'line 3', reason: 'the stream ends without a final response' }],
    });
    expect(jsonl(chunk('Be'))).toMatchObject({ format: 'ollama-api', records: 1, measurements: [] });
  });

  it('counts errors as failed', () => {
    expect(json([{ error: 'model "x" not found' }, final()])).toMatchObject({
      format: 'ollama-api',
      records: 2,
      failed: [{ pointer: '/0', reason: 'model "x" not found' }],
    });
  });

  it('labels with options, with what was asked, and with words that were added, not with what was said', () => {
    const reading = json([
      {
        request: { model: 'asked', prompt: 'Why?', options: { num_gpu: 20, num_thread: 8, temperature: 0.2 } },
        host: 'box',
        response: final(),
      },
      { prompt: 'Why?', options: { num_ctx: 4096 }, client_ms: 4700, response: final({ model: 'own' }) },
      final({ options: { num_gpu: 33 }, gpu: 'RTX 4090', thinking: 'hm' }),
    ]);
    const labels = reading.measurements.filter(({ metric }) => metric === 'eval_duration').map((one) => one.labels);
    expect(labels[0]).toMatchObject({ model: 'qwen3:4b', num_gpu: '20', threads: '8', temperature: '0.2', host: 'box' });
    expect(labels[1]).toMatchObject({ model: 'own', num_ctx: '4096' });
    expect(labels[2]).toMatchObject({ num_gpu: '33', gpu: 'RTX 4090' });
    for (const one of labels) for (const name of ['prompt', 'response', 'thinking']) expect(one[name]).toBeUndefined();
    expect(reading.measurements.filter(({ unit }) => unit === 'ms').map(({ metric, value, pointer }) => [metric, value, pointer])).toEqual([
      ['/*/client_ms', 4700, '/1/client_ms'],
    ]);
    expect(reading.measurements.find(({ metric }) => metric === 'output_token_throughput')?.pointer).toBe(
      '/0/response/eval_count ÷ /0/response/eval_duration',
    );
  });

  it('labels cold and warm what includes the loading', () => {
    const reading = json([final({ load_duration: 6_000_000_000, total_duration: 10_500_000_000 }), final(), final()]);
    const starts = (metric: string) => reading.measurements.filter((one) => one.metric === metric).map(({ labels }) => labels.start);
    expect(starts('request_latency')).toEqual(['cold', 'warm', 'warm']);
    expect(starts('load_duration')).toEqual(['cold', 'warm', 'warm']);
    expect(starts('output_token_throughput')).toEqual([undefined, undefined, undefined]);
    const alone = (load: number, total: number) =>
      json(final({ load_duration: load, total_duration: total })).measurements[0]?.labels.start;
    expect([alone(6e9, 10.5e9), alone(4e9, 30e9), alone(0.9e9, 1e9)]).toEqual(['cold', undefined, undefined]);
  });
});

describe('what is none', () => {
  it.each<[string, unknown]>([
    ['another server that says done', { done: true, model: 'm', result: 5 }],
    ['one duration alone', { done: true, model: 'm', total_duration: 5 }],
    ['a done that is a word', final({ done: 'true' })],
    ['responses among other records', [final(), { tokens_s: 5 }]],
    ['two responses in one object', { a: final(), b: final() }],
    ['a model list', { models: [{ name: 'm', size: 5 }] }],
    ['nothing', []],
  ])('%s', (_what, value) => expect(json(value).format).toBe('generic'));

  it('survives mistyped fields', () => {
    const reading = json(final({ eval_count: '200', eval_duration: [], prompt_eval_duration: {}, model: 5, options: 'x', details: null }));
    expect(valuesOf(reading, 'output_token_throughput')).toEqual([]);
    expect(valuesOf(reading, 'request_latency')).toEqual([4_600_000_000]);
    expect(read('a.json', '{"done": true, "__proto__": {"eval_count": 5}, "total_duration": 1, "load_duration": 1}').format).toBe(
      'ollama-api',
    );
  });
});
