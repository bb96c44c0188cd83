import { describe, expect, it } from 'vitest';
import { decode } from './encoding.ts';

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

describe('decode', () => {
  it('reads UTF-8 without its mark', () => {
    expect(decode(utf8('\ufeffa,µ\n1,2\n'))).toEqual({ text: 'a,µ\n1,2\n', warning: null });
  });

  it('reads UTF-16 of both orders, and says so', () => {
    expect(decode(utf16('a,µ\n'))).toEqual({ text: 'a,µ\n', warning: 'the file is UTF-16 (little endian); it was read as such' });
    expect(decode(utf16('a,µ\n').swap16())).toEqual({ text: 'a,µ\n', warning: 'the file is UTF-16 (big endian); it was read as such' });
  });

  it.each<[string, Uint8Array, string]>([
    ['no bytes', utf8(''), 'empty: the file has no bytes'],
    ['white space', utf8(' \n\t\r\n'), 'empty: the file holds white space only'],
    ['a BOM alone', utf8('\ufeff'), 'empty: the file holds white space only'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'not text: it is a gzip archive, by its first bytes'],
    ['ZIP', utf8('PK\u0003\u0004rest'), 'not text: it is a ZIP archive, by its first bytes'],
    ['Zstandard', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'not text: it is a Zstandard archive, by its first bytes'],
    ['PNG', Buffer.from('89504e470d0a1a0a', 'hex'), 'not text: it is a PNG image, by its first bytes'],
    ['PDF', utf8('%PDF-1.7'), 'not text: it is a PDF document, by its first bytes'],
    ['NULs', utf8('a,b\n1,\0'), 'not text: it has NUL bytes (line 2)'],
    [
      'UTF-16 without mark',
      Buffer.from('a,b\n1,2\n', 'utf16le'),
      'not text: it has NUL bytes (line 1), as UTF-16 without a byte order mark has',
    ],
    ['Latin-1', Buffer.from('a\nµ,2 and more\n', 'latin1'), 'not valid UTF-8: byte 0xB5 at offset 2 (line 2)'],
    ['a cut character', utf8('a,é').subarray(0, 3), 'not valid UTF-8: byte 0xC3 at offset 2 (line 1); it may be cut off'],
    ['NULs in broken UTF-8', Buffer.from([0x61, 0xff, 0x0a, 0x00]), 'not text: it has NUL bytes and is not valid UTF-8 (line 2)'],
    ['odd UTF-16', utf16('ab').subarray(0, 5), 'not valid UTF-16 (little endian): 5 bytes are an odd number; it may be cut off'],
    ['half a pair', Buffer.from('fffe00d8', 'hex'), 'not valid UTF-16 (little endian): half of a surrogate pair stands alone'],
    ['UTF-32', Buffer.from('fffe000061000000', 'hex'), 'not text: it is UTF-32 text, by its first bytes'],
    ['mojibake', utf8('ÿþm\0s\0\n\0'), 'damaged text: UTF-16 that was re-saved as UTF-8 (line 1: "ms")'],
    [
      'a mojibake error message',
      utf8('ÿþ=\0=\0E\0R\0R\0O\0R\0=\0=\0 \0n\0o\0\r\0\n\0'),
      'not a table: an error message ("==ERROR== no") in UTF-16 that was re-saved as UTF-8 (line 1)',
    ],
  ])('refuses %s', (_what, bytes, reason) => expect(() => decode(bytes)).toThrow(reason));
});
