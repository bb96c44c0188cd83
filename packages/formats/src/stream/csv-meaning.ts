import type { ArtifactKind, Measurement } from '@chimera/shared/domain';
import type { Format } from '../formats/format.ts';
import { genericTable } from '../formats/generic-table.ts';
import { RowIndex } from '../row-index.ts';
import type { Row } from '../table.ts';
import { CsvColumns } from './csv-columns.ts';
import { CsvContext, type RowsReading } from './csv-context.ts';
import { CsvErrors } from './csv-errors.ts';
import type { CsvHead } from './csv-head.ts';
import { pairsAmong } from './csv-pairs.ts';
import type { CsvPlan } from './csv-plan.ts';
import { CsvPoints } from './csv-points.ts';
import { type CsvRoles, genericRoles, KEY, KIND, knownRoles, WATCH } from './csv-roles.ts';
import { CsvSentences, OF_DROPPED } from './csv-sentences.ts';
import { CsvSettings } from './csv-settings.ts';
import { LoadLevels } from './load-levels.ts';
import type { StreamOutput } from './stream-output.ts';

/** Rows that are read together where none of them has a plan. */
const BATCH = 2_000;
/** … and characters of theirs, more or less: long texts must not fill the memory. */
const BATCH_CHARS = 4 * 1024 * 1024;

/**
 * Reads rows of a table, whose texts are known, by the ordinary reader in the context of the head, and says what further rows of
 * the same words mean.
 */
export class CsvMeaning {
  readonly roles: CsvRoles['roles'];
  /** how many columns have ceased to be part of the key: plans that were made before hold no longer */
  keysLost = 0;
  readonly loads: LoadLevels;
  /** what points and commas do in numbers */
  readonly points: CsvPoints;
  /** of a generic table: the columns that only count its rows, as far as these were read */
  readonly index: RowIndex | null;
  readonly #generic: boolean;
  readonly #head: CsvHead;
  readonly #output: StreamOutput;
  readonly #context: CsvContext;
  /** of a generic table */
  readonly #settings: CsvSettings | null;
  readonly #indexOfTail: ReadonlyMap<string, number>;
  readonly #columns: CsvColumns;
  readonly #errors: CsvErrors;
  #reasonsLost = 0;
  readonly #sentences: CsvSentences;
  #batch: Row[] = [];
  #batchChars = 0;

