import { z } from 'zod';
import { Source } from './fact.ts';
import { Instant, Sha256 } from './text.ts';

export const HISTORY_SCHEMA = 'chimera.history/v1';

/** Of the places where a value stood, so many are kept; the evidence of that inventory had all. */
export const MOST_ARRIVAL_SOURCES = 3;

/**
 * What one inventory brought of one group of a canonical metric: the median of its new runs, in the metric's unit, and how many they are. `contents`
 * are the fingerprints (48 bits) of the sources that were new, by which content is known again wherever it turns up later.
 */
export const Arrival = z.strictObject({
  metric: z.string().min(1),
  statistic: z.string().min(1),
  unit: z.string().min(1),
  labels: z.record(z.string(), z.string()),
  /** those of the labels that no file states */
  derived: z.array(z.string()),
  pattern: z.string().min(1),
  value: z.number(),
  n: z.int().positive(),
  contents: z.array(z.int().nonnegative()),
  sources: z.array(Source).max(MOST_ARRIVAL_SOURCES),
});
export type Arrival = z.infer<typeof Arrival>;

/**
 * One inventory in the history of its dataset, as the blob store keeps it. `sequence` is its place there, from 1; `after` the inventory
 * before it, null for the first; `evidence` the blob of its evidence, which may be gone.
 */
export const HistoryEntry = z.strictObject({
  schema: z.literal(HISTORY_SCHEMA),
  dataset: z.string().min(1),
  inventory: Sha256,
  sequence: z.int().positive(),
  after: Sha256.nullable(),
  takenAt: Instant,
  evidence: Sha256,
  arrivals: z.array(Arrival),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;
