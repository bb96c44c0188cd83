import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXCERPT_CHARS, excerpt } from './excerpt.ts';

describe('excerpt', () => {
  it('puts text on one line and drops what cannot be seen', () => {
    expect(excerpt('a\r\n\tb\u001b[31m\u202ec\u200bd\0')).toBe('a b[31mcd');
  });

  it('shortens without cutting a character in two', () => {
    expect(excerpt('👍'.repeat(10), 10)).toBe('👍👍👍👍…');
  });

  it('never gives more than asked, nor a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const short = excerpt(text);
        expect(short.length).toBeLessThanOrEqual(EXCERPT_CHARS);
        expect(short).not.toMatch(/\p{C}/u);
      }),
    );
  });
});
