import type { Claim, Hedge } from './claim.ts';
import {
  FRACTION,
  fractionOf,
  MULTIPLE_WORDS,
  multipleInWords,
  NUMBER,
  NUMBER_WORDS,
  type Numeral,
  numberInWords,
  numeralOf,
  POWER,
  SCALE,
  SHARE_WORDS,
  shareInWords,
} from './numeral.ts';
import { UNIT_PATTERN, type Unit, unitOf } from './units.ts';

const SIGN = String.raw`(?<=^|[\s([{:=|~≈<>±/"'–—,])[-+]`;
const VALUE = (tag: string) => `(?<${tag}s>${SIGN})?(?<${tag}n>${NUMBER})(?<${tag}p>${POWER})?(?<${tag}k>${SCALE})?`;
const BEFORE = String.raw`(?<![\p{L}\p{N}_.]|\d[,'])`;
const UNIT = (tag: string) => String.raw`(?:[\s\u00a0]?-?(?<${tag}u>${UNIT_PATTERN}))?`;
// `112` of `112,4` is no number of its own.
const AFTER = String.raw`(?![\p{L}\p{N}_]|\.\d|,\d{1,2}(?!\d|,\d))`;

const RANGE = new RegExp(
  String.raw`${BEFORE}${VALUE('a')}${UNIT('a')}\s*(?:–|—|-|\.\.\.?|…|\bto\b|\bthrough\b|\buntil\b|(?<=\b(?:between|from)\b(?:[^.;]|\.\d){0,40})\band\b)\s*${VALUE('b')}${UNIT('b')}${AFTER}`,
  'gu',
);
const SPREAD = new RegExp(String.raw`${BEFORE}${VALUE('a')}${UNIT('a')}\s*(?<pm>±|\+\/?-)\s*${VALUE('b')}${UNIT('b')}${AFTER}`, 'gu');
const PART = new RegExp(
  String.raw`${BEFORE}(?<an>${NUMBER}|\b${NUMBER_WORDS})(?:\s+(?:out\s+)?of\s+(?:the\s+|all\s+|these\s+|those\s+)?)(?<bn>${NUMBER}|\b${NUMBER_WORDS})(?!\s?%)${AFTER}`,
  'giu',
);
const SLASHED = new RegExp(String.raw`${BEFORE}(?<an>\d{1,6})\s?/\s?(?<bn>\d{1,6})(?![\w/])`, 'gu');
const SAMPLE = new RegExp(
  String.raw`(?<![\p{L}\p{N}_])(?<of>[nNpP])(?:-value)?(?:\s?(?:=|<|>|≤|≥|:)\s?|(?<=[pP]|value)\s(?:of\s)?(?=0?\.\d))(?<an>${NUMBER})(?<ap>${POWER})?${AFTER}`,
  'gu',
);
const SINGLE = new RegExp(String.raw`${BEFORE}(?<money>[$€£]\s?)?${VALUE('a')}${UNIT('a')}${AFTER}`, 'gu');
// Without a unit, `2,4` may be a list: in brackets, behind `=` or among other figures it is not read.
const DECIMAL_COMMA = /(?<![\p{L}\p{N}_.,-]|[=([/]\s?)(?<as>-)?(?<an>\d+,\d{1,2})(?![\p{L}\p{N}_)\]/]|[.,]\d)/gu;
const ORDINAL = /(?<![\p{L}\p{N}_.])(?<an>\d{1,4})(?:st|nd|rd|th)\b/gu;
const WORDS = new RegExp(String.raw`\b(?<an>${NUMBER_WORDS})\b(?:[\s\u00a0-](?<au>${UNIT_PATTERN}))?`, 'giu');
const SHARE = new RegExp(String.raw`\b(?<an>${SHARE_WORDS})`, 'giu');
const MULTIPLE = new RegExp(String.raw`\b(?<an>${MULTIPLE_WORDS})`, 'giu');
const SIGNED_FRACTION = new RegExp(String.raw`${BEFORE}(?<whole>\d{1,4})?\s?(?<an>${FRACTION})${UNIT('a')}`, 'gu');

