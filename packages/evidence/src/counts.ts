import { ARTIFACT_KINDS, type Artifact, counted, type Fact } from '@chimera/shared/domain';
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
export function countFacts(artifacts: readonly Artifact[]): Fact[] {
  const facts: Fact[] = [];
  const add = (value: number, labels: Record<string, string>, selector: string, what: string) =>
    facts.push(countFact({ kind: 'count', metric: 'artifact_count', value, labels, selector, claim: `${what}.` }));

  add(artifacts.length, {}, 'artifacts[*]', `There ${artifacts.length === 1 ? 'is' : 'are'} ${counted(artifacts.length, 'artifact')}`);
  const counts = { status: numbersOf(artifacts, 'status'), kind: numbersOf(artifacts, 'kind') };
  for (const status of ['read', 'refused'] as const) {
    const n = counts.status.get(status) ?? 0;
    add(n, { status }, `artifacts[status=${status}]`, `${counted(n, 'artifact')} ${n === 1 ? 'was' : 'were'} ${status}`);
  }
  for (const kind of ARTIFACT_KINDS) {
    const n = counts.kind.get(kind) ?? 0;
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
  for (const [folder, kinds] of perFolder(artifacts)) {
    const n = [...kinds.values()].reduce((sum, ofKind) => sum + ofKind, 0);
    add(n, { folder }, `artifacts[path^=${folder}/]`, `${counted(n, 'artifact')} ${n === 1 ? 'is' : 'are'} in ${folder}/`);
    if (folder.includes('/')) continue;
    for (const [kind, ofKind] of kinds) {
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

/** How many artifacts have each value of a field. */
function numbersOf(artifacts: readonly Artifact[], field: 'status' | 'kind'): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const { [field]: value } of artifacts) numbers.set(value, (numbers.get(value) ?? 0) + 1);
  return numbers;
}

type KindCounts = Map<Artifact['kind'], number>;

// Counts and gaps both ask, of many thousand artifacts.
const PER_FOLDER = new WeakMap<readonly Artifact[], ReadonlyMap<string, KindCounts>>();

/** How many artifacts of each kind are in each folder, those of folders below it too. The list must not be changed afterwards. */
export function perFolder(artifacts: readonly Artifact[]): ReadonlyMap<string, KindCounts> {
  const known = PER_FOLDER.get(artifacts) ?? countedPerFolder(artifacts);
  PER_FOLDER.set(artifacts, known);
  return known;
}

function countedPerFolder(artifacts: readonly Artifact[]): Map<string, KindCounts> {
  const own = new Map<string, KindCounts>();
  let folder = '';
  for (const { path, kind } of artifacts) {
    // Those of one folder mostly follow each other.
    const isThere = path.lastIndexOf('/') === folder.length && path.startsWith(folder);
    if (!isThere) folder = folderOf(path);
    countIn(own, folder, kind, 1);
  }
  const folders = new Map<string, KindCounts>();
  for (const [folder, kinds] of own)
    for (const above of foldersOf(`${folder}/`)) for (const [kind, n] of kinds) countIn(folders, above, kind, n);
  return folders;
}

function countIn(folders: Map<string, KindCounts>, folder: string, kind: Artifact['kind'], n: number): void {
  const counts = folders.get(folder) ?? new Map<Artifact['kind'], number>();
  folders.set(folder, counts.set(kind, (counts.get(kind) ?? 0) + n));
}
