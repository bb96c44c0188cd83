import { blanked } from './page-markup.ts';

/** Longer than any frame that a person writes. */
export const LONGEST_FRAME = 1_000;

/** The cells of a row beside the one at `own`, and the settings among them; no longer than a frame may be. */
export function rowFrame(words: readonly string[], settings: readonly (string | null)[], own: number): { row: string; settings: string } {
  const others = (some: readonly (string | null)[], separator: string) =>
    some
      .filter((word, k) => k !== own && word !== null)
      .join(separator)
      .slice(0, LONGEST_FRAME);
  return { row: others(words, ' | '), settings: others(settings, ', ') };
}

/** What frames other text, without markup and no longer than a frame may be. */
export function blankedFrame(text: string): string {
  return blanked(text).trim().slice(0, LONGEST_FRAME);
}
