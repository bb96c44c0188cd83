import { describe, expect, it } from 'vitest';
import { Extract } from './extract.ts';
import { addNumber, type FieldMeaning } from './fields.ts';
import { LiteralNumber } from './json-value.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { Warnings } from './warnings.ts';

const MEANING: FieldMeaning = { metric: 'time_to_first_token', statistic: 'mean', unit: 'ms' };

function add(value: unknown): { read: boolean; values: readonly number[]; warnings: readonly string[] } {
  const extract = new Extract(DEFAULT_LIMITS, new Warnings());
  const read = addNumber(extract, value, MEANING, { labels: {}, pointer: '/a' });
  return { read, values: extract.measurements.map((one) => one.value), warnings: extract.warnings.list() };
}

describe('addNumber', () => {
  it('keeps a number', () => expect(add(80.5)).toEqual({ read: true, values: [80.5], warnings: [] }));

  it.each([null, undefined, ''])('says nothing of %j, which is no number and says so', (value) => {
    expect(add(value)).toEqual({ read: false, values: [], warnings: [] });
  });

  it.each<[unknown, string]>([
    ['80.5', '/a: the text "80.5" stands where a number should; it was not read'],
    [[80.5], '/a: a list stands where a number should; it was not read'],
    [{ mean: 80.5 }, '/a: an object stands where a number should; it was not read'],
    [true, '/a: a boolean stands where a number should; it was not read'],
    [new LiteralNumber('1e400'), '/a: a double cannot hold 1e400; it was not read'],
  ])('says that %j was not read', (value, warning) => {
    expect(add(value)).toEqual({ read: false, values: [], warnings: [warning] });
  });
});
