import { phraseOf } from './words.ts';

/** Whether a path belongs to what a fact's scope names: itself, or a pattern with `*`. */
export function isOfScope(path: string, scope: string): boolean {
  if (path === scope) return true;
  if (!scope.includes('*')) return false;
  const parts = scope.split('*');
  return path.startsWith(parts[0] ?? '') && path.endsWith(parts.at(-1) ?? '');
}

const phrases = new Map<string, string>();

const MOST_PHRASES = 50_000;

/** A text as a phrase with a space around it; remembered, for paths and labels come again and again. */
function paddedPhrase(text: string): string {
  const known = phrases.get(text);
  if (known !== undefined) return known;
  if (phrases.size >= MOST_PHRASES) phrases.clear();
  const phrase = ` ${phraseOf(text)} `;
  phrases.set(text, phrase);
  return phrase;
}

/** Whether a path names a label's value. */
export function namesValue(path: string, value: string): boolean {
  return paddedPhrase(path).includes(paddedPhrase(value));
}
