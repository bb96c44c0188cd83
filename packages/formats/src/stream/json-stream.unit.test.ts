import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineByLine, streamed, whole } from './json-stream-for-test.ts';
import { LineSplitter } from './line-splitter.ts';
import { readStreamed, readWhole } from './stream-for-test.ts';

const PIECES = [1, 7, 64 * 1024];
const RUNS = 100;

function lines(...records: unknown[]): string {
  return records.map((record) => `${typeof record === 'string' ? record : JSON.stringify(record)}\n`).join('');
}

/** The first lines of a text. */
function head(text: string, count: number): string {
  return text.split('\n').slice(0, count).join('\n').concat('\n');
}

function expectAlike(text: string): void {
  for (const piece of PIECES) expect(streamed(text, { piece })).toEqual(whole(text));
}

const model = fc.constantFrom('m1', 'm2', 'Größe 7B', 'a"b');
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -5, max: 3000 }),
  fc.double({ min: 0, max: 1e4, noNaN: true }),
  fc.constantFrom(0, -0, 1e-160, 1e200, 2 ** 53, 2 ** 60 + 4096),
);
/** Without letters that look damaged: of these the reader of the bytes warns. */
const text = fc
  .oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('pp512', 'prefill', ' Total ', '', 'x'.repeat(300)))
  .filter((one) => !/[\ufffd\u00c2\u00c3\u00e2]/.test(one));
const gaps = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { maxLength: 5 });
const error = fc.oneof(fc.constant(null), fc.constantFrom('', 'none', 'timeout', 'out of memory'), fc.record({ message: text }));

/** What programs log. */
const members = {
  ts: fc.integer({ min: 0, max: 1e9 }).map((seconds) => new Date(1.7e12 + seconds * 1000).toISOString()),
  model,
  variant: fc.constantFrom('base', 'tuned'),
  request_id: fc.uuid(),
  note: text,
  ttft_ms: fc.double({ min: 1, max: 500, noNaN: true }),
  request_latency_ms: fc.double({ min: 100, max: 9000, noNaN: true }),
  load_duration_s: fc.oneof(fc.double({ min: 0.01, max: 0.2, noNaN: true }), fc.constantFrom(0.1, 8)),
  concurrency: fc.constantFrom(1, 2, 4.5, null),
  tokens_per_s: number,
  anything: fc.oneof(number, text, fc.boolean(), fc.constant(null), gaps),
  itls: gaps,
  success: fc.constantFrom(true, false, 1, 0, 'yes', 'no'),
  error,
  exception: fc.constantFrom(null, '', 'ValueError', 'a very long exception of more than twenty characters'),
  metrics: fc.record({ e2e: fc.record({ value: number, unit: fc.constantFrom('ms', 's') }), count: number }, { requiredKeys: ['e2e'] }),
  steps: fc.array(fc.record({ name: fc.constantFrom('a', 'b'), eval_rate_tokens_per_s: number }), { maxLength: 3 }),
  config: fc.record({ num_gpu: fc.constantFrom(0, 33), quant: fc.constantFrom('q4', 'q8') }),
  result: fc.record({ error, metric: fc.constantFrom('ttft', 'speed'), value: number, unit: fc.constantFrom('ms', 'tok/s') }),
  gpu: fc.record({ name: fc.constantFrom('A', 'B'), id: fc.constantFrom('x', 'y'), note: text }),
  flavour: fc.constantFrom('sweet', 'sour'),
  engine: fc.record({ id: fc.constantFrom('x', 'y'), note: text }),
  events: fc.array(fc.record({ stage_kind: fc.constantFrom('p', 'q'), took_ms: number }), { minLength: 2, maxLength: 4 }),
  errors: fc.oneof(error, fc.constantFrom(0, 2), fc.record({ timeout: fc.constantFrom(0, 3) })),
  tags: fc.array(fc.constantFrom('a', 'b"', 'pp512', null, true), { maxLength: 3 }),
};
type Name = keyof typeof members;
const names = Object.keys(members) as Name[];

/** Records whose keys come and go. */
const record = fc.record(members, { requiredKeys: [] });

