import { describe, expect, it } from 'vitest';
import { columnTail } from './json-places.ts';
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

  it('lose the label that has most values where these are too many, and a warning says so', () => {
    const own = (seed: number) => response(1 + seed, { options: { seed, num_ctx: 2048 + (seed % 2) }, expected: 'ten' });
    // Seeds that come again label nothing either.
    const all = Array.from({ length: 300 }, (_, index) => own(index % 200));
    const head = lines(...all.slice(0, 5));
    const { status, records, values, topics } = streamed(lines(...all), { head, limits: { maxNumberColumns: 1_200 } });
    expect([status, records, topics]).toEqual(['read', 300, [expect.stringContaining('is left out from line # on')]]);
    const latencies = Object.entries(values).filter(([key]) => key.includes('request_latency'));
    const [without, having] = [false, true].map((seeded) => latencies.filter(([key]) => key.includes('"seed"') === seeded)) as [
      typeof latencies,
      typeof latencies,
    ];
    // A column for each of eight numbers: three quarters of the columns are open at the 113th response.
    expect(having.flatMap(([, list]) => list).length).toBe(113);
    expect(without.map(([key, list]) => [/"num_ctx","(\d+)"|"context_length","(\d+)"/.test(key), list.length])).toEqual([
      [true, 94],
      [true, 93],
    ]);
    const sorted = all.map((one) => one.total_duration).sort((a, b) => a - b);
    expect(latencies.flatMap(([, list]) => list).sort((a, b) => a - b)).toEqual(sorted);
  });

  it('may stand in long lists, whose rates are of one column each', () => {
    const list = `${JSON.stringify(Array.from({ length: 40 }, (_, index) => response(1 + index)))}\n`;
    // Nine for each of eight numbers: the first eight of a list have columns of their own.
    const { status, values } = streamed(list + list, { head: list, limits: { maxNumberColumns: 72 } });
    const rates = Object.entries(values).find(([key]) => key.includes('output_token_throughput'))?.[1];
    const expected = Array.from({ length: 40 }, (_, index) => 100 / (1 + index)).flatMap((rate) => [rate, rate]);
    expect([status, rates]).toEqual(['read', expected.sort((a, b) => a - b)]);
  });
});

describe('the pointer of a rate', () => {
  it.each([
    [' /0/eval_count ÷ /0/eval_duration', ' /0/eval_count ÷ /0/eval_duration'],
    [' /9/eval_count ÷ /9/eval_duration', ' /*/eval_count ÷ /*/eval_duration'],
    [' (/9/a − /9/b) ÷ /9/c', ' (/*/a − /*/b) ÷ /*/c'],
  ])('%s is that of the column %s', (tail, column) => {
    const item = { eval_count: 1, eval_duration: 2, a: 3, b: 4, c: 5 };
    expect(columnTail(tail, Array(12).fill(item))).toBe(column);
  });
});
