import { ARTIFACT_KINDS, type Artifact, DATASET_SCOPE, type Fact, instantText } from '@chimera/shared/domain';
import { fact } from './fact.ts';

/**
 * The latest modification, per kind and overall. These come from observations, not from content: the same bytes
 * copied elsewhere have other times. `modified` maps paths to ISO 8601 instants in UTC.
 */
export function modificationFacts(artifacts: readonly Artifact[], modified: ReadonlyMap<string, string>): Fact[] {
  const latestOf = (some: readonly Artifact[], labels: Record<string, string>, who: string): Fact[] => {
    let latest: { path: string; at: string } | null = null;
    let n = 0;
    for (const { path } of some) {
      const at = modified.get(path);
      if (at === undefined) continue;
      n += 1;
      // Of equal times the first path's.
      if (latest === null || at > latest.at || (at === latest.at && path < latest.path)) latest = { path, at };
    }
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
  };
  return [
    ...latestOf(artifacts, {}, 'any artifact'),
    ...ARTIFACT_KINDS.flatMap((kind) =>
      latestOf(
        artifacts.filter((a) => a.kind === kind),
        { kind },
        `an artifact of kind ${kind}`,
      ),
    ),
  ];
}
