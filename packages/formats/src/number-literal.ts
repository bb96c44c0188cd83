import { detached } from './excerpt.ts';

/** A number as a file writes it and as a double holds it. */
export type HeldNumber = {
  value: number;
  /** the digits of the file where the double has lost some (integers beyond 2^53), else null */
  text: string | null;
};

/**
 * Reads a decimal number.
 * @param literal optional sign, digits, optional fraction and exponent; nothing around it
 * @returns the number; null where a double cannot hold it: `1e999` would be infinite, `1e-999` zero
 */
export function heldNumber(literal: string): HeldNumber | null {
  const value = Number(literal);
  if (!Number.isFinite(value)) return null;
  const [mantissa = ''] = literal.split(/[eE]/, 1);
  if (value === 0 && /[1-9]/.test(mantissa)) return null;
  const lossy = !Number.isSafeInteger(value) && /^[+-]?\d+(?:\.0*)?$/.test(literal);
  return { value, text: lossy ? detached(literal) : null };
}
