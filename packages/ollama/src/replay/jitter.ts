import { chance } from './chance.ts';
import { type Rates, rateAt } from './rates.ts';

/** By how much calls differ from their rates: `share` of a time at most, from 0 to below 1; which call by how much, says the seed. */
export interface Jitter {
  share: number;
  seed: number;
}

/** How many times as long a call takes as its rates say: from 1 - share to 1 + share, by seed and call index alone. */
export function jitterOf({ share, seed }: Jitter, index: number): number {
  return 1 + share * (2 * chance(seed, index) - 1);
}

/** The rates of a call that takes so many times as long in all: its load, its prompt and each token. */
export function slowed(rates: Rates, times: number): Rates {
  const { tokensPerSecond: rate, loadMs, promptMs } = rates;
  if (times === 1) return rates;
  return {
    ...(rate === undefined || rateAt(rate, 1) === undefined ? {} : { tokensPerSecond: (busy) => (rateAt(rate, busy) ?? 0) / times }),
    ...(loadMs === undefined ? {} : { loadMs: loadMs * times }),
    ...(promptMs === undefined ? {} : { promptMs: promptMs * times }),
  };
}
