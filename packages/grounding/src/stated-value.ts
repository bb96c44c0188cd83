import type { Hedge } from './claim.ts';
import type { Numeral } from './numeral.ts';
import type { Unit } from './units.ts';

/** A value as a sentence states it. */
export type StatedValue = { numeral: Numeral; unit: Unit | null; hedge: Hedge | null };

// So many digits are no accident: they were copied from somewhere.
export const COPIED_DIGITS = 6;
/** So many digits are seldom met by chance. */
export const TELLING_DIGITS = 4;
// Two programs print one double with other last digits.
const FLOAT_NOISE = 1e-12;
// `about 50` leaves more room than `about 14.59`: by the number of digits that are shown.
const ABOUT = [0.05, 0.05, 0.02, 0.005];

/** The values that a stated one may stand for: half of its last digit to either side, more where it is hedged. In the stated unit. */
export function boundsOf({ numeral, hedge }: Pick<StatedValue, 'numeral' | 'hedge'>): { low: number; high: number } {
  const { value, step } = numeral;
  const half = Math.max((step / 2) * (1 + 1e-9), Math.abs(value) * FLOAT_NOISE);
  if (hedge === 'about') {
    const wide = Math.max(half, Math.abs(value) * (ABOUT[Math.min(roundDigits(numeral), ABOUT.length) - 1] ?? 0));
    return { low: value - wide, high: value + wide };
  }
  // `below 1 s` leaves no room above it; of more digits the last may be rounded.
  const edge = numeral.digits > 1 ? half : 0;
  if (hedge === 'over') return { low: value - edge, high: value + Math.max(half, Math.abs(value) * 0.5) };
  if (hedge === 'under') return { low: value - Math.max(half, Math.abs(value) * 0.5), high: value + edge };
  return { low: value - half, high: value + half };
}

/** The digits that `about 2,000` shows: zeros at the end of a whole number say nothing. */
function roundDigits({ value, digits, step }: Numeral): number {
  if (step < 1 || !Number.isInteger(value) || value === 0) return digits;
  return Math.max(1, String(Math.abs(value)).replace(/0+$/, '').length);
}
