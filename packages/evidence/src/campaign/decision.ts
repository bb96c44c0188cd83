import { ALPHA, type Judged, NOISE_FLOOR } from '../verdict.ts';

/** More runs a side than that are never estimated: `beyond` says that it would take more. */
export const MOST_NEEDED = 200;

/** Whether more runs could still change what is said of a pair, and about how many more each side then needs. */
export type Decision = { decided: boolean; needed: number; beyond: boolean };

const DECIDED: Decision = { decided: true, needed: 0, beyond: false };

/**
 * A comparison of wall clocks is decided where
 * - it has a verdict, better or worse (p counted as often as was looked);
 * - or the 95 % interval of the ratio lies within the noise floor around 1: if there is a difference, it is none that counts;
 * - or the medians differ, known to half their distance, but single runs overlap too much for a verdict: more runs tell the
 *   medians better, and part no runs.
 * Else the runs that are needed follow from the interval, whose width falls with the root of n: until its half is as small as the
 * noise floor less the ratio's distance from 1, or as half that distance, whichever is larger. An estimate: the ratio moves too.
 */
export function decisionOf({ verdict, needed, ratio, interval, adjusted, n }: Judged): Decision {
  if (verdict === 'better' || verdict === 'worse') return DECIDED;
  if (verdict === 'not enough samples') return undecided(needed);
  if (ratio === null || interval === null) return undecided(1);
  const [low, high] = interval;
  if (low >= 1 - NOISE_FLOOR && high <= 1 + NOISE_FLOOR) return DECIDED;
  const distance = Math.abs(ratio - 1);
  const half = (high - low) / 2;
  const apart = low > 1 || high < 1;
  if (apart && adjusted !== null && adjusted < ALPHA && distance >= NOISE_FLOOR && half <= distance / 2) return DECIDED;
  const fewest = Math.min(...n);
  const wanted = Math.max(NOISE_FLOOR - distance, distance / 2);
  // What is whole but for the last digit of a double stays so.
  return undecided(Math.ceil(fewest * (half / wanted) ** 2 - 1e-9) - fewest);
}

function undecided(needed: number): Decision {
  return { decided: false, needed: Math.min(MOST_NEEDED, Math.max(1, needed)), beyond: needed > MOST_NEEDED };
}
