import { UNIT_PATTERN } from './units.ts';

/**
 * A number as prose shows it. `step` is the worth of the last digit that is shown (0.1 for 102.0; 100 for 1.2k): the true value may lie
 * half of it away. `digits` counts the significant ones.
 */
export type Numeral = { value: number; step: number; digits: number };

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
export const POWER = String.raw`(?:[eE][+-]?\d{1,3}(?![\p{L}\p{N}])|\s?(?:[×x*·]|\\?times)\s?10\s?(?:\^\s?[{(]?[+-]?\d{1,3}[})]?|[⁻⁺]?[${RAISED}]{1,3}))`;
export const SCALE = String.raw`(?:[kKMGT](?![\p{L}\p{N}/])|\s(?:thousand|million|billion|trillion)\b)`;
// `112,4 tok/s`, `1.234,5 ms`: a comma before one or two digits and a unit. Ahead within ahead, the unit is compiled once, not ten times.
const COMMA = String.raw`(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}(?=${POWER}?${SCALE}?[\s\u00a0]?-?(?=${UNIT_PATTERN}))`;
/**
 * A numeral without sign: groups of three by comma, apostrophe or a space that does not break; a decimal point, or a decimal comma
 * where a unit follows.
 */
export const NUMBER = String.raw`(?:${COMMA}|(?:\d{1,3}(?:[,'\u00a0]\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)`;

const SCALES: Readonly<Record<string, number>> = {
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
};

