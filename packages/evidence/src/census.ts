import type { Artifact } from '@chimera/shared/domain';
import { folderOf, foldersOf } from './counts.ts';
import type { Description } from './description.ts';
import { NOTHING, sumOf, type Tally } from './tally.ts';

/** How many artifacts there are, and how many bytes they have together. */
export type Headcount = { n: number; bytes: number };

/** What is counted of artifacts: of some that follow each other, or of all. */
export type Census = {
  readonly all: Headcount;
  readonly statuses: ReadonlyMap<Artifact['status'], Headcount>;
  readonly kinds: ReadonlyMap<Artifact['kind'], Headcount>;
  /** of each kind in each folder that holds some itself */
  readonly folders: ReadonlyMap<string, ReadonlyMap<Artifact['kind'], Headcount>>;
  /** bytes of each, in no order */
  readonly sizes: Float64Array;
  /** those in which records failed */
  readonly failing: readonly Description[];
  readonly tally: Tally;
};

type Numbers<Key> = Map<Key, Headcount>;

export function censusOf(descriptions: readonly Description[]): Census {
  const census = emptyCensus(descriptions.length);
  for (let i = 0; i < descriptions.length; i++) {
    const { path, bytes, status, kind } = (descriptions[i] as Description).artifact;
    const one = { n: 1, bytes };
    add(census.all, one);
    addTo(census.statuses, status, one);
    addTo(census.kinds, kind, one);
    addTo(kindsIn(census.folders, folderOf(path)), kind, one);
    census.sizes[i] = bytes;
  }
  return {
    ...census,
    failing: descriptions.filter(({ artifact }) => artifact.failed.length > 0),
    tally: sumOf(descriptions.map(({ tally }) => tally).filter((tally) => tally !== NOTHING)),
  };
}

/** What is counted of all, out of what is counted of parts of them. */
export function censusOfAll(parts: readonly Census[]): Census {
  const census = emptyCensus(parts.reduce((sum, { all }) => sum + all.n, 0));
  for (const { all, statuses, kinds, folders, sizes } of parts) {
    census.sizes.set(sizes, census.all.n);
    add(census.all, all);
    for (const [status, some] of statuses) addTo(census.statuses, status, some);
    for (const [kind, some] of kinds) addTo(census.kinds, kind, some);
    for (const [folder, ofKinds] of folders) for (const [kind, some] of ofKinds) addTo(kindsIn(census.folders, folder), kind, some);
  }
  return { ...census, failing: parts.flatMap(({ failing }) => failing), tally: sumOf(parts.map(({ tally }) => tally)) };
}

/** How many artifacts of each kind are in each folder, those of folders below it too. */
export function perFolder({ folders }: Census): ReadonlyMap<string, ReadonlyMap<Artifact['kind'], Headcount>> {
  const found = new Map<string, Numbers<Artifact['kind']>>();
  for (const [folder, kinds] of folders)
    for (const above of foldersOf(folder === '' ? '' : `${folder}/`))
      for (const [kind, some] of kinds) addTo(kindsIn(found, above), kind, some);
  return found;
}

function emptyCensus(n: number) {
  return {
    all: { n: 0, bytes: 0 },
    statuses: new Map<Artifact['status'], Headcount>(),
    kinds: new Map<Artifact['kind'], Headcount>(),
    folders: new Map<string, Numbers<Artifact['kind']>>(),
    sizes: new Float64Array(n),
  };
}

function kindsIn(folders: Map<string, Numbers<Artifact['kind']>>, folder: string): Numbers<Artifact['kind']> {
  const known = folders.get(folder) ?? new Map<Artifact['kind'], Headcount>();
  folders.set(folder, known);
  return known;
}

function addTo<Key>(numbers: Numbers<Key>, key: Key, some: Headcount): void {
  const known = numbers.get(key);
  if (known) add(known, some);
  else numbers.set(key, { ...some });
}

function add(all: Headcount, some: Headcount): void {
  all.n += some.n;
  all.bytes += some.bytes;
}