const HEDGES: readonly [RegExp, Hedge][] = [
  [/\b(?:never|not|n't|without)\s+(?:exceed(?:s|ed|ing)?|go(?:es|ing)? (?:over|above|beyond)|above|over|more than)\s*$/i, 'under'],
  [
    /(?:\b(?:about|around|approximately|approx\.?|roughly|circa|ca\.|some|nearly|almost|close to|just (?:over|under|above|below)|in the order of|or so|estimated)\s*(?:at\s+)?|[~≈]\s?)\(?$/i,
    'about',
  ],
  [
    /(?:\b(?:over|more than|above|at least|exceeding|exceeds?|greater than|upwards of|no (?:fewer|less) than|beyond)\s*|[>≥]=?\s?)$/i,
    'over',
  ],
  [/(?:\b(?:under|less than|below|up to|at most|fewer than|no more than|within)\s*|[<≤]=?\s?)$/i, 'under'],
];

const NOUN = /^[\s\u00a0)*_"'`-]*((?:[\p{L}][\p{L}-]*[\s\u00a0]*){0,4})/u;

/** What a match is a claim of: where it stands, its hedge, and the words behind it. */
type Found = { start: number; end: number; text: string; hedge: Hedge | null; noun: string; groups: Record<string, string | undefined> };

/** Finds claims of one spelling. `hint` is what a text must hold for the pattern to match at all: cheaper than the pattern. */
export type Reader = { pattern: RegExp; hint: Pick<RegExp, 'test'>; read: (found: Found) => readonly Claim[] };

/** A match with what every claim needs; white space around it is not of it. */
export function foundIn(text: string, match: RegExpExecArray): Found {
  const words = match[0].trimEnd();
  const start = match.index + (words.length - words.trimStart().length);
  const end = match.index + words.length;
  const behind = text.slice(match.index + match[0].length, match.index + match[0].length + 60);
  const noun = (NOUN.exec(behind)?.[1] ?? '').trim().toLowerCase();
  return { start, end, text: text.slice(start, end), hedge: hedgeBefore(text, start), noun, groups: match.groups ?? {} };
}

const DIGIT = /\d/;
const JOIN = /–|—|-|\.\.|…|\bto\b|\bthrough\b|\buntil\b|\band\b/;
const JOINED_DIGITS = { test: (text: string) => DIGIT.test(text) && JOIN.test(text) };

/** The readers of numbers, those of more signs first: what one has read, the next does not see. */
export const NUMBER_READERS: readonly Reader[] = [
  { pattern: SAMPLE, hint: /[nNpP](?:-value)?\s?[=<>≤≥:]|[pP]\s/, read: readSample },
  { pattern: SPREAD, hint: /±|\+\/?-/, read: readSpread },
  { pattern: PART, hint: /\bof\b/i, read: readPart },
  { pattern: SLASHED, hint: /\d\s?\/\s?\d/, read: readSlashed },
  { pattern: RANGE, hint: JOINED_DIGITS, read: readRange },
  { pattern: SINGLE, hint: DIGIT, read: readSingle },
  { pattern: DECIMAL_COMMA, hint: /\d,\d/, read: readSingle },
  { pattern: SIGNED_FRACTION, hint: new RegExp(FRACTION), read: readFraction },
  {
    pattern: ORDINAL,
    hint: DIGIT,
    read: (found) => [number(found, numeralOf('', found.groups.an ?? ''), null, 'digits', `rank ${found.noun}`)],
  },
  { pattern: SHARE, hint: /half|third|quarter|fourth|fifth|tenth/i, read: readShare },
  { pattern: MULTIPLE, hint: /twice|thrice|doubl|tripl|quadrupl|halv|fold/i, read: readMultiple },
  { pattern: WORDS, hint: /\p{L}/u, read: readWords },
];

function number(found: Found, numeral: Numeral, unit: Unit | null, by: 'digits' | 'words', noun = found.noun): Claim {
  const { start, end, text, hedge } = found;
  return { kind: 'number', start, end, text, hedge, numeral, unit, noun, by };
}

function readSample({ start, end, text, hedge, groups }: Found): Claim[] {
  const numeral = numeralOf('', groups.an ?? '', groups.ap);
  return [{ kind: 'sample', start, end, text, hedge, numeral, of: (groups.of ?? 'n').toLowerCase() === 'p' ? 'p' : 'n' }];
}

function readSpread(found: Found): Claim[] {
  const { start, end, text, groups } = found;
  const sign = text.indexOf(groups.pm ?? '±');
  const unit = unitIn(groups.bu) ?? unitIn(groups.au);
  const value = text.slice(0, sign).trimEnd();
  return [
    number({ ...found, end: start + value.length, text: value, noun: '' }, valueIn(groups, 'a'), unitIn(groups.au) ?? unit, 'digits'),
    { kind: 'spread', start: start + sign, end, text: text.slice(sign), hedge: null, numeral: valueIn(groups, 'b'), unit },
  ];
}

function readPart({ groups, ...found }: Found): Claim[] {
  const [part, whole] = [plainNumeral(groups.an ?? ''), plainNumeral(groups.bn ?? '')];
  return part && whole ? [{ kind: 'part', ...found, part, whole }] : [];
}

function readSlashed({ groups, ...found }: Found): Claim[] {
  const [part, whole] = [numeralOf('', groups.an ?? ''), numeralOf('', groups.bn ?? '')];
  return part.value <= whole.value ? [{ kind: 'part', ...found, part, whole }] : [];
}

function readRange({ groups, ...found }: Found): Claim[] {
  const unit = unitIn(groups.bu) ?? unitIn(groups.au);
  return [{ kind: 'range', ...found, low: inUnit(valueIn(groups, 'a'), unitIn(groups.au), unit), high: valueIn(groups, 'b'), unit }];
}

function readSingle(found: Found): Claim[] {
  const { groups } = found;
  return [number(found, valueIn(groups, 'a'), groups.money === undefined ? unitIn(groups.au) : unitOf('USD'), 'digits')];
}

function readFraction(found: Found): Claim[] {
  const value = Number(found.groups.whole ?? 0) + fractionOf(found.groups.an ?? '');
  return [number(found, { value, step: value / 100, digits: 2 }, unitIn(found.groups.au), 'digits')];
}

function readShare(found: Found): Claim[] {
  const value = shareInWords(found.groups.an ?? '');
  return value === null ? [] : [number(found, { value: value * 100, step: 2, digits: 2 }, unitOf('%'), 'words')];
}

function readMultiple(found: Found): Claim[] {
  const value = multipleInWords(found.groups.an ?? '');
  return value === null ? [] : [number(found, { value, step: value / 10, digits: 1 }, unitOf('times'), 'words')];
}

function readWords(found: Found): Claim[] {
  const value = numberInWords(found.groups.an ?? '');
  // Alone it is mostly no amount.
  if (/^one$/i.test(found.text) && !/^(?:files?|artifacts?|of the (?:files|artifacts)|csv|json|markdown)\b/.test(found.noun)) return [];
  return value === null
    ? []
    : [number(found, { value, step: 1, digits: Math.max(1, String(value).replace(/0+$/, '').length) }, unitIn(found.groups.au), 'words')];
}

function hedgeBefore(text: string, at: number): Hedge | null {
  const before = text.slice(Math.max(0, at - 32), at);
  return HEDGES.find(([pattern]) => pattern.test(before))?.[1] ?? null;
}

function unitIn(word: string | undefined): Unit | null {
  return word === undefined ? null : unitOf(word.replace(/[\s\u00a0]+/g, ' '));
}

function valueIn(groups: Found['groups'], tag: string): Numeral {
  return numeralOf(groups[`${tag}s`] ?? '', groups[`${tag}n`] ?? '', groups[`${tag}p`] ?? '', groups[`${tag}k`] ?? '');
}

/** A number in digits or words; null where it is none. */
export function plainNumeral(text: string): Numeral | null {
  if (/^[\d.]/.test(text)) return numeralOf('', text);
  const value = numberInWords(text);
  return value === null ? null : { value, step: 1, digits: String(value).length };
}

// In "1 s – 200 ms" each end has its own unit; both are told in the second.
function inUnit(numeral: Numeral, own: Unit | null, wanted: Unit | null): Numeral {
  if (own === null || wanted === null || own.dimension !== wanted.dimension || own.factor === wanted.factor) return numeral;
  const by = own.factor / wanted.factor;
  return { ...numeral, value: numeral.value * by, step: numeral.step * by };
}
