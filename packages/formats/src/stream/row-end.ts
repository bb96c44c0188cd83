const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;

/**
 * Where a row of CSV ends, in bytes: behind its line's end, by the rules of CsvCells.
 * @param bytes UTF-8; `begin` where the row begins, `end` behind the last byte that is there
 * @param delimiter a byte
 * @returns -1 where what is there does not show it
 */
export function endOfRow(bytes: Buffer, begin: number, end: number, delimiter: number): number {
  for (let at = begin; ; ) {
    if (at < end && bytes[at] === QUOTE) {
      at = endOfQuoted(bytes, at + 1, end, delimiter);
      if (at < 0) return -1;
    } else {
      while (at < end && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at += 1;
    }
    if (at >= end) return -1;
    const byte = bytes[at];
    if (byte === LF) return at + 1;
    if (byte === CR) return at + 1 >= end ? -1 : bytes[at + 1] === LF ? at + 2 : at + 1;
    at += 1;
  }
}

/** Behind the closing quote of a cell and the blanks behind it; -1 where it is not there yet. */
function endOfQuoted(bytes: Buffer, begin: number, end: number, delimiter: number): number {
  for (let from = begin; ; ) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote < 0 || quote + 1 >= end) return -1;
    if (bytes[quote + 1] === QUOTE) {
      from = quote + 2;
      continue;
    }
    let at = quote + 1;
    while (at < end && (bytes[at] === SPACE || bytes[at] === TAB) && bytes[at] !== delimiter) at += 1;
    if (at >= end) return -1;
    const byte = bytes[at];
    if (byte === delimiter || byte === LF || byte === CR) return at;
    from = at;
  }
}
