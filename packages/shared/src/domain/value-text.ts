const SIGNIFICANT_DIGITS = 4;
const GROUPED_FROM = 10_000;

/**
 * A number as it is printed everywhere: integers whole, grouped from 10,000 on; others with four significant
 * digits, in plain notation where that stays readable. A zero at the end says that something was rounded away.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} cannot be printed as a value: it should have been absent.`);
  if (Number.isInteger(value) && Math.abs(value) < Number.MAX_SAFE_INTEGER) {
    return Math.abs(value) < GROUPED_FROM ? String(value) : group(String(value));
  }
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e15) return value.toExponential(SIGNIFICANT_DIGITS - 1);
  const rounded = Number(value.toPrecision(SIGNIFICANT_DIGITS));
  // Nothing was rounded away: the value as it is, without zeros that would claim more.
  if (rounded === value && size < GROUPED_FROM) return String(value);
  if (Number.isInteger(rounded) && size >= 1_000) return rounded < GROUPED_FROM ? String(rounded) : group(String(rounded));
  // As many decimals as keep the significant digits: 102.0 stays 102.0, and says how exact it is.
  const decimals = Math.max(0, SIGNIFICANT_DIGITS - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  return rounded.toFixed(decimals);
}

function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/**
 * A value with its unit: `28`, `436,259 bytes`, `102.0 tok/s`, `93.1 %`, `2025-11-14 18:53:30 UTC`.
 * Dates are ISO 8601 strings in UTC. A null unit is a bare count, or one that the artifact does not state.
 */
export function valueText(value: number | string, unit: string | null): string {
  if (typeof value === 'string') return instantText(value);
  return unit === null ? numberText(value) : `${numberText(value)} ${unit}`;
}

/** `2025-11-14 18:53:30 UTC` for an ISO 8601 instant in UTC; fractions of a second are left out. */
export function instantText(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC`;
}
