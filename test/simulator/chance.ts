/** Seeded chance: the same seed gives the same numbers on every machine (mulberry32). */
export type Chance = {
  /** a number in [0, 1) */
  next(): number;
  /** a whole number from 0 up to, and without, `n` */
  below(n: number): number;
  /** true with this probability */
  of(probability: number): boolean;
  /** a number between the two */
  between(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
};

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    below: (n) => Math.floor(next() * n),
    of: (probability) => next() < probability,
    between: (low, high) => low + next() * (high - low),
    pick(items) {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError('Nothing can be picked out of nothing.');
      return item;
    },
  };
}
