import { byCodeUnit, type Fact, type Group } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';
import { ordered } from './fact-order.ts';
import { groupFacts } from './group-facts.ts';
import type { SampledGroup } from './groups.ts';
import { type JsonList, jsonList } from './json-list.ts';
import { SortedBlocks } from './sorted-blocks.ts';
import type { Steps } from './steps.ts';

/** Groups that follow each other, with their facts, and both as canonical JSON. */
export type WrittenGroups = {
  readonly groups: readonly Group[];
  readonly facts: readonly Fact[];
  readonly json: { groups: JsonList; facts: JsonList };
};

export type GroupBlocks = SortedBlocks<SampledGroup, WrittenGroups>;

/** The groups of a dataset in the order of their keys. */
export function createGroupBlocks(): GroupBlocks {
  return new SortedBlocks((a, b) => byCodeUnit(a.key, b.key), written);
}

function* written(groups: readonly SampledGroup[]): Steps<WrittenGroups> {
  const facts: Fact[] = [];
  const texts: { groups: string[]; facts: string[] } = { groups: [], facts: [] };
  for (const one of groups) {
    texts.groups.push(canonicalJson(one.group));
    for (const fact of ordered(groupFacts(one))) {
      facts.push(fact);
      texts.facts.push(canonicalJson(fact));
    }
    yield;
  }
  return { groups: groups.map(({ group }) => group), facts, json: { groups: jsonList(texts.groups), facts: jsonList(texts.facts) } };
}
