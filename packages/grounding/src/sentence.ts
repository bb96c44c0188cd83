import type { Fact } from '@chimera/shared/domain';
import { sentenceKey } from './sentence-key.ts';
import type { Truth } from './truth.ts';
import { unknownModelIn } from './unknown-names.ts';

/** What is the same for all claims of a sentence; each is found when it is first asked for. */
export type Sentence = {
  text: string;
  /** the fact that it repeats word for word */
  said: () => Fact | null;
  /** a model that it names and no artifact does */
  unknownModel: () => string | null;
};

/** A sentence of a page. */
export function sentenceOf(text: string, truth: Truth): Sentence {
  return {
    text,
    said: lazily(() => {
      const id = truth.sentences.get(sentenceKey(text.replace(/\[F\d+\]\(?(?:#f\d+)?\)?/g, ' ')));
      return id === undefined ? null : (truth.facts.get(id) ?? null);
    }),
    unknownModel: lazily(() => unknownModelIn(text, truth)),
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
