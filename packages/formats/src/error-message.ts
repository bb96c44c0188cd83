import { excerpt } from './excerpt.ts';
import { lineAt } from './text-lines.ts';

/** How tools and runtimes begin what they print instead of a result. */
const BEGINNINGS =
  /^(?:==ERROR==|(?:fatal |internal )?error\s*:|fatal\s*:|Traceback \(most recent call last\)|(?:Uncaught )?\w*(?:Error|Exception)\s*:|panic:|Segmentation fault|bash: |sh: |command not found)/i;

/** Characters of a first line that are looked at: a line may be as long as the file, and no message begins so late. */
const LOOKED_AT = 400;

/**
 * Whether a text is an error message that was saved under a result's name.
 * @returns the message, shortened, and the 1-based line where it begins; null where the first words are none
 */
export function errorMessageIn(text: string): { quote: string; line: number } | null {
  const start = text.search(/\S/);
  if (start < 0) return null;
  const [first = ''] = text.slice(start, start + LOOKED_AT).split(/[\r\n]/, 1);
  if (!BEGINNINGS.test(first)) return null;
  return { quote: excerpt(first), line: lineAt(text, start) };
}
