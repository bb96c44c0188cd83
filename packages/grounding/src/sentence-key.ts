import type { Fact } from '@chimera/shared/domain';
import { isUnitSign } from './units.ts';

/** The sentences of facts' claims by their keys, each with a fact that says so. */
export function claimSentences(facts: readonly Fact[]): Map<string, string> {
  const sentences = new Map<string, string>();
  for (const { id, claim } of facts)
    for (const sentence of claim.split(/(?<=[.:;])\s+(?=\p{Lu})|(?<=[.])\s+/u)) {
      if ((sentence.match(WORD) ?? []).length > FEW_WORDS) sentences.set(sentenceKey(sentence), id);
    }
  return sentences;
}

// So few words may be said of anything.
const FEW_WORDS = 3;
const WORD = /[\p{L}\p{N}]+(?:[.,]\p{N}+)*/gu;

// Signs that change what a number says: of mathematics and money, a dash or point right before it, anything right between two digits.
const SIGN = String.raw`[\p{Sm}\p{Sc}%‰°/^]|\p{Pd}(?=\s?[.,]?\p{N})|[.,](?=\p{N})|(?<=\p{N})[^\s\p{L}\p{N}](?=\p{N})`;
const TOKEN = new RegExp(`${WORD.source}|${SIGN}`, 'gu');
const SCALE = /^(?:[kKMGT]|thousand|million|billion|trillion)$/;

/**
 * A sentence as it is looked up among those of the facts: its letters and digits, and the signs that change a number. Words in any
 * case, but for a unit, wherever it stands: mJ is no MJ.
 */
export function sentenceKey(sentence: string): string {
  const key: string[] = [];
  /** whether the next word is a unit, or may be */
  let behindNumber = false;
  /** whether the last word was one */
  let inUnit = false;
  for (const token of sentence.match(TOKEN) ?? []) {
    if (/^\p{N}/u.test(token)) {
      key.push(token);
      behindNumber = true;
    } else if (/^\p{L}/u.test(token)) {
      key.push(behindNumber || isUnitSign(token) ? token : token.toLowerCase());
      // `5 million MB`, `5 J per MB`
      [behindNumber, inUnit] = [behindNumber ? SCALE.test(token) : inUnit && token === 'per', behindNumber];
    } else {
      // Every minus is one, as on a page that is read.
      key.push(token === '\u2212' ? '-' : token);
      // `5 MB/s`
      if (token === '/' && inUnit) behindNumber = true;
    }
  }
  return key.join(' ');
}
