import { ARTIFACT_KINDS, type Artifact, DATASET_SCOPE, type Fact, instantText } from '@chimera/shared/domain';
import { fact } from './fact.ts';

/**
 * The latest modification, per kind and overall. These come from observations, not from content: the same bytes
 * copied elsewhere have other times. `modified` maps paths to ISO 8601 instants in UTC.
 */
export function modificationFacts(artifacts: readonly Artifact[], modified: ReadonlyMap<string, string>): Fact[] {
  const all: Latest = { latest: null, n: 0 };
  const byKind = new Map<Artifact['kind'], Latest>();
  for (const { path, kind } of artifacts) {
    const at = modified.get(path);
    if (at === undefined) continue;
    const ofKind = byKind.get(kind) ?? { latest: null, n: 0 };
    byKind.set(kind, ofKind);
    note(all, { path, at });
    note(ofKind, { path, at });
  }
  return [
    ...latestFacts(all, {}, 'any artifact'),
    ...ARTIFACT_KINDS.flatMap((kind) => latestFacts(byKind.get(kind) ?? { latest: null, n: 0 }, { kind }, `an artifact of kind ${kind}`)),
  ];
}

/** The artifact that was modified last, and how many there are. */
type Latest = { latest: { path: string; at: string } | null; n: number };

function note(found: Latest, one: { path: string; at: string }): void {
  const { latest } = found;
  found.n += 1;
  // Of equal times the first path's.
  if (latest === null || one.at > latest.at || (one.at === latest.at && one.path < latest.path)) found.latest = one;
}

function latestFacts({ latest, n }: Latest, labels: Record<string, string>, who: string): Fact[] {
  if (latest === null) return [];
  return [
    fact({
      kind: 'modification',
      claim: `The latest modification of ${who} is ${instantText(latest.at)}, of ${latest.path}.`,
      metric: 'modified',
      statistic: 'max',
      value: latest.at,
      unit: null,
      n,
      labels,
      scope: DATASET_SCOPE,
      formula: 'latest modification time as first observed',
      class: 'measured',
      sources: [{ observation: `modification time of ${latest.path}` }],
    }),
  ];
}
