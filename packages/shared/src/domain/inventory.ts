import { z } from 'zod';
import { Traceparent } from '../trace/traceparent.ts';
import { Artifact } from './artifact.ts';
import { Fact } from './fact.ts';
import { Group } from './group.ts';
import { Instant, Sha256 } from './text.ts';

export const EVIDENCE_SCHEMA = 'chimera.evidence/v1';
export const OBSERVATIONS_SCHEMA = 'chimera.observations/v1';

/** What an inventory supports: a function of names and bytes alone, byte for byte the same everywhere. */
export const Evidence = z.strictObject({
  schema: z.literal(EVIDENCE_SCHEMA),
  dataset: z.string().min(1),
  inventory: Sha256,
  title: z.string().nullable(),
  artifacts: z.array(Artifact).min(1),
  facts: z.array(Fact),
  groups: z.array(Group),
});
export type Evidence = z.infer<typeof Evidence>;

/**
 * What an inventory was compared with: a baseline that a person gave, or the dataset's previous inventory. `name` is how its facts
 * of kind `change` call it.
 */
export const BaselineRef = z.strictObject({
  name: z.string().min(1),
  inventory: Sha256,
  kind: z.enum(['given', 'previous']),
});
export type BaselineRef = z.infer<typeof BaselineRef>;

/** What the world said about an inventory's artifacts and their content does not. */
export const Observations = z.strictObject({
  schema: z.literal(OBSERVATIONS_SCHEMA),
  dataset: z.string().min(1),
  inventory: Sha256,
  /** where the bucket was, as a person would name it */
  bucket: z.string(),
  takenAt: Instant,
  /** modification times as first seen: the same path with the same bytes keeps the time it was first seen with */
  modified: z.array(z.strictObject({ path: z.string(), sha256: Sha256.nullable(), modified: Instant })),
  facts: z.array(Fact),
  /** absent where there was nothing to compare with; the changes are among the facts */
  baseline: BaselineRef.optional(),
  /** files that were there and are not in the inventory, because they were still being written; absent where there are none */
  unsettled: z.array(z.strictObject({ path: z.string(), reason: z.string() })).optional(),
});
export type Observations = z.infer<typeof Observations>;

/**
 * Refers to a published inventory by its blobs. `generation` counts the dataset's inventories as they became
 * current, so that A, B, A again are three events and not two.
 */
export const InventoryRef = z.object({
  dataset: z.string().min(1),
  inventory: Sha256,
  generation: z.int().positive(),
  evidence: Sha256,
  observations: Sha256,
  measurements: Sha256,
  artifacts: z.int().positive(),
  refused: z.int().nonnegative(),
  ingest: z.strictObject({ startedAt: Instant, finishedAt: Instant, seconds: z.number().nonnegative() }),
  /** the trace in which it was taken, where it was traced: whoever works on it later, or from memory, continues that; no part of any id */
  traceparent: Traceparent,
});
export type InventoryRef = z.infer<typeof InventoryRef>;
