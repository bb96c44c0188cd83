import { errorMessageIn } from './error-message.ts';
import { excerpt } from './excerpt.ts';
import { signatureOf } from './magic.ts';
import { Refusal } from './refusal.ts';
import { lineAt } from './text-lines.ts';
import { firstInvalid, lineOfByte } from './utf8.ts';

/** Text and what had to be done to get it, or what is odd about it. */
export type Decoded = { text: string; warning: string | null };

/** Characters of a damaged text that are looked at to say what it was. */
const LOOKED_AT = 4_096;

/**
 * The text of an artifact's bytes: UTF-8, or UTF-16 with a byte order mark. The mark is removed.
 * @throws Refusal where the bytes are empty, binary, not valid in their encoding, hold NULs, or were decoded wrongly before
 */
export function decode(bytes: Uint8Array): Decoded {
  // Whoever copies a file makes an empty one first, and may have come no further than its first blanks.
  if (bytes.length === 0) throw new Refusal('empty: the file has no bytes', { cut: true });
  const signature = signatureOf(bytes);
  if (signature !== null) throw new Refusal(`not text: it is ${signature}, by its first bytes`);
  const decoded = utf16(bytes) ?? utf8(bytes);
  refuseDamage(decoded.text);
  if (!/\S/.test(decoded.text)) throw new Refusal('empty: the file holds white space only', { cut: true });
  return decoded;
}

function utf16(bytes: Uint8Array): Decoded | null {
  const little = bytes[0] === 0xff && bytes[1] === 0xfe;
  const big = bytes[0] === 0xfe && bytes[1] === 0xff;
  if (!little && !big) return null;
  const name = little ? 'UTF-16 (little endian)' : 'UTF-16 (big endian)';
  if (bytes.length % 2 === 1) {
    throw new Refusal(`not valid ${name}: ${bytes.length} bytes are an odd number; it may be cut off`, { cut: true });
  }
  try {
    const text = new TextDecoder(little ? 'utf-16le' : 'utf-16be', { fatal: true }).decode(bytes);
    return { text, warning: `the file is ${name}; it was read as such` };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The first half of a pair at the very end waits for its second.
    const cut = ((bytes[bytes.length - (little ? 1 : 2)] ?? 0) & 0xfc) === 0xd8;
    throw new Refusal(`not valid ${name}: half of a surrogate pair stands alone${cut ? '; it may be cut off' : ''}`, { cut });
  }
}

function utf8(bytes: Uint8Array): Decoded {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, warning: mojibakeIn(text) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    if (bytes.includes(0))
      throw new Refusal(`not text: it has NUL bytes and is not valid UTF-8 (line ${lineOfByte(bytes, bytes.indexOf(0))})`);
    const at = firstInvalid(bytes);
    const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    // A character's first bytes at the very end wait for its last.
    const cut = at > bytes.length - 4;
    const where = `byte 0x${byte} at offset ${at} (line ${lineOfByte(bytes, at)})`;
    throw new Refusal(`not valid UTF-8: ${where}${cut ? '; it may be cut off' : ''}`, { cut });
  }
}

/** Letters of UTF-8 that were read as another encoding and saved again (`Âµs`), and signs for letters that were lost before. */
const MOJIBAKE = /\ufffd|[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac[\u0080-\u2122]/;

/** What is odd about a text that some program has damaged and saved: a sentence, or null. */
function mojibakeIn(text: string): string | null {
  const at = text.search(MOJIBAKE);
  if (at < 0) return null;
  const shown = excerpt(text.slice(at, at + 24).split(/[\r\n]/, 1)[0] ?? '', 24);
  return `line ${lineAt(text, at)} has letters that another program has damaged ("${shown}"): names and units are read as they stand`;
}

/** Text that decodes and yet is none: UTF-16 whose mark became letters, or NULs. */
function refuseDamage(text: string): void {
  const mark = /^(?:ÿþ|þÿ)/.exec(text);
  if (mark !== null) {
    const original = text.slice(mark[0].length, LOOKED_AT).replaceAll('\0', '');
    const message = errorMessageIn(original);
    if (message !== null) {
      throw new Refusal(`not a table: an error message ("${message.quote}") in UTF-16 that was re-saved as UTF-8 (line ${message.line})`);
    }
    throw new Refusal(`damaged text: UTF-16 that was re-saved as UTF-8 (line 1: "${excerpt(original, 80)}")`);
  }
  const nul = text.indexOf('\0');
  if (nul < 0) return;
  // Some shares give a copy its whole size first: what is not there yet are NULs up to the end.
  const cut = endsInNuls(text, nul);
  const head = text.slice(0, 64);
  const even = head.split('\0').length - 1 >= head.length / 3;
  const what = cut ? ' up to its end; it may not be all there yet' : even ? ', as UTF-16 without a byte order mark has' : '';
  throw new Refusal(`not text: it has NUL bytes (line ${lineAt(text, nul)})${what}`, { cut });
}

function endsInNuls(text: string, from: number): boolean {
  for (let at = from; at < text.length; at += 1) if (text.charCodeAt(at) !== 0) return false;
  return true;
}
