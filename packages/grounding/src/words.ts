/** A word of a text, in lower case, and where it stands. */
export type Word = { text: string; start: number; end: number };

const WORD = /[\p{L}]+|\p{N}+/gu;
const TOKEN = /[\p{L}\p{N}]+/gu;

/** The words of a text: runs of letters and digits, everything else parts them: `q4_0` is `q4` and `0`. */
export function wordsOf(text: string): Word[] {
  return [...text.matchAll(TOKEN)].map((m) => ({ text: m[0].toLowerCase(), start: m.index, end: m.index + m[0].length }));
}

/** Words joined by one space: how phrases are looked up. A `p50` stays one word; `mean_tokens_s` becomes `mean tokens s`. */
export function phraseOf(text: string): string {
  return wordsOf(text.replace(/([\p{Ll}])(\p{Lu})/gu, '$1 $2'))
    .map((word) => word.text)
    .join(' ');
}

/** A phrase whose words part between letters and digits as well: `gemma3` is `gemma 3`. Null where that changes nothing. */
export function looselyParted(phrase: string): string | null {
  const parted = [...phrase.matchAll(WORD)].map((m) => m[0]).join(' ');
  return parted === phrase ? null : parted;
}
