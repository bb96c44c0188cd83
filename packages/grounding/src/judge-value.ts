import { DATASET_SCOPE, valueText } from '@chimera/shared/domain';
import { aggregatesOf } from './aggregate.ts';
import type { Hedge } from './claim.ts';
import type { Frame } from './frame.ts';
import { contradicted, factsOf, type Judgement, supported, unsupported } from './judgement.ts';
import { isOfScope } from './mentions.ts';
import type { Numeral } from './numeral.ts';
import type { Statistic } from './statistic-words.ts';
import { comparisonKey, digitsBetween, dimensionOf, type Entry, entriesBetween, entryText, type Truth } from './truth.ts';
import type { Unit } from './units.ts';

/** A value as a sentence states it. */
export type StatedValue = { numeral: Numeral; unit: Unit | null; hedge: Hedge | null };

/** How an entry does not fit what a sentence speaks of. */
type Conflict = 'metric' | 'label' | 'scope' | 'statistic';

const TELLING_DIGITS = 4;
// So many digits are no accident: they were copied from somewhere.
export const COPIED_DIGITS = 6;
// Two programs print one double with other last digits.
const FLOAT_NOISE = 1e-12;
// `about 50` leaves more room than `about 14.59`: by the number of digits that are shown.
const ABOUT = [0.05, 0.05, 0.02, 0.005];
// Where a sentence leaves so many values possible, missing all of them proves little.
const FEW_TARGETS = 24;

/** The values that a stated one may stand for: half of its last digit to either side, more where it is hedged. In the stated unit. */
export function boundsOf({ numeral, hedge }: Pick<StatedValue, 'numeral' | 'hedge'>): { low: number; high: number } {
  const { value, step } = numeral;
  const half = Math.max((step / 2) * (1 + 1e-9), Math.abs(value) * FLOAT_NOISE);
  if (hedge === 'about') {
    const wide = Math.max(half, Math.abs(value) * (ABOUT[Math.min(roundDigits(numeral), ABOUT.length) - 1] ?? 0));
    return { low: value - wide, high: value + wide };
  }
  // `below 1 s` leaves no room above it; of more digits the last may be rounded.
  const edge = numeral.digits > 1 ? half : 0;
  if (hedge === 'over') return { low: value - edge, high: value + Math.max(half, Math.abs(value) * 0.5) };
  if (hedge === 'under') return { low: value - Math.max(half, Math.abs(value) * 0.5), high: value + edge };
  return { low: value - half, high: value + half };
}

/** The digits that `about 2,000` shows: zeros at the end of a whole number say nothing. */
function roundDigits({ value, digits, step }: Numeral): number {
  if (step < 1 || !Number.isInteger(value) || value === 0) return digits;
  return Math.max(1, String(Math.abs(value)).replace(/0+$/, '').length);
}

