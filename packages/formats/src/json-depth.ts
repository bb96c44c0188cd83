const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether a JSON text nests deeper than it may; found without parsing, so that no recursion can overflow.
 * @param text JSON, valid or not
 * @param limit deepest nesting of arrays and objects that is allowed
 * @returns the character offset at which it goes beyond the limit, or null
 */
export function tooDeepAt(text: string, limit: number): number | null {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) {
      inString = true;
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      if (depth > limit) return at;
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    }
  }
  return null;
}
