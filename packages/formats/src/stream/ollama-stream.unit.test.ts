import { describe, expect, it } from 'vitest';
import { streamed } from './json-stream-for-test.ts';

const lines = (...records: object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** A response of 100 tokens, in seconds. */
const response = (seconds: number, { load = 0.1, ...more }: { load?: number; [key: string]: unknown } = {}) => ({
  model: 'm',
  created_at: new Date(1.78e12 + seconds * 1e6).toISOString(),
  response: `answer ${seconds}`,
  done: true,
  done_reason: 'stop',
  total_duration: seconds * 2e9,
  load_duration: load * 1e9,
  prompt_eval_count: 20,
  prompt_eval_duration: 5e8,
  eval_count: 100,
  eval_duration: seconds * 1e9,
  ...more,
});

/** Values by metric and by what tells them apart from the ordinary. */
function valuesOf(text: string, head: string) {
  const { values, ...rest } = streamed(text, { head });
  const short = Object.entries(values).map(([key, list]) => {
    const [metric, , , , , , labels] = JSON.parse(key) as [string, ...unknown[], [string, string][]];
    const own = (labels as [string, string][]).filter(([name]) => !['engine', 'tool', 'model', 'done_reason'].includes(name));
    return [[metric, ...own.map(([name, value]) => `${name}=${value}`)].join(' '), list] as const;
  });
  return { ...rest, values: Object.fromEntries(short) };
}

describe('responses of Ollama as a stream', () => {
  it('have the rates that are made of their numbers, each of its own line, and no label of their time', () => {
    const head = lines(response(1), response(2));
    const { values, format, records, failed } = valuesOf(head + lines(response(4), response(5)), head);
    expect([format, records, failed]).toEqual(['ollama-api', 4, []]);
    expect(values).toMatchObject({
      output_token_throughput: [20, 25, 50, 100],
      prompt_token_throughput: [40, 40, 40, 40],
      request_latency: [2e9, 4e9, 8e9, 10e9],
    });
    expect(Object.keys(values).filter((key) => key.includes('timestamp'))).toEqual([]);
  });

  it('are cold where the load takes a second, and five times what it took before', () => {
    const head = lines(response(1), response(2, { load: 3 }), response(3));
    const { values } = valuesOf(head + lines(response(4), response(5, { load: 2 })), head);
    expect(values).toMatchObject({
      'load_duration start=cold': [2e9, 3e9],
      'load_duration start=warm': [1e8, 1e8, 1e8],
      'request_latency start=cold': [4e9, 10e9],
      'request_latency start=warm': [2e9, 6e9, 8e9],
    });
  });

  it('are left out where they say nothing, and told of', () => {
    const head = lines(response(1));
    const odd = lines(response(2, { eval_count: 1 }), response(3, { prompt_eval_duration: 1 }), { note: 'no response' });
    const { values, topics } = valuesOf(head + odd + lines(response(4)), head);
    expect(values.output_token_throughput).toEqual([25, 100 / 3, 100]);
    expect(values['prompt_token_throughput prompt_cache=suspected']).toEqual([20e9]);
    expect(topics).toEqual([
      expect.stringContaining('one token makes no rate'),
      expect.stringContaining('for the prompt is not to be believed'),
      expect.stringContaining('is no response of Ollama: it was not read'),
    ]);
  });

  it('may come in parts, of which the last one counts; one that does not come is a failed record', () => {
    const part = { model: 'm', created_at: 'now', response: ' and', done: false };
    const head = lines(part, part, response(1), part);
    const ended = valuesOf(head + lines(part, response(2), part, part, response(4)), head);
    expect([ended.records, ended.failed, ended.values.output_token_throughput]).toEqual([3, [], [25, 50, 100]]);
    const open = valuesOf(head + lines(part, response(2), part, part), head);
    expect([open.records, open.failed]).toEqual([3, [{ pointer: 'line 8', reason: 'the stream ends without a final response' }]]);
  });
});
