/** From `low` to `high`, in the values' unit. `confidence` is what the interval really reaches: at least what was asked. */
export type Interval = { low: number; high: number; confidence: number };
