import type { Entry } from './entry.ts';
import { sameLabels, textOf, told } from './entry-words.ts';
import { conflictsOf, fitsNamed, fitsStatistic, isOfPaths, isPinned } from './fit.ts';
import type { Frame } from './frame.ts';
import { aggregated } from './judge-aggregate.ts';
import { contradicted, factsOf, type Judgement, supported, unsupported } from './judgement.ts';
import type { Numeral } from './numeral.ts';
import { boundsOf, COPIED_DIGITS, type StatedValue, TELLING_DIGITS } from './stated-value.ts';
import { targetsOf } from './targets.ts';
import { digitsBetween, entriesBetween, type Truth } from './truth.ts';
import { absent, beyondAll, copied, type Found, missed, otherwiseBound } from './value-against.ts';

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

// Among so many, what is true of one can hardly be meant as what is true of it alone.
const MANY_OTHERS = 5;

/** A value of one configuration or file, said to be what all have: told as such it is false where others differ by more than a tenth. */
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
