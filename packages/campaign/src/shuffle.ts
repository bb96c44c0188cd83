/** A generator of numbers from 0 to below 1. */
export type Random = () => number;

/**
 * A generator that gives the same numbers for the same seeds on every machine: mulberry32, whose state is 32 bits. Whole numbers;
 * what goes beyond 32 bits of one is mixed in too. It decides an order and nothing else.
 */
export function generatorOf(...seeds: readonly number[]): Random {
  let state = 0x9e3779b9;
  for (const seed of seeds) {
    state = mixed(state ^ (seed >>> 0));
    state = mixed(state ^ (Math.floor(seed / 2 ** 32) >>> 0));
  }
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same things in an order that is as likely as any other (Fisher and Yates, from the end); the given list stays as it is. */
export function shuffled<T>(things: readonly T[], random: Random): T[] {
  const order = [...things];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}

/** Spreads every bit of 32 over all others, so that seeds next to each other give other orders (the finalizer of MurmurHash3). */
function mixed(bits: number): number {
  let h = bits >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
