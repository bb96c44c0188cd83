import { describe, expect, it } from 'vitest';
import { kindOf } from './kind.ts';

describe('kindOf', () => {
  it.each([
    ['a/b.csv', 'csv'],
    ['b.TSV', 'csv'],
    ['b.json', 'json'],
    ['b.jsonl', 'jsonl'],
    ['b.ndjson', 'jsonl'],
    ['b.md', 'markdown'],
    ['b.markdown', 'markdown'],
    ['b.log', 'text'],
    ['b.tar.out', 'text'],
  ])('goes by the extension of %s', (path, kind) => expect(kindOf(path, Buffer.from([0]))).toBe(kind));

  it.each([
    ['{"a": 1}', 'json'],
    ['[1]', 'json'],
    ['{"a": 1}\n{"a": 2}\n', 'jsonl'],
    ['7', 'text'],
    ['a,b\n1,2\n', 'text'],
    ['{ not JSON', 'text'],
    ['\0', 'unknown'],
    ['', 'unknown'],
  ])('goes by the content %j where there is none', (text, kind) => {
    expect(kindOf('dir.json/result', Buffer.from(text))).toBe(kind);
    expect(kindOf('.csv', Buffer.from(text))).toBe(kind);
  });
});
