/**
 * Output tokens per second of one call while `busy` calls are worked at: the same for each number of them; a list (`[98, 41]`: one
 * alone 98, each of two 41; beyond the list, its last total is shared); or a function of `busy`.
 */
export type TokenRate = number | readonly number[] | ((busy: number) => number);

/** How fast the replay server is. What is left out takes no time and is reported as measured. */
export interface Rates {
  tokensPerSecond?: TokenRate;
  /** milliseconds a model takes to load: its first call, and each whose options make Ollama load it again */
  loadMs?: number;
  /** milliseconds a prompt takes */
  promptMs?: number;
}

/** The rate of one of `busy` calls; undefined for an empty list, as without a rate. */
export function rateAt(rate: TokenRate, busy: number): number | undefined {
  if (typeof rate === 'number') return rate;
  if (typeof rate === 'function') return rate(busy);
  const among = Math.max(1, busy);
  const last = rate.at(-1);
  return rate[among - 1] ?? (last === undefined ? undefined : (last * rate.length) / among);
}
