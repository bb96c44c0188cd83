import { byCodeUnit, type Fact } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';
import { type Census, censusOf } from './census.ts';
import type { Description } from './description.ts';
import { type JsonList, jsonList } from './json-list.ts';
import { SortedBlocks } from './sorted-blocks.ts';
import type { Steps } from './steps.ts';

/** Artifacts that follow each other, and what evidence says of each by itself, as canonical JSON. */
export type WrittenDescriptions = {
  readonly artifacts: JsonList;
  readonly own: ReadonlyMap<Fact['kind'], OwnFacts>;
  readonly census: Census;
};

/** Facts of one kind, each about one artifact; `json` has as many texts as there are facts. */
export type OwnFacts = { readonly facts: readonly Fact[]; readonly json: JsonList };

export type DescriptionBlocks = SortedBlocks<Description, WrittenDescriptions>;

/** The descriptions of a dataset by path. */
export function createDescriptionBlocks(): DescriptionBlocks {
  return new SortedBlocks((a, b) => byCodeUnit(a.artifact.path, b.artifact.path), written);
}

function* written(descriptions: readonly Description[]): Steps<WrittenDescriptions> {
  const artifacts: string[] = [];
  const own = new Map<Fact['kind'], { facts: Fact[]; texts: string[] }>();
  for (const { artifact, facts } of descriptions) {
    artifacts.push(canonicalJson(artifact));
    for (const fact of facts) {
      const there = own.get(fact.kind) ?? { facts: [], texts: [] };
      own.set(fact.kind, there);
      there.facts.push(fact);
      there.texts.push(canonicalJson(fact));
    }
    yield;
  }
  return {
    artifacts: jsonList(artifacts),
    census: censusOf(descriptions),
    own: new Map(Array.from(own, ([kind, { facts, texts }]) => [kind, { facts, json: jsonList(texts) }])),
  };
}
