import type { Fact } from '@chimera/shared/domain';

/** The sentences of facts' claims by their words, each with a fact that says so. */
export function sentencesOf(facts: readonly Fact[]): Map<string, string> {
  const sentences = new Map<string, string>();
  for (const { id, claim } of facts)
    for (const sentence of claim.split(/(?<=[.:;])\s+(?=\p{Lu})|(?<=[.])\s+/u)) {
      const words = sentenceKey(sentence);
      if (words.split(' ').length > 3) sentences.set(words, id);
    }
  return sentences;
}

/** A sentence as it is looked up among those of the facts: its letters and digits, and the signs that change a number. */
export function sentenceKey(sentence: string): string {
  return (sentence.toLowerCase().match(/[\p{L}\p{N}]+(?:[.,]\p{N}+)*|[%±<>–-](?=\s?\p{N})|%/gu) ?? []).join(' ');
}
