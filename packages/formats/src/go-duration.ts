import { type HeldNumber, heldNumber } from './number-literal.ts';

/** Units of a duration as Go prints it; it knows two signs for micro. */
const UNITS: ReadonlyMap<string, string> = new Map([
  ['ns', 'ns'],
  ['us', 'us'],
  ['µs', 'us'],
  ['μs', 'us'],
  ['ms', 'ms'],
  ['s', 's'],
]);

const SINGLE = /^(\d{1,15}(?:\.\d{1,12})?) ?(ns|us|µs|μs|ms|s)$/;
/** Go ends a duration of minutes and hours in seconds, always: `235m` alone is the beginning of `235ms`. */
const COMPOUND = /^(?:(\d{1,6})h)?(\d{1,9})m(\d{1,2})(\.\d{1,12})?s$/;

/**
 * A duration as Go prints it: `12.97s`, `235.137439ms`, `1m2.3s`, `1h0m2s`.
 * @returns the number with its unit where it has one; of one of minutes or hours its sum in seconds, exact to the last digit; null
 * where the text is none
 */
export function goDuration(text: string): (HeldNumber & { unit: string }) | null {
  const [, literal, symbol = ''] = SINGLE.exec(text) ?? [];
  if (literal !== undefined) {
    const held = heldNumber(literal);
    const unit = UNITS.get(symbol);
    return held === null || unit === undefined ? null : { ...held, unit };
  }
  const [, hours = '0', minutes, seconds, fraction = ''] = COMPOUND.exec(text) ?? [];
  if (minutes === undefined || seconds === undefined) return null;
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  const held = heldNumber(`${whole}${fraction}`);
  return held === null ? null : { ...held, unit: 's' };
}
