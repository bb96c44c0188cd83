import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonFault, placeOf } from './json-fault.ts';
import { parseCarefully } from './json-parser.ts';

function jsonFault(text: string): JsonFault | null {
  const outcome = parseCarefully(text);
  return 'fault' in outcome ? outcome.fault : null;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

describe('the fault of a text that is no JSON', () => {
  it.each([
    ['{"a": 1', 7, 'the text ends where "," or the end of the list or object is expected', true],
    ['{"a', 3, 'the text ends inside a string', true],
    ['["\\u12', 6, 'the text ends inside a string', true],
    ['[-', 2, 'the text ends inside a value', true],
    ['[1.', 3, 'the text ends inside a value', true],
    ['[tru', 4, 'the text ends inside a value', true],
    ['{"a" 1}', 5, '":" is expected', false],
    ['[1,]', 3, 'a value is expected', false],
    ['{a: 1}', 1, 'a key in quotes or "}" is expected', false],
    ['[01]', 2, '"," or the end of the list or object is expected', false],
    ['"\\x"', 1, 'a string holds an escape that JSON does not know', false],
    ['"a\nb"', 2, 'a string holds a line break or control character', false],
    ['{} {}', 3, 'nothing more is expected', false],
    ['', 0, 'the text ends where a value is expected', true],
  ])('finds the fault of %j', (text, offset, what, atEnd) => expect(jsonFault(text)).toEqual({ offset, what, atEnd }));

  it('finds a fault exactly where the engine does: in mutated JSON', () => {
    const mutated = fc
      .tuple(
        fc.json({ maxDepth: 4 }),
        fc.nat(),
        fc.nat(3),
        fc.constantFrom('', '{', '}', '[', ']', '"', ',', ':', '\\', '1', '.', '-', 'e', 'tru', '\n'),
      )
      .map(([text, at, remove, insert]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + insert + text.slice(place + remove);
      });
    fc.assert(
      fc.property(mutated, (text) => {
        expect(jsonFault(text) === null).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('does not recurse', () => expect(jsonFault('['.repeat(1_000_000))?.atEnd).toBe(true));
});

describe('placeOf', () => {
  it('counts lines and columns from one', () => {
    expect(placeOf('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
    expect(placeOf('ab\ncd', 2)).toEqual({ line: 1, column: 3 });
    expect(placeOf('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
  });
});
