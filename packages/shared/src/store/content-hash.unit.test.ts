import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, contentHash, labelsJson, sha256 } from './content-hash.ts';

/** The same value with the keys of every object in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

describe('sha256', () => {
  it('is the one of the standard', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256(new Uint8Array())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });
});

describe('canonicalJson', () => {
  it('sorts keys by code unit and spells each number one way', () => {
    expect(canonicalJson({ b: [1.0, 1e3, -0], a: { '10': 1, '9': 2, Z: null, é: 'x' } })).toBe(
      '{"a":{"10":1,"9":2,"Z":null,"é":"x"},"b":[1,1000,0]}',
    );
  });

  it('does not depend on the order of keys, and is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(contentHash(turned(value))).toBe(contentHash(value));
      }),
    );
  });

  it('is what the library writes, whatever the order of keys', () => {
    const key = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('9', '10', '__proto__', 'toJSON', 'a', 'b', '\\ud800'));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
        fc.array(tie('value')),
        fc.dictionary(key, tie('value')),
        fc.dictionary(key, tie('value')).map((of) => Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)))),
      ),
    }));
    fc.assert(
      fc.property(value, (some) => {
        expect(canonicalJson(some)).toBe(canonicalize(some));
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves to the library what is no plain value', () => {
    const deep = Array.from({ length: 100_000 }).reduce<unknown[]>((inner) => [inner], []);
    for (const some of [{ at: new Date(0) }, { a: undefined, b: [undefined] }, { n: Object(1) }, Object.create({ a: 1 }), deep])
      expect(canonicalJson(some)).toBe(canonicalize(some));
  });

  it('refuses what JSON cannot hold', () => {
    expect(() => canonicalJson(undefined)).toThrow(TypeError);
    expect(() => canonicalJson({ x: Number.NaN })).toThrow();
    expect(() => canonicalJson([Number.POSITIVE_INFINITY])).toThrow();
  });
});

describe('labelsJson', () => {
  it.each([
    [{}, '{}'],
    [{ a: 'x' }, '{"a":"x"}'],
    [{ b: '2', a: '"1"' }, '{"a":"\\"1\\"","b":"2"}'],
    [{ '9': 'nine', '10': 'ten' }, '{"10":"ten","9":"nine"}'],
  ])('writes %j', (labels, text) => expect(labelsJson(labels)).toBe(text));

  it('writes what canonicalJson writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (labels) => {
        expect(labelsJson(labels)).toBe(canonicalJson(labels));
      }),
    );
  });

  it('hazard 32: writes half a surrogate pair as U+FFFD, because artifacts may hold one', () => {
    expect(canonicalJson({ 'a\ud800': ['\udc00b'] })).toBe('{"a\ufffd":["\ufffdb"]}');
    expect(() => canonicalJson({ a: Number.NaN, b: '\ud800' })).toThrow();
  });
});
