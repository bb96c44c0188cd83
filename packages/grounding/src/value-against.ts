import { aggregatesOf } from './aggregate.ts';
import { dimensionOf, type Entry } from './entry.ts';
import { textOf, told } from './entry-words.ts';
import { type Conflict, conflictsOf, isPinned } from './fit.ts';
import type { Frame } from './frame.ts';
import { contradicted, factsOf, type Judgement, supported } from './judgement.ts';
import { boundsOf, COPIED_DIGITS, type StatedValue, TELLING_DIGITS } from './stated-value.ts';
import { isOutside, nearestOf, targetsOf } from './targets.ts';
import { digitsBetween, type Truth } from './truth.ts';
import type { Unit } from './units.ts';

/** What was found beside a stated value. */
export type Found = {
  /** entries with that value in that unit */
  same: readonly Entry[];
  /** of these, the ones of which the sentence may speak */
  fitting: readonly Entry[];
  conflicts: ReadonlyMap<Entry, readonly Conflict[]>;
  /** entries of which the sentence speaks, whatever their value */
  targets: readonly Entry[];
};

function against(how: string, entry: Entry, truth: Truth): Judgement {
  return contradicted(`${how}: ${told(entry, truth)}`, factsOf([entry]), [entry], textOf(entry));
}

/** `consistently below 1 s`, `a maximum of 15 tok/s`: no value of those that are meant may lie beyond. */
export function beyondAll({ numeral, unit, hedge }: StatedValue, frame: Frame, targets: readonly Entry[], truth: Truth): Judgement | null {
  if (unit === null || frame.vague) return null;
  const [said] = frame.statistics;
  const upper = (hedge === 'under' && frame.overall) || (said === 'max' && hedge !== 'under');
  const lower = (hedge === 'over' && frame.overall) || (said === 'min' && hedge !== 'over');
  const ofAll = (hedge === 'under' || hedge === 'over') && frame.overall;
  if (upper === lower || (isPinned(frame) && !ofAll)) return null;
  const meant = ofAll || said === 'max' || said === 'min' ? targetsOf({ unit }, { ...frame, statistics: [] }, truth) : targets;
  const limit = numeral.value * unit.factor;
  const slack = hedge === 'about' ? 1.05 : 1.005;
  const beyond = meant.find((entry) => {
    const own = entry.value * (entry.unit?.factor ?? 1);
    return entry.unit?.dimension === unit.dimension && (upper ? own > limit * slack : own < limit / slack);
  });
  return beyond ? against(upper ? 'there are greater ones' : 'there are smaller ones', beyond, truth) : null;
}

/** The value is there, and is another thing than the sentence says: of another model, file or statistic, or in another unit. */
export function otherwiseBound(stated: StatedValue, frame: Frame, truth: Truth, { same, fitting, conflicts }: Found): Judgement | null {
  const { numeral, unit } = stated;
  if (fitting.length > 0 || numeral.digits < TELLING_DIGITS || frame.metrics === null || frame.vague) return null;
  const bare =
    unit === null
      ? undefined
      : sameDigits(stated, truth).find((entry) => entry.unit === null && conflictsOf(entry, frame, truth).length === 0);
  if (bare) {
    // The file writes no unit there: what it writes beside the same number may tell.
    const beside = same.find((entry) => entry.scope === bare.scope && entry.unit !== null);
    if (beside && numeral.digits >= COPIED_DIGITS)
      return supported(
        `${told(bare, truth)} With its unit: ${told(beside, truth)}`,
        factsOf([bare, beside]),
        [bare, beside],
        textOf(beside),
      );
    const other = sameDigits(stated, truth).find((entry) => unit !== null && isOtherUnit(entry, unit));
    return other && same.every((entry) => entry.unit === null)
      ? against(`the artifacts have that number, and not in ${unit?.name ?? ''}`, other, truth)
      : null;
  }
  const near = same.find(
    (entry) => conflicts.get(entry)?.length === 1 && conflicts.get(entry)?.[0] !== 'metric' && (unit === null || entry.unit !== null),
  );
  const [how] = (near && conflicts.get(near)) ?? [];
  if (near && !(how === 'statistic' && frame.statistics.length === 0)) return against(OTHER[how ?? 'label'], near, truth);
  if (unit === null) return null;
  const inOther = sameDigits(stated, truth).find(
    (entry) => isOtherUnit(entry, unit) && frame.metrics?.has(entry.metric) && !conflictsOf(entry, frame, truth).includes('label'),
  );
  return inOther ? against(`the artifacts have that number, and not in ${unit.name}`, inOther, truth) : null;
}

