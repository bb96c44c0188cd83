import { byCodeUnit } from '@chimera/shared/domain';
import { type Abridged, abridgedAmong, type Summary, summaryOf } from './abridged.ts';
import type { Description } from './description.ts';
import type { SampledArtifact } from './groups.ts';
import { modelWords, type PathContext, type PathParts, partsOfPath, pathContext, repeatedNames } from './path-context.ts';

/** An artifact with samples in its dataset: what the others make of it. Another object as soon as any of that is otherwise. */
export type Place = {
  readonly description: Description;
  readonly artifact: SampledArtifact;
  readonly parts: PathParts;
  /** models that it states */
  readonly models: readonly string[];
  /** what it sums up of one run */
  readonly summary: Summary | null;
  readonly context: PathContext;
  /** false where its numbers are another's with fewer digits */
  readonly counts: boolean;
};

/** The places of a dataset by path, and what they were made with. */
export type Places = {
  all: readonly Place[];
  repeated: ReadonlySet<string>;
  models: ReadonlySet<string>;
  abridged: ReadonlyMap<SampledArtifact, Abridged>;
};

/** What became otherwise: a place that changed is in both. */
export type PlaceChanges = { gone: readonly Place[]; come: readonly Place[] };

export const NO_PLACES: Places = { all: [], repeated: new Set(), models: new Set(), abridged: new Map() };

/**
 * The places of a dataset's artifacts. Those of the last inventory are kept as far as nothing about them is otherwise.
 * @param descriptions sorted by path
 */
export function placesOf(descriptions: readonly Description[], before: Places): { places: Places; changes: PlaceChanges } {
  const { kept, gone, come } = compared(descriptions, before.all);
  if (gone.length === 0 && come.length === 0) return { places: before, changes: { gone, come } };
  const all = [...kept];
  const repeated = sameOr(before.repeated, repeatedNames(all.map(({ parts }) => parts)));
  const models = sameOr(before.models, new Set(all.flatMap((place) => place.models)));
  const isSummed = gone.some(({ summary }) => summary !== null) || come.some(({ summary }) => summary !== null);
  const abridged = isSummed ? abridgedAmong(all.flatMap(({ summary }) => summary ?? [])) : before.abridged;
  const known = modelWords(models);
  const fresh = new Set(come);
  const [changedGone, changedCome] = [[...gone], [] as Place[]];
  for (let i = 0; i < all.length; i++) {
    const place = all[i] as Place;
    const isFresh = fresh.has(place);
    const isStill = !isFresh && repeated === before.repeated && models === before.models;
    const context = isStill ? place.context : pathContext(place.artifact.path, place.parts, repeated, known);
    const counts = !abridged.has(place.artifact);
    if (isFresh || !sameContext(context, place.context) || counts !== place.counts) {
      const changed = { ...place, context, counts };
      all[i] = changed;
      changedCome.push(changed);
      if (!isFresh) changedGone.push(place);
    }
  }
  return { places: { all, repeated, models, abridged }, changes: { gone: changedGone, come: changedCome } };
}

/** Both lists are sorted by path. A place stays while the description is the very same. */
function compared(
  descriptions: readonly Description[],
  places: readonly Place[],
): { kept: readonly Place[]; gone: readonly Place[]; come: readonly Place[] } {
  const kept: Place[] = [];
  const gone: Place[] = [];
  const come: Place[] = [];
  let next = 0;
  for (const description of descriptions) {
    const { artifact, samples } = description;
    if (artifact.sha256 === null || samples.length === 0) continue;
    let place = places[next];
    while (place !== undefined && place.description !== description && byCodeUnit(place.artifact.path, artifact.path) <= 0) {
      gone.push(place);
      place = places[++next];
    }
    if (place?.description === description) next += 1;
    else {
      place = newPlace(description, { path: artifact.path, sha256: artifact.sha256, samples });
      come.push(place);
    }
    kept.push(place);
  }
  for (; next < places.length; next++) {
    const place = places[next];
    if (place !== undefined) gone.push(place);
  }
  return { kept, gone, come };
}

function newPlace(description: Description, artifact: SampledArtifact): Place {
  const models = new Set<string>();
  for (const { labels } of artifact.samples) if (labels.model !== undefined) models.add(labels.model);
  return {
    description,
    artifact,
    parts: partsOfPath(artifact.path),
    models: [...models],
    summary: summaryOf(artifact),
    context: { pattern: artifact.path, labels: {} },
    counts: true,
  };
}

function sameContext(a: PathContext, b: PathContext): boolean {
  return a === b || (a.pattern === b.pattern && a.labels.model === b.labels.model);
}

/** The set of before, where it has the same members. */
function sameOr(before: ReadonlySet<string>, now: ReadonlySet<string>): ReadonlySet<string> {
  if (before.size !== now.size) return now;
  for (const one of now) if (!before.has(one)) return now;
  return before;
}
