import { ARTIFACT_KINDS, type Artifact, counted, type Fact } from '@chimera/shared/domain';
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
  for (const [folder, inside] of perFolder(artifacts)) {
    const n = inside.length;
    add(n, { folder }, `artifacts[path^=${folder}/]`, `${counted(n, 'artifact')} ${n === 1 ? 'is' : 'are'} in ${folder}/`);
    if (folder.includes('/')) continue;
    for (const [kind, ofKind] of countBy(inside)) {
      const selector = `artifacts[path^=${folder}/][kind=${kind}]`;
      add(
        ofKind,
        { folder, kind },
        selector,
        `${counted(ofKind, 'artifact')} in ${folder}/ ${ofKind === 1 ? 'is' : 'are'} of kind ${kind}`,
      );
    }
  }
  return facts;
}

/** The kinds of the artifacts in each folder, those of folders below it too. */
function perFolder(artifacts: readonly Artifact[]): Map<string, Artifact['kind'][]> {
  const folders = new Map<string, Artifact['kind'][]>();
  for (const { path, kind } of artifacts) {
    for (const folder of foldersOf(path)) {
      const inside = folders.get(folder);
      if (inside) inside.push(kind);
      else folders.set(folder, [kind]);
    }
  }
  return folders;
}

function countBy(kinds: readonly Artifact['kind'][]): Map<Artifact['kind'], number> {
  const counts = new Map<Artifact['kind'], number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
