import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstInvalid, lineOfByte } from './utf8.ts';

function decodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

describe('firstInvalid', () => {
  it('finds the byte before which the decoder takes everything, and behind which it does not', () => {
    const bytes = fc.array(
      fc.oneof(fc.constantFrom(0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xed, 0xa0, 0xf0, 0x9f, 0x98, 0x80, 0xf4, 0xff), fc.nat(255)),
    );
    fc.assert(
      fc.property(bytes, (list) => {
        const all = Uint8Array.from(list);
        const at = firstInvalid(all);
        expect(at === all.length).toBe(decodes(all));
        expect(decodes(all.subarray(0, at))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('lineOfByte', () => {
  it('counts from one', () => expect([0, 2, 3].map((offset) => lineOfByte(Buffer.from('a\n\nb'), offset))).toEqual([1, 2, 3]));
});