/** Judges a measured value by what its sentence says that it is. */
export function judgeValue(stated: StatedValue, frame: Frame, truth: Truth): Judgement {
  const { numeral, unit } = stated;
  const { low, high } = boundsOf(stated);
  const same =
    unit === null ? digitsBetween(truth, low, high) : entriesBetween(truth, unit.dimension, low * unit.factor, high * unit.factor);
  const conflicts = new Map(same.map((entry) => [entry, conflictsOf(entry, frame, truth)]));
  const fitting = same.filter((entry) => conflicts.get(entry)?.length === 0);
  const targets = targetsOf(stated, frame, truth);
  // Of several files an average is one over all of them.
  const isGeneral =
    frame.general &&
    (!isPinned(frame) || (frame.labels.length === 0 && frame.together && (frame.paths?.size ?? 0) > 1)) &&
    frame.metrics !== null &&
    !frame.vague;
  const extreme = !isPinned(frame) && frame.statistics.some((s) => s === 'min' || s === 'max');
  if (extreme || ((stated.hedge === 'under' || stated.hedge === 'over') && frame.overall)) {
    const beyond = beyondAll(stated, frame, targets, truth);
    if (beyond) return beyond;
  }
  if (fitting.length > 0 && isGeneral) {
    // What is said of all must be so of all.
    const summed = aggregated(stated, frame, truth);
    if (summed) return summed;
  }
  if (fitting.length > 0 && (isGeneral || isSpecific(numeral, frame, targets))) {
    const best = [...fitting].sort((a, b) => rank(a, stated) - rank(b, stated)).slice(0, 3);
    const alone = best[0] === undefined || !isGeneral ? null : oneOfMany(best[0], targets);
    if (alone)
      return contradicted(`it is not said of all, but of one: ${told(best[0], truth)} ${alone}`, factsOf(best), best, textOf(best[0]));
    return supported(told(best[0], truth), factsOf(best), best, textOf(best[0]));
  }
  const loose = looselyBound(stated, frame, same, truth);
  if (loose) return supported(told(loose, truth), factsOf([loose]), [loose], textOf(loose));
  if (frame.ambiguous && fitting.length === 0)
    return unsupported('its sentence names several statistics, and which is meant cannot be told from their places');
  const found: Found = { same, fitting, conflicts, targets };
  if (fitting.length === 0 && isSomewhereNamed(frame, same, truth))
    return unsupported('its sentence names so much that what belongs to what cannot be told');
  const bound = beyondAll(stated, frame, targets, truth);
  if (bound) return bound;
  return (
    otherwiseBound(stated, frame, truth, found) ??
    aggregated(stated, frame, truth) ??
    missed(stated, frame, truth, found) ??
    copied(stated, frame, truth, found) ??
    absent(stated, frame, truth) ??
    unsupported(whyNot(frame, fitting))
  );
}

type Found = {
  /** entries with that value in that unit */
  same: readonly Entry[];
  /** of these, the ones of which the sentence may speak */
  fitting: readonly Entry[];
  conflicts: ReadonlyMap<Entry, readonly Conflict[]>;
  /** entries of which the sentence speaks, whatever their value */
  targets: readonly Entry[];
};

