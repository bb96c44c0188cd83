import { byCodeUnit, type Fact } from '@chimera/shared/domain';
import { abridgedFacts } from './abridged.ts';
import { campaignFacts } from './campaign/campaign-facts.ts';
import { evidencedCells } from './campaign/evidenced-cells.ts';
import { meansOfFewFacts, partialMetricFacts, repeatFacts } from './consistency.ts';
import type { Description } from './description.ts';
import { createGroupBlocks, type WrittenGroups } from './group-blocks.ts';
import type { SampledGroup } from './groups.ts';
import { groupsOfPattern, type Pattern, type Said, saidBy } from './pattern.ts';
import { NO_PLACES, type Place, type PlaceChanges, type Places, placesOf } from './places.ts';
import { SaidSum } from './said-sum.ts';
import { spellingFacts } from './spellings.ts';
import type { Steps } from './steps.ts';
import type { MeasuredConfiguration } from './studies.ts';
import { StudyBook } from './study-book.ts';
import { type Twin, Twins } from './twins.ts';

/** What was found out about the groups of a dataset's last inventory: of the next one only what is otherwise is computed anew. */
export class GroupingMemory {
  places: Places = NO_PLACES;
  readonly patterns = new Map<string, Pattern>();
  readonly said = new SaidSum();
  readonly twins = new Twins();
  twinsInOrder: readonly Twin[] = [];
  readonly blocks = createGroupBlocks();
  readonly studies = new StudyBook();
  campaigns = new Map<string, { of: readonly SampledGroup[]; facts: readonly Fact[] }>();
}

/** The groups of a dataset with their facts, block by block, how these differ from the last ones, and the facts about several groups. */
export type Grouping = { blocks: readonly WrittenGroups[]; changes: BlockChanges; facts: Fact[] };

/** Blocks that were written anew: a group that stayed may be in both. */
export type BlockChanges = { gone: readonly WrittenGroups[]; come: readonly WrittenGroups[] };

/**
 * @param descriptions sorted by path
 * @param failing those in which records failed
 */
export function* groupingOf(
  descriptions: readonly Description[],
  failing: readonly Description[],
  memory: GroupingMemory,
): Steps<Grouping> {
  const { places, changes: placeChanges } = placesOf(descriptions, memory.places);
  memory.places = places;
  yield;
  const changed = yield* patternsOf(placeChanges, memory);
  const groups = yield* countingOf(changed, memory);
  const changes = yield* memory.blocks.update(groups.gone, groups.come);
  yield* memory.studies.update(groups.goneConfigurations, groups.comeConfigurations);
  return { blocks: memory.blocks.all.map(({ written }) => written), changes, facts: yield* factsAbout(failing, memory) };
}

/** What became of the patterns of paths: of each that changed what it was before, and its places and groups now. */
type ChangedPatterns = Map<string, { before: Pattern | null; places: readonly Place[]; groups: readonly SampledGroup[] }>;

/** The groups of each pattern in which a place came or went. */
function* patternsOf({ gone, come }: PlaceChanges, memory: GroupingMemory): Steps<ChangedPatterns> {
  const leaving = new Set(gone);
  const arriving = Map.groupBy(come, ({ context }) => context.pattern);
  const touched = new Set(arriving.keys());
  for (const { context } of gone) touched.add(context.pattern);
  const changed: ChangedPatterns = new Map();
  for (const pattern of touched) {
    const before = memory.patterns.get(pattern) ?? null;
    const stayed = before?.places.filter((place) => !leaving.has(place)) ?? [];
    const places = [...stayed, ...(arriving.get(pattern) ?? [])].sort((a, b) => byCodeUnit(a.artifact.path, b.artifact.path));
    changed.set(pattern, { before, places, groups: groupsOfPattern(places, before?.groups ?? []) });
    yield;
  }
  return changed;
}

/** Groups that count and configurations that are made of them, as far as they went or came. */
type CountingChanges = {
  gone: SampledGroup[];
  come: SampledGroup[];
  goneConfigurations: MeasuredConfiguration[];
  comeConfigurations: MeasuredConfiguration[];
};

