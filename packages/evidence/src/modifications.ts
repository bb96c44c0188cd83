import { ARTIFACT_KINDS, type Artifact, DATASET_SCOPE, type Fact, instantText } from '@chimera/shared/domain';
import { fact } from './fact.ts';

/** The artifact that was modified last, and how many there are; of each kind, and under null of any. */
export type Latest = ReadonlyMap<Artifact['kind'] | null, Last>;
type Last = { path: string; at: string; n: number };

/** `at`: an ISO 8601 instant in UTC. */
export function latestOf(artifacts: Iterable<{ path: string; kind: Artifact['kind']; at: string }>): Latest {
  const latest = new Map<Artifact['kind'] | null, Last>();
  for (const { path, kind, at } of artifacts) for (const key of [null, kind]) note(latest, key, { path, at, n: 1 });
  return latest;
}

/** The latest of all of which some are the latest of a part each. */
export function latestAmong(parts: Iterable<Latest>): Latest {
  const latest = new Map<Artifact['kind'] | null, Last>();
  for (const part of parts) for (const [key, one] of part) note(latest, key, one);
  return latest;
}

function note(latest: Map<Artifact['kind'] | null, Last>, key: Artifact['kind'] | null, one: Last): void {
  const known = latest.get(key);
  const n = (known?.n ?? 0) + one.n;
  // Of equal times the first path's.
  const isLater = known === undefined || one.at > known.at || (one.at === known.at && one.path < known.path);
  latest.set(key, { ...(isLater ? one : known), n });
}

/**
 * The latest modification, per kind and overall. These come from observations, not from content: the same bytes
 * copied elsewhere have other times. `modified` maps paths to ISO 8601 instants in UTC.
 */
export function modificationFacts(artifacts: readonly Artifact[], modified: ReadonlyMap<string, string>): Fact[] {
  return latestFacts(
    latestOf(
      artifacts.flatMap(({ path, kind }) => {
        const at = modified.get(path);
        return at === undefined ? [] : [{ path, kind, at }];
      }),
    ),
  );
}

/** The facts about the latest modifications: overall, then per kind. */
export function latestFacts(latest: Latest): Fact[] {
  return [
    ...lastFacts(latest.get(null), {}, 'any artifact'),
    ...ARTIFACT_KINDS.flatMap((kind) => lastFacts(latest.get(kind), { kind }, `an artifact of kind ${kind}`)),
  ];
}

function lastFacts(last: Last | undefined, labels: Record<string, string>, who: string): Fact[] {
  if (last === undefined) return [];
  const { path, at, n } = last;
  return [
    fact({
      kind: 'modification',
      claim: `The latest modification of ${who} is ${instantText(at)}, of ${path}.`,
      metric: 'modified',
      statistic: 'max',
      value: at,
      unit: null,
      n,
      labels,
      scope: DATASET_SCOPE,
      formula: 'latest modification time as first observed',
      class: 'measured',
      sources: [{ observation: `modification time of ${path}` }],
    }),
  ];
}
