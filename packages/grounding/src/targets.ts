import { dimensionOf, type Entry } from './entry.ts';
import { conflictsOf, isPinned } from './fit.ts';
import type { Frame } from './frame.ts';
import { boundsOf, type StatedValue } from './stated-value.ts';
import { comparisonKey, type Truth } from './truth.ts';
import type { Unit } from './units.ts';

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

/** Whether a value lies beyond all of these. */
export function isOutside(targets: readonly Entry[], stated: StatedValue): boolean {
  const { low, high } = boundsOf(stated);
  const by = stated.unit?.factor ?? null;
  const values = targets.map((entry) => (by === null ? entry.value : entry.value * (entry.unit?.factor ?? 1)));
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  return high * (by ?? 1) < least || low * (by ?? 1) > most;
}

/** The entry whose value is nearest to the stated one; of two as near a fact. */
export function nearestOf(targets: readonly Entry[], { numeral, unit }: StatedValue): Entry | undefined {
  const value = numeral.value * (unit?.factor ?? 1);
  const away = (entry: Entry) =>
    Math.abs((unit === null ? entry.value : entry.value * (entry.unit?.factor ?? 1)) - value) + (entry.fact === null ? 1e-9 : 0);
  return targets.reduce<Entry | undefined>((best, entry) => (best === undefined || away(entry) < away(best) ? entry : best), undefined);
}
