import { exp } from './elementary.ts';

/** From here on the continued fraction is the better of the two ways. */
const FAR = 3;
const ROOT_OF_TWO_PI = 2.5066282746310002;

/**
 * The share of the standard normal distribution above z: for small |z| the series 26.2.11, for great ones the continued
 * fraction 26.2.14 of Abramowitz & Stegun, "Handbook of Mathematical Functions" (1964). Good to about 1e-13, relatively.
 */
export function normalAbove(z: number): number {
  if (z < 0) return 1 - normalAbove(-z);
  const density = exp((-z * z) / 2) / ROOT_OF_TWO_PI;
  if (z < FAR) {
    let term = z;
    let sum = z;
    for (let odd = 3; term > sum * 1e-17; odd += 2) {
      term *= (z * z) / odd;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z;
  for (let k = 120; k > 0; k -= 1) fraction = z + k / fraction;
  return density / fraction;
}

/** The z above which `share` of the standard normal distribution lies, for shares in (0, 0.5]: by bisection, to the last bits. */
export function normalQuantileAbove(share: number): number {
  let low = 0;
  let high = 40;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return low;
    if (normalAbove(middle) > share) low = middle;
    else high = middle;
  }
}
