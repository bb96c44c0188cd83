import { byCodeUnit, EVIDENCE_SCHEMA, type Evidence, FACT_KINDS, type Fact } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';
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
import { cut, jsonList } from './json-list.ts';
import { sizeFacts } from './sizes.ts';
import type { Steps } from './steps.ts';
import { measurementCounts, NOTHING, type Tally } from './tally.ts';
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
  const grouping = yield* groupingOf(descriptions, state.grouping);
  const loose = yield* looseFacts(yield* datasetFacts(input, descriptions, grouping.facts), state.loose);
  const changed = changedDescriptions(state.descriptions, descriptions);
  yield* state.described.update(changed.gone, changed.come);
  state.ids.update(
    [...grouping.changes.gone, ...changed.gone, { facts: [...state.loose.keys()] }],
    [...grouping.changes.come, ...changed.come, { facts: loose.map(({ fact }) => fact) }],
  );
  yield;
  const described = state.described.all.map(({ written }) => written);
  const { facts, jsons } = yield* inOrder(described, loose, grouping.blocks);
  const groups = grouping.blocks.flatMap((block) => block.groups);
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
  return [...descriptions].sort((a, b) => byCodeUnit(a.artifact.path, b.artifact.path));
}

/** What is said of the dataset as a whole. */
function* datasetFacts({ expected }: EvidenceInput, descriptions: readonly Description[], grouped: readonly Fact[]): Steps<Fact[]> {
  const artifacts = descriptions.map(({ artifact }) => artifact);
  const facts: Fact[] = [...grouped];
  for (const compute of [countFacts, sizeFacts, duplicateFacts, () => gapFacts(artifacts, expected)]) {
    for (const fact of compute(artifacts)) facts.push(fact);
    yield;
  }
  const tally = sum(descriptions);
  const counting = descriptions.filter(({ counted }) => counted).map(({ artifact }) => artifact);
  facts.push(...failureCounts(counting), ...measurementCounts(tally), ...telemetryFacts(tally.telemetry), ...unitlessFacts(tally.unitless));
  return facts;
}

function sum(descriptions: readonly Description[]): Tally {
  const total = { numbers: 0, series: 0, unitless: 0, telemetry: [...NOTHING.telemetry] };
  for (const { tally } of descriptions) {
    if (tally === NOTHING) continue;
    total.numbers += tally.numbers;
    total.series += tally.series;
    total.unitless += tally.unitless;
    for (let i = 0; i < total.telemetry.length; i++) total.telemetry[i] = (total.telemetry[i] ?? 0) + (tally.telemetry[i] ?? 0);
  }
  return total;
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

/** Descriptions that are no longer there, and new ones. Both lists are sorted by path. */
function changedDescriptions(
  before: readonly Description[],
  now: readonly Description[],
): { gone: readonly Description[]; come: readonly Description[] } {
  const gone: Description[] = [];
  const come: Description[] = [];
  let next = 0;
  for (const one of now) {
    let last = before[next];
    while (last !== undefined && last !== one && byCodeUnit(last.artifact.path, one.artifact.path) <= 0) {
      gone.push(last);
      last = before[++next];
    }
    if (last === one) next += 1;
    else come.push(one);
  }
  for (const last of before.slice(next)) gone.push(last);
  return { gone, come };
}

/** All facts by kind and scope: those of each artifact, which are in order, and those of the dataset between them; and their JSON. */
function* inOrder(
  described: readonly WrittenDescriptions[],
  loose: readonly LooseFact[],
  groups: readonly WrittenGroups[],
): Steps<{ facts: Fact[]; jsons: Uint8Array[] }> {
  const facts: Fact[] = [];
  const jsons: Uint8Array[] = [];
  const byKind = Map.groupBy(loose, ({ fact }) => fact.kind);
  for (const kind of FACT_KINDS) {
    if (kind === 'group') {
      for (const { facts: own, json } of groups) {
        for (const fact of own) facts.push(fact);
        if (own.length > 0) jsons.push(json.facts.bytes);
        yield;
      }
    }
    const between = byKind.get(kind) ?? [];
    let next = 0;
    const addBefore = (scope: string | null) => {
      for (let one = between[next]; one && (scope === null || byCodeUnit(one.fact.scope, scope) < 0); one = between[++next]) {
        facts.push(one.fact);
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
        for (const fact of block.facts.slice(written, to)) facts.push(fact);
        written = to;
      };
      for (const [i, { scope }] of block.facts.entries()) {
        const other = between[next];
        if (other === undefined) break;
        if (byCodeUnit(other.fact.scope, scope) >= 0) continue;
        addUpTo(i);
        addBefore(scope);
      }
      addUpTo(block.facts.length);
      yield;
    }
    addBefore(null);
    yield;
  }
  return { facts, jsons };
}
