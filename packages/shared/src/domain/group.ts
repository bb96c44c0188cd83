import { z } from 'zod';
import { Source } from './fact.ts';
import { OVERS } from './measurement.ts';

/** Runs that a group lists at most; of more, so many evenly spaced ones of their order are kept. */
export const MOST_RUNS = 2_000;

/**
 * The samples of one canonical metric under one configuration, over all artifacts that hold it: what comparisons are made from.
 * `runs` are in the metric's unit and ascend: one value for each independent run or repetition; of requests, gaps or clock samples
 * within a run, their median. `samples` counts the raw values behind them. `statistic` is `value` for raw ones, else what the file
 * computed (`mean`, `p99`).
 */
export const Group = z.strictObject({
  metric: z.string().min(1),
  statistic: z.string().min(1),
  unit: z.string().min(1),
  over: z.enum(OVERS).nullable(),
  labels: z.record(z.string(), z.string()),
  /** those of the labels that no file states: they follow from a path, or from another label */
  derived: z.array(z.string()),
  /** the artifact's path, or the pattern of several, with `*` for what numbers the repeats */
  scope: z.string().min(1),
  /** that pattern, also where only one artifact has the metric: groups of one configuration share it */
  pattern: z.string().min(1),
  samples: z.int().positive(),
  /** how many runs there are; more than `runs` lists, where it was thinned */
  n: z.int().positive(),
  runs: z.array(z.number()).min(1).max(MOST_RUNS),
  sources: z.array(Source).min(1),
});
export type Group = z.infer<typeof Group>;
