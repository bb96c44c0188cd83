const LF = 0x0a;
const CR = 0x0d;

/**
 * The 1-based line on which a character stands. A line ends with LF, CRLF or CR.
 * @param offset in UTF-16 code units; the text's length gives the number of its lines, a last empty one included
 */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  const end = Math.min(offset, text.length);
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) line += 1;
  }
  return line;
}

/** Whether a text ends with a line's end. One that does not cannot be told from a cut one. */
export function endsLine(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last === LF || last === CR;
}
