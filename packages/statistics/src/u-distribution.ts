import { binomials } from './binomial.ts';
import { MOST_EXACT_PAIRS } from './mann-whitney.ts';
import { normalAbove, normalQuantileAbove } from './normal.ts';

/** `k` is the greatest number with P(U <= k) <= `share`, -1 where there is none; `below` is that probability. */
export type Critical = { k: number; below: number };

/**
 * The critical value of the Mann-Whitney statistic U of samples of m and n values without ties: exact up to MOST_EXACT_PAIRS
 * pairs, else by the normal approximation with a continuity correction. `share` is that of one tail, in (0, 0.5).
 */
export function criticalU(m: number, n: number, share: number): Critical {
  if (m * n > MOST_EXACT_PAIRS) return approximated(m, n, share);
  const [few, many] = m <= n ? [m, n] : [n, m];
  const ways = waysByU(few, many);
  const all = binomials(few + many, few)(few + many, few);
  let below = 0;
  for (let k = 0; k < ways.length; k += 1) {
    const through = below + (ways[k] ?? 0);
    if (through / all > share) return { k: k - 1, below: below / all };
    below = through;
  }
  // The lower half always holds more than any share below 0.5.
  throw new RangeError(`There is no critical value for a share of ${share}.`);
}

/**
 * How many of the orders of m and n values have U = 0, 1, … up to the middle: the coefficients of the Gaussian binomial,
 * product of (1 - q^(n + i)) / (1 - q^i) for i from 1 to m (MacMahon 1916; Mann & Whitney's recurrence solved). After each i they
 * are those for i and n values, so all stay positive.
 */
function waysByU(m: number, n: number): Float64Array {
  const ways = new Float64Array(Math.floor((m * n) / 2) + 1);
  ways[0] = 1;
  for (let i = 1; i <= m; i += 1) {
    for (let u = ways.length - 1; u >= n + i; u -= 1) ways[u] = (ways[u] ?? 0) - (ways[u - n - i] ?? 0);
    for (let u = i; u < ways.length; u += 1) ways[u] = (ways[u] ?? 0) + (ways[u - i] ?? 0);
  }
  return ways;
}

function approximated(m: number, n: number, share: number): Critical {
  const middle = (m * n) / 2;
  const deviation = Math.sqrt((m * n * (m + n + 1)) / 12);
  const k = Math.floor(middle - 0.5 - normalQuantileAbove(share) * deviation);
  return { k, below: normalAbove((middle - 0.5 - k) / deviation) };
}
