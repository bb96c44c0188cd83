import { isAscii, isUtf8 } from 'node:buffer';
import { excerpt } from '../excerpt.ts';
import { Refusal } from '../refusal.ts';
import { firstInvalid, lineOfByte } from '../utf8.ts';

const LF = 0x0a;

/** How letters begin that some program has damaged and saved, in UTF-8: the signs of `decode`, as bytes. */
const DAMAGED = ['c382', 'c383', 'c3a2e282ac', 'efbfbd'].map((hex) => Buffer.from(hex, 'hex'));
const MOJIBAKE = /^(?:\ufffd|[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac[\u0080-\u2122])/;
/** Bytes of damaged letters and what follows them that are shown. */
const SHOWN = 120;

/**
 * Looks at the bytes of a file piece by piece, whether they are text as `decode` takes it: valid UTF-8 without NULs.
 * What is cut at the end of a piece, a character or a sign of damage, is looked at with the next one.
 */
export class TextCheck {
  #offset = 0;
  #lines = 1;
  /** bytes of a character that is not there as a whole */
  #cut: Buffer = Buffer.alloc(0);
  /** the last characters, as far as none of them is ASCII */
  #before: Buffer = Buffer.alloc(0);
  #damage: { line: number; bytes: Buffer } | null = null;
  /** the line of the first of NULs behind which nothing but NULs came */
  #nuls: number | null = null;

  /**
   * @param piece the next bytes, without byte order mark
   * @returns whether they are text; if not, the end will say so
   * @throws Refusal where they are no text
   */
  push(piece: Uint8Array): boolean {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (this.#nuls !== null || bytes.includes(0)) {
      this.#refuseNuls(bytes);
      return false;
    }
    if (this.#damage !== null && this.#damage.bytes.length < SHOWN)
      this.#damage.bytes = Buffer.concat([this.#damage.bytes, bytes]).subarray(0, SHOWN);
    if (this.#cut.length === 0 && isAscii(bytes)) {
      this.#before = Buffer.alloc(0);
      this.#count(bytes);
      return true;
    }
    const joined = this.#cut.length === 0 ? bytes : Buffer.concat([this.#cut, bytes]);
    const whole = joined.subarray(0, joined.length - cutCharacter(joined));
    if (!isUtf8(whole)) this.#refuse(joined, false);
    if (this.#damage === null) this.#lookForDamage(whole, joined);
    this.#count(whole);
    this.#cut = Buffer.from(joined.subarray(whole.length));
    return true;
  }

  /**
   * The file has ended.
   * @returns what is odd about the text, in the words of `decode`; null where nothing is
   * @throws Refusal where the file ends inside of a character, or in NULs
   */
  end(): string | null {
    if (this.#nuls !== null) {
      throw new Refusal(`not text: it has NUL bytes (line ${this.#nuls}) up to its end; it may not be all there yet`, { cut: true });
    }
    if (this.#cut.length > 0) this.#refuse(this.#cut, true);
    if (this.#damage === null) return null;
    const { line, bytes } = this.#damage;
    const shown = excerpt(
      bytes
        .toString()
        .slice(0, 24)
        .split(/[\r\n]/, 1)[0] ?? '',
      24,
    );
    return `line ${line} has letters that another program has damaged ("${shown}"): names and units are read as they stand`;
  }

  /** Some shares give a copy its whole size first: what is not there yet are NULs up to the end. */
  #refuseNuls(bytes: Buffer): void {
    const from = this.#nuls === null ? bytes.indexOf(0) : 0;
    this.#nuls ??= this.#lines + lineOfByte(bytes, from) - 1;
    for (let at = from; at < bytes.length; at += 1) {
      if (bytes[at] !== 0) throw new Refusal(`not text: it has NUL bytes (line ${this.#nuls})`);
    }
  }

  #count(bytes: Buffer): void {
    this.#offset += bytes.length;
    this.#lines += lineFeedsIn(bytes, bytes.length);
  }

  #refuse(bytes: Buffer, ended: boolean): never {
    const at = firstInvalid(bytes);
    const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
    const where = `byte 0x${byte} at offset ${this.#offset + at} (line ${this.#lines + lineOfByte(bytes, at) - 1})`;
    throw new Refusal(`not valid UTF-8: ${where}${ended ? '; it may be cut off' : ''}`, { cut: ended });
  }

  /** @param joined the same bytes, with what there is of a cut character */
  #lookForDamage(whole: Buffer, joined: Buffer): void {
    const before = this.#before.length;
    const bytes = before === 0 ? whole : Buffer.concat([this.#before, whole]);
    const found = DAMAGED.flatMap((sign) => firstOf(bytes, sign) ?? []).sort((a, b) => a - b)[0];
    if (found === undefined) {
      this.#before = Buffer.from(bytes.subarray(endOfAscii(bytes)));
      return;
    }
    const line = this.#lines + lineFeedsIn(whole, Math.max(0, found - before));
    const shown = before === 0 ? joined : Buffer.concat([this.#before, joined]);
    this.#damage = { line, bytes: Buffer.from(shown.subarray(found, found + SHOWN)) };
  }
}

/** Where a sign stands first that is one of damage with what follows it; null where none does. */
function firstOf(bytes: Buffer, sign: Buffer): number | null {
  for (let at = bytes.indexOf(sign); at >= 0; at = bytes.indexOf(sign, at + 1)) {
    if (MOJIBAKE.test(bytes.toString('utf8', at, at + 12))) return at;
  }
  return null;
}

/** Behind the last ASCII character of those at the end: no more of them than a sign may need. */
function endOfAscii(bytes: Buffer): number {
  let at = bytes.length;
  while (at > 0 && bytes.length - at < 12 && (bytes[at - 1] as number) >= 0x80) at -= 1;
  while (at < bytes.length && ((bytes[at] as number) & 0xc0) === 0x80) at += 1;
  return at;
}

/** Bytes of a character at the end that is not there as a whole. */
function cutCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** Words of which one byte can count. */
const MOST_WORDS = 255;

/** Four bytes at a time: every byte of a large file comes by here. */
function lineFeedsIn(bytes: Uint8Array, end: number): number {
  const skew = -bytes.byteOffset & 3;
  const aligned = Math.min(end, skew);
  const words = aligned === skew ? new Int32Array(bytes.buffer, bytes.byteOffset + aligned, (end - aligned) >> 2) : new Int32Array();
  let lines = words.length * 4;
  for (let from = 0; from < words.length; from += MOST_WORDS) {
    const to = Math.min(from + MOST_WORDS, words.length);
    // Of each of the four bytes, how often it was another.
    let others = 0;
    for (let at = from; at < to; at += 1) {
      // A zero byte where a line feed was; then the highest bit of all others (Warren, Hacker's Delight, 6-1).
      const gone = (words[at] as number) ^ 0x0a0a0a0a;
      others = (others + (((((gone & 0x7f7f7f7f) + 0x7f7f7f7f) | gone) >>> 7) & 0x01010101)) | 0;
    }
    lines -= (others & 0xff) + ((others >>> 8) & 0xff) + ((others >>> 16) & 0xff) + (others >>> 24);
  }
  for (let at = 0; at < aligned; at += 1) if (bytes[at] === LF) lines += 1;
  for (let at = aligned + words.length * 4; at < end; at += 1) if (bytes[at] === LF) lines += 1;
  return lines;
}
