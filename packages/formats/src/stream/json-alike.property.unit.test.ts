import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineByLine, streamed, whole } from './json-stream-for-test.ts';

const RUNS = 150;
/** Stands for a number that no double holds. */
const BEYOND = 'beyond';

/** Objects most of which have the same members, all of them, and so share a shape. */
function object(members: Record<string, fc.Arbitrary<unknown>>, required: readonly string[] = []): fc.Arbitrary<object> {
  return fc.oneof({ weight: 4, arbitrary: fc.record(members) }, fc.record(members, { requiredKeys: [...required] }));
}

/** The first one mostly: lines that say the same are many. */
function mostly<T>(one: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: fc.constant(one) }, fc.constantFrom(...others));
}

const address = mostly<unknown>('http://127.0.0.1:8000/v1/completions', 'http://127.0.0.1:8000/v1/chat', 'home');
const point = object(
  {
    metric: mostly<unknown>('http_req_duration', 'http_req_waiting', 'http_reqs', 'vus', 'data_sent', 'grpc_req_duration', 'ttft', ''),
    type: mostly('Point', 'Metric'),
    data: object(
      {
        time: mostly<unknown>('2026-03-01T10:00:00Z', '2026-03-01T10:00:01.5Z', 5, null),
        value: fc.oneof(
          { weight: 9, arbitrary: fc.double({ min: 0, max: 900, noNaN: true }) },
          fc.constantFrom(0, 1, BEYOND, 'fast', null, [1]),
        ),
        tags: object({
          method: mostly<unknown>('GET', 'POST', ''),
          name: address,
          url: address,
          scenario: mostly<unknown>('default', 'burst'),
          status: mostly<unknown>('200', '0', '503', '101'),
          expected_response: fc.constantFrom('', 'true', 'false'),
          error: mostly<unknown>('', 'refused', 'timed out after 30 s'),
          error_code: mostly<unknown>('', '1212'),
          vu: fc.nat().map(String),
        }),
      },
      ['time', 'value', 'tags'],
    ),
  },
  ['metric', 'type', 'data'],
);

const kind = fc.record({
  metric: mostly<unknown>('http_reqs', 'ttft'),
  type: mostly('Metric', 'Point'),
  data: fc.record({
    type: mostly('trend', 'counter', 'other'),
    contains: mostly('time', 'default'),
    thresholds: mostly<unknown>([], ['p(95)<500']),
  }),
});

const result = object(
  {
    attack: mostly<unknown>('', 'chat', 4),
    seq: fc.nat(),
    code: fc.oneof({ weight: 9, arbitrary: mostly(200, 503, 0) }, mostly<unknown>('200', null, 399, 400)),
    timestamp: fc.nat().map((ms) => new Date(1.7e12 + ms).toISOString()),
    latency: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 1e9 }) }, fc.constantFrom(-1, 2 ** 60, 'slow', null)),
    bytes_out: fc.constantFrom(0, 120),
    bytes_in: fc.nat({ max: 5_000 }),
    error: mostly<unknown>('', '503 Service Unavailable', 'Post: dial tcp: refused'),
    body: mostly<unknown>(null, 'aGVsbG8=', [1, 2]),
    method: mostly<unknown>('GET', 'POST'),
    url: fc.webUrl(),
    headers: mostly<unknown>(null, { Accept: ['text/plain', 'text/html'] }, { Length: [1, 2] }),
  },
  ['seq', 'code', 'timestamp', 'latency', 'bytes_out', 'bytes_in'],
);

const nanoseconds = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 9e8 }) },
  fc.constantFrom(0, -5, 1, 1_000_000_000, 7_000_000_000, 2 ** 60, '12', null),
);
const count = fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 2, max: 900 }) }, fc.constantFrom(0, 1, 1e7, 1.5, '7', null, BEYOND));
/** Without the time of its creation, which labels a response of a small file only. */
const numbers = {
  total_duration: nanoseconds,
  load_duration: nanoseconds,
  prompt_eval_count: count,
  prompt_eval_cached_count: fc.constantFrom(0, 1, 5, -3),
  prompt_eval_duration: nanoseconds,
  eval_count: count,
  eval_duration: nanoseconds,
};
const response = {
  model: mostly<unknown>('gemma3:4b', 'qwen3', 7),
  response: fc.string(),
  message: mostly<unknown>(
    { role: 'assistant', content: 'x' },
    { role: 'assistant', content: 'y', tool_calls: [{ function: { name: 'f' } }] },
  ),
  options: fc.record({ num_ctx: mostly(2048, 4096), stop: mostly<unknown>(['a'], []) }, { requiredKeys: [] }),
};
const final = object({
  ...response,
  done: mostly<unknown>(true, 'true'),
  done_reason: mostly<unknown>('stop', 'length', 'load'),
  context: fc.array(fc.nat(), { maxLength: 4 }),
  ...numbers,
  prompt_name: mostly<unknown>('short', 'long'),
  variant: mostly<unknown>('a', 'b'),
  vram_mb: fc.nat({ max: 9 }),
  num_gpu: mostly(1, 2),
});
const ordinary = fc.record({
  model: response.model,
  response: response.response,
  done: fc.constant(true),
  done_reason: fc.constant('stop'),
  total_duration: fc.integer({ min: 1, max: 9e9 }),
  load_duration: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 9e8 }) }, fc.constantFrom(3_000_000_000)),
  prompt_eval_count: fc.integer({ min: 1, max: 40 }),
  prompt_eval_duration: fc.integer({ min: 1e6, max: 1e8 }),
  eval_count: fc.integer({ min: 1, max: 300 }),
  eval_duration: fc.integer({ min: 1e8, max: 9e9 }),
});
const other = fc.oneof(
  object({ ...response, done: fc.constant(false) }, ['model', 'response']),
  fc.constantFrom({ error: 'model not found' }, { error: '' }, { a: 1 }),
  fc.record({ run: fc.nat(), answer: final }),
);

