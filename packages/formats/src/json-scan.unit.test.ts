import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from './json-scan.ts';

const NO_LIMITS = { maxDepth: Number.POSITIVE_INFINITY, maxValues: Number.POSITIVE_INFINITY };
const START = { line: 1, values: 0 };

function countValues(value: unknown): number {
  const inner = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return inner.reduce((sum: number, item) => sum + countValues(item), 1);
}

function countKeys(value: unknown): number {
  const inner = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return inner.reduce((sum: number, item) => sum + countKeys(item), Array.isArray(value) ? 0 : inner.length);
}

describe('scanJson', () => {
  it('counts values and keys without parsing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const parsed: unknown = JSON.parse(text);
        expect(scanJson(text, NO_LIMITS, START)).toEqual({ values: countValues(parsed), keys: countKeys(parsed) });
      }),
    );
  });

  it.each([
    ['[]', 1, 0],
    ['[ ]', 1, 0],
    ['[[],[]]', 3, 0],
    ['{"a": {"b:,[": ",\\"[{"}, "c": 1}', 4, 3],
    [']]]]', 1, 0],
    ['[,,,', 5, 0],
  ])('counts in %s', (text, values, keys) => expect(scanJson(text, NO_LIMITS, START)).toEqual({ values, keys }));

  it('names the place in the file at which a limit is passed', () => {
    const limits = { maxDepth: 2, maxValues: 4 };
    expect(() => scanJson('[\n[[', limits, { line: 7, values: 0 })).toThrow(
      'nested too deep at line 8, column 2: the limit CHIMERA_MAX_JSON_DEPTH is 2',
    );
    expect(() => scanJson('[1, 2]', limits, { line: 7, values: 2 })).toThrow(
      'has more than 4 values (at line 7, column 3): the limit CHIMERA_MAX_JSON_VALUES is 4',
    );
    expect(scanJson('[1, 2]', limits, { line: 7, values: 1 })).toEqual({ values: 3, keys: 0 });
  });
});
