import { truthOf } from '@chimera/grounding';
import { type Analysis, Evidence, type InventoryRef, Observations } from '@chimera/shared/domain';
import { type Blobs, getJson } from '@chimera/shared/store';
import { type Ground, lastGate } from './last-gate.ts';
import { draftPage, type Groundwork, subjectOf } from './page-draft.ts';

/**
 * What the reports of one inventory are made of, whatever the agents say. Each part is made when it is first asked for, and kept:
 * one that was made ahead and one that was made in need are the same.
 */
export type Basis = {
  evidence: Evidence;
  observations: Observations;
  facts: Groundwork['facts'];
  groundwork(): Groundwork;
  ground: Ground;
  /** An analysis as it may be printed; the blob of an analysis tells that it was gated before. */
  gated(blob: string, analysis: Analysis): Analysis;
  /** The bytes of a blob of the inventory's, which go into the report's folder as they are. */
  bytes(blob: string): Promise<Uint8Array>;
};

/** Bases of inventories: the last few that were asked for. */
export type Bases = {
  of(inventory: InventoryRef): Promise<Basis>;
  /** Forgets what there is of an inventory; asked for again, it is made again. */
  drop(inventory: InventoryRef): void;
};

// They hold the evidence with its indexes: a hundred megabytes where it is large.
const MOST_BASES = 3;

export function createBases(blobs: Blobs): Bases {
  const known = new Map<string, Promise<Basis>>();
  const keyOf = ({ evidence, observations }: InventoryRef) => `${evidence} ${observations}`;
  return {
    of(inventory) {
      const key = keyOf(inventory);
      const found = known.get(key) ?? newBasis(blobs, inventory);
      known.delete(key);
      known.set(key, found);
      // What failed is tried again by whoever asks next.
      found.catch(() => {
        if (known.get(key) === found) known.delete(key);
      });
      const [oldest] = known.keys();
      if (oldest !== undefined && known.size > MOST_BASES) known.delete(oldest);
      return found;
    },
    drop: (inventory) => void known.delete(keyOf(inventory)),
  };
}

async function newBasis(blobs: Blobs, inventory: InventoryRef): Promise<Basis> {
  const [evidence, observations] = await Promise.all([
    getJson(blobs, inventory.evidence, Evidence),
    getJson(blobs, inventory.observations, Observations),
  ]);
  const facts = subjectOf(evidence, observations);
  const groundwork = once(() => ({ facts, page: draftPage(facts, observations) }));
  const truth = once(() => truthOf(evidence, observations));
  const ground: Ground = { facts, artifacts: evidence.artifacts, truth };
  const gated = new Map<string, Analysis>();
  const read = new Map<string, Promise<Uint8Array>>();
  return {
    ...{ evidence, observations, facts, groundwork, ground },
    gated(blob, analysis) {
      const found = gated.get(blob) ?? lastGate(analysis, ground);
      gated.set(blob, found);
      return found;
    },
    bytes(blob) {
      const found = read.get(blob) ?? blobs.get(blob);
      read.set(blob, found);
      found.catch(() => read.delete(blob));
      return found;
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
