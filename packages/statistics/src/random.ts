/**
 * xoshiro128** 1.1 (Blackman & Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on Mathematical
 * Software 47(4), 2021): integer arithmetic on 32 bits only, so every machine draws the same. Gives a function that
 * returns the next word, from 0 to 2^32 - 1. The state is four words, not all of them 0.
 */
export function xoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const scrambled = Math.imul(b, 5);
    const word = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return word >>> 0;
  };
}

/**
 * The generator for a seed: any integer from 0 to 2^53 - 1. Its two halves go through the finaliser of MurmurHash3
 * (Appleby), with the golden ratio as the step, so that near seeds give unrelated states. Throws RangeError for other seeds.
 */
export function seededWords(seed: number): () => number {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`A seed is an integer from 0 to 2^53 - 1; it was ${seed}.`);
  let mixed = mix(seed % 2 ** 32) ^ Math.floor(seed / 2 ** 32);
  const next = () => {
    mixed = (mixed + 0x9e3779b9) | 0;
    return mix(mixed);
  };
  return xoshiro128([next(), next(), next(), next() | 1]);
}

function mix(word: number): number {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
