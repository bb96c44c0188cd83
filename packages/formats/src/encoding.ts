import { errorMessageIn } from './error-message.ts';
import { excerpt } from './excerpt.ts';
import { signatureOf } from './magic.ts';
import { Refusal } from './refusal.ts';

/** Text and what had to be done to get it. */
export type Decoded = { text: string; warning: string | null };

/**
 * The text of an artifact's bytes: UTF-8, or UTF-16 with a byte order mark. The mark is removed.
 * @throws Refusal where the bytes are empty, binary, not valid in their encoding, hold NULs, or were decoded wrongly before
 */
export function decode(bytes: Uint8Array): Decoded {
  if (bytes.length === 0) throw new Refusal('empty: the file has no bytes');
  const signature = signatureOf(bytes);
  if (signature !== null) throw new Refusal(`not text: it is ${signature}, by its first bytes`);
  const decoded = utf16(bytes) ?? { text: utf8(bytes), warning: null };
  refuseDamage(decoded.text);
  if (!/\S/.test(decoded.text)) throw new Refusal('empty: the file holds white space only');
  return decoded;
}

function utf16(bytes: Uint8Array): Decoded | null {
  const little = bytes[0] === 0xff && bytes[1] === 0xfe;
  const big = bytes[0] === 0xfe && bytes[1] === 0xff;
  if (!little && !big) return null;
  const name = little ? 'UTF-16 (little endian)' : 'UTF-16 (big endian)';
  if (bytes.length % 2 === 1) throw new Refusal(`not valid ${name}: ${bytes.length} bytes are an odd number; it may be cut off`);
  try {
    const text = new TextDecoder(little ? 'utf-16le' : 'utf-16be', { fatal: true }).decode(bytes);
    return { text, warning: `the file is ${name}; it was read as such` };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Refusal(`not valid ${name}: half of a surrogate pair stands alone`);
  }
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    if (bytes.includes(0))
      throw new Refusal(`not text: it has NUL bytes and is not valid UTF-8 (line ${lineOfByte(bytes, bytes.indexOf(0))})`);
    const at = firstInvalid(bytes);
    const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    const cut = at > bytes.length - 4 ? '; it may be cut off' : '';
    throw new Refusal(`not valid UTF-8: byte 0x${byte} at offset ${at} (line ${lineOfByte(bytes, at)})${cut}`);
  }
}

/** Text that decodes and yet is none: UTF-16 whose mark became letters, or NULs. */
function refuseDamage(text: string): void {
  const mark = /^(?:ÿþ|þÿ)/.exec(text);
  const nul = text.indexOf('\0');
  if (mark !== null) {
    const original = text.slice(mark[0].length).replaceAll('\0', '');
    const message = errorMessageIn(original);
    if (message !== null) {
      throw new Refusal(`not a table: an error message ("${message.quote}") in UTF-16 that was re-saved as UTF-8 (line ${message.line})`);
    }
    throw new Refusal(`damaged text: UTF-16 that was re-saved as UTF-8 (line 1: "${excerpt(original, 80)}")`);
  }
  if (nul >= 0) {
    const line = text.slice(0, nul).split('\n').length;
    const even = [...text.slice(0, 64)].filter((character) => character === '\0').length >= Math.min(text.length, 64) / 3;
    throw new Refusal(`not text: it has NUL bytes (line ${line})${even ? ', as UTF-16 without a byte order mark has' : ''}`);
  }
}

function lineOfByte(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = 0; at < offset; at += 1) if (bytes[at] === 0x0a) line += 1;
  return line;
}

/** Offset of the first byte that begins no valid UTF-8 character (RFC 3629). */
function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return at;
}

function characterLength(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  const tail = (byte: number, low = 0x80, high = 0xbf): boolean => byte >= low && byte <= high;
  if (a < 0x80) return 1;
  if (a >= 0xc2 && a <= 0xdf) return tail(b) ? 2 : 0;
  if (a >= 0xe0 && a <= 0xef) return tail(b, a === 0xe0 ? 0xa0 : 0x80, a === 0xed ? 0x9f : 0xbf) && tail(c) ? 3 : 0;
  if (a >= 0xf0 && a <= 0xf4) {
    return tail(b, a === 0xf0 ? 0x90 : 0x80, a === 0xf4 ? 0x8f : 0xbf) && tail(c) && tail(d) ? 4 : 0;
  }
  return 0;
}