/** Looks for twins, then sees what of the changed patterns, and of those whose twins changed, counts. */
function* countingOf(patterns: ChangedPatterns, memory: GroupingMemory): Steps<CountingChanges> {
  const gone = new Set<SampledGroup>();
  const come = new Set<SampledGroup>();
  for (const { before, groups } of patterns.values()) {
    const known = new Set(before?.groups);
    for (const one of groups) if (!known.delete(one)) come.add(one);
    for (const one of known) gone.add(one);
  }
  yield;
  for (const { group } of memory.twins.update(gone, come)) {
    const before = memory.patterns.get(group.pattern);
    if (before && !patterns.has(group.pattern)) patterns.set(group.pattern, { before, places: before.places, groups: before.groups });
  }
  if (patterns.size > 0) memory.twinsInOrder = memory.twins.all();
  yield;
  const changes: CountingChanges = { gone: [], come: [], goneConfigurations: [], comeConfigurations: [] };
  for (const [pattern, { before, places, groups }] of patterns) {
    const counting = groups.filter((one) => !memory.twins.has(one));
    const said = saidBy(counting);
    note(before?.said ?? null, said, changes);
    if (before) memory.said.remove(before.said);
    if (places.length > 0) memory.said.add(said);
    if (places.length > 0) memory.patterns.set(pattern, { places, groups, said });
    else memory.patterns.delete(pattern);
    yield;
  }
  return changes;
}

function note(before: Said | null, now: Said, changes: CountingChanges): void {
  const known = new Set(before?.groups);
  for (const one of now.groups) if (!known.delete(one)) changes.come.push(one);
  for (const one of known) changes.gone.push(one);
  for (const one of before?.configurations ?? []) changes.goneConfigurations.push(one);
  for (const one of now.configurations) changes.comeConfigurations.push(one);
}

/** What is said of several groups, and of the artifacts beside them; in no order. */
function* factsAbout(failing: readonly Description[], memory: GroupingMemory): Steps<Fact[]> {
  const facts = yield* memory.studies.facts();
  const ofCampaign: SampledGroup[] = [];
  const repeating: SampledGroup[] = [];
  for (const said of memory.said.telling) {
    for (const one of said.ofCampaign) ofCampaign.push(one);
    for (const one of said.repeating) repeating.push(one);
    for (const fact of said.facts) facts.push(fact);
  }
  yield;
  const { files, having, hasSpellings } = memory.said;
  const spelt = function* () {
    for (const { said } of memory.patterns.values()) yield* said.spelt;
  };
  const parts = [
    () => abridgedFacts([...memory.places.abridged.values()]),
    () => repeatFacts(repeating.sort(byKey), memory.twinsInOrder),
    () => (hasSpellings ? spellingFacts(spelt()) : []),
    () => failing.flatMap((one) => meansOfFewFacts(one.artifact, one.samples)),
    () => partialMetricFacts(files, having),
  ];
  for (const part of parts) {
    for (const fact of part()) facts.push(fact);
    yield;
  }
  for (const fact of yield* campaignFactsOf(ofCampaign.sort(byKey), memory)) facts.push(fact);
  return facts;
}

function byKey(a: SampledGroup, b: SampledGroup): number {
  return byCodeUnit(a.key, b.key);
}

function* campaignFactsOf(groups: readonly SampledGroup[], memory: GroupingMemory): Steps<Fact[]> {
  const before = memory.campaigns;
  memory.campaigns = new Map();
  const facts: Fact[] = [];
  for (const [key, cells] of evidencedCells(groups)) {
    const of = cells.flatMap(({ groups: own }) => [...own.values()]);
    const known = before.get(key);
    const own = known && sameGroups(known.of, of) ? known.facts : yield* campaignFacts(cells);
    memory.campaigns.set(key, { of, facts: own });
    for (const fact of own) facts.push(fact);
    yield;
  }
  return facts;
}

function sameGroups(a: readonly SampledGroup[], b: readonly SampledGroup[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
