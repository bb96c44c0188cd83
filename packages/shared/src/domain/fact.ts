import { z } from 'zod';
import { Instant, Sha256 } from './text.ts';

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
export const FACT_KINDS = [
  ...(['campaign', 'choice', 'comparison', 'change', 'history', 'group'] as const),
  ...(['count', 'size', 'modification', 'duplicate', 'refusal', 'gap', 'failure', 'conflict', 'series', 'doubt'] as const),
] as const;
export const FactKind = z.enum(FACT_KINDS);
export type FactKind = z.infer<typeof FactKind>;

/** What a comparison may say. */
export const VERDICTS = ['better', 'worse', 'no difference shown', 'not enough samples'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * How a comparison came to its verdict. `of` is compared with `to`; ratio = median of `of` over median of `to`. p-values are
 * two-sided, of the exact Mann-Whitney test; `family` is the metrics over which they were adjusted (Benjamini-Hochberg).
 */
export const Comparison = z.strictObject({
  verdict: z.enum(VERDICTS),
  /** the label studied, with both values; `file` where nothing but the file tells the two apart */
  label: z.string(),
  of: z.string(),
  to: z.string(),
  n: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  medians: z.tuple([z.number(), z.number()]),
  p: z.number().nullable(),
  adjusted: z.number().nullable(),
  family: z.array(z.string()),
  /** the probability that a run of `of` is better than one of `to` */
  superiority: z.number().nullable(),
  /** the least relative difference that is called one */
  floor: z.number(),
  /** how many more runs a side are needed before a verdict is possible */
  needed: z.int().nonnegative(),
  caveats: z.array(z.string()),
});
export type Comparison = z.infer<typeof Comparison>;

/** An inventory of a dataset's history, and when it was taken. */
const TakenAt = z.strictObject({ inventory: Sha256, takenAt: Instant });

/**
 * A change of level in a dataset's history. `broughtBy` is the first inventory of the new level, `until` that which brought the next
 * one, null where the level is the present one; `p` is that of the t-test between the two levels, `n` how many inventories they have,
 * the new one first. `verdict` is null where no direction is better, and for changes below the noise floor.
 */
export const LevelChange = z.strictObject({
  verdict: z.enum(['better', 'worse']).nullable(),
  broughtBy: TakenAt,
  until: TakenAt.nullable(),
  p: z.number(),
  n: z.tuple([z.int().positive(), z.int().positive()]),
  /** versions that are others since; null: not stated */
  versions: z.array(z.strictObject({ name: z.string(), before: z.string().nullable(), now: z.string().nullable() })),
});
export type LevelChange = z.infer<typeof LevelChange>;

/**
 * A numbered statement computed from measurements or observations.
 * `value` is in `unit` (null: a bare count or an unknown unit, see `unitKnown`); a string only for dates (ISO 8601, UTC).
 * `n` is how many samples stand behind it; `interval` a confidence interval in the same unit.
 * `scope` is `/` for the whole dataset, or the path of the artifact it is about, or a pattern of several.
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
  /** labels that no file states: they follow from a path, or from another label; absent where there are none */
  derivedLabels: z.array(z.string()).optional(),
  /** how many independent runs stand behind it, where `n` counts requests within them */
  runs: z.int().positive().optional(),
  comparison: Comparison.optional(),
  /** a change in the dataset's history; its inputs are the level since and the level before */
  change: LevelChange.optional(),
});
export type Fact = z.infer<typeof Fact>;
