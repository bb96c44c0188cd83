import type { Measurement } from '@chimera/shared/domain';
import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { readArtifact } from './read-artifact.ts';

const read = (text: string, path = 'a.json', limits: Partial<Limits> = {}) => readArtifact({ path, bytes: Buffer.from(text), limits });

/** What was read: pointer and value of each number, and what was said. */
function readOf(text: string, path = 'a.json') {
  const reading = read(text, path);
  if (reading.status === 'refused') throw new Error(reading.reason);
  const { measurements, warnings, failed, records } = reading;
  return { numbers: measurements.map(({ pointer, value }: Measurement) => [pointer, value]), measurements, warnings, failed, records };
}

describe('JSON that is too much', { timeout: 60_000 }, () => {
  it('hazard 32: a gigabyte is refused by its size, unread', () => {
    expect(readArtifact({ path: 'a.json', bytes: new Uint8Array(2 ** 30) })).toMatchObject({
      reason: 'too large: 1073741824 bytes: the limit CHIMERA_MAX_ARTIFACT_BYTES is 268435456',
    });
  });

  const { maxValues } = DEFAULT_LIMITS;
  it.each([
    ['empty lists', `[${'[],'.repeat(maxValues)}[]]`],
    ['numbers', `[${'1,'.repeat(maxValues)}1]`],
    ['objects', `[${'{"a":{}},'.repeat(maxValues / 2)}{}]`],
    ['keys', `{${Array.from({ length: maxValues }, (_, at) => `"${at}":0`).join()}}`],
  ])('hazard 31, 32: %s without number are refused before anything is made of them', (_what, text) => {
    const parse = vi.spyOn(JSON, 'parse');
    try {
      for (const path of ['a.json', 'a']) {
        expect(read(text, path)).toMatchObject({
          reason: expect.stringMatching(
            /^has more than 2000000 values \(at line 1, column \d+\): the limit CHIMERA_MAX_JSON_VALUES is 2000000$/,
          ),
        });
      }
      expect(parse).not.toHaveBeenCalled();
    } finally {
      parse.mockRestore();
    }
  });

  it('hazard 32: values are counted over all lines of a file', () => {
    expect(read('{"a": 1}\n\n[1, 2]\n', 'a.jsonl', { maxValues: 5 })).toMatchObject({ status: 'read' });
    expect(read('{"a": 1}\n\n[1, 2]\n', 'a.jsonl', { maxValues: 4 })).toMatchObject({
      reason: 'has more than 4 values (at line 3, column 3): the limit CHIMERA_MAX_JSON_VALUES is 4',
    });
  });

  it.each([100_000, 1_000_000])('hazard 32: %i levels are refused at the first that is too deep', (depth) => {
    for (const text of ['['.repeat(depth), '{"a":'.repeat(depth), `${'['.repeat(depth)}1${']'.repeat(depth)}`]) {
      const column = text.startsWith('[') ? 201 : 200 * 5 + 1;
      for (const path of ['a.json', 'a.jsonl', 'a.csv', 'a']) {
        expect(read(text, path)).toMatchObject({
          reason: `nested too deep at line 1, column ${column}: the limit CHIMERA_MAX_JSON_DEPTH is 200`,
        });
      }
    }
    expect(read('['.repeat(depth), 'a.md')).toMatchObject({ measurements: [] });
  });

  it('hazard 32: whatever depth is allowed, reading ends where no pointer could be read any more', () => {
    const deep = `${'['.repeat(50_000)}1${']'.repeat(50_000)}`;
    expect(read(`{"error": ${deep}}`, 'a.json', { maxDepth: 1_000_000 })).toMatchObject({ status: 'read', measurements: [] });
    expect(read(deep, 'a.json', { maxDepth: 1_000_000 })).toMatchObject({
      measurements: [],
      warnings: [expect.stringContaining('because the names that lead there take more than 1000 characters')],
    });
  });

  it('hazard 32: a key of a megabyte names nothing, and what stands beside it is read', () => {
    const { numbers, warnings } = readOf(`{"${'k'.repeat(1_000_000)}": [1, {"error": "x"}], "ms": 2}`);
    expect(numbers).toEqual([['/ms', 2]]);
    expect(warnings).toEqual([
      `the document: what stands under the key "${'k'.repeat(39)}…" was not read, because the names that lead there take more than 1000 characters`,
    ]);
  });

  it('hazard 32: pointers are bounded all together', () => {
    expect(read(`{"${'k'.repeat(90)}": [1, 2, 3]}`, 'a.json', { maxPointerChars: 200 })).toMatchObject({
      reason: `has pointers of more than 200 characters in all (at /${'k'.repeat(90)}/2): the limit CHIMERA_MAX_POINTER_CHARS is 200`,
    });
  });

  it('hazard 32: an error that holds the rest of the file is quoted in part, at every level', () => {
    const text = `${'{"error":'.repeat(150)}{"values": [${'1e20,'.repeat(100_000)}1]}${'}'.repeat(150)}`;
    const { failed } = readOf(text);
    expect(failed).toEqual([{ pointer: '', reason: expect.stringMatching(/^\{"error":.*…$/) }]);
    expect(failed[0]?.reason.length).toBeLessThanOrEqual(120);
  });
});

describe('keys that programs stumble over', { timeout: 60_000 }, () => {
  it('hazard 32: of a key that stands twice neither value is read, and the line says so', () => {
    const { numbers, warnings } = readOf('{"runs": [\n{"ms": 1, "tok_s": 2,\n"ms": 3}\n], "n": 4}');
    expect(numbers).toEqual([
      ['/runs/0/tok_s', 2],
      ['/n', 4],
    ]);
    expect(warnings).toEqual([
      'line 3: the key "ms" stands more than once in the object at /runs/0, and nobody can tell which value holds: none of them was read',
    ]);
  });

  it('hazard 32: in JSON lines too', () => {
    expect(readOf('{"ms": 1}\n{"ms": 2, "ms": 2}\n', 'a.jsonl')).toMatchObject({
      numbers: [['line 1 /ms', 1]],
      warnings: [expect.stringMatching(/^line 2: the key "ms" stands more than once in the outermost object/)],
    });
  });

  it('hazard 32: a record with two verdicts on itself is not read', () => {
    for (const key of ['error', 'success', 'status']) {
      const { numbers, failed, warnings } = readOf(`[{"${key}": "failed", "ms": 1, "${key}": null}, {"ms": 2}]`);
      expect(numbers).toEqual([['/1/ms', 2]]);
      expect(failed).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining('nothing of that record was read')]);
    }
  });

  it('hazard 32: a hundred thousand of them are counted', () => {
    const { numbers, warnings } = readOf(`[${'{"a":1,"a":1},'.repeat(100_000)}{"a":1}]`);
    expect(numbers).toEqual([['/100000/a', 1]]);
    expect(warnings.at(-1)).toBe('… and 99995 more (repeated keys)');
  });

  it('hazard 32: __proto__ and constructor are names like others', () => {
    const { numbers } = readOf(
      '{"__proto__": {"ms": 1, "error": 5}, "constructor": {"prototype": {"ms": 2}}, "toString": 3, "hasOwnProperty": 4}',
    );
    expect(numbers).toEqual([
      ['/__proto__/ms', 1],
      ['/__proto__/error', 5],
      ['/constructor/prototype/ms', 2],
      ['/toString', 3],
      ['/hasOwnProperty', 4],
    ]);
    expect(Object.hasOwn(Object.prototype, 'ms')).toBe(false);
    // The same where the engine's parser is not used.
    expect(readOf('{"__proto__": {"ms": 1}, "n": 12345678901234567890, "x": NaN}').numbers[0]).toEqual(['/__proto__/ms', 1]);
    expect(({} as Record<string, unknown>).ms).toBeUndefined();
  });

  it('hazard 32: keys with different halves of surrogate pairs do not become one', () => {
    const { numbers, warnings } = readOf('{"a\\ud800": 1, "a\\ud801": 2, "a\\ud83d\\ude00": 3, "in": {"\\udc00": {"ms": 4}}}');
    expect(numbers).toEqual([['/a😀', 3]]);
    expect(warnings).toHaveLength(3);
    expect(warnings[2]).toBe('/in: what stands under the key "" was not read, because it holds half of a surrogate pair, so it is no text');
  });
});