/** Records of the same keys. */
function alike(keys: readonly Name[]): fc.Arbitrary<object> {
  return fc.record(Object.fromEntries(keys.map((key) => [key, members[key]])));
}

describe('a stream of JSON lines whose head holds the whole file', () => {
  it('reads what the ordinary reader reads', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 2, maxLength: 12 }), fc.constantFrom(...PIECES), (records, piece) => {
        const all = lines(...records);
        expect(streamed(all, { piece })).toEqual(whole(all));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a stream of JSON lines that are much alike', () => {
  it('reads what each line is by itself, behind those of the head', () => {
    const shapes = fc.array(fc.subarray(names, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 2 });
    const some = shapes.chain((keys) => fc.array(fc.oneof(...keys.map(alike)), { minLength: 3, maxLength: 40 }));
    fc.assert(
      fc.property(
        some,
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(...PIECES),
        fc.constantFrom(0, 1),
        (records, count, piece, space) => {
          const all = records
            .map((one) => (space === 0 ? JSON.stringify(one) : JSON.stringify(one, null, 1).replace(/\n\s*/g, ' ')).concat('\n'))
            .join('');
          const first = head(all, Math.min(count, records.length - 1));
          expect(streamed(all, { head: first, piece })).toEqual(lineByLine(all, first));
        },
      ),
      { numRuns: RUNS },
    );
  });
});

/** Records of a few shapes: what the first ones decide holds for all. */
const shaped = fc.record({
  model,
  id: fc.uuid(),
  variant: fc.constantFrom('base', 'tuned'),
  ttft_ms: fc.double({ min: 1, max: 500, noNaN: true }),
  request_latency_ms: fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: 250, max: 9000, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(0.1) },
  ),
  num_ctx: fc.constantFrom(2048, 4096, null),
  tokens: number,
  itls: gaps,
  ok: fc.constantFrom(true, false, 'yes'),
  error,
  phase_name: fc.constantFrom('decode', 'pp512', 'prefill'),
  tokens_per_second: fc.double({ min: 1, max: 90, noNaN: true }),
});

describe('a stream of JSON lines whose head is short', () => {
  it('reads what the ordinary reader reads, where the head decides as the whole file does', () => {
    // Each text of the head repeats in it; ids never do.
    const first = ['base', 'tuned', 'base', 'tuned'].map((variant, index) => ({
      model: 'm1',
      id: `first ${index}`,
      variant,
      ttft_ms: 5,
      request_latency_ms: 700,
      num_ctx: 2048,
      tokens: index,
      itls: [1.5],
      ok: true,
      error: null,
      phase_name: 'decode',
      tokens_per_second: 9,
    }));
    fc.assert(
      fc.property(fc.array(shaped, { minLength: 1, maxLength: 60 }), fc.constantFrom(...PIECES), (records, piece) => {
        const all = lines(...first, ...records);
        expect(streamed(all, { piece, head: head(all, 4) })).toEqual(whole(all));
      }),
      { numRuns: RUNS },
    );
  });
});

const aiperfMetric = (value: fc.Arbitrary<unknown>, ...units: string[]) => fc.record({ value, unit: fc.constantFrom(...units) });

/** Records of requests as AIPerf exports them. */
const request = fc.record({
  metadata: fc.record({
    x_request_id: fc.uuid(),
    request_start_ns: fc.integer({ min: 0, max: 1e9 }).map((after) => 1_762_551_534_000_000_000 + after),
    benchmark_phase: fc.constantFrom('profiling', 'warmup'),
    was_cancelled: fc.constantFrom(false, false, false, true),
  }),
  metrics: fc.record(
    {
      time_to_first_token: aiperfMetric(fc.oneof(fc.double({ min: 1, max: 900, noNaN: true }), fc.constantFrom(null, 'x')), 'ms', 'sec'),
      request_latency: aiperfMetric(fc.double({ min: 0.1, max: 9000, noNaN: true }), 'ms'),
      output_sequence_length: aiperfMetric(fc.integer({ min: 1, max: 900 }), 'tokens'),
      osl_mismatch_diff_pct: aiperfMetric(fc.double({ min: -9, max: 9, noNaN: true }), '%'),
    },
    { requiredKeys: ['request_latency'] },
  ),
  error: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ code: fc.constantFrom(499, 500, null), type: fc.constant('Timeout'), message: text }) },
  ),
});

