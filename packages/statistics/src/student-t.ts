import { exp, log } from './elementary.ts';

/**
 * The share of Student's t distribution with `degrees` degrees of freedom that lies beyond -t and t together: the regularised
 * incomplete beta function at x = degrees / (degrees + t * t) with a = degrees / 2 and b = 1 / 2 (26.7.1 and 26.5.27 of Abramowitz &
 * Stegun, "Handbook of Mathematical Functions", 1964). Good to about 1e-11, relatively, also where the share is as small as 1e-200;
 * 0 where the square of t is no double. Throws RangeError unless the degrees of freedom are a positive integer and t is a number.
 */
export function studentBeyond(t: number, degrees: number): number {
  if (!Number.isSafeInteger(degrees) || degrees < 1) throw new RangeError(`Degrees of freedom are a positive integer; it was ${degrees}.`);
  if (Number.isNaN(t)) throw new RangeError('There is no share beyond what is not a number.');
  const square = t * t;
  if (square === 0) return 1;
  if (square === Number.POSITIVE_INFINITY) return 0;
  const [a, b] = [degrees / 2, 0.5];
  const x = degrees / (degrees + square);
  const y = square / (degrees + square);
  const front = (exp(a * log(x)) * Math.sqrt(y)) / betaOfHalves(degrees);
  // Of the two continued fractions the one that converges fast: the other end of the function is 1 less its mirror image.
  const share = x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, y)) / b;
  return Math.min(1, Math.max(0, share));
}

/** The beta function B(degrees / 2, 1 / 2), upwards from B(1/2, 1/2) = pi or B(1, 1/2) = 2 by B(a + 1, b) = B(a, b) * a / (a + b). */
function betaOfHalves(degrees: number): number {
  let beta = degrees % 2 === 0 ? 2 : Math.PI;
  for (let a = degrees % 2 === 0 ? 1 : 0.5; a < degrees / 2; a += 1) beta *= a / (a + 0.5);
  return beta;
}

/** The continued fraction 26.5.8 of Abramowitz & Stegun, from its front by the method of Lentz (Applied Optics 15(3), 1976). */
function betaFraction(a: number, b: number, x: number): number {
  let upper = 1;
  let lower = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = lower;
  for (let m = 1; m < 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    lower = 1 / awayFromZero(1 + even * lower);
    upper = awayFromZero(1 + even / upper);
    value *= lower * upper;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    lower = 1 / awayFromZero(1 + odd * lower);
    upper = awayFromZero(1 + odd / upper);
    const step = lower * upper;
    value *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return value;
}

const TINY = 1e-300;

function awayFromZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}