/** `consistently below 1 s`, `a maximum of 15 tok/s`: no value of those that are meant may lie beyond. */
function beyondAll({ numeral, unit, hedge }: StatedValue, frame: Frame, targets: readonly Entry[], truth: Truth): Judgement | null {
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

/**
 * In a sentence that names many things, which name belongs to which value cannot be told from their places: there a value of many
 * digits stands for whatever the sentence names anywhere.
 */
function looselyBound({ numeral, unit }: StatedValue, frame: Frame, same: readonly Entry[], truth: Truth): Entry | null {
  if (!frame.all.dense || frame.inPlace || numeral.digits < TELLING_DIGITS || unit === null) return null;
  const fits = (entry: Entry) =>
    frame.metrics?.has(entry.metric) === true &&
    fitsStatistic(entry.statistics, frame.statistics) &&
    frame.all.labels.every(
      (named) =>
        fitsNamed(entry, named, truth) ||
        frame.all.labels.some((other) => other !== named && sharesKey(other, named) && fitsNamed(entry, other, truth)),
    ) &&
    (frame.all.paths === null || isOfPaths(entry, frame.all.paths));
  return same.find((entry) => entry.fact !== null && fits(entry)) ?? null;
}

/** Whether a value is one of what a sentence that names many things names anywhere. */
function isSomewhereNamed(frame: Frame, same: readonly Entry[], truth: Truth): boolean {
  const { dense, metrics, labels, paths } = frame.all;
  if (!dense || frame.inPlace || metrics.size === 0) return false;
  return same.some(
    (entry) =>
      entry.fact !== null &&
      metrics.has(entry.metric) &&
      (paths === null || isOfPaths(entry, paths)) &&
      (labels.length === 0 || labels.some((named) => fitsNamed(entry, named, truth, paths !== null))),
  );
}

function sharesKey(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  for (const key of a.keys()) if (b.has(key)) return true;
  return false;
}

function whyNot(frame: Frame, fitting: readonly Entry[]): string {
  if (fitting.length > 0) return 'several values of the artifacts fit it, and its sentence does not say which is meant';
  if (frame.metrics === null) return 'its sentence names no metric that the artifacts have';
  return 'no number of the artifacts says so, and its sentence does not say of which one it speaks';
}

function against(how: string, entry: Entry, truth: Truth): Judgement {
  return contradicted(`${how}: ${told(entry, truth)}`, factsOf([entry]), [entry], textOf(entry));
}

/** A value of one configuration or file, said to be what all have: told as such it is false where others differ by more than a tenth. */
// Among so many, what is true of one can hardly be meant as what is true of it alone.
const MANY_OTHERS = 5;

function oneOfMany(entry: Entry, targets: readonly Entry[]): string | null {
  if (entry.fact?.kind === 'comparison') return null;
  const others = targets.filter((other) => other.scope !== entry.scope || !sameLabels(other.labels, entry.labels));
  const far = others.filter(
    (other) =>
      Math.abs(other.value * (other.unit?.factor ?? 1) - entry.value * (entry.unit?.factor ?? 1)) >
      0.1 * Math.abs(entry.value * (entry.unit?.factor ?? 1)),
  );
  const configurations = new Set(far.map((other) => other.configuration));
  return configurations.size >= MANY_OTHERS ? `${far.length} others differ from it by more than a tenth.` : null;
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/** The value is there, and is another thing than the sentence says: of another model, file or statistic, or in another unit. */
function otherwiseBound(stated: StatedValue, frame: Frame, truth: Truth, { same, fitting, conflicts }: Found): Judgement | null {
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

/** A mean, median, extreme or sum over several values, which is no fact of its own. */
function aggregated(stated: StatedValue, frame: Frame, truth: Truth): Judgement | null {
  const said = frame.statistics.flatMap((s): Statistic[] =>
    s === 'extreme' ? ['min', 'max'] : ['mean', 'median', 'min', 'max', 'sum'].includes(s) ? [s] : [],
  );
  if (said.length === 0 || frame.metrics === null || frame.vague) return null;
  const { unit } = stated;
  const base = targetsOf(stated, { ...frame, statistics: [] }, truth).filter(
    (entry) => unit === null || entry.unit?.dimension === unit.dimension,
  );
  const { low, high } = boundsOf(stated);
  const by = unit?.factor ?? base.find((entry) => entry.unit !== null)?.unit?.factor ?? 1;
  const fitting = aggregatesOf(base).find(({ statistic, value }) => said.includes(statistic) && value >= low * by && value <= high * by);
  if (!fitting) return null;
  const text = valueText(fitting.value / by, unit?.name ?? null);
  const some = fitting.entries.slice(0, 3);
  return supported(
    `the ${fitting.statistic} of the ${fitting.n} values${fitting.scope === null ? '' : ` in ${fitting.scope}`} is ${text}`,
    factsOf(some),
    some,
    text,
  );
}

const RELATIVE: ReadonlySet<string> = new Set(['ratio', 'times', 'points', 'money', 'euros', 'span']);

/** What the sentence speaks of is known, and has another value. */
function missed(stated: StatedValue, frame: Frame, truth: Truth, { fitting, targets }: Found): Judgement | null {
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
function absent(stated: StatedValue, frame: Frame, truth: Truth): Judgement | null {
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
function copied(stated: StatedValue, frame: Frame, truth: Truth, { same, fitting }: Found): Judgement | null {
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

/** The entries of which the sentence speaks, whatever their value: by metric, labels, files and statistic. */
export function targetsOf({ unit }: { unit: Unit | null }, frame: Frame, truth: Truth): readonly Entry[] {
  if (frame.metrics === null || frame.vague) return [];
  if (isPinned(frame)) return targetsAmong(candidatesOf(frame, unit, truth), unit, frame, truth);
  const remembered = unpinned.get(frame.metrics) ?? new Map<string, readonly Entry[]>();
  unpinned.set(frame.metrics, remembered);
  const key = `${frame.statistics.join()}|${unit?.dimension ?? '-'}|${frame.folder ?? ''}`;
  const known = remembered.get(key);
  if (known) return known;
  const found = targetsAmong(
    [...frame.metrics].flatMap((metric) => truth.byMetric[metric] ?? []),
    unit,
    frame,
    truth,
  );
  remembered.set(key, found);
  return found;
}

// What a sentence may mean that names no configuration is the same for all that name the metric: the set of metrics is the index's own.
const unpinned = new WeakMap<ReadonlySet<number>, Map<string, readonly Entry[]>>();

function targetsAmong(entries: Iterable<Entry>, unit: Unit | null, frame: Frame, truth: Truth): Entry[] {
  const found: Entry[] = [];
  for (const entry of entries) if (frame.metrics?.has(entry.metric) && conflictsOf(entry, frame, truth).length === 0) found.push(entry);
  const inUnit = found.filter((entry) => (unit === null ? isBareFit(entry) : dimensionOf(entry.unit) === unit.dimension));
  return inUnit.length > 0 ? inUnit : found;
}

/** The entries of the configurations or files that a sentence names, by what leaves the fewest; comparisons belong to no one of them. */
function candidatesOf(frame: Frame, unit: Unit | null, truth: Truth): Entry[] {
  const sets = frame.labels.map((named) => truth.configurations.named(named)[frame.paths === null ? 'strict' : 'lenient']);
  const smallest = sets.reduce<ReadonlySet<number> | null>((least, set) => (least === null || set.size < least.size ? set : least), null);
  const inRatios = unit === null || unit.dimension === 'times' || unit.dimension === 'ratio';
  const compared = !inRatios ? [] : comparedEntries(frame, truth);
  if (smallest === null) return [...(frame.paths ?? [])].flatMap((path) => truth.byPath.get(path) ?? []);
  const found: Entry[] = [...compared];
  for (const number of smallest)
    if (sets.every((set) => set.has(number)))
      for (const entry of truth.byConfiguration[number] ?? []) if (entry.fact?.comparison === undefined) found.push(entry);
  return found;
}

function comparedEntries(frame: Frame, truth: Truth): Entry[] {
  const found = new Set<Entry>();
  for (const metric of frame.metrics ?? [])
    for (const named of frame.labels)
      for (const [label, values] of named)
        for (const value of values)
          for (const { id } of truth.comparisonsByValue.get(comparisonKey(truth.metrics[metric] ?? '', label, value)) ?? []) {
            const entry = truth.byFact.get(id);
            if (entry) found.add(entry);
          }
  return [...found];
}

function isBareFit(entry: Entry): boolean {
  return entry.unit?.dimension !== 'times';
}

function isPinned(frame: Frame): boolean {
  return frame.labels.length > 0 || (frame.paths?.size ?? 0) > 0;
}

function isOutside(targets: readonly Entry[], stated: StatedValue): boolean {
  const { low, high } = boundsOf(stated);
  const by = stated.unit?.factor ?? null;
  const values = targets.map((entry) => (by === null ? entry.value : entry.value * (entry.unit?.factor ?? 1)));
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return high * (by ?? 1) < least || low * (by ?? 1) > most;
}

/** How an entry differs from what the sentence speaks of. */
export function conflictsOf(entry: Entry, frame: Frame, truth: Truth): Conflict[] {
  const found: Conflict[] = [];
  if (frame.metrics !== null && !frame.metrics.has(entry.metric)) found.push('metric');
  if (!fitsStatistic(entry.statistics, frame.statistics)) found.push('statistic');
  // Which two there are is enough: one alone tells something.
  if (found.length === 2) return found;
  if (!frame.labels.every((named) => fitsNamed(entry, named, truth, frame.paths !== null))) found.push('label');
  if (frame.paths !== null && !isOfPaths(entry, frame.paths)) found.push('scope');
  else if (frame.folder !== null && entry.scope !== DATASET_SCOPE && !entry.scope.toLowerCase().includes(`${frame.folder}/`))
    found.push('scope');
  return found;
}

const EXTREME: ReadonlySet<Statistic> = new Set(['min', 'max', 'stddev', 'sum']);

function fitsStatistic(own: ReadonlySet<Statistic>, said: readonly Statistic[]): boolean {
  const extreme = said.includes('extreme');
  for (const s of own)
    if ((EXTREME.has(s) || s.startsWith('p')) && !said.includes(s) && !(extreme && (s === 'min' || s === 'max'))) return false;
  if (extreme) return said.every((s) => s === 'extreme' || own.has(s));
  // A value that was chosen as the best is the greatest or least of medians.
  return said.every(
    (s) => own.has(s) || (s === 'sum' && own.has('value')) || ((s === 'max' || s === 'min') && own.has('best') && said.includes('median')),
  );
}

/**
 * Whether what a sentence names is what an entry is of: any of the labels that the name may be a value of. `inFile`: the sentence
 * names the file, and there a shorter name means whatever holds it.
 */
export function fitsNamed(entry: Entry, named: ReadonlyMap<string, ReadonlySet<string>>, truth: Truth, inFile = false): boolean {
  const { fact } = entry;
  const compared = fact?.comparison;
  // A comparison is of both its values, what was chosen of one.
  const values = compared === undefined ? undefined : named.get(compared.label);
  if (compared && values) {
    if (fact?.kind !== 'choice') return values.has(compared.of) || values.has(compared.to);
    if (entry.labels[compared.label] === undefined) return values.has(compared.of);
  }
  const { strict, lenient } = truth.configurations.named(named);
  return (inFile ? lenient : strict).has(entry.configuration);
}

function isOfPaths({ scope, fact }: Entry, paths: ReadonlySet<string>): boolean {
  if (paths.has(scope)) return true;
  if (fact === null) return false;
  for (const path of paths) {
    if (isOfScope(path, scope)) return true;
    if (fact.sources.some((source) => 'path' in source && source.path === path)) return true;
  }
  return false;
}

/** Whether a sentence says enough for a matching number to be meant and not met by chance. */
function isSpecific({ digits }: Numeral, frame: Frame, targets: readonly Entry[]): boolean {
  if (frame.metrics === null || frame.metrics.size === 0) return false;
  if (frame.vague) return digits >= COPIED_DIGITS;
  if (isPinned(frame)) return true;
  return digits >= TELLING_DIGITS || targets.length <= 3;
}

function rank(entry: Entry, { numeral, unit }: StatedValue): number {
  const off = Math.abs(entry.value * (entry.unit?.factor ?? 1) - numeral.value * (unit?.factor ?? entry.unit?.factor ?? 1));
  return (entry.fact === null ? 1 : 0) + (entry.unit === null && unit !== null ? 2 : 0) + Math.min(0.9, off);
}

function nearestOf(targets: readonly Entry[], { numeral, unit }: StatedValue): Entry | undefined {
  const value = numeral.value * (unit?.factor ?? 1);
  const away = (entry: Entry) =>
    Math.abs((unit === null ? entry.value : entry.value * (entry.unit?.factor ?? 1)) - value) + (entry.fact === null ? 1e-9 : 0);
  return targets.reduce<Entry | undefined>((best, entry) => (best === undefined || away(entry) < away(best) ? entry : best), undefined);
}

function textOf(entry: Entry | undefined): string | null {
  return entry === undefined ? null : valueText(entry.value, entry.fact?.unit ?? entry.unit?.name ?? null);
}

function told(entry: Entry | undefined, truth: Truth): string {
  return entry === undefined ? '' : entryText(entry, truth.metrics);
}