/** Lines of a format much alike, some of the same shape. */
const lines = (record: fc.Arbitrary<object>): fc.Arbitrary<string[]> =>
  fc
    .array(fc.tuple(record, fc.integer({ min: 1, max: 3 })), { minLength: 2, maxLength: 25 })
    .map((records) => records.flatMap(([one, times]) => Array(times).fill(`${JSON.stringify(one).replaceAll(`"${BEYOND}"`, '1e999')}\n`)));

describe.each([
  ['k6', { metric: 'vus', type: 'Point', data: { time: '', value: 1, tags: {} } }, fc.oneof({ weight: 6, arbitrary: point }, kind)],
  ['vegeta', { seq: 0, code: 200, timestamp: '', latency: 5, bytes_out: 0, bytes_in: 1 }, result],
  [
    'ollama-api',
    { model: 'm', done: true, eval_count: 5, eval_duration: 9 },
    fc.oneof({ weight: 6, arbitrary: ordinary }, { weight: 3, arbitrary: final }, other),
  ],
] as const)('JSON lines of %s', (format, first, record) => {
  const begin = `${JSON.stringify(first)}\n`;

  it('as a stream are what each line is by itself, behind those of the head', () => {
    fc.assert(
      fc.property(lines(record), fc.integer({ min: 0, max: 5 }), (all, inHead) => {
        const head = begin + all.slice(0, inHead).join('');
        const text = begin + all.join('');
        const read = streamed(text, { head });
        // What the head holds may make it another format.
        fc.pre(read.format === format);
        expect(read).toEqual(lineByLine(text, head));
      }),
      { numRuns: RUNS },
    );
  });

  it('as a stream whose head holds them all are what the file is as a whole', () => {
    fc.assert(
      fc.property(lines(record), (all) => {
        const text = begin + all.join('');
        const read = streamed(text);
        fc.pre(read.format === format);
        expect(read).toEqual(whole(text));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('JSON lines much alike, and one that is not', () => {
  const point = { metric: 'http_reqs', type: 'Point', data: { time: '', value: 1, tags: { status: '200' } } };
  const result = { seq: 0, code: 200, timestamp: '', latency: 5, bytes_out: 0, bytes_in: 1, requests: 3, status_codes: {} };
  const response = {
    model: 'm',
    created_at: '2026-03-01T10:00:00Z',
    done: true,
    prompt_eval_count: 4,
    prompt_eval_cached_count: 0,
    prompt_eval_duration: 2e9,
    eval_count: 5,
    eval_duration: 1e9,
  };

  it.each([
    ['a point that is only counted, whose value no double holds', point, { ...point, data: { ...point.data, value: BEYOND } }],
    [
      'a result that has what a report has too',
      { ...result, latencies: { total: 9, mean: 3, '99th': 4 } },
      { ...result, latencies: { total: 9, mean: 0, '99th': 4 } },
    ],
    ['a response whose time is too long for a label', response, { ...response, created_at: 'x'.repeat(300) }],
    [
      'a prompt without tokens, and fewer cached ones than none',
      response,
      { ...response, prompt_eval_count: 0, prompt_eval_cached_count: -4 },
    ],
  ])('%s', (_, usual, odd) => {
    const [one, other] = [usual, odd].map((record) => `${JSON.stringify(record).replace(`"${BEYOND}"`, '1e999')}\n`);
    const text = `${one}${one}${one}${other}${one}${other}`;
    expect(streamed(text, { head: `${one}` })).toEqual(lineByLine(text, `${one}`));
  });
});
