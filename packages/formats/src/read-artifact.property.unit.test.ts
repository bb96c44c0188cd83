import type { Measurement } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';

const measurementsOf = (path: string, bytes: Uint8Array): Measurement[] => {
  const reading = readArtifact({ path, bytes });
  return reading.status === 'read' ? reading.measurements : [];
};

/** What a pointer leads to, by RFC 6901, in what the engine itself parses. */
function follow(document: unknown, pointer: string): unknown {
  let value = document;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    value = Object.getOwnPropertyDescriptor(Object(value), key)?.value;
  }
  return value;
}

/** How many numbers a document holds that can be computed with. */
function countNumbers(value: unknown): number {
  if (typeof value === 'number') return value === 0 || (Math.abs(value) >= 1e-150 && Math.abs(value) < 1e150) ? 1 : 0;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, item) => sum + countNumbers(item), 0);
}

/** Every value that a whole file yields, by pointer: what a cut one may not change. */
const byPointer = (measurements: readonly Measurement[]) => new Map(measurements.map((one) => [one.pointer, one]));

const PATHS = ['a.json', 'a.jsonl', 'a.csv', 'a.tsv', 'a.md', 'a.txt', 'a'];

describe('readArtifact', () => {
  it('never throws, on any bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.string({ unit: fc.constantFrom(...'{}[]":,;\t\n\r|-#\\\0ÿþ19.eE+nN"'), maxLength: 80 }).map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, fc.constantFrom(...PATHS), (content, path) => {
        const reading = readArtifact({ path, bytes: content });
        if (reading.status === 'refused') expect(reading.reason).not.toContain('fault of its own');
        else for (const { value } of reading.measurements) expect(Number.isFinite(value)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('points from every number of a JSON document back to that number, and misses none that can be computed with', () => {
    const document = fc.oneof(
      fc.array(fc.jsonValue()),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('a/b', '~', '__proto__', '0')), fc.jsonValue()),
    );
    fc.assert(
      fc.property(document, (value) => {
        const text = JSON.stringify(value);
        const parsed: unknown = JSON.parse(text);
        const measurements = measurementsOf('a.json', Buffer.from(text));
        expect(measurements).toHaveLength(countNumbers(parsed));
        for (const { pointer, value: number } of measurements) expect(follow(parsed, pointer)).toBe(number);
      }),
    );
  });

  it('refuses a JSON document that is cut at any byte', () => {
    const text = '{"a": [1.25, -0.5e3, {"b": 120}], "model": "µ", "n": 1234567890123456789, "f": {"error": "x", "ms": 10}} ';
    const bytes = Buffer.from(text);
    for (let end = 0; end < bytes.length - 1; end += 1) {
      expect(readArtifact({ path: 'a.json', bytes: bytes.subarray(0, end) }), `cut at byte ${end}`).toHaveProperty('status', 'refused');
    }
  });

  it('refuses any JSON document that is cut anywhere', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
        fc.nat(),
        fc.boolean(),
        (value, at, pretty) => {
          const bytes = Buffer.from(JSON.stringify(value, null, pretty ? 2 : 0));
          for (const path of ['a.json', 'a.csv']) {
            expect(readArtifact({ path, bytes: bytes.subarray(0, at % bytes.length) })).toHaveProperty('status', 'refused');
          }
        },
      ),
    );
  });

  const TABLES = {
    'a.csv': 'model,ttft_s,tokens_s,note\r\na:1,0.125,100.75,"x, y"\r\nb:2,1234.5,99,"two\r\nlines ""q"""\r\nc,12,13.25,z\r\n',
    'b.csv': 'ms,tok_s,error\n12.5,120,\n0,0,"out of memory, sorry"\n13,121,\n0.0,0.0,timed out\n',
    'c.csv': '1.25;22,5;3\n4.75;5;66\n',
    'd.tsv': 'a\tb\n125\t-12.5e2\n126\t1250\n',
    'e.csv': 'ID,time,size\n,us,%\n0,9.408,75.5\n1,10.25,80.125\n',
    'f.jsonl': '{"ms": 12.5, "model": "a"}\n{"ms": 125, "error": null}\n{"ms": 0, "error": "no"}\n',
    'g.md': 'Text 12\n\n| a | b (ms) |\n| --- | --- |\n| 1.5 | 12.25 |\n| 2.5 | 13.75 |\n\nmore | text\n',
    'h.csv': 'latency_ms\n12.5\n13.75\n',
    'i.csv': '"ms","error"\n"12.5",""\n"0.0","""quoted"" error"\n',
  };

  it.each(Object.entries(TABLES))('never reads a different number from %s, cut at any byte', (path, text) => {
    const bytes = Buffer.from(text);
    const whole = byPointer(measurementsOf(path, bytes));
    expect(whole.size).toBeGreaterThan(1);
    for (let end = 0; end < bytes.length; end += 1) {
      for (const cut of measurementsOf(path, bytes.subarray(0, end))) {
        expect(cut, `${cut.pointer}, cut at byte ${end}`).toEqual(whole.get(cut.pointer));
      }
    }
  });

  it('reads a table the same however its cells are quoted', () => {
    const cell = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, fc.constant('end')), { minLength: 2, maxLength: 8 }), (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const sparing = (text: string): string => (/^[\d.eE+-]+$/.test(text) ? text : quoted(text));
        const lines = (style: (text: string) => string) =>
          Buffer.from(['a,b,c', ...rows.map((row) => row.map(style).join())].join('\n').concat('\n'));
        expect(readArtifact({ path: 'a.csv', bytes: lines(quoted) })).toEqual(readArtifact({ path: 'a.csv', bytes: lines(sparing) }));
      }),
    );
  });
});
