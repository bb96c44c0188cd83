/** Offset of the first byte that begins no valid UTF-8 character (RFC 3629); the length where all do. */
export function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length === 0) break;
    at += length;
  }
  return at;
}

/** The 1-based line on which a byte stands; lines end with LF. */
export function lineOfByte(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = 0; at < offset; at += 1) if (bytes[at] === 0x0a) line += 1;
  return line;
}

function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return isTail(bytes[at + 1]) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const second = isTail(bytes[at + 1], first === 0xe0 ? 0xa0 : 0x80, first === 0xed ? 0x9f : 0xbf);
    return second && isTail(bytes[at + 2]) ? 3 : 0;
  }
  if (first < 0xf0 || first > 0xf4) return 0;
  const second = isTail(bytes[at + 1], first === 0xf0 ? 0x90 : 0x80, first === 0xf4 ? 0x8f : 0xbf);
  return second && isTail(bytes[at + 2]) && isTail(bytes[at + 3]) ? 4 : 0;
}

/** Whether a byte may go on a character, its second one within narrower bounds. */
function isTail(byte: number | undefined, low = 0x80, high = 0xbf): boolean {
  return byte !== undefined && byte >= low && byte <= high;
}
