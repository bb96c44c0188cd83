import { type Artifact, byCodeUnit, EVIDENCE_SCHEMA, type Evidence, FACT_KINDS, type Fact } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';
import { type Census, censusOfAll } from './census.ts';
import { countFacts } from './counts.ts';
import type { Description } from './description.ts';
import type { WrittenDescriptions } from './description-blocks.ts';
import { unitlessFacts } from './doubts.ts';
import { duplicateFacts } from './duplicates.ts';
import { evidenceBytes } from './evidence-bytes.ts';
import { EvidenceMemory, type LooseFact } from './evidence-memory.ts';
import { byRank, ranked } from './fact-order.ts';
import { failureCounts } from './failures.ts';
import { gapFacts } from './gaps.ts';
import type { WrittenGroups } from './group-blocks.ts';
import { groupingOf } from './grouping.ts';
import { joined } from './joined.ts';
import { cut, jsonList } from './json-list.ts';
import { noteBlocks } from './list-blocks.ts';
import { sizeFacts } from './sizes.ts';
import { differenceOf } from './sorted-list.ts';
import type { Steps } from './steps.ts';
import { measurementCounts } from './tally.ts';
import { telemetryFacts } from './telemetry.ts';

export type EvidenceInput = {
  dataset: string;
  inventory: string;
  title: string | null;
  /** one for each artifact */
  descriptions: readonly Description[];
  /** from `chimera.yaml`; `folders` null: the conventional layout */
  expected: { folders: readonly string[] | null; kinds: readonly string[] };
  /** what is remembered of this dataset's last inventory; changes nothing of the outcome */
  memory?: EvidenceMemory;
};

export class EmptyInventory extends Error {
  override name = 'EmptyInventory';
}

/**
 * Computes what an inventory supports, and its canonical JSON in UTF-8, in pieces. Does not depend on the order of its input, on
 * time or on place: the same names and bytes give the same evidence byte for byte. Throws EmptyInventory for no artifacts.
 */
export function* computeEvidence(input: EvidenceInput): Steps<{ evidence: Evidence; bytes: readonly Uint8Array[] }> {
  const { dataset, inventory, title, memory = new EvidenceMemory() } = input;
  if (input.descriptions.length === 0) throw new EmptyInventory(`Dataset ${dataset} has no artifact: there is nothing to report on.`);
  const descriptions = sortedByPath(input.descriptions);
  const artifacts = descriptions.map(({ artifact }) => artifact);
  const state = memory.take();
  const changed = differenceOf(state.descriptions, descriptions, byPath);
  yield* state.described.update(changed.gone, changed.come);
  for (const { artifact } of changed.gone) state.copies.remove(artifact.sha256);
  for (const { artifact } of changed.come) state.copies.add(artifact.sha256);
  const described = state.described.all.map(({ written }) => written);
  const census = censusOfAll(described.map((block) => block.census));
  yield;
  const grouping = yield* groupingOf(descriptions, census.failing, state.grouping);
  const repeated = state.copies.any ? artifacts.filter(({ sha256 }) => state.copies.isRepeated(sha256)) : [];
  const loose = yield* looseFacts([...grouping.facts, ...datasetFacts(census, repeated, input.expected)], state.loose);
  state.ids.update(
    [...grouping.changes.gone, ...changed.gone, { facts: [...state.loose.keys()] }],
    [...grouping.changes.come, ...changed.come, { facts: loose.map(({ fact }) => fact) }],
  );
  yield;
  const { facts, jsons } = yield* inOrder(described, loose, grouping.blocks);
  const blocks = grouping.blocks.map((block) => block.groups);
  const groups = joined(blocks);
  noteBlocks(groups, blocks);
  const evidence: Evidence = { schema: EVIDENCE_SCHEMA, dataset, inventory, title, artifacts, facts, groups };
  const bytes = yield* evidenceBytes(evidence, {
    artifacts: described.map((block) => block.artifacts.bytes),
    facts: jsons,
    groups: grouping.blocks.map(({ json }) => json.groups.bytes),
  });
  memory.giveBack({ ...state, descriptions, loose: new Map(loose.map((one) => [one.fact, one])) });
  return { evidence, bytes };
}

function sortedByPath(descriptions: readonly Description[]): Description[] {
  return [...descriptions].sort(byPath);
}

function byPath(a: Description, b: Description): number {
  return byCodeUnit(a.artifact.path, b.artifact.path);
}

/** What is said of the dataset as a whole; `repeated` are the artifacts of whose bytes there are several. */
function datasetFacts(census: Census, repeated: readonly Artifact[], expected: EvidenceInput['expected']): Fact[] {
  const { failing, tally } = census;
  return [
    ...countFacts(census),
    ...sizeFacts(census),
    ...duplicateFacts(repeated),
    ...gapFacts(census, expected),
    ...failureCounts(failing.filter(({ counted }) => counted).map(({ artifact }) => artifact)),
    ...measurementCounts(tally),
    ...telemetryFacts(tally.telemetry),
    ...unitlessFacts(tally.unitless),
  ];
}

/** The facts about the dataset in order; one that is the very same as before is not written again. */
function* looseFacts(facts: readonly Fact[], before: ReadonlyMap<Fact, LooseFact>): Steps<LooseFact[]> {
  const loose: LooseFact[] = [];
  for (const fact of facts) {
    const known = before.get(fact);
    loose.push(known ?? { ...ranked(fact), json: jsonList([canonicalJson(fact)]).bytes });
    if (!known) yield;
  }
  return loose.sort(byRank);
}

/** All facts by kind and scope: those of each artifact, which are in order, and those of the dataset between them; and their JSON. */
function* inOrder(
  described: readonly WrittenDescriptions[],
  loose: readonly LooseFact[],
  groups: readonly WrittenGroups[],
): Steps<{ facts: Fact[]; jsons: Uint8Array[] }> {
  const facts: (readonly Fact[])[] = [];
  const jsons: Uint8Array[] = [];
  const byKind = Map.groupBy(loose, ({ fact }) => fact.kind);
  for (const kind of FACT_KINDS) {
    if (kind === 'group') {
      for (const { facts: own, json } of groups) {
        facts.push(own);
        if (own.length > 0) jsons.push(json.facts.bytes);
        yield;
      }
    }
    const between = byKind.get(kind) ?? [];
    let next = 0;
    const addBefore = (scope: string | null) => {
      for (let one = between[next]; one && (scope === null || byCodeUnit(one.fact.scope, scope) < 0); one = between[++next]) {
        facts.push([one.fact]);
        jsons.push(one.json);
      }
    };
    for (const { own } of described) {
      const block = own.get(kind);
      if (block === undefined) continue;
      let written = 0;
      const addUpTo = (to: number) => {
        const json = cut(block.json, written, to);
        if (json !== null) jsons.push(json);
        facts.push(block.facts.slice(written, to));
        written = to;
      };
      for (let i = 0; i < block.facts.length && next < between.length; i++) {
        const { scope } = block.facts[i] as Fact;
        if (byCodeUnit((between[next] as LooseFact).fact.scope, scope) >= 0) continue;
        addUpTo(i);
        addBefore(scope);
      }
      addUpTo(block.facts.length);
      yield;
    }
    addBefore(null);
    yield;
  }
  return { facts: joined(facts), jsons };
}