describe('a stream of AIPerf’s requests', () => {
  it('reads what the ordinary reader reads, pointers and warnings too', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 5, maxLength: 40 }), fc.integer({ min: 2, max: 4 }), (records, count) => {
        const all = lines(...records);
        const input = { path: 'profile_export.jsonl', bytes: Buffer.from(all) };
        expect(readStreamed(input, { chunk: 64, head: Buffer.byteLength(head(all, count)) })).toEqual(readWhole(input));
      }),
      { numRuns: RUNS },
    );
  });

  it('counts lengths of outputs that miss, whichever way a record was read', () => {
    const of = (percent: number, more: object = {}) => ({
      metadata: { request_start_ns: 1, benchmark_phase: 'profiling', was_cancelled: false },
      metrics: { request_latency: { value: 5, unit: 'ms' }, osl_mismatch_diff_pct: { value: percent, unit: '%' } },
      error: null,
      ...more,
    });
    const all = lines(of(0), of(9), of(0), of(-8), of(1), of(7, { error: { code: 1 } }), of(6), of(5));
    const input = { path: 'profile_export.jsonl', bytes: Buffer.from(all) };
    const read = readStreamed(input, { head: Buffer.byteLength(head(all, 2)) });
    expect(read?.warnings).toEqual([expect.stringContaining('the output of 4 of 7 requests misses')]);
    expect(read).toEqual(readWhole(input));
  });
});

describe('pointers', () => {
  const plain = fc.record({
    model,
    ttft_ms: fc.double({ min: 1, max: 9, noNaN: true }),
    deep: fc.record({ 'a/b~c': number, 7: number }),
    n: number,
  });

  it('lead to the very numbers', () => {
    fc.assert(
      fc.property(fc.array(plain, { minLength: 4, maxLength: 12 }), (records) => {
        const all = lines(...records);
        const input = { path: 'x.jsonl', bytes: Buffer.from(all) };
        expect(readStreamed(input, { head: Buffer.byteLength(head(all, 2)) })).toEqual(readWhole(input));
      }),
      { numRuns: RUNS },
    );
  });

  it('have a star for the index in a list of numbers, and in a long list of objects', () => {
    const items = Array.from({ length: 9 }, (_, index) => ({ x: index }));
    const all = lines({ a: [1, 2], list: items.slice(0, 2) }, { a: [3], list: items }, { a: [4, 5, 6], list: items });
    const read = readStreamed({ path: 'x.jsonl', bytes: Buffer.from(all) }, { head: Buffer.byteLength(head(all, 2)) });
    const pointers = read?.numbers.map((one) => String(JSON.parse(one)[0])) ?? [];
    expect([...new Set(pointers.filter((one) => one.startsWith('line 3 ')))].sort()).toEqual(
      ['/a/*', ...Array.from({ length: 8 }, (_, index) => `/list/${index}/x`), '/list/*/x'].map((one) => `line 3 ${one}`).sort(),
    );
  });
});

const FOLDERS = ['../../../../../shared/data/formats', '../../../../../shared/data/seed-artifacts'].map((path) =>
  join(import.meta.dirname, path),
);

function samplesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(folder, name));
}

const SAMPLES = FOLDERS.flatMap(samplesIn);

describe.skipIf(SAMPLES.length === 0)('samples of JSON lines', () => {
  it.each(SAMPLES)('%s', (path) => {
    const all = readFileSync(path, 'utf8');
    for (const piece of PIECES) {
      const read = streamed(all, { piece });
      if (read.status !== 'no stream') expect(read).toEqual(whole(all));
    }
    const read = streamed(all, { head: head(all, Math.ceil(all.split('\n').length / 2)) });
    if (read.status !== 'no stream') expect(read).toEqual(whole(all));
  });
});

