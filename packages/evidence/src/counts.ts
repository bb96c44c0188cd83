import { ARTIFACT_KINDS, type Artifact, byCodeUnit, counted, type Fact } from '@chimera/shared/domain';
import { countFact } from './fact.ts';

/** How many paths per kind the report lists before "and N more". */
export const LISTED_PATHS = 5;

/** The folders above a path, outermost first: `a/b/c.csv` is in `a` and `a/b`; a file beside the folders is in none. */
export function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** How many artifacts there are: in all, read, refused, per kind, per folder, per kind and top folder. */
export function countFacts(artifacts: readonly Artifact[]): Fact[] {
  const facts: Fact[] = [];
  const add = (value: number, labels: Record<string, string>, selector: string, what: string) =>
    facts.push(countFact({ kind: 'count', metric: 'artifact_count', value, labels, selector, claim: `${what}.` }));

  add(artifacts.length, {}, 'artifacts[*]', `There ${artifacts.length === 1 ? 'is' : 'are'} ${counted(artifacts.length, 'artifact')}`);
  for (const status of ['read', 'refused'] as const) {
    const n = artifacts.filter((a) => a.status === status).length;
    add(n, { status }, `artifacts[status=${status}]`, `${counted(n, 'artifact')} ${n === 1 ? 'was' : 'were'} ${status}`);
  }
  for (const kind of ARTIFACT_KINDS) {
    const n = artifacts.filter((a) => a.kind === kind).length;
    if (n === 0 && kind === 'unknown') continue;
    add(n, { kind }, `artifacts[kind=${kind}]`, `${counted(n, 'artifact')} ${n === 1 ? 'is' : 'are'} of kind ${kind}`);
    if (n > LISTED_PATHS) {
      facts.push(
        countFact({
          kind: 'count',
          metric: 'artifacts_not_listed',
          value: n - LISTED_PATHS,
          labels: { kind },
          selector: `artifacts[kind=${kind}] after the first ${LISTED_PATHS} by path`,
          claim: `${n - LISTED_PATHS} more of kind ${kind} follow the first ${LISTED_PATHS} by path.`,
        }),
      );
    }
  }
  const folders = new Map<string, Artifact[]>();
  for (const artifact of artifacts)
    for (const folder of foldersOf(artifact.path)) folders.set(folder, [...(folders.get(folder) ?? []), artifact]);
  for (const [folder, inside] of [...folders].sort((a, b) => byCodeUnit(a[0], b[0]))) {
    add(
      inside.length,
      { folder },
      `artifacts[path^=${folder}/]`,
      `${counted(inside.length, 'artifact')} ${inside.length === 1 ? 'is' : 'are'} in ${folder}/`,
    );
    if (folder.includes('/')) continue;
    for (const kind of new Set(inside.map((a) => a.kind))) {
      const n = inside.filter((a) => a.kind === kind).length;
      add(
        n,
        { folder, kind },
        `artifacts[path^=${folder}/][kind=${kind}]`,
        `${counted(n, 'artifact')} in ${folder}/ ${n === 1 ? 'is' : 'are'} of kind ${kind}`,
      );
    }
  }
  return facts;
}
