/** What ends a clause. */
const BOUNDARY = /[,;:.!?()\n–—](?!\d)|\b(?:but|while|whereas|although|though|however|because|since|so|yet|and)\b/gi;
/** "If anything" and the like: words of denial that deny nothing. */
const IDIOM =
  /\b(?:if anything|if not|as if|not only|not just|not merely|not surprising(?:ly)?|without (?:a |any |the slightest )?(?:doubt|question|exception|fail)|(?:no|beyond) (?:doubt|question|surprise|wonder)|nothing but|none other than)\b/gi;
/** Right before a word, with a few between. */
const DENIED =
  /\b(?:(?:not|cannot|can't|isn't|wasn't|aren't|doesn't|never|nor|without|hardly|would|could|may|might|should|can)\s+(?:[\p{L}'-]+\s+){0,3}|(?:no|none|neither|nothing)\s+(?:[\p{L}'-]+\s+){0,5})$/iu;
/** What leaves open all that its clause says. */
const OPEN =
  /\b(?:if|whether|unless)\b|\b(?:not|never|cannot|nothing|no (?:fact|evidence|sign|proof|comparison|run|measurement)s?)\b[^\n]{0,60}\b(?:that|which|how)\b/i;

/** No clause is longer that a reader follows. */
const LONGEST = 400;

/** Whether the clause in which a word stands denies it or leaves it open: `cannot be told whether it is faster`, `is not faster`. */
export function isDenied(prose: string, at: number): boolean {
  const before = prose.slice(Math.max(0, at - LONGEST), at);
  const last = [...before.matchAll(BOUNDARY)].at(-1);
  const clause = before.slice(last === undefined ? 0 : last.index + last[0].length).replace(IDIOM, '');
  return DENIED.test(clause) || OPEN.test(clause);
}