const OTHER: Readonly<Record<Conflict, string>> = {
  metric: 'that is another metric',
  label: 'that belongs to another configuration',
  scope: 'that stands in another file',
  statistic: 'that is another statistic',
};

const RELATIVE: ReadonlySet<string> = new Set(['ratio', 'times', 'points', 'money', 'euros', 'span']);
// Where a sentence leaves so many values possible, missing all of them proves little.
const FEW_TARGETS = 24;

/** What the sentence speaks of is known, and has another value. */
export function missed(stated: StatedValue, frame: Frame, truth: Truth, { fitting, targets }: Found): Judgement | null {
  const { unit, hedge, numeral } = stated;
  if (fitting.length > 0) return null;
  // A whole number without a unit may count anything.
  if (unit === null && Number.isInteger(numeral.value) && numeral.step === 1 && numeral.value < 1_000) return null;
  const close = nearestOf(targets, stated);
  if (close === undefined) return null;
  const inUnit = targets.some((entry) => unit === null || entry.unit === null || dimensionOf(entry.unit) === unit.dimension);
  // A share or a multiple of a value may be of any other.
  if (!inUnit && unit !== null && RELATIVE.has(unit.dimension)) return null;
  if (isPinned(frame) && !frame.statistics.includes('extreme') && (targets.length <= FEW_TARGETS || isOutside(targets, stated)))
    return against(inUnit ? 'the artifacts say otherwise' : `that is not in ${unit?.name ?? 'such a unit'}`, close, truth);
  // An average of all that is stated as such is one of those that can be had, or it is none.
  if (frame.statistics.length > 0 && inUnit && hedge !== 'over' && hedge !== 'under' && !isPinned(frame))
    return against('no such statistic of the artifacts has that value; the nearest', close, truth);
  return null;
}

/** The sentence gives a file's own value, and the file holds no such number, nor do its numbers sum up to it. */
export function absent(stated: StatedValue, frame: Frame, truth: Truth): Judgement | null {
  const { unit } = stated;
  if (frame.paths === null || frame.paths.size === 0 || frame.paths.size > 4 || unit === null || frame.metrics === null) return null;
  const own = [...frame.paths].flatMap((path) => truth.byScope.get(path) ?? []);
  if (!own.some((entry) => entry.fact === null) || unit.dimension === 'ratio' || unit.dimension === 'times') return null;
  const { low, high } = boundsOf(stated);
  const near = (value: number, by: number) => value * by >= low * unit.factor && value * by <= high * unit.factor;
  const there = own.some((entry) =>
    entry.unit === null
      ? entry.value >= low && entry.value <= high
      : entry.unit.dimension === unit.dimension && near(entry.value, entry.unit.factor),
  );
  if (there) return null;
  const inUnit = own.filter((entry) => entry.unit?.dimension === unit.dimension);
  for (const metric of new Set(inUnit.map((entry) => entry.metric)))
    if (aggregatesOf(inUnit.filter((entry) => entry.metric === metric)).some(({ value }) => near(value, 1))) return null;
  const [path] = frame.paths;
  const close = nearestOf(inUnit, stated);
  return close
    ? against(`${path ?? ''} holds no such number; the nearest`, close, truth)
    : contradicted(`${path ?? ''} holds no number in ${unit.name}`, []);
}

/** So many digits were copied from somewhere: what they mean there counts. */
export function copied(stated: StatedValue, frame: Frame, truth: Truth, { same, fitting }: Found): Judgement | null {
  const { numeral, unit } = stated;
  if (numeral.digits < COPIED_DIGITS || fitting.length > 0) return null;
  const elsewhere = same.find((entry) => entry.unit !== null);
  const inOther = unit === null ? undefined : sameDigits(stated, truth).find((entry) => isOtherUnit(entry, unit));
  if (inOther && !elsewhere) return against(`the artifacts have that number, and not in ${unit?.name ?? ''}`, inOther, truth);
  // A file that states no unit can contradict none.
  return elsewhere && frame.metrics !== null ? against('the artifacts have that number with another meaning', elsewhere, truth) : null;
}

function sameDigits(stated: StatedValue, truth: Truth): readonly Entry[] {
  const { low, high } = boundsOf({ ...stated, hedge: null });
  return digitsBetween(truth, low, high);
}

function isOtherUnit(entry: Entry, unit: Unit): boolean {
  return entry.unit !== null && (entry.unit.dimension !== unit.dimension || entry.unit.factor !== unit.factor);
}
