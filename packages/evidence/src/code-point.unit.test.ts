import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byCodePoint } from './code-point.ts';

it('byCodePoint orders as the bytes of UTF-8 do', () => {
  const text = fc.string({ unit: 'binary', maxLength: 4 }).map((t) => t.toWellFormed());
  const few = fc.string({ unit: fc.constantFrom('a', 'b', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}'), maxLength: 4 });
  fc.assert(
    fc.property(fc.oneof(text, few), fc.oneof(text, few), (a, b) => {
      expect(Math.sign(byCodePoint(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { numRuns: 2_000 },
  );
});