/** Reads a numeral out of its parts, as NUMBER, POWER and SCALE find them; `sign` is `-`, `+` or nothing. */
export function numeralOf(sign: string, number: string, power = '', scale = ''): Numeral {
  const pointed = /,\d{1,2}$/.test(number) ? number.replaceAll('.', '').replace(',', '.') : number;
  const plain = pointed.replace(/[,'\u00a0]/g, '');
  const decimals = plain.includes('.') ? plain.length - plain.indexOf('.') - 1 : 0;
  const by = 10 ** exponentOf(power) * (SCALES[scale.trim()] ?? 1);
  const value = Number(`${plain}e${exponentOf(power)}`) * (SCALES[scale.trim()] ?? 1);
  const digits = plain.replace('.', '').replace(/^0+/, '').length;
  return { value: sign === '-' ? -value : value, step: 10 ** -decimals * by, digits: Math.max(1, digits) };
}

function exponentOf(power: string): number {
  if (power === '') return 0;
  const e = /^[eE]([+-]?\d+)$/.exec(power);
  if (e) return Number(e[1]);
  const plain = /10\s?\^\s?[{(]?([+-]?\d+)/.exec(power);
  if (plain) return Number(plain[1]);
  const raised = /10\s?([⁻⁺]?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.exec(power);
  if (!raised) return 0;
  const size = Number([...(raised[2] ?? '')].map((c) => RAISED.indexOf(c)).join(''));
  return raised[1] === '⁻' ? -size : size;
}

const FRACTIONS: ReadonlyMap<string, number> = new Map([
  ['½', 1 / 2],
  ['⅓', 1 / 3],
  ['⅔', 2 / 3],
  ['¼', 1 / 4],
  ['¾', 3 / 4],
  ['⅕', 1 / 5],
  ['⅖', 2 / 5],
  ['⅗', 3 / 5],
  ['⅘', 4 / 5],
  ['⅙', 1 / 6],
  ['⅛', 1 / 8],
  ['⅜', 3 / 8],
  ['⅝', 5 / 8],
  ['⅞', 7 / 8],
  ['⅒', 1 / 10],
]);
export const FRACTION = `[${[...FRACTIONS.keys()].join('')}]`;

/** What a fraction sign is worth. */
export function fractionOf(sign: string): number {
  return FRACTIONS.get(sign) ?? Number.NaN;
}

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const PLAIN: ReadonlyMap<string, number> = new Map([
  ...ONES.map((word, i) => [word, i] as const),
  ...TENS.map((word, i) => [word, (i + 2) * 10] as const),
]);
const BIG: ReadonlyMap<string, number> = new Map([
  ['hundred', 100],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['dozen', 12],
]);

/** The words that amounts are made of: `two`, `twenty`, `hundred`. */
export const AMOUNT_WORDS: readonly string[] = [...PLAIN.keys(), ...BIG.keys()].sort((a, b) => b.length - a.length);
const WORDS = AMOUNT_WORDS.join('|');
/** Finds an amount in words: `two`, `twenty-eight`, `one hundred and one`, `a dozen`. Not `one` by itself, which is mostly no amount. */
export const NUMBER_WORDS = String.raw`(?:(?:a\s+)?(?:${WORDS})(?:(?:\s+and\s+|[\s-])(?:${WORDS}))*)`;

/** The value of an amount in words; null where they make none. */
export function numberInWords(text: string): number | null {
  let total = 0;
  let part = 0;
  let seen = false;
  for (const word of text.toLowerCase().split(/[\s-]+/)) {
    if (word === 'and' || word === 'a') continue;
    const plain = PLAIN.get(word);
    const big = BIG.get(word);
    if (plain !== undefined) part += plain;
    else if (big === 100 || big === 12) part = (part === 0 ? 1 : part) * big;
    else if (big !== undefined) {
      total += (part === 0 ? 1 : part) * big;
      part = 0;
    } else return null;
    seen = true;
  }
  return seen ? total + part : null;
}

const SHARES: ReadonlyMap<string, number> = new Map([
  ['half', 1 / 2],
  ['third', 1 / 3],
  ['thirds', 1 / 3],
  ['quarter', 1 / 4],
  ['quarters', 1 / 4],
  ['fourth', 1 / 4],
  ['fifth', 1 / 5],
  ['fifths', 1 / 5],
  ['tenth', 1 / 10],
  ['tenths', 1 / 10],
]);
/** The words of shares: `half`, `thirds`. */
export const SHARE_WORD_LIST: readonly string[] = [...SHARES.keys()];
/** Finds a share in words: `half of`, `a third`, `two thirds`, `one quarter`. */
export const SHARE_WORDS = String.raw`(?:half(?=\s+(?:of|the|as|that|a)\b)|(?:an?|one|two|three|four|seven|nine)[\s-](?:half|thirds?|quarters?|fourth|fifths?|tenths?))\b`;

/** The value of a share in words; null where they make none. */
export function shareInWords(text: string): number | null {
  const words = text.toLowerCase().split(/[\s-]+/);
  const share = SHARES.get(words.at(-1) ?? '');
  if (share === undefined) return null;
  const times = words.length === 1 || /^an?$/.test(words[0] ?? '') ? 1 : (PLAIN.get(words[0] ?? '') ?? Number.NaN);
  return Number.isNaN(times) ? null : times * share;
}

const MULTIPLES: ReadonlyMap<string, number> = new Map([
  ['twice', 2],
  ['thrice', 3],
  ['double', 2],
  ['doubled', 2],
  ['doubles', 2],
  ['doubling', 2],
  ['triple', 3],
  ['tripled', 3],
  ['triples', 3],
  ['quadruple', 4],
  ['quadrupled', 4],
  ['halved', 0.5],
  ['halves', 0.5],
  ['halving', 0.5],
]);
/** The words of multiples: `twice`, `halved`. */
export const MULTIPLE_WORD_LIST: readonly string[] = [...MULTIPLES.keys()];
/** Finds a multiple in words: `twice`, `doubled`, `halved`, `tenfold`. */
export const MULTIPLE_WORDS = String.raw`(?:${[...MULTIPLES.keys()].join('|')}|(?:${WORDS})-?fold)\b`;

/** The value of a multiple in words; null where it is none. */
export function multipleInWords(text: string): number | null {
  const word = text.toLowerCase();
  const fold = /^(.*?)-?fold$/.exec(word);
  return fold ? numberInWords(fold[1] ?? '') : (MULTIPLES.get(word) ?? null);
}
