import { type Chance, chanceFrom } from '../../test/simulator/chance.ts';
import { dateDrafts } from './dates.ts';
import type { Draft, FaultKind, Marked } from './draft.ts';
import { FAULTS, type FaultClass } from './draft.ts';
import { gridDrafts } from './grids.ts';
import { inventoryDrafts } from './inventory.ts';
import { pairDrafts } from './pairs.ts';
import { type SentenceVerdict, verdictOf } from './score.ts';
import { spanDrafts } from './spans.ts';
import { valueDrafts } from './values.ts';
import type { World } from './worlds.ts';

export type Tally = Record<SentenceVerdict, number>;

/** What the checker said of true and of false sentences. */
export type Outcome = {
  seed: number;
  worlds: readonly string[];
  templates: number;
  /** all true sentences that were made, and those of them in `right` */
  made: number;
  right: Tally;
  faults: ReadonlyMap<FaultKind, Tally>;
  /** of the faults made of true sentences that were not called supported, which count in no kind: at most as many as of a kind */
  rest: Tally;
  /** what it should not have said, a sentence each: where it matters, and what was said */
  slips: readonly { of: string; page: string; said: string }[];
};

type Fault = { world: World; kind: FaultKind; wrong: Marked };

/** True sentences about a world, by all templates. */
export function draftsOf(world: World, chance: Chance): Draft[] {
  return [
    ...valueDrafts(world, chance),
    ...pairDrafts(world, chance),
    ...spanDrafts(world, chance),
    ...gridDrafts(world, chance),
    ...inventoryDrafts(world, chance),
    ...(world.dated ? dateDrafts(world, chance) : []),
  ];
}

/**
 * Judges true sentences, and false ones made of those that were called supported: at most `mostOfKind` of a kind, and as many true ones
 * as false ones as far as there are so many. The same for the same worlds and seed.
 */
export function runMutations(worlds: readonly World[], seed: number, mostOfKind: number): Outcome {
  const chance = chanceFrom(seed);
  const drafts = worlds.flatMap((world) => draftsOf(world, chance));
  const slips: { of: string; page: string; said: string }[] = [];
  const judge = (of: string, { world, marked, wanted }: { world: World; marked: Marked; wanted: SentenceVerdict }): SentenceVerdict => {
    const { verdict, claims } = verdictOf(marked, world);
    if (verdict !== wanted)
      slips.push({
        of: `${of}: ${verdict}`,
        page: marked.page,
        said: claims.map((claim) => `[${claim.text}] ${claim.verdict}: ${claim.why}`).join(' '),
      });
    return verdict;
  };
  const judged = drafts.map((draft) => ({
    draft,
    verdict: judge(`true, ${draft.template}`, { world: draft.world, marked: draft.right, wanted: 'supported' }),
  }));
  const byKind = new Map<FaultKind, Fault[]>();
  const others: Fault[] = [];
  for (const { draft, verdict } of judged) {
    for (const { kind, wrong } of draft.faults) {
      // Two values that are shown alike cannot be exchanged.
      if (wrong.page === draft.right.page) continue;
      const some = verdict === 'supported' ? byKind.get(kind) : others;
      if (some) some.push({ world: draft.world, kind, wrong });
      else byKind.set(kind, [{ world: draft.world, kind, wrong }]);
    }
  }
  const faults = new Map<FaultKind, Tally>();
  let n = 0;
  for (const kind of Object.keys(FAULTS) as FaultKind[]) {
    const some = shuffled(byKind.get(kind) ?? [], chance).slice(0, mostOfKind);
    const tally = { contradicted: 0, unsupported: 0, supported: 0 };
    for (const { world, wrong } of some) tally[judge(`false, ${kind}`, { world, marked: wrong, wanted: 'contradicted' })]++;
    if (some.length > 0) faults.set(kind, tally);
    n += some.length;
  }
  const rest = { contradicted: 0, unsupported: 0, supported: 0 };
  for (const { world, wrong } of shuffled(others, chance).slice(0, mostOfKind)) rest[verdictOf(wrong, world).verdict]++;
  const right = { contradicted: 0, unsupported: 0, supported: 0 };
  for (const { verdict } of shuffled(judged, chance).slice(0, n)) right[verdict]++;
  return {
    seed,
    worlds: worlds.map(({ name }) => name),
    templates: new Set(drafts.map(({ template }) => template)).size,
    made: drafts.length,
    right,
    faults,
    rest,
    slips,
  };
}

function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  const all = items.map((item) => ({ item, at: chance.next() }));
  return all.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

export function sizeOf({ contradicted, unsupported, supported }: Tally): number {
  return contradicted + unsupported + supported;
}

export function sumOf(tallies: Iterable<Tally>): Tally {
  const sum = { contradicted: 0, unsupported: 0, supported: 0 };
  for (const tally of tallies) for (const verdict of ['contradicted', 'unsupported', 'supported'] as const) sum[verdict] += tally[verdict];
  return sum;
}

/** The faults of one class together; of all where none is named. */
export function faultsOf({ faults }: Outcome, of: FaultClass | null = null): Tally {
  return sumOf([...faults].filter(([kind]) => of === null || FAULTS[kind] === of).map(([, tally]) => tally));
}

/** The share of faults that were not called supported. */
export function recallOf(tally: Tally): number {
  return 1 - tally.supported / sizeOf(tally);
}

/** Of the sentences called contradicted the share that is false. */
export function precisionOf(outcome: Outcome): number {
  const found = faultsOf(outcome).contradicted;
  return found / (found + outcome.right.contradicted);
}
