/** Text as it may be printed: what is no visible character stands as its code, so that it can neither drive the terminal nor hide. */
export function visible(text: string, keep = ''): string {
  const code = (c: string) => c.codePointAt(0) ?? 0;
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (c) => {
    if (keep.includes(c)) return c;
    return code(c) < 0x100 ? `\\x${code(c).toString(16).padStart(2, '0')}` : `\\u{${code(c).toString(16)}}`;
  });
}

/** The same on one line, of at most `widest` characters. */
export function cut(text: string, widest: number): string {
  const line = visible(text.trim().replace(/\s+/g, ' '));
  return line.length > widest ? `${line.slice(0, widest - 1)}…` : line;
}
