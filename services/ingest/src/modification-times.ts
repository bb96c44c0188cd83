import {
  clockFacts,
  differenceOf,
  type Latest,
  latestAmong,
  latestFacts,
  latestOf,
  SortedBlocks,
  type StatedTime,
  type Steps,
} from '@chimera/evidence';
import { byCodeUnit, type Fact, type Observations } from '@chimera/shared/domain';
import { canonicalJson } from '@chimera/shared/store';
import type { Observed } from './known-artifact.ts';

/** What artifacts that follow each other come to. */
type Written = {
  /** the list's canonical JSON in UTF-8, without its brackets */
  readonly json: Uint8Array;
  readonly latest: Latest;
  /** where clocks disagree */
  readonly clocks: readonly Fact[];
};

/** What the observations of an inventory say of when its artifacts were modified. */
export type Modifications = {
  modified: Observations['modified'];
  /** the canonical JSON of `modified` in UTF-8: pieces that are to be joined with commas and put into brackets */
  json: readonly Uint8Array[];
  facts: Fact[];
};

/** When the artifacts of a dataset were modified. Of very many it is told anew only beside those of which it is otherwise. */
export class ModificationTimes {
  #last: { all: readonly Observed[]; blocks: SortedBlocks<Observed, Written> } | null = null;

  /** @param all sorted by path */
  *told(all: readonly Observed[]): Steps<Modifications> {
    const last = this.#last ?? { all: [], blocks: new SortedBlocks(byPath, written) };
    // Work that breaks off leaves no half of anything.
    this.#last = null;
    const { gone, come } = differenceOf(last.all, all, byPath);
    yield* last.blocks.update(gone, come);
    this.#last = { all, blocks: last.blocks };
    const blocks = last.blocks.all.map((block) => block.written);
    const facts = latestFacts(latestAmong(blocks.map(({ latest }) => latest)));
    return {
      modified: all.map(({ said }) => said),
      json: blocks.map(({ json }) => json),
      facts: [...facts, ...blocks.flatMap(({ clocks }) => clocks)],
    };
  }
}

function byPath(a: Observed, b: Observed): number {
  return byCodeUnit(a.said.path, b.said.path);
}

function* written(observed: readonly Observed[]): Steps<Written> {
  yield;
  return {
    json: Buffer.from(canonicalJson(observed.map(({ said }) => said)).slice(1, -1)),
    latest: latestOf(observed.map(({ known, said: { path, modified } }) => ({ path, kind: known.artifact.kind, at: modified }))),
    clocks: clockFacts(observed.flatMap(statedTimes)),
  };
}

/** When an artifact says that it ran, beside when it was modified. */
function statedTimes({ known: { content }, said: { path, sha256, modified } }: Observed): StatedTime[] {
  if (sha256 === null) return [];
  return (content?.samples ?? []).flatMap(({ labels: { timestamp }, first }) =>
    timestamp === undefined ? [] : [{ path, sha256, stated: timestamp, pointer: first, modified }],
  );
}

const COMMA = Buffer.from(',');

/** The canonical JSON of observations in UTF-8, in pieces, put together out of that of their list of times, as `Modifications` has it. */
export function observationsBytes(observations: Observations, modified: readonly Uint8Array[]): readonly Uint8Array[] {
  const part = (isIn: (name: string) => boolean) =>
    canonicalJson(Object.fromEntries(Object.entries(observations).filter(([name]) => isIn(name)))).slice(1, -1);
  return [
    Buffer.from(`{${part((name) => name < 'modified')},"modified":[`),
    ...modified.flatMap((piece, i) => (i === 0 ? [piece] : [COMMA, piece])),
    Buffer.from(`],${part((name) => name > 'modified')}}`),
  ];
}
