import { parseProse } from './reference.ts';
import { UNIT_PATTERN } from './units.ts';

/** What may touch a printed value on its left: nothing, a space, an opening mark, a long dash. */
const LEFT = /(?:^|[\s(["'“‘«„:=—])$/u;
/** And on its right: nothing, a space, a mark that closes, or one that ends a clause before a space, a closing mark or the end. */
const RIGHT = /^(?:$|[\s—]|[)\]"'”’»]+(?![\p{L}\p{N}])|[.,;:!?]+(?=$|[\s)\]"'”’»]))/u;
/** Signs that reckon with a value though a space stands between. */
const RECKONED_BEFORE = /(?:[+−±×÷*^/<>≤≥~≈∓]|\b(?:minus|plus|negative|times|divided by|multiplied by))\s*$/iu;
const RECKONED_BEHIND = /^\s*[+−±×÷*^/<>≤≥~≈%‰°∓]/u;
const OPENED = String.raw`^[\s\u00a0]*[(["'“‘*_\x60-]{0,4}\s*`;
const UNIT_BEHIND = new RegExp(
  String.raw`${OPENED}(?<word>${UNIT_PATTERN}|(?:hundred|thousand|million|billion|trillion|dozen|[kKMGT])(?![\p{L}\p{N}])|(?:per|an?|each|every)\s+(?:${UNIT_PATTERN})|percentage|per\s?mille)(?![\p{L}\p{N}])`,
  'u',
);

/**
 * What stands so close to references that it makes other values of them: `-{{F1}}`, `{{F1}}{{F2}}`, `{{F1}}k`, `{{F1}} ms` — a
 * reference prints its own sign, digits and unit. Each fault is a clause about the sentence.
 */
export function neighbourFaults(text: string): string[] {
  const parts = parseProse(text);
  return parts.flatMap((part, i) => {
    if (part.type !== 'reference') return [];
    const [before, behind] = [parts[i - 1], parts[i + 1]];
    if (before?.type === 'reference' || behind?.type === 'reference') return [`puts another reference right beside ${part.id}`];
    if (before?.type === 'code' || behind?.type === 'code') return [`puts a quotation right beside ${part.id}, without a space`];
    const [left, right] = [before?.text ?? '', wordsBehind(parts.slice(i + 1))];
    if (!LEFT.test(left) || RECKONED_BEFORE.test(left)) return [`puts "${left.trimEnd().slice(-10)}" right before ${part.id}`];
    if (!RIGHT.test(right) || RECKONED_BEHIND.test(right)) return [`puts "${right.trimStart().slice(0, 10)}" right behind ${part.id}`];
    const unit = UNIT_BEHIND.exec(right)?.groups?.word;
    return unit === undefined ? [] : [`puts "${unit}" behind ${part.id}, which prints its own unit`];
  });
}

/** The words between a reference and the next, quotations among them. */
function wordsBehind(parts: ReturnType<typeof parseProse>): string {
  let words = '';
  for (const part of parts) {
    if (part.type === 'reference') break;
    words += part.text;
  }
  return words;
}
