import type { Claim } from './claim.ts';
import { datesIn } from './date.ts';
import { dateRole } from './date-role.ts';
import { type Frame, frameOf, type Setting } from './frame.ts';
import type { Peer } from './framed-labels.ts';
import type { Judgement } from './judgement.ts';
import type { Stretch } from './page.ts';
import type { Sentence } from './sentence.ts';
import type { Truth } from './truth.ts';
import { UNIT_PATTERN, type Unit, unitOf } from './units.ts';

/** A claim with its verdict. */
export type Checked = Judgement & { claim: Claim };

/** What is judged: a claim, with its place in a sentence, what frames it, and what was judged before it in its sentence. */
export type Place = {
  stretch: Stretch;
  claim: Claim;
  sentence: Sentence;
  own: Setting;
  around: readonly Setting[];
  peers: readonly Peer[];
  before: readonly Checked[];
  truth: Truth;
};

/** What the words around a place say that a value in this unit is about. */
export function frame({ claim, own, around, truth, peers }: Place, unit: Parameters<typeof frameOf>[1]): Frame {
  return frameOf(claim, unit, [own, ...around], truth, peers);
}

/** The unit that a cell's column names, `Latency (ms)`, or that a cell beside it is. */
export function cellUnit({ stretch }: Place): Unit | null {
  if (stretch.kind !== 'cell') return null;
  for (const words of [stretch.column, stretch.row.split(' | ')[0] ?? '']) {
    // `Value(s)` is a plural, `Latency (s)` a unit.
    const [, inBrackets] = /(?:\s\(|\((?!s\)))([^()]+)\)\s*$/.exec(words.trim()) ?? [];
    const unit = inBrackets === undefined ? null : unitOf(inBrackets.trim());
    if (unit) return unit;
  }
  for (const words of stretch.row.split(' | ').slice(1)) {
    const unit = words.trim() === '' ? null : unitOf(words.trim());
    if (unit) return unit;
  }
  return null;
}

// `Value(s)` is a plural.
const BEFORE = new RegExp(
  String.raw`(?:(?<=\s)\(\s?(${UNIT_PATTERN})\s?\)|\bin\s(${UNIT_PATTERN}))(?:[^()\d.,;]|(?<=[\p{L}\p{N}_.-])[\d.]){0,64}$`,
  'u',
);

/** The unit that stands before a number without one: `Median energy (mJ): 5`, `the energy in mJ was 5`. */
export function unitBefore({ claim, own }: Place): Unit | null {
  const before = own.text.slice(Math.max(0, own.start - 80), own.start);
  const [, bracketed, word = bracketed] = claim.kind === 'number' ? (BEFORE.exec(before) ?? []) : [];
  return word === undefined ? null : unitOf(word.replace(/[\s\u00a0]+/g, ' '));
}

/** The file that a row is of, where no artifact is called so. */
export function missingFile({ stretch, around }: Place): string | null {
  if (stretch.kind !== 'cell') return null;
  const label = stretch.row.split(' | ')[0] ?? '';
  const file = around.flatMap(({ mentions }) => mentions.files).find((mention) => mention.paths.size === 0 && label.includes(mention.text));
  return file && !/[*{}]|YYYY/.test(file.text) ? file.text : null;
}

/** What the words around a place say that a date is of. */
export function dateFrame({ claim, own, around, stretch }: Place) {
  const settings = [own, ...around];
  const kinds = new Set(settings.find((setting) => setting.mentions.kinds.length > 0)?.mentions.kinds.map(({ kind }) => kind) ?? []);
  const files = settings.find((setting) => setting.mentions.files.length > 0)?.mentions.files ?? [];
  const paths = files.length === 0 ? null : new Set(files.flatMap((file) => [...file.paths]));
  const around_ = [stretch.column, ...stretch.parents, stretch.headings.at(-1) ?? ''].join(' ');
  return {
    role: dateRole(own.text.slice(0, claim.start), own.text, around_),
    kinds,
    paths,
    several: /\bdates\b/i.test(own.text) && datesIn(own.text).length > 1,
  };
}
