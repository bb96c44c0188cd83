const END = /[.!?]["')*\]]*\s+(?=["'(*`[]*[\p{L}\d])/gu;
const ABBREVIATION = /(?:\b(?:e\.g|i\.e|vs|cf|ca|approx|etc|no|fig|eq|resp|incl|avg|min|max|std|dev|dr|st)|\b\p{L})\.$/iu;

/** From the one offset up to the other. */
export type Span = { start: number; end: number };

/** The sentences of a text, in order: each from the end of the last one to its own. */
export function sentencesOf(text: string): Span[] {
  const sentences: Span[] = [];
  let start = 0;
  for (const match of text.matchAll(END)) {
    const next = text.charAt(match.index + match[0].length);
    if (/[\p{Ll}\d]/u.test(next) && ABBREVIATION.test(text.slice(Math.max(0, match.index - 8), match.index + 1))) continue;
    const end = match.index + match[0].length;
    sentences.push({ start, end: match.index + 1 });
    start = end;
  }
  sentences.push({ start, end: text.length });
  return sentences;
}

/** The sentence in which a place of the text lies. */
export function sentenceAt(text: string, at: number, sentences: readonly Span[] = sentencesOf(text)): Span {
  return sentences.findLast(({ start }) => start <= at) ?? { start: 0, end: text.length };
}
