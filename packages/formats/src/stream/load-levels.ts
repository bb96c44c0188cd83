import { type CanonicalMetric, canonicalValue, type Measurement } from '@chimera/shared/domain';
import { type Start, startsOf } from '../cold-start.ts';
import { type Column, numberIn } from '../table-columns.ts';

/** A column of load durations. */
type Level = {
  index: number;
  column: Column;
  /** a cell that is no cold start beside any other */
  still: string;
  /** of its unit, to seconds */
  factor: number;
  /** seconds from which on a load is a cold one */
  from: number;
  /** whether the head has cold ones, so that the others are warm */
  told: boolean;
};

/** The statistics that the ordinary reader looks at. */
const LEVELS: ReadonlySet<string> = new Set(['value', 'mean', 'median']);

/** What includes the loading of a model, where it had to be loaded. */
const STARTED: ReadonlySet<string> = new Set<CanonicalMetric>(['time_to_first_token', 'request_latency', 'load_duration']);

/**
 * Tells records whose model was loaded first from others, by the load durations of the head, as the ordinary reader does by those
 * of the file. Where the head has no cold one, a later one is labelled cold, and the warm ones are not labelled.
 */
export class LoadLevels {
  static readonly NONE = new LoadLevels([]);
  readonly any: boolean;
  readonly #levels: readonly Level[];

  private constructor(levels: readonly Level[]) {
    this.#levels = levels;
    this.any = levels.length > 0;
  }

  /**
   * @param measurements of the head, of a generic table
   * @param columns those of numbers, by index
   */
  static of(
    measurements: readonly Measurement[],
    indexOfTail: ReadonlyMap<string, number>,
    columns: ReadonlyMap<number, Column>,
  ): LoadLevels {
    const loads = new Map<number, { factor: number; seconds: number[] }>();
    for (const { metric, statistic, unit, value, failed, pointer } of measurements) {
      if (metric !== 'load_duration' || failed || !LEVELS.has(statistic)) continue;
      const index = indexOfTail.get(pointer.replace(/^line \d+/, ''));
      const factor = canonicalValue('load_duration', 1, unit);
      const seconds = canonicalValue('load_duration', value, unit);
      if (index === undefined || factor === null || seconds === null) continue;
      const known = loads.get(index) ?? { factor, seconds: [] };
      loads.set(index, known);
      known.seconds.push(seconds);
    }
    return new LoadLevels(
      [...loads].flatMap(([index, { factor, seconds }]) => {
        const column = columns.get(index);
        return column === undefined ? [] : [levelOf(column, factor, seconds)];
      }),
    );
  }

  /** Of which columns the loads of a record are cold and warm, as a number; `values` by column. */
  codeOf(values: ArrayLike<number>): number {
    let code = 0;
    for (const level of this.#levels) {
      const start = startAt(level, values[level.index] ?? Number.NaN);
      code = code * 3 + (start === null ? 0 : start === 'cold' ? 1 : 2);
    }
    return code;
  }

  /** The same of the cells of a row. */
  codeOfCells(cells: readonly string[]): number {
    const values: number[] = [];
    for (const { index } of this.#levels) values[index] = this.valueOf(index, cells) ?? Number.NaN;
    return this.codeOf(values);
  }

  /**
   * Labels the numbers of one row that include the loading of a model.
   * @param cells the row's
   * @param indexOf the column of a number
   */
  label(measurements: readonly Measurement[], cells: readonly string[], indexOf: (measurement: Measurement) => number | undefined): void {
    let start: Start | null = null;
    for (const measurement of measurements) {
      const { metric, statistic, failed } = measurement;
      if (metric !== 'load_duration' || failed || !LEVELS.has(statistic)) continue;
      const level = this.#levels.find(({ index }) => index === indexOf(measurement));
      if (level !== undefined) start = startAt(level, this.valueOf(level.index, cells) ?? Number.NaN) ?? start;
    }
    if (start === null) return;
    for (const measurement of measurements) {
      if (STARTED.has(measurement.metric) && !measurement.failed) measurement.labels = { ...measurement.labels, start };
    }
  }

  /** The cells without a cold start, so that it is not told by the rows beside it. */
  still(cells: readonly string[]): readonly string[] {
    let shown = cells;
    for (const { index, still } of this.#levels) if (this.valueOf(index, cells) !== null) shown = shown.with(index, still);
    return shown;
  }

  /** The number of a cell of loads; null where the column is none of them, or the cell none. */
  valueOf(index: number, cells: readonly string[]): number | null {
    const level = this.#levels.find((one) => one.index === index);
    return level === undefined ? null : (numberIn(cells[index] ?? '', level.column)?.value ?? null);
  }
}

function startAt({ factor, from, told }: Level, value: number): Start | null {
  const seconds = value * factor;
  return seconds >= from ? 'cold' : told && !Number.isNaN(seconds) ? 'warm' : null;
}

function levelOf(column: Column, factor: number, loads: readonly number[]): Level {
  const seconds = Float64Array.from(loads).sort();
  const others = seconds.subarray(0, -1);
  const middle = ((others[(others.length - 1) >> 1] ?? Number.NaN) + (others[others.length >> 1] ?? Number.NaN)) / 2;
  const from = others.length === 0 ? Number.POSITIVE_INFINITY : Math.max(1, 5 * middle);
  const still = column.style.units === 'cells' ? `0 ${column.unit}` : '0';
  return { index: column.index, column, still, factor, from, told: startsOf(loads).includes('cold') };
}
