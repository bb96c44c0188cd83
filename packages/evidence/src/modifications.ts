import { ARTIFACT_KINDS, type Artifact, byCodeUnit, DATASET_SCOPE, type Fact, instantText } from '@chimera/shared/domain';
import { fact } from './fact.ts';

/**
 * The latest modification, per kind and overall. These come from observations, not from content: the same bytes
 * copied elsewhere have other times. `modified` maps paths to ISO 8601 instants in UTC.
 */
export function modificationFacts(artifacts: readonly Artifact[], modified: ReadonlyMap<string, string>): Fact[] {
  const latestOf = (some: readonly Artifact[], labels: Record<string, string>, who: string): Fact[] => {
    const times = some.flatMap((a) => (modified.has(a.path) ? [{ path: a.path, at: modified.get(a.path) ?? '' }] : []));
    const latest = times.sort((a, b) => byCodeUnit(b.at, a.at) || byCodeUnit(a.path, b.path))[0];
    if (!latest) return [];
    return [
      fact({
        kind: 'modification',
        claim: `The latest modification of ${who} is ${instantText(latest.at)}, of ${latest.path}.`,
        metric: 'modified',
        statistic: 'max',
        value: latest.at,
        unit: null,
        n: times.length,
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