describe('lines that are none', () => {
  const good = { model: 'm', ttft_ms: 5.25, n: 3 };

  it.each([
    ['a broken line', lines(good, good, '{"a": 1,, }', good)],
    ['a cut last line', `${lines(good, good)}{"model": "m", "ttft_ms": 5`],
    ['a last line without its end', lines(good, good).trimEnd()],
    ['blank lines', lines(good, good, '', '  ', good, '\u00a0', good)],
    ['line ends of Windows', lines(good, good, good).replaceAll('\n', '\r\n')],
    ['bare words', lines(good, good).concat('{"model": "m", "ttft_ms": NaN, "n": -Infinity}\n'.repeat(3))],
    ['numbers beyond a double', lines(good, good, '{"model": "m", "ttft_ms": 1e999, "n": 1e-999}', good)],
    ['large integers', lines(good, good, '{"model": "m", "ttft_ms": 12345678901234567890, "n": 9007199254740993}')],
    ['numbers out of range', lines(good, good, '{"model": "m", "ttft_ms": 1e200, "n": 1e-200}', good)],
    ['times below zero', lines(good, good, { ...good, ttft_ms: -4 }, { ...good, ttft_ms: -5 })],
    ['repeated keys', lines(good, good, '{"model": "m", "ttft_ms": 4, "ttft_ms": 5, "n": 3}', '{"model": "m", "model": "n", "n": 3}')],
    ['lists', lines(good, good, [{ n: 1 }, { n: 2, ok: false }], '[1,2]', good)],
    ['values that are no documents', lines(good, good, '12', '"x"', good)],
    ['a byte order mark inside', lines(good, good, `\ufeff${JSON.stringify(good)}`, good)],
    [
      'keys with escapes',
      lines('{"mod\\u0065l": "m", "ttft_ms": 5}', '{"mod\\u0065l": "k", "ttft_ms": 6}', '{"mod\\u0065l": "m", "ttft_ms": 7}'),
    ],
    ['keys that are no text', lines(...Array.from({ length: 5 }, (_, n) => `{"a\\ud800": ${n}, "b": ${n}}`))],
    [
      'texts with bad escapes',
      lines(good, good, '{"model": "\\x", "ttft_ms": 5.25, "n": 3}', '{"model": "a\tb", "ttft_ms": 5.25, "n": 3}'),
    ],
    ['texts with escapes', lines(good, good, '{"model": "\\u00e9\\n\\"\\\\", "ttft_ms": 5.25, "n": 3}')],
    ['leading zeros', lines(good, good, '{"model": "m", "ttft_ms": 05, "n": 3}')],
    ['a fault behind an object', lines(good, good, `${JSON.stringify(good)} x`, good)],
  ])('are told as by the ordinary reader: %s', (_, all) => {
    expectAlike(all);
    const read = streamed(all, { head: head(all, 2) });
    expect(read).toEqual(whole(all));
  });
});

