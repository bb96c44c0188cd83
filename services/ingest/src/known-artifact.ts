import { type Description, describe } from '@chimera/evidence';
import type { Artifact, Observations } from '@chimera/shared/domain';
import type { ListedContent } from '@chimera/shared/store';
import { type Content, holdsNumbers } from './contents.ts';
import type { Entry } from './entry.ts';
import { refusedArtifact } from './outcome.ts';
import type { Pace } from './pace.ts';

/** An artifact of a dataset, with what follows from it: found out when it is first asked for, as most is the same in the next inventory. */
export type KnownArtifact = {
  readonly role: 'artifact';
  readonly entry: Entry;
  readonly artifact: Artifact;
  /** null where nothing was read, and for settings that cannot be used */
  readonly content: Content | null;
  description: Description | null;
  listed: ListedContent | null;
  observed: Observed | null;
};

/** When an artifact was first seen as it is, and its last modification as an instant. */
export type Observed = { readonly known: KnownArtifact; readonly said: Observations['modified'][number]; readonly own: string };

export function knownArtifact(entry: Entry, artifact: Artifact, content: Content | null): KnownArtifact {
  return { role: 'artifact', entry, artifact, content, description: null, listed: null, observed: null };
}

/** An entry that was not read, for the reason that a sentence gives. */
export function refusedEntry(entry: Entry, refusal: string): KnownArtifact {
  return knownArtifact(entry, refusedArtifact(entry, null, refusal), null);
}

/** What evidence says of an artifact; computed anew only when it came to count, or no longer does. */
export async function descriptionOf(known: KnownArtifact, counted: boolean, pace: Pace): Promise<Description> {
  if (known.description?.counted !== counted)
    known.description = await pace.through(describe(known.artifact, known.content?.series ?? [], counted, known.content?.samples ?? []));
  return known.description;
}

/** Its content in the table; null where it has none there. */
export function listedOf(known: KnownArtifact, counted: boolean): ListedContent | null {
  const { artifact, content, listed } = known;
  if (listed?.counted === counted) return listed;
  const { path, sha256 } = artifact;
  if (content === null || sha256 === null || !holdsNumbers(content.outcome)) return null;
  known.listed = { path, sha256, content: content.number, counted };
  return known.listed;
}

/** When an artifact was first seen, if that is known: else it is now, and its last modification is told. */
export function observedOf(known: KnownArtifact, firstSeen: string | null): Observed {
  const { entry, artifact, observed } = known;
  const own = observed?.own ?? new Date(entry.modifiedMs).toISOString();
  const modified = firstSeen ?? own;
  if (observed?.said.modified === modified) return observed;
  // Its fields are in the order of canonical JSON, which the engine can so write itself.
  known.observed = { known, own, said: { modified, path: artifact.path, sha256: artifact.sha256 } };
  return known.observed;
}
