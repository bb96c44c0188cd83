import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextCheck } from './text-check.ts';

/** What is said of a text that comes in pieces. */
function told(bytes: Buffer, size: number): string | null {
  const check = new TextCheck();
  for (let at = 0; at < bytes.length; at += size) {
    // At every place within a larger memory: what is looked at four bytes at a time lies anywhere.
    const around = Buffer.concat([Buffer.alloc(at % 7, 0x0a), bytes.subarray(at, at + size), Buffer.alloc(5, 0x0a)]);
    check.push(around.subarray(at % 7, around.length - 5));
  }
  return check.end();
}

describe('TextCheck', () => {
  it('names the line of a damaged letter, whatever stands before it and however it comes', () => {
    const before = fc.array(fc.constantFrom('\n', '\r\n', 'a', '\u000b', '\u000e', '\u0009', 'Å', '*'), { maxLength: 60 });
    fc.assert(
      fc.property(before, fc.integer({ min: 1, max: 40 }), (parts, size) => {
        const text = parts.join('');
        const line = text.split('\n').length;
        expect(told(Buffer.from(`${text}x Ã© y\n`), size)).toContain(`line ${line} has letters that another program has damaged`);
      }),
    );
  });

  it('says nothing of a text without one', () => expect(told(Buffer.from('a,b\n1,é\n'), 3)).toBeNull());
});
