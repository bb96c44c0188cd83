import { UNITS, type UnitName } from '@chimera/shared/domain';
import { anyOf } from './any-of.ts';
import { type Dimension, PROSE_UNITS, SAME_IN_PROSE, UNIT_WORDS } from './unit-words.ts';

export type { Dimension } from './unit-words.ts';

/** A unit as prose or a file writes it: `factor` takes a value in it to the dimension's own unit (s, bytes, tok/s, ratio, W, J). */
export type Unit = { name: string; dimension: Dimension; factor: number };

const NAMED: readonly (readonly [word: string, unit: Unit])[] = (Object.keys(UNITS) as UnitName[]).flatMap((name) => {
  const { dimension, times, over } = UNITS[name];
  const unit = { name, dimension: SAME_IN_PROSE[dimension] ?? dimension, factor: times / over };
  return [name, ...UNIT_WORDS[name]].map((word) => [word, unit] as const);
});

const EXACT: ReadonlyMap<string, Unit> = new Map([
  ...PROSE_UNITS.flatMap(([dimension, factor, name, ...words]) =>
    [name, ...words].map((word): [string, Unit] => [word, { name, dimension, factor }]),
  ),
  ...NAMED,
]);

/** Short ones that are a unit in any case. Of others the case may tell what they are: MB and Mb, MJ and mJ. */
const SHORT = /^(?:sec|ms|tps|rps|qps|fps|min)$/;

const LOOSE: ReadonlyMap<string, Unit> = new Map(
  [...EXACT].filter(([word]) => SHORT.test(word) || isWrittenOut(word)).map(([word, unit]) => [word.toLowerCase(), unit]),
);

/** `milliseconds`, `tokens/s`, `tok/s per W`, but not `kops`, `kb/s`, `ms/op` or `Mbyte`: there another case may be another prefix. */
function isWrittenOut(word: string): boolean {
  return word.length > 3 && /^\p{Ll}{3}/u.test(word) && !/^k(?:b|ops)/.test(word);
}

/** The unit that a word or sign names; null where it names none that is known. Words written out are found in any case. */
export function unitOf(word: string): Unit | null {
  return EXACT.get(word) ?? LOOSE.get(word.toLowerCase()) ?? null;
}

/** Whether a word is a unit whose case counts: `MB`, `mJ`, `kWh`. A single letter is more often a word. */
export function isUnitSign(word: string): boolean {
  return word.length > 1 && EXACT.has(word) && !isWrittenOut(word) && !SHORT.test(word);
}

// Behind a number in prose `A` begins more sentences than it names amperes.
const SPELLINGS = [...new Set([...EXACT.keys(), ...LOOSE.keys(), 'TPS', 'RPS', 'QPS', 'FPS'])].filter((word) => word !== 'A');
const endsInLetter = (word: string) => /\p{L}$/u.test(word);
const isShort = (word: string) => endsInLetter(word) && !isWrittenOut(word);

/**
 * The source of a regular expression that finds any unit, the longest first; it does not end inside of a word. What may not follow
 * is said once for all words. Words written out may begin with a capital and come first: none of them begins a short one. No sign
 * begins as a word does, so that it makes no difference that signs come last.
 */
export const UNIT_PATTERN = `(?:(?:${anyOf(SPELLINGS.filter(isWrittenOut), capital)}|${anyOf(SPELLINGS.filter(isShort))})(?![\\p{L}\\p{N}])|${anyOf(SPELLINGS.filter((word) => !endsInLetter(word)))})`;

function capital(letter: string): string {
  return `[${letter}${letter.toUpperCase()}]`;
}
