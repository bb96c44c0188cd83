import type { SampleSet, Series } from '@chimera/evidence';
import { OVERS } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoundReading } from './content-reading.ts';
import { readingBytes, readingIn } from './reading-blob.ts';

const SHA = 'ab'.repeat(32);
const text = fc.string({ unit: 'binary', maxLength: 8 });
const labels = fc.oneof(
  fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }),
  // own properties of names that objects have from elsewhere
  fc.constantFrom('{"__proto__":"a"}', '{"constructor":"b","2":"c","1":"d"}').map((json) => JSON.parse(json) as Record<string, string>),
);
const double = fc.double();
const count = fc.integer({ min: 1, max: 1e9 });
const moments = { min: double, median: double, mean: double, p95: double, max: double };

const series: fc.Arbitrary<Series> = fc
  .record({
    metric: text,
    statistic: text,
    unit: fc.option(text),
    labels,
    n: count,
    ...moments,
    deviation: fc.double({ noNaN: true }),
    first: text,
    last: text,
  })
  .chain(({ deviation, ...one }) =>
    fc.boolean().map((summed) => ({ ...one, stddev: one.n < 2 ? null : deviation, ...(summed ? { summed: 'compensated' as const } : {}) })),
  );
const samples: fc.Arbitrary<SampleSet> = fc
  .record({
    ...{ metric: text, statistic: text, over: fc.option(fc.constantFrom(...OVERS)), labels, n: fc.option(count), first: text, last: text },
    values: fc.array(double, { maxLength: 20 }).map((values) => new Float64Array(values)),
    digest: fc.option(fc.record({ n: count.map((n) => n + 1), ...moments, stddev: fc.double({ noNaN: true }), p99: double })),
  })
  .map(({ digest, ...set }) => (digest === null ? set : { ...set, digest }));
const outcome: fc.Arbitrary<FoundReading['reading']['outcome']> = fc.oneof(
  fc.record({
    ...{ status: fc.constant('read' as const), kind: fc.constantFrom('csv' as const, 'jsonl' as const), format: text },
    ...{ warnings: fc.array(text), measurements: fc.nat(), records: fc.nat(), cut: fc.boolean() },
    failed: fc.array(fc.record({ pointer: text, reason: text }), { maxLength: 3 }),
  }),
  fc.record({
    status: fc.constant('refused' as const),
    kind: fc.constant('unknown' as const),
    format: text,
    reason: text,
    cut: fc.boolean(),
  }),
);
const found: fc.Arbitrary<FoundReading> = fc.record({
  sha256: fc.constant(SHA),
  bytes: fc.maxSafeNat(),
  own: fc.boolean(),
  reading: fc.record({ outcome, series: fc.array(series, { maxLength: 3 }), samples: fc.array(samples, { maxLength: 3 }) }),
  rows: fc.option(fc.uint8Array({ minLength: 1, maxLength: 50 })),
});

const KEY = 'csv:key';
const wanted = (key: string) => key === KEY;
const plain = (one: FoundReading) => ({ ...one, rows: one.rows && [...one.rows] });

describe('a stored reading', () => {
  it('is what it was, to the last bit of each number and half of each pair', () => {
    fc.assert(
      fc.property(found, (given) => {
        const back = readingIn(readingBytes(KEY, given), wanted);
        expect(plain(back)).toEqual(plain(given));
      }),
    );
  });

  it('is none of another key, nor one that lacks a part or has one more', () => {
    const given: FoundReading = {
      ...{ sha256: SHA, bytes: 3, own: false, rows: Uint8Array.of(1, 2, 3) },
      reading: { outcome: { status: 'refused', kind: 'csv', format: 'generic', reason: 'why', cut: false }, series: [], samples: [] },
    };
    const bytes = readingBytes(KEY, given);
    expect(() => readingIn(bytes, () => false)).toThrow('of another content');
    expect(() => readingIn(bytes.subarray(0, -1), wanted)).toThrow('2 of 3 bytes');
    expect(() => readingIn(Buffer.concat([bytes, Uint8Array.of(4)]), wanted)).toThrow('4 of 3 bytes');
    expect(() => readingIn(bytes.subarray(0, 20), wanted)).toThrow('no line that ends');
    const line = JSON.parse(Buffer.from(bytes.subarray(0, bytes.indexOf(0x0a))).toString('utf8')) as object;
    for (const other of [
      { ...line, schema: 'chimera.reading/v0' },
      { ...line, more: 1 },
      { ...line, outcome: null },
    ])
      expect(() => readingIn(Buffer.from(`${JSON.stringify(other)}\n\u0001\u0002\u0003`), wanted)).toThrow();
  });
});
