import type { Pair } from './csv-pairs.ts';

/** What all rows of one key mean: where their numbers go. */
export type CsvPlan = {
  /** how many records such a row is */
  records: number;
  /** why it failed, where the reason is the same for all such rows, by what stands behind `line N` in the pointer */
  failed: readonly { tail: string; reason: string }[];
  /** the columns of the table whose numbers are read, and the columns of the output that they go to */
  slots: Int32Array;
  columns: Int32Array;
  /** numbers that such a row always has, because their text is part of the key */
  fixed: readonly { column: number; value: number }[];
  /** columns of numbers that were empty when the plan was made: nobody knows yet where theirs go */
  unknown: Int32Array;
  /** warnings that are counted for each further row */
  topics: readonly string[];
  /** pairs of numbers of which the first is not to be below half of the second */
  pairs: readonly Pair[];
  /** which of the pairs contradict each other in such a row, as bits */
  violated: number;
  /** whether the ordinary reader called one of them a contradiction, so that the pairs are not told by their metrics */
  contradicts: boolean;
  /** which of its loads are cold and warm ones */
  loads: number;
  /** plans of rows of the same key that differ in loads or violations */
  variants: CsvPlan[];
  /** in the present batch of rows (RowBatch): its first and its last row, -1 where it has none, and its index */
  first: number;
  last: number;
  at: number;
};

/** The plan among those of one key for rows of these loads and violations. */
export function variantOf(plan: CsvPlan, loads: number, violated: number): CsvPlan | undefined {
  if (plan.loads === loads && plan.violated === violated) return plan;
  return plan.variants.find((one) => one.loads === loads && one.violated === violated);
}

/** Both plans' numbers: of two rows of one key, of which each lacked some. */
export function mergedPlan(one: CsvPlan, other: CsvPlan): CsvPlan {
  const columns = new Map<number, number>();
  for (const plan of [one, other]) for (const [index, slot] of plan.slots.entries()) columns.set(slot, plan.columns[index] ?? 0);
  const slots = [...columns.keys()].sort((a, b) => a - b);
  const both = one.unknown.filter((slot) => other.unknown.includes(slot));
  const pairs = [...new Map([...one.pairs, ...other.pairs].map((pair) => [`${pair.whole.slot} ${pair.first.slot}`, pair])).values()];
  return {
    ...other,
    slots: Int32Array.from(slots),
    columns: Int32Array.from(slots, (slot) => columns.get(slot) ?? 0),
    unknown: both,
    pairs,
    variants: one.variants,
  };
}