  constructor(head: CsvHead, format: Format, kind: ArtifactKind, output: StreamOutput) {
    this.#head = head;
    this.#output = output;
    this.#generic = format === genericTable;
    const roles = this.#generic ? genericRoles(head.table) : null;
    this.index = this.#generic ? new RowIndex(head.table) : null;
    const own = [...(roles?.roles.entries() ?? [])].flatMap(([index, role]) => ((role & ~(KIND | WATCH)) === 0 ? [index] : []));
    this.points = new CsvPoints(head.table.columns.length, head.delimiter.charCodeAt(0));
    this.#context = new CsvContext(format, kind, head.table);
    const whole = this.#context.readHead(head.table.rows);
    this.#indexOfTail = new Map(head.table.columns.map((name, index) => [` column ${name}`, index]));
    this.loads = roles === null ? LoadLevels.NONE : LoadLevels.of(whole.measurements, this.#indexOfTail, roles.numeric);
    this.#settings = roles === null ? null : new CsvSettings(head.table, roles.roles, roles.drawn, output.warnings);
    this.points.take(roles?.numeric.values() ?? []);
    const known = {
      drawn: this.#settings?.drawn ?? new Set<number>(),
      grouped: new Set(roles?.grouped),
      errors: new CsvErrors(roles?.marks ?? [], output.warnings),
    };
    this.#errors = known.errors;
    this.#context.choose(head.table.rows, whole, {
      known: { ...known, errors: known.errors.columns, commas: this.points.commas },
      own: new Set(own),
      loads: this.loads,
    });
    const of = roles ?? knownRoles(head.table, this.#context);
    this.roles = of.roles;
    this.#sentences = new CsvSentences(whole.told, output);
    this.#columns = new CsvColumns({
      ...{ ...known, head, roles: of, points: this.points, generic: this.#generic, output },
      tellOf: (row) => {
        const { told } = this.#context.readRow(row);
        this.#sentences.tell(told.filter(({ topic }) => OF_DROPPED.has(topic)));
      },
      settle: () => this.flush(),
    });
  }

  /** How often known reasons for failing have ceased to hold. */
  get reasonsLost(): number {
    return this.#errors.changes;
  }

  /** Whether words were met in the last column, behind the head. */
  get endsInWords(): boolean {
    return this.#columns.endsInWords;
  }

  /** Why a row failed, of a generic table: its cells of the columns that say so decide. */
  failureOf(cells: readonly string[]): string | null {
    return this.#columns.failureOf(cells);
  }

  /** The cells of a row that count; the context is read again where they show that errors are others than it says. */
  #settled(row: Row): readonly string[] {
    const cells = this.#columns.settled(row);
    if (this.#reasonsLost !== this.reasonsLost) {
      this.#reasonsLost = this.reasonsLost;
      this.#context.reread();
    }
    return cells;
  }

  /**
   * Reads a row: its numbers go to the output.
   * @param values by column, the numbers that were read from its bytes, NaN where a text is part of the key or nothing stands there;
   * null where nobody asks for a plan
   * @returns what further rows of its key mean, or null where that cannot be told
   */
  read(row: Row, values: Float64Array | null): CsvPlan | null {
    this.flush();
    this.index?.take(row.cells);
    if (this.#settings !== null) {
      this.#loseKeys(this.#settings.take(row.cells, row.line));
      if (this.#output.crowds()) this.#loseKeys(this.#settings.relieve(row.line));
    }
    const cells = this.#settled(row);
    const reading = this.#readable(this.#context.readRow({ line: row.line, cells: this.loads.still(cells) }));
    this.loads.label(reading.measurements, cells, (measurement) => this.#indexOfTail.get(placeOf(measurement).tail));
    this.#tell(reading, row.line);
    this.#output.records += reading.records;
    for (const failed of reading.failed) this.#output.fail(failed);
    return this.#give(reading.measurements, cells, row.line, values) ? this.#planOf(reading, cells, row.line, values) : null;
  }

  /**
   * What rows of a key mean whose numbers do not contradict each other, by one whose numbers do; null where it cannot be told.
   * @param values as of `read`
   */
  withoutContradiction(row: Row, values: Float64Array): CsvPlan | null {
    const cells = this.#settled(row).map((cell, index) =>
      Number.isNaN(values[index] ?? Number.NaN) ? cell : this.points.withPoint(cell, index).replace(NUMBER_PART, '0'),
    );
    const reading = this.#readable(this.#context.readRow({ line: row.line, cells }));
    this.loads.label(reading.measurements, row.cells, (measurement) => this.#indexOfTail.get(placeOf(measurement).tail));
    const plan = this.#planOf({ ...reading, told: [] }, row.cells, row.line, values);
    return plan === null || plan.fixed.length > 0 ? null : plan;
  }

  /** Reads a row together with others that come next. */
  readLater(row: Row): void {
    const lost = this.#settings?.take(row.cells, row.line) ?? [];
    if (lost.length > 0) this.flush();
    this.#loseKeys(lost);
    this.index?.take(row.cells);
    this.#batch.push({ line: row.line, cells: this.#settled(row) });
    for (const { length } of row.cells) this.#batchChars += length;
    if (this.#batch.length >= BATCH || this.#batchChars >= BATCH_CHARS) this.flush();
  }

  /** All rows were read. */
  end(): void {
    this.flush();
    for (const index of this.index?.columns ?? []) this.#columns.leaveOut(index);
  }

  /** Reads the rows that wait. */
  flush(): void {
    if (this.#batch.length === 0) return;
    const rows = this.#batch;
    this.#batch = [];
    this.#batchChars = 0;
    if (this.#settings !== null && this.#output.crowds()) this.#loseKeys(this.#settings.relieve(rows[0]?.line ?? 0));
    const reading = this.#readable(this.#context.readRows(rows.map(({ line, cells }) => ({ line, cells: this.loads.still(cells) }))));
    this.#tell(reading, rows[0]?.line ?? 0);
    this.#output.records += reading.records;
    for (const failed of reading.failed) this.#output.fail(failed);
    const byLine = Map.groupBy(reading.measurements, (measurement) => placeOf(measurement).line);
    for (const { line, cells } of rows) {
      const measurements = byLine.get(line) ?? [];
      this.loads.label(measurements, cells, (measurement) => this.#indexOfTail.get(placeOf(measurement).tail));
      this.#give(measurements, cells, line, null);
    }
  }

  /** A reading without the numbers of columns in which nobody looks for any: those of the next rows would be missed, or taken for these. */
  #readable(reading: RowsReading): RowsReading {
    if (!this.#generic) return reading;
    return {
      ...reading,
      measurements: reading.measurements.filter((one) => this.#columns.reads(this.#indexOfTail.get(placeOf(one).tail) ?? -1)),
    };
  }

  /** Columns that were taken for settings label nothing from here on. */
  #loseKeys(columns: readonly number[]): void {
    if (columns.length === 0) return;
    for (const index of columns) this.roles[index] = (this.roles[index] ?? 0) & ~KEY;
    this.keysLost += columns.length;
    this.#context.reread();
  }

  /** What the readings of single rows warn of, unless the head's did. */
  #tell({ told }: RowsReading, line: number): void {
    if (line > this.#head.lastLine) this.#sentences.tell(told);
  }

  #open({ metric, statistic, unit, n, over, labels, failed }: Measurement, tail: string): number {
    const column = this.#output.open({ metric, statistic, unit, n, labels, failed, tail, ...(over === undefined ? {} : { over }) });
    const index = this.#indexOfTail.get(tail);
    if (index !== undefined) this.#columns.opened(index, column);
    return column;
  }

  /** Gives the numbers of one row to the output; whether each of them is that of a cell. */
  #give(measurements: readonly Measurement[], cells: readonly string[], line: number, values: Float64Array | null): boolean {
    let plain = true;
    for (const measurement of measurements) {
      const { tail } = placeOf(measurement);
      const index = this.#indexOfTail.get(tail);
      const load = index === undefined ? null : this.loads.valueOf(index, cells);
      this.#output.add(this.#open(measurement, tail), load ?? measurement.value, line);
      const value = index === undefined ? undefined : values?.[index];
      plain &&= value !== undefined && (Number.isNaN(value) || Object.is(value, load ?? measurement.value));
    }
    return plain && values !== null;
  }

  #planOf(reading: RowsReading, cells: readonly string[], line: number, values: Float64Array | null): CsvPlan | null {
    if (values === null || this.#sentences.areToTell(reading.told) || !this.#mayRepeat(reading, cells)) return null;
    const slots: number[] = [];
    const columns: number[] = [];
    const fixed: { column: number; value: number }[] = [];
    for (const measurement of reading.measurements) {
      const { tail } = placeOf(measurement);
      const index = this.#indexOfTail.get(tail) ?? -1;
      const column = this.#open(measurement, tail);
      if (Number.isNaN(values[index] ?? Number.NaN)) fixed.push({ column, value: measurement.value });
      else {
        slots.push(index);
        columns.push(column);
      }
    }
    const known = new Set(reading.measurements.map(({ pointer }) => this.#indexOfTail.get(pointer.slice(`line ${line}`.length))));
    const unknown = cells.flatMap((cell, index) => {
      const mayBe = this.#columns.mayHoldNumbers(index) && !known.has(index);
      return mayBe && this.#generic && cell.trim() === '' ? [index] : [];
    });
    return {
      records: reading.records,
      failed: this.#generic ? [] : reading.failed.map(({ pointer, reason }) => ({ tail: pointer.slice(`line ${line}`.length), reason })),
      slots: Int32Array.from(slots),
      columns: Int32Array.from(columns),
      fixed,
      unknown: Int32Array.from(unknown),
      topics: this.#topicsOf(reading, line),
      pairs: this.#generic ? pairsAmong(reading.measurements, (one) => this.#indexOfTail.get(placeOf(one).tail)) : [],
      violated: 0,
      contradicts: reading.told.some(({ topic }) => topic === 'contradictions'),
      loads: this.loads.codeOfCells(cells),
      variants: [],
      first: -1,
      last: -1,
      at: -1,
    };
  }

  /** What each row like one warns of: not what is said of a column once, nor of the head what does not name the line. */
  #topicsOf({ told }: RowsReading, line: number): string[] {
    const own = new RegExp(`\\bline ${line}\\b`);
    return told.flatMap(({ topic, sentence }) =>
      !OF_DROPPED.has(topic) && (line > this.#head.lastLine || own.test(sentence)) ? [topic] : [],
    );
  }

  /** Whether a reason for failing quotes nothing but what is part of the key. */
  #mayRepeat({ failed }: RowsReading, cells: readonly string[]): boolean {
    if (this.#generic || failed.length === 0) return true;
    const own = cells.flatMap((cell, index) => (((this.roles[index] ?? 0) & KEY) === 0 && cell.trim() !== '' ? [cell.trim()] : []));
    return failed.every(({ reason }) => {
      const words = new Set(reason.split(/[\s,:;()"]+/));
      return own.every((cell) => !words.has(cell) && !(cell.includes(' ') && reason.includes(cell)));
    });
  }
}

/** The number at the beginning of a cell. */
const NUMBER_PART = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

function placeOf({ pointer }: Measurement): { line: number; tail: string } {
  const [whole = '', line = ''] = /^line (\d+)/.exec(pointer) ?? [];
  return { line: Number(line), tail: pointer.slice(whole.length) };
}
