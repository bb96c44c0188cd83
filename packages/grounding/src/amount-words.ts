import { AMOUNT_WORDS, MULTIPLE_WORD_LIST, SHARE_WORD_LIST } from './numeral.ts';

// "one" is mostly a pronoun, and "second" a unit: alone neither states an amount.
const NUMBERS = [...AMOUNT_WORDS.filter((word) => word !== 'one'), 'nought', 'trillion'];
const STEMS = [...AMOUNT_WORDS, 'trillion', 'many', 'several', 'multi', 'single'].join('|');
const ORDINALS =
  'third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth millionth billionth'.split(
    ' ',
  );
const LONG_UNITS = '(?:nano|micro|milli)?seconds?|minutes?|hours?|days?|weeks?|(?:kilo|mega|giga|tera)?bytes?|tokens?';
const WORDS = [
  `(?:${NUMBERS.join('|')})s?`,
  // Written as one: "twentyfive", "sixhundred".
  `(?:${AMOUNT_WORDS.join('|')}){2,5}`,
  `(?:${STEMS})(?:${AMOUNT_WORDS.join('|')})*[\\s-]?fold`,
  ...SHARE_WORD_LIST,
  `(?:${ORDINALS.join('|')})s?`,
  ...MULTIPLE_WORD_LIST,
  'trebl(?:e|ed|es|ing)',
  'tripling',
  '(?:doubl|tripl|quadrupl|quintupl|sextupl|septupl|octupl|decupl|centupl)(?:e|ed|es|ing|y)',
  'orders?\\s+of\\s+magnitude',
  '(?:a\\s+couple|couple\\s+of)',
  '(?:several|many|multiple|a\\s+few)\\s+times\\s+(?:as|more|less|faster|slower|higher|lower|larger|smaller|longer|shorter|that|the)',
  'per\\s?cent|percentage\\s+points?|permille|per\\s+mille|pct',
  `(?:one|single|half)[\\s-]+(?:${LONG_UNITS})`,
  `(?:under|over|within|about|than|takes?|nearly|almost)\\s+an?\\s+(?:${LONG_UNITS})`,
  '[ivx]{2,5}',
].join('|');
const AMOUNTS = new RegExp(String.raw`(?<![\p{L}\p{N}]|\bno\s)(?:${WORDS})(?![\p{L}\p{N}])`, 'iu');

// Letters that are not taken apart into one of the alphabet and a mark, and look like one.
const LIKE: Readonly<Record<string, string>> = { ı: 'i', ł: 'l', Ł: 'L', ø: 'o', Ø: 'O', đ: 'd', ħ: 'h', ŧ: 't', '\u017f': 's' };

/** Words in the letters that a reader takes them for: without marks, widths, ligatures and what cannot be seen. */
export function plainLetters(words: string): string {
  return words
    .normalize('NFKD')
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[ıłŁøØđħŧ]/g, (letter) => LIKE[letter] ?? letter)
    .replaceAll('_', ' ');
}

/** A word that states an amount, in whatever spelling: `twelve`, `halved`, `a tenth`, `sixfold`, `percent`; null where there is none. */
export function amountIn(words: string): string | null {
  return AMOUNTS.exec(plainLetters(words))?.[0] ?? null;
}

/** A sign or word that is not what it looks like: what cannot be seen, and letters of two scripts in one word. A clause, or null. */
export function disguiseIn(words: string): string | null {
  if (/\p{Default_Ignorable_Code_Point}/u.test(words)) return 'holds characters that cannot be seen';
  const plain = plainLetters(words);
  const mixed = plain.match(/\p{L}+/gu)?.find((word) => {
    // A sign of science before a Latin word is none of it: µs, Δt.
    const letters = word.replace(/^[μΔσλΩ](?=\p{Script=Latin}{1,3}$)/u, '');
    return (
      (/\p{Script=Latin}/u.test(letters) && /[\p{Script=Greek}\p{Script=Cyrillic}]/u.test(letters)) || /^\p{Script=Greek}{3,}$/u.test(word)
    );
  });
  if (mixed !== undefined) return `holds a word in letters of another script ("${mixed.slice(0, 20)}")`;
  // Small capitals, turned and hooked letters: signs of phonetics, which are Latin by name.
  const odd = /[\u0180-\u02af\u1d00-\u1dbf\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f]/u.exec(plain);
  return odd ? `holds the letter "${odd[0]}", which is none of its language` : null;
}
