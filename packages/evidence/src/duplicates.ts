import { type Artifact, byCodeUnit, counted, type Fact } from '@chimera/shared/domain';
import { countFact } from './fact.ts';

/** Artifacts with the same bytes, by hash; each group's paths are sorted, and the first one's numbers count. */
export function duplicateGroups(artifacts: readonly Artifact[]): { sha256: string; paths: string[] }[] {
  const firsts = new Map<string, string>();
  const byHash = new Map<string, string[]>();
  for (const { sha256, path } of artifacts) {
    if (sha256 === null) continue;
    const first = firsts.get(sha256);
    if (first === undefined) {
      firsts.set(sha256, path);
      continue;
    }
    const paths = byHash.get(sha256);
    if (paths) paths.push(path);
    else byHash.set(sha256, [first, path]);
  }
  return Array.from(byHash, ([sha256, paths]) => ({ sha256, paths: paths.sort(byCodeUnit) })).sort((a, b) =>
    byCodeUnit(a.paths[0] ?? '', b.paths[0] ?? ''),
  );
}

/**
 * The artifacts whose numbers count: without the second and later of exact duplicates. Takes them sorted by path.
 * The same bytes may be read under one name and mean nothing under another: the first that says something counts.
 */
export function firstsOf(artifacts: readonly Artifact[]): Artifact[] {
  const seen = new Set<string>();
  return artifacts.filter((a) => {
    if (a.sha256 === null || seen.has(a.sha256)) return a.sha256 === null;
    if (a.measurements > 0 || a.failed.length > 0) seen.add(a.sha256);
    return true;
  });
}

/** How many groups of exact duplicates there are, and a fact for each group. Takes at least those that have duplicates. */
export function duplicateFacts(artifacts: readonly Artifact[]): Fact[] {
  const groups = duplicateGroups(artifacts);
  if (groups.length === 0) return [];
  return [
    countFact({
      kind: 'duplicate',
      metric: 'duplicate_groups',
      value: groups.length,
      selector: 'groups of artifacts with equal sha256',
      claim: `${counted(groups.length, 'group')} of artifacts have the same bytes; each group is counted once where numbers are read.`,
    }),
    ...groups.map(({ sha256, paths }) =>
      countFact({
        kind: 'duplicate',
        metric: 'duplicate_paths',
        value: paths.length,
        scope: paths[0] ?? '',
        selector: `artifacts[sha256=${sha256}]`,
        claim: `${paths.join(' and ')} have the same bytes.`,
      }),
    ),
  ];
}
