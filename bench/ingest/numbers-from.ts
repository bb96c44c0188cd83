import { seededWords } from '../../packages/statistics/src/random.ts';

/** Numbers from 0 to below 1, the same ones for the same seed. */
export function numbersFrom(seed: number): () => number {
  const next = seededWords(seed);
  return () => next() / 2 ** 32;
}
