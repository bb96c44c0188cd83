import type { Measurement, Reading } from './measurement.ts';

/**
 * Numbers that stand at one place of the records of an artifact, under one set of labels: all that a measurement says but its
 * value and its line. `tail` is what stands behind `line N` in the pointer of each: ` column ttft_s`, ` /metrics/ttft/value`.
 */
export type NumberColumn = Pick<Measurement, 'metric' | 'statistic' | 'unit' | 'n' | 'over' | 'labels' | 'failed'> & { tail: string };

/** Takes the numbers of an artifact as they come, each column's in the order of the file: there may be more than fit into the memory. */
export type NumberSink = {
  /** Opens a column and returns its number, which `add` takes. */
  open(column: NumberColumn): number;
  /** @param line 1-based, never less than that of the number before */
  add(column: number, value: number, line: number): void;
  /**
   * Adds what one column has on several lines: the first `length` of the values and of the lines beside them, which ascend and lie
   * behind those of the numbers that it has. Other columns' numbers of the same lines come in runs of their own, before or later.
   * @param at from 1; lower than that of the columns whose numbers stand behind this one's on a line
   */
  addRun(column: number, values: Float64Array, lines: Float64Array, length: number, at: number): void;
  /** What was added to the column, and what will be, counts nowhere: the column is no column of numbers after all. */
  drop(column: number): void;
};

/** What a reading as a stream comes to, besides the numbers that it gave to its sink. */
export type StreamedReading =
  | (Omit<Extract<Reading, { status: 'read' }>, 'measurements'> & { measurements: number })
  | Extract<Reading, { status: 'refused' }>;