describe('numbers that programs stumble over', () => {
  it('hazard 32: integers beyond 2^53 keep their digits', () => {
    const { measurements } = readOf('[9007199254740993, -9007199254740993, 18446744073709551615, 9007199254740993.0, 9007199254740991]');
    expect(measurements.map(({ text }) => text)).toEqual([
      '9007199254740993',
      '-9007199254740993',
      '18446744073709551615',
      '9007199254740993.0',
      null,
    ]);
  });

  it('hazard 32: settings beyond 2^53 tell runs apart by all of their digits', () => {
    const { measurements } = readOf('[{"batch_size": 9007199254740993, "ms": 1}, {"batch_size": 9007199254740992, "ms": 2}]');
    expect(measurements.filter(({ metric }) => metric === '/*/ms').map(({ labels }) => labels.batch)).toEqual([
      '9007199254740993',
      '9007199254740992',
    ]);
  });

  it('hazard 32: what no double holds is left out with its place, and no number is infinite', () => {
    const { numbers, warnings } = readOf(`{"a": 1e999, "b": -1e999, "c": 1e-999, "d": ${'9'.repeat(400)}, "e": 1}`);
    expect(numbers).toEqual([['/e', 1]]);
    expect(warnings).toEqual([
      '/a: a double cannot hold 1e999; it was not read',
      '/b: a double cannot hold -1e999; it was not read',
      '/c: a double cannot hold 1e-999; it was not read',
      `/d: a double cannot hold ${'9'.repeat(39)}…; it was not read`,
    ]);
  });

  it('hazard 32: bare NaN and Infinity are absent, wherever they stand, and counted', () => {
    expect(readOf('{"a": NaN, "b": [Infinity, -Infinity, 2], "error": NaN}')).toMatchObject({
      numbers: [['/b/2', 2]],
      warnings: ['4 values are NaN or Infinity, which JSON does not know: read as absent'],
      failed: [],
    });
  });

  it('hazard 32: text that looks like a number is text', () => {
    expect(readOf('{"a": "1,234", "b": "12.5", "c": "0x10", "d": "2025-10-03", "e": 20251003}').numbers).toEqual([['/e', 20251003]]);
  });
});
