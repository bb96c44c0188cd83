import { describe, expect, it } from 'vitest';
import { parseJson } from './json-document.ts';
import { LiteralNumber } from './json-value.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const parse = (text: string) => parseJson(text, DEFAULT_LIMITS);

describe('parseJson', () => {
  it('keeps as a literal what a double would change', () => {
    expect(parse('[9007199254740993, 1e999, -1e-999, 9007199254740991, 1e300]')).toMatchObject({
      value: [new LiteralNumber('9007199254740993'), new LiteralNumber('1e999'), new LiteralNumber('-1e-999'), 9007199254740991, 1e300],
      notNumbers: 0,
    });
  });

  it('finds a long integer wherever it stands', () => {
    for (const text of ['12345678901234567', '-12345678901234567', '{"a":12345678901234567}', '[ 12345678901234567 ]']) {
      expect(JSON.stringify(parse(text))).toContain('"literal"');
    }
    expect(JSON.stringify(parse('[0.12345678901234567]'))).not.toContain('literal');
    expect(JSON.stringify(parse(`[${'1'.repeat(400)}.5, 0.${'0'.repeat(400)}1]`)).match(/literal/g)).toHaveLength(2);
  });

  it('takes bare NaN and Infinity as no numbers, and counts them', () => {
    const text = '{"a": NaN, "b": [Infinity, -Infinity, 1], "c": "NaN, Infinity"}';
    expect(parse(text)).toMatchObject({ value: { a: '', b: ['', '', 1], c: 'NaN, Infinity' }, notNumbers: 3, values: 7 });
  });

  it('takes what C prints for no number', () => {
    const text = '{"a": nan, "b": [inf, -inf, -nan, -nan(ind), 1], "c": "nan"}';
    expect(parse(text)).toMatchObject({ value: { a: '', b: ['', '', '', '', 1], c: 'nan' }, notNumbers: 5 });
  });

  it.each(['[nano]', '[infinity]', '[-nan(x)]', '[-in]', 'nan', '[NaNa]', '{NaN: 1}', '[-NaN]', 'NaN', '[Inf]', '[Infinity'])(
    'does not tolerate %s',
    (text) => {
      expect(parse(text)).toHaveProperty('fault');
    },
  );

  it('tells the place of a fault behind a tolerated word', () => {
    expect(parse('{"a": -Infinity, "b": x}')).toMatchObject({ fault: { offset: 22 } });
  });

  it('keeps __proto__ an ordinary key', () => {
    const outcome = parse('{"__proto__": {"polluted": 12345678901234567890}}');
    expect(Object.keys('value' in outcome ? (outcome.value as object) : {})).toEqual(['__proto__']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('refuses nesting beyond the limit before it parses', () => {
    expect(() => parse('['.repeat(100_000))).toThrow('nested too deep at line 1, column 201: the limit CHIMERA_MAX_JSON_DEPTH is 200');
    expect(parse('['.repeat(200) + ']'.repeat(200))).toHaveProperty('value');
    expect(parse(`{"a": "${'['.repeat(500)}\\"["}`)).toHaveProperty('value');
  });
});
