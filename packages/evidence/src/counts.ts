import { ARTIFACT_KINDS, counted, type Fact } from '@chimera/shared/domain';
import { type Census, perFolder } from './census.ts';
import { countFact } from './fact.ts';

/** How many paths per kind the report lists before "and N more". */
export const LISTED_PATHS = 5;

/** The folder that a path lies in; empty beside the folders. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The folders above a path, outermost first: `a/b/c.csv` is in `a` and `a/b`; a file beside the folders is in none. */
export function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** How many artifacts there are: in all, read, refused, per kind, per folder, per kind and top folder. */
export function countFacts(census: Census): Fact[] {
  const { all, statuses, kinds: ofKinds } = census;
  const facts: Fact[] = [];
  const add = (value: number, labels: Record<string, string>, selector: string, what: string) =>
    facts.push(countFact({ kind: 'count', metric: 'artifact_count', value, labels, selector, claim: `${what}.` }));

  add(all.n, {}, 'artifacts[*]', `There ${all.n === 1 ? 'is' : 'are'} ${counted(all.n, 'artifact')}`);
  for (const status of ['read', 'refused'] as const) {
    const n = statuses.get(status)?.n ?? 0;
    add(n, { status }, `artifacts[status=${status}]`, `${counted(n, 'artifact')} ${n === 1 ? 'was' : 'were'} ${status}`);
  }
  for (const kind of ARTIFACT_KINDS) {
    const n = ofKinds.get(kind)?.n ?? 0;
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
  for (const [folder, kinds] of perFolder(census)) {
    const n = [...kinds.values()].reduce((sum, ofKind) => sum + ofKind.n, 0);
    add(n, { folder }, `artifacts[path^=${folder}/]`, `${counted(n, 'artifact')} ${n === 1 ? 'is' : 'are'} in ${folder}/`);
    if (folder.includes('/')) continue;
    for (const [kind, { n: ofKind }] of kinds) {
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
