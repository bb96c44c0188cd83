import { z } from 'zod';
import { Sha256 } from './text.ts';

/** Where a fact comes from: a place in an artifact, a selection of the inventory, or an observation of the world. */
export const Source = z.union([
  z.strictObject({ path: z.string(), sha256: Sha256, pointer: z.string() }),
  z.strictObject({ inventory: z.string() }),
  z.strictObject({ observation: z.string() }),
]);
export type Source = z.infer<typeof Source>;

/** The scope of a fact that is about the whole dataset: no path of an artifact can be this. */
export const DATASET_SCOPE = '/';

/** What a fact speaks of; the reporter and the agents choose by it. */
export const FACT_KINDS = ['count', 'size', 'modification', 'duplicate', 'refusal', 'gap', 'failure', 'series', 'doubt'] as const;
export const FactKind = z.enum(FACT_KINDS);
export type FactKind = z.infer<typeof FactKind>;

/**
 * A numbered statement computed from measurements or observations.
 * `value` is in `unit` (null: a bare count or an unknown unit, see `unitKnown`); a string only for dates (ISO 8601, UTC).
 * `n` is how many samples stand behind it; `interval` a confidence interval in the same unit.
 * `scope` is `/` for the whole dataset, or the path of the artifact it is about.
 */
export const Fact = z.strictObject({
  id: z.string().regex(/^f[0-9a-f]{16}$/),
  kind: FactKind,
  claim: z.string().min(1),
  metric: z.string().min(1),
  statistic: z.string().min(1),
  value: z.union([z.number(), z.string()]),
  unit: z.string().nullable(),
  n: z.int().nonnegative().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  labels: z.record(z.string(), z.string()),
  scope: z.string(),
  formula: z.string().min(1),
  inputs: z.array(z.string()),
  sources: z.array(Source).min(1),
  class: z.enum(['measured', 'derived']),
});
export type Fact = z.infer<typeof Fact>;
