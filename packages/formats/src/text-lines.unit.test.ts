import { describe, expect, it } from 'vitest';
import { endsLine, lineAt } from './text-lines.ts';

describe('lines of a text', () => {
  it('end with LF, CRLF or CR', () => {
    const text = 'a\nb\r\nc\rd';
    expect([0, 1, 2, 5, 7, 8].map((offset) => lineAt(text, offset))).toEqual([1, 1, 2, 3, 4, 4]);
    expect(lineAt('a\n', 2)).toBe(2);
    expect(['', 'a', 'a\n', 'a\r', 'a\r\n', 'a\n '].map(endsLine)).toEqual([false, false, true, true, true, false]);
  });
});
