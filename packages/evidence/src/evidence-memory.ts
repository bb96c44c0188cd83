import type { Fact } from '@chimera/shared/domain';
import { Copies } from './copies.ts';
import type { Description } from './description.ts';
import { createDescriptionBlocks, type DescriptionBlocks } from './description-blocks.ts';
import { FactIds } from './fact-ids.ts';
import type { Ranked } from './fact-order.ts';
import { GroupingMemory } from './grouping.ts';

/** A fact about the dataset or several artifacts, with what it is sorted by, and its canonical JSON in UTF-8. */
export type LooseFact = Ranked & { json: Uint8Array };

/**
 * What was computed for a dataset's last inventory: for the next one only what changed is computed anew. It changes nothing of the
 * outcome.
 */
export class EvidenceMemory {
  #state: MemoryState | null = null;

  /** Hands out what is remembered; until it is given back nothing is, so that work which broke off leaves no half of anything. */
  take(): MemoryState {
    const state = this.#state ?? {
      descriptions: [],
      described: createDescriptionBlocks(),
      grouping: new GroupingMemory(),
      loose: new Map(),
      ids: new FactIds(),
      copies: new Copies(),
    };
    this.#state = null;
    return state;
  }

  giveBack(state: MemoryState): void {
    this.#state = state;
  }
}

export type MemoryState = {
  /** by path */
  descriptions: readonly Description[];
  described: DescriptionBlocks;
  grouping: GroupingMemory;
  loose: ReadonlyMap<Fact, LooseFact>;
  ids: FactIds;
  copies: Copies;
};
