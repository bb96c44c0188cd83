/** Characters of an artifact that a reason quotes at most. */
export const EXCERPT_CHARS = 120;

/**
 * Text of an artifact, made safe to quote in a reason: on one line, without control, format, surrogate or private characters,
 * and shortened with an ellipsis.
 * @param max longest result, in UTF-16 code units
 */
export function excerpt(text: string, max: number = EXCERPT_CHARS): string {
  // Only the part that can survive is cleaned: a cell may be a megabyte.
  const clean = text
    .slice(0, max * 8)
    .replace(/\s+/gu, ' ')
    .replace(/\p{C}/gu, '')
    .trim();
  if (clean.length <= max && text.length <= max * 8) return detached(clean);
  let cut = '';
  for (const character of clean) {
    if (cut.length + character.length > max - 1) break;
    cut += character;
  }
  return `${cut}…`;
}

/**
 * The same text, copied. Engines keep a part of a text as a reference into the whole: a name of twenty characters that is kept
 * for a while would keep a file of 256 MB.
 * @param text of a few hundred characters at most, without halves of surrogate pairs
 */
export function detached(text: string): string {
  return Buffer.from(text).toString();
}
