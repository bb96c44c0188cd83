import { byCodeUnit, EVIDENCE_SCHEMA, type Evidence, FACT_KINDS, type Fact } from '@chimera/shared/domain';
import { countFacts } from './counts.ts';
import { type Description, type FactGroup, groupOf } from './description.ts';
import { unitlessFacts } from './doubts.ts';
import { duplicateFacts } from './duplicates.ts';
import { evidenceBytes } from './evidence-bytes.ts';
import { ordered } from './fact-order.ts';
import { failureCounts } from './failures.ts';
import { gapFacts } from './gaps.ts';
import { createGroupingMemory, type GroupingMemory, groupingOf } from './grouping.ts';
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
  /** what is remembered of the groups of this dataset; changes nothing of the outcome */
  memory?: GroupingMemory;
};

export class EmptyInventory extends Error {
  override name = 'EmptyInventory';
}

/**
 * Computes what an inventory supports, and its canonical JSON in UTF-8. Does not depend on the order of its input, on
 * time or on place: the same names and bytes give the same evidence byte for byte. Throws EmptyInventory for no artifacts.
 */
export function* computeEvidence(input: EvidenceInput): Steps<{ evidence: Evidence; bytes: Uint8Array }> {
  const { dataset, inventory, title } = input;
  if (input.descriptions.length === 0) throw new EmptyInventory(`Dataset ${dataset} has no artifact: there is nothing to report on.`);
  const descriptions = [...input.descriptions].sort((a, b) => byCodeUnit(a.artifact.path, b.artifact.path));
  const artifacts = descriptions.map(({ artifact }) => artifact);
  const grouping = yield* groupingOf(descriptions, input.memory ?? createGroupingMemory());
  const groups = yield* inOrder(descriptions, yield* datasetFacts(input, descriptions, grouping.facts), grouping.groups);
  const facts = yield* factsOf(groups);
  const evidence: Evidence = { schema: EVIDENCE_SCHEMA, dataset, inventory, title, artifacts, facts, groups: grouping.listed };
  const bytes = yield* evidenceBytes(evidence, {
    artifacts: descriptions.map(({ json }) => json),
    facts: groups.map(({ json }) => json),
    groups: grouping.jsons,
  });
  return { evidence, bytes };
}

/** What is said of the dataset as a whole. */
function* datasetFacts({ expected }: EvidenceInput, descriptions: readonly Description[], grouped: readonly Fact[]): Steps<Fact[]> {
  const artifacts = descriptions.map(({ artifact }) => artifact);
  const facts: Fact[] = [...grouped];
  for (const compute of [countFacts, sizeFacts, duplicateFacts, () => gapFacts(artifacts, expected)]) {
    for (const fact of compute(artifacts)) facts.push(fact);
    yield;
  }
  const tally = sum(descriptions.map((description) => description.tally));
  const counting = descriptions.filter(({ counted }) => counted).map(({ artifact }) => artifact);
  facts.push(...failureCounts(counting), ...measurementCounts(tally), ...telemetryFacts(tally.telemetry), ...unitlessFacts(tally.unitless));
  return facts;
}

function sum(tallies: readonly Tally[]): Tally {
  const total = { numbers: 0, series: 0, unitless: 0, telemetry: [...NOTHING.telemetry] };
  for (const { numbers, series, unitless, telemetry } of tallies) {
    total.numbers += numbers;
    total.series += series;
    total.unitless += unitless;
    for (const [i, n] of telemetry.entries()) total.telemetry[i] = (total.telemetry[i] ?? 0) + n;
  }
  return total;
}

/** All facts by kind and scope: those of each artifact, which are in order, and those of the dataset between them. */
function* inOrder(descriptions: readonly Description[], datasetFacts: readonly Fact[], grouped: readonly FactGroup[]): Steps<FactGroup[]> {
  const ofDataset = new Map<string, Fact[]>();
  for (const fact of ordered(datasetFacts)) {
    const known = ofDataset.get(fact.kind);
    if (known) known.push(fact);
    else ofDataset.set(fact.kind, [fact]);
  }
  const groups: FactGroup[] = [];
  for (const kind of FACT_KINDS) {
    if (kind === 'group') groups.push(...grouped);
    const loose: FactGroup[] = [];
    for (const fact of ofDataset.get(kind) ?? []) {
      loose.push(groupOf(fact));
      yield;
    }
    let next = 0;
    for (const { groups: own } of descriptions) {
      const group = own.find((some) => some.kind === kind);
      if (!group) continue;
      for (let before = loose[next]; before && byCodeUnit(before.scope, group.scope) < 0; before = loose[++next]) groups.push(before);
      groups.push(group);
    }
    for (; next < loose.length; next++) {
      const group = loose[next];
      if (group) groups.push(group);
    }
    yield;
  }
  return groups;
}

function* factsOf(groups: readonly FactGroup[]): Steps<Fact[]> {
  const facts: Fact[] = [];
  const ids = new Set<string>();
  for (const group of groups) {
    for (const fact of group.facts) {
      facts.push(fact);
      ids.add(fact.id);
    }
    yield;
  }
  if (ids.size === facts.length) return facts;
  throw new Error('Two facts share an id, so what one says could be printed for the other: this is a fault of Chimera; please report it.');
}
