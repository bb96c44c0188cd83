import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonBytes } from './large-json.ts';

/** The value, or that it is none. */
function read(parse: () => unknown): { value: unknown } | 'no JSON' {
  try {
    return { value: parse() };
  } catch (error) {
    if (error instanceof SyntaxError) return 'no JSON';
    throw error;
  }
}

const json = fc
  .tuple(fc.json({ maxDepth: 4, noUnicodeString: false }), fc.constantFrom(0, 1, 3), fc.constantFrom('', ' ', '\n\t '))
  .map(([text, indent, around]) => `${around}${JSON.stringify(JSON.parse(text), null, indent)}${around}`);
const AT_ONCE = 16;

describe('parseJsonBytes', () => {
  it('gives what the engine gives, however small the pieces are in which it reads', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 1, max: AT_ONCE * 2 }), (text, extra) => {
        expect(parseJsonBytes(Buffer.from(text), AT_ONCE)).toEqual(JSON.parse(text));
        expect(parseJsonBytes(Buffer.from(text), AT_ONCE + extra)).toEqual(JSON.parse(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes for JSON what the engine takes for it, and nothing else', () => {
    const sign = fc.constantFrom('"', '\\', ',', ':', '[', ']', '{', '}', ' ', '1', '-', 'e', '.', '\u0000', '\uFEFF', 'ü');
    const changed = fc.tuple(json, fc.nat(), sign, fc.constantFrom(0, 1)).map(([text, place, one, instead]) => {
      const at = place % (text.length + 1);
      return (text.slice(0, at) + one + text.slice(at + instead)).toWellFormed();
    });
    fc.assert(
      fc.property(changed, (text) => {
        expect(read(() => parseJsonBytes(Buffer.from(text), AT_ONCE))).toEqual(read(() => JSON.parse(text)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('keeps a member named __proto__ as one, the last of two of a name, and the order of the others', () => {
    const text = `{"b": ${JSON.stringify('x'.repeat(50))}, "__proto__": {"polluted": true}, "a": 1, "b": [${'1,'.repeat(60)}2]}`;
    const value = parseJsonBytes(Buffer.from(text), AT_ONCE) as Record<string, unknown>;
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('says where it is no JSON', () => {
    expect(() => parseJsonBytes(Buffer.from(`[${'1,'.repeat(50)}]`), 10)).toThrow(
      new SyntaxError('Unexpected in JSON of 102 bytes: "]" at byte 101.'),
    );
    expect(() => parseJsonBytes(Buffer.from(`[${'1,'.repeat(50)}`), 10)).toThrow(
      new SyntaxError('Unexpected in JSON of 101 bytes: its end.'),
    );
  });
});
