/** Which sign stands before the fraction of a number; null where a table does not say it. */
export type DecimalSign = '.' | ',' | null;

/** The digits as they are written in code; `ambiguous` where a sign may group thousands or begin a fraction; null where it is no number. */
export type PlainDigits = { digits: string } | 'ambiguous' | null;

const SPACES = String.raw` \u00a0\u202f`;
const PLAIN = /^\d{1,18}$/;
/** One sign, and three digits behind it: a thousand or a thousandth. */
const EITHER = /^[1-9]\d{0,2}[.,]\d{3}$/;

const FORMS: Readonly<Record<'.' | ',', RegExp>> = {
  '.': /^([1-9]\d{0,2}(?:,\d{3}){1,5}|\d{1,18})(?:\.(\d{1,12}))?$/,
  ',': new RegExp(String.raw`^([1-9]\d{0,2}(?:[.${SPACES}]\d{3}){1,5}|\d{1,18})(?:,(\d{1,12}))?$`, 'u'),
};

/**
 * The sign that the numbers of a table agree on: `12,5` and `1.234,5` are of one language, `12.5` and `1,234.5` of another.
 * @param numbers without their units; what is none is passed over
 */
export function decimalSignOf(numbers: Iterable<string>): DecimalSign {
  const seen = new Set<DecimalSign>();
  for (const number of numbers) seen.add(signIn(number));
  return seen.has('.') === seen.has(',') ? null : seen.has('.') ? '.' : ',';
}

/** What a number alone says: nothing where it has no sign, or one that may be either. */
function signIn(number: string): DecimalSign {
  if (PLAIN.test(number) || EITHER.test(number)) return null;
  const [dot, comma] = [FORMS['.'].test(number), FORMS[','].test(number)];
  return dot === comma ? null : dot ? '.' : ',';
}

/**
 * A number as it is written in code.
 * @param sign that of its table; null: only what can be read in one way is
 */
export function plainDigits(number: string, sign: DecimalSign): PlainDigits {
  const own = sign ?? signIn(number);
  if (own === null && !PLAIN.test(number)) return EITHER.test(number) ? 'ambiguous' : null;
  const [, whole, fraction] = FORMS[own ?? '.'].exec(number) ?? [];
  if (whole === undefined) return null;
  return { digits: whole.replace(/\D/gu, '') + (fraction === undefined ? '' : `.${fraction}`) };
}
