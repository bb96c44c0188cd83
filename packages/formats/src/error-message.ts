import { excerpt } from './excerpt.ts';

/** How tools and runtimes begin what they print instead of a result. */
const BEGINNINGS =
  /^(?:==ERROR==|(?:fatal |internal )?error\s*:|fatal\s*:|Traceback \(most recent call last\)|(?:Uncaught )?\w*(?:Error|Exception)\s*:|panic:|Segmentation fault|bash: |sh: |command not found)/i;

/**
 * Whether a text is an error message that was saved under a result's name.
 * @returns the message, shortened, and the 1-based line where it begins; null where the first words are none
 */
export function errorMessageIn(text: string): { quote: string; line: number } | null {
  const start = text.search(/\S/);
  if (start < 0) return null;
  const end = text.indexOf('\n', start);
  const first = text.slice(start, end < 0 ? undefined : end);
  if (!BEGINNINGS.test(first)) return null;
  return { quote: excerpt(first), line: lineOf(text, start) };
}

/** The 1-based line of a character offset; lines end with a line feed. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