describe('what a short head does not know', () => {
  const request = (model: string, ttft: number, more: object = {}) => ({
    model,
    id: `id of ${ttft}`,
    ttft_ms: ttft,
    e2e_latency_ms: 900,
    ...more,
  });

  it('new labels, new keys, new failures', () => {
    const all = lines(
      request('a', 1),
      request('a', 2),
      request('b', 3),
      request('b', 4, { error: 'timeout after 3 s' }),
      request('b', 5, { error: 'timeout after 4 s' }),
      request('b', 6, { error: null }),
      request('b', 7, { concurrency: 4 }),
      request('b', 8, { concurrency: 8 }),
    );
    expect(streamed(all, { head: head(all, 2) })).toEqual(whole(all));
  });

  it('error messages, and which of two counts', () => {
    const of = (error: unknown, exception: unknown) => ({ x: 1, error, exception });
    const long = 'a message of more than twenty characters';
    const all = lines(
      ...[of(null, null), of(null, ''), of({ message: long }, long), of({ message: long }, 'another'), of({ message: long }, 'a third')],
      ...[of('one', long), of('two', long), of('none', long), of('no error', 'x'), of('', 'y'), of('\u00fc "ü"', null), of('zwei', null)],
    );
    expect(streamed(all, { head: head(all, 2) })).toEqual(whole(all));
  });

  it('marks on later lines make records of all', () => {
    const all = lines({ x: 1 }, { x: 2 }, { x: 3 }, { x: 4, ok: true }, { x: 5, ok: false }, { x: 6 });
    expect(streamed(all, { head: head(all, 2) })).toMatchObject({ records: 6, failed: [{ pointer: 'line 5' }] });
    expect(streamed(all, { head: head(all, 2) })).toEqual(whole(all));
  });

  it('a request that ends before its first token', () => {
    const all = lines(request('a', 1), request('a', 2), request('a', 3), request('a', 2000), request('a', 4), request('a', 3000));
    expect(streamed(all, { head: head(all, 2) })).toEqual(whole(all));
    expect(streamed(all, { head: head(all, 2) }).topics).toHaveLength(2);
  });

  it('a cold start, where the head has one', () => {
    const loaded = (seconds: number) => request('a', 5, { load_duration_s: seconds });
    const all = lines(loaded(0.1), loaded(9), loaded(0.1), loaded(0.2), loaded(7), loaded(0.1), loaded(6));
    expect(streamed(all, { head: head(all, 3) })).toEqual(whole(all));
  });

  it('rates of another phase', () => {
    const rate = (test_name: string, id: number) => ({ test_name: `${test_name}`, id: `x${id}`, tokens_per_second: id });
    const all = lines(rate('a1', 1), rate('a2', 2), rate('a3', 3), rate('pp512', 4), rate('a5', 5), rate('prefill', 6), rate('a7', 7));
    expect(streamed(all, { head: head(all, 2) })).toEqual(whole(all));
  });

  it('ever new shapes, and then one again', () => {
    const strange = Array.from({ length: 700 }, (_, index) => ({ [`key ${index % 50}`]: index, x: index }));
    const all = lines({ x: 0, y: 0 }, { x: 0, y: 1 }, ...strange, ...Array.from({ length: 40 }, (_, index) => ({ x: index, y: 2 })));
    expect(streamed(all, { head: head(all, 2) })).toEqual(whole(all));
  });

  it('more combinations than plans are kept for', () => {
    const all = lines(...Array.from({ length: 10_100 }, (_, index) => ({ x: index, completed: index % 10_099 })));
    expect(streamed(all, { head: head(all, 2) })).toEqual(whole(all));
  });

  it('more combinations than there may be columns are refused with the limit', () => {
    const all = lines(...Array.from({ length: 30 }, (_, n) => request(`model ${n}`, n)));
    expect(streamed(all, { head: head(all, 2), limits: { maxNumberColumns: 20 } })).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(
        /more than 20 combinations .*label "model", here "model \d+", has \d+ values .*CHIMERA_MAX_NUMBER_COLUMNS is 20/,
      ),
    });
  });
});

describe('lines that are too long', () => {
  it('are refused, whatever they hold', () => {
    const stream = new LineSplitter((bytes, start) => bytes.indexOf(0x0a, start));
    const piece = Buffer.alloc(1024 * 1024, ' ');
    stream.push(Buffer.from('{}\n'));
    for (let count = 0; count < 64; count += 1) stream.push(piece);
    expect(() => stream.push(piece)).toThrow(
      'line 2 is too long: the most that a line may have in a file that is read as a stream is 67108864 bytes',
    );
  });
});

describe('a line of more numbers than are kept at once', () => {
  it('is read by itself', () => {
    const many = Array.from({ length: 270_000 }, (_, index) => index % 7);
    const all = lines({ a: [1], b: 2 }, { a: [2], b: 3 }, { a: [3], b: 4 }, { a: many, b: 5 }, { a: [4], b: 6 });
    const { values } = streamed(all, { head: head(all, 2) });
    const [key = ''] = Object.keys(values);
    expect(values[key]?.length).toBe(4 + many.length);
    expect(values[key]?.reduce((sum, value) => sum + value, 0)).toBe(1 + 2 + 3 + 4 + many.reduce((sum, value) => sum + value, 0));
  });
});

describe('what is no stream', () => {
  it.each([
    ['one document', '{\n"a": 1\n}\n'],
    [
      'a format that puts lines together',
      lines(
        { Action: 'start', Package: 'p' },
        { Action: 'output', Package: 'p', Output: 'BenchmarkA-8 ' },
        { Action: 'output', Package: 'p', Output: '100 5 ns/op\n' },
      ),
    ],
  ])('%s', (_, all) => {
    expect(streamed(all).status).toBe('no stream');
  });
});
