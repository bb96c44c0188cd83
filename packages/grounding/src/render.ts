import type { Fact } from '@chimera/shared/domain';
import { numberText, valueText } from '@chimera/shared/domain';
import type { PlainForm, ReferenceForm } from './reference.ts';
import { convertedValue } from './render-units.ts';

/** What a reference prints, or the sentence that says why it prints nothing. */
export type Rendered = { text: string } | { fault: string };

/** Of a fact, what its references print. */
export type Printed = Pick<Fact, 'id' | 'kind' | 'value' | 'unit' | 'n' | 'runs'>;

/** The most digits after the point that a reference may ask for. */
export const MOST_DIGITS = 6;

/** Facts of measured values: n stands beside them. */
const WITH_N: ReadonlySet<Fact['kind']> = new Set(['series', 'group', 'choice']);

/** What a reference to this fact prints: `102.0 tok/s (n = 5)`, `102.0 tok/s`, `5`; for `n` where it has none, that. */
export function referenceText(fact: Printed, form: PlainForm): string {
  if (form === 'n') return fact.n === null ? 'unknown' : numberText(fact.n);
  return `${valueText(fact.value, fact.unit)}${form === 'full' ? besides(fact) : ''}`;
}

/**
 * What a reference in any form prints. A chosen unit is one of the fact's dimension; n stands beside the value as in the full
 * form. The fault is a sentence without its full stop: a unit of another dimension, digits that are none or too many or that
 * would make nothing of a value, a unit or digits for a date or a count. A wrong number never comes.
 * @param name what the fault calls the fact: its name on the page, or its id
 */
export function renderReference(fact: Printed, form: ReferenceForm, name: string = fact.id): Rendered {
  if (typeof form === 'string') return { text: referenceText(fact, form) };
  if (typeof fact.value === 'string') return { fault: `${name} is a date, which has neither unit nor digits to choose` };
  // A count, and what is compared in counts: whole, and in no unit.
  if (fact.unit === null && Number.isInteger(fact.value) && (form.digits ?? 0) !== 0)
    return { fault: `${name} is a whole number, which has no digits after the point` };
  const rendered = renderValue(fact.value, fact.unit, form, name);
  return 'fault' in rendered ? rendered : { text: `${rendered.text}${besides(fact)}` };
}

/** A number in the unit and with the digits asked for. As for `renderReference`. */
export function renderValue(value: number, unit: string | null, form: Exclude<ReferenceForm, string>, name: string): Rendered {
  const { digits } = form;
  const converted = form.unit === null ? { value, unit } : convertedValue(value, unit, form.unit, name);
  if ('fault' in converted) return converted;
  const withUnit = (text: string) => ({ text: converted.unit === null ? text : `${text} ${converted.unit}` });
  if (digits === null) return { text: valueText(converted.value, converted.unit) };
  if (!(digits >= 0 && digits <= MOST_DIGITS)) return { fault: `${name} can be printed with 0 to ${MOST_DIGITS} digits after the point` };
  if (Math.abs(converted.value) >= Number.MAX_SAFE_INTEGER)
    return { fault: `${name} is too large to be printed with digits of one's choice` };
  const fixed = fixedText(converted.value, digits);
  if (value !== 0 && Number(fixed) === 0) return { fault: `${name} is not zero, and would be printed as ${fixed}` };
  return withUnit(grouped(fixed));
}

/** `toFixed` without the minus of a zero. */
function fixedText(value: number, digits: number): string {
  const fixed = value.toFixed(digits);
  return Number(fixed) === 0 ? fixed.replace('-', '') : fixed;
}

/** Thousands apart from 10,000 on, as everywhere. */
function grouped(fixed: string): string {
  const [whole = '', rest] = fixed.split('.');
  if (whole.replace('-', '').length < 5) return fixed;
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${rest === undefined ? '' : `.${rest}`}`;
}

/** What stands beside a measured value: how many samples, and in how many runs where samples of a run depend on each other. */
function besides(fact: Printed): string {
  if (!WITH_N.has(fact.kind) || fact.n === null) return '';
  const runs = fact.runs === undefined ? '' : ` in ${numberText(fact.runs)} ${fact.runs === 1 ? 'run' : 'runs'}`;
  return ` (n = ${numberText(fact.n)}${runs})`;
}
