import { describe, expect, it } from 'vitest';
import { readJsonLines } from './json-lines.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { Warnings } from './warnings.ts';

function read(text: string) {
  const warnings = new Warnings();
  return { lines: readJsonLines(text, DEFAULT_LIMITS, warnings), warnings: warnings.list() };
}

describe('readJsonLines', () => {
  it('reads one document a line, over blank lines and CRLF', () => {
    expect(read('{"a": 1}\r\n\r\n[2]\r\n')).toEqual({
      lines: [
        { line: 1, value: { a: 1 } },
        { line: 3, value: [2] },
      ],
      warnings: [],
    });
  });

  it('names a cut last line and reads the rest', () => {
    expect(read('{"a": 1}\n{"a": 2')).toEqual({
      lines: [{ line: 1, value: { a: 1 } }],
      warnings: ['line 2 is cut off and was not read: the text ends where "," or the end of the list or object is expected at column 8'],
    });
  });

  it('names broken lines in the middle, and bare values', () => {
    expect(read('{"a": 1}\n{"a" 2}\n12\n{"a": NaN}\n').warnings).toEqual([
      'line 2 is not valid JSON and was not read: ":" is expected at column 6',
      'line 3 is not valid JSON and was not read: it does not begin with { or [',
      '1 value is NaN or Infinity, which JSON does not know: read as absent',
    ]);
  });

  it('refuses a text of which no line can be read', () => {
    expect(() => read('nope\nnor this\n')).toThrow('not JSON lines: no line can be read; line 1: it does not begin with { or [');
  });
});
