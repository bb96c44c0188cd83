import { excerpt } from './excerpt.ts';
import type { ParsedJson } from './json-document.ts';
import { placeOf } from './json-fault.ts';
import type { RepeatedKey } from './json-parser.ts';
import type { Warnings } from './warnings.ts';

const REPEATED = 'repeated keys';

/**
 * Says which values of a document were not read because their key stands more than once.
 * @param text the document's
 * @param line the 1-based line of the file on which it begins
 */
export function warnAboutRepeatedKeys({ repeated }: ParsedJson, text: string, line: number, warnings: Warnings): void {
  for (const one of repeated.told) {
    warnings.add(REPEATED, () => `line ${line + placeOf(text, one.offset).line - 1}: ${sentenceAbout(one)}`);
  }
  warnings.more(REPEATED, repeated.count - repeated.told.length);
}

function sentenceAbout({ key, pointer, decisive }: RepeatedKey): string {
  const where = pointer === '' ? 'the outermost object' : `the object at ${excerpt(pointer)}`;
  const what = `the key "${excerpt(key, 40)}" stands more than once in ${where}, and nobody can tell which value holds`;
  if (!decisive) return `${what}: none of them was read`;
  return `${what}; it says whether a record failed or what was measured: nothing of that record was read`;
}

/** Says how many bare `NaN` and `Infinity` a file held. */
export function warnAboutBareWords(count: number, warnings: Warnings): void {
  if (count === 0) return;
  const are = count === 1 ? '1 value is' : `${count} values are`;
  warnings.add('bare words', `${are} NaN or Infinity, which JSON does not know: read as absent`);
}
