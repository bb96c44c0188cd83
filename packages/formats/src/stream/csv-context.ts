import type { ArtifactKind, FailedRecord, Measurement } from '@chimera/shared/domain';
import { Extract } from '../extract.ts';
import type { Format } from '../formats/format.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { kindOfRow } from '../row-kind.ts';
import type { Row, Table } from '../table.ts';
import type { LoadLevels } from './load-levels.ts';
import { RecordedWarnings, type Told } from './recorded-warnings.ts';

/** What the ordinary reader makes of rows. */
export type RowsReading = { measurements: readonly Measurement[]; failed: readonly FailedRecord[]; records: number; told: readonly Told[] };

/** By what rows are chosen. */
type Chosen = {
  /** what the head shows of columns; more may show later */
  known: Required<Pick<Table, 'drawn' | 'errors' | 'commas' | 'grouped'>>;
  /** columns whose texts are each row's own and label nothing: another row must not repeat those of the context */
  own: ReadonlySet<number>;
  loads: LoadLevels;
};

/** Rows of the context to begin with. */
const LEAST = 50;
/** … and at most: each reading of a row goes through all of them. */
const MOST = 2_000;
/** Rows of the head that are read by themselves to see whether a context says of them what the head does. */
const PROBES = 50;

/** Where the line of a row of the context stands in a sentence or pointer. */
const OF_CONTEXT = /\bline -\d/;

/**
 * Reads rows of a table by the ordinary reader, among some rows of its head that stand for all of them: what a column holds, which
 * texts repeat, whether models were loaded. Rows are chosen so that each means among them what it means in the whole head.
 */
export class CsvContext {
  readonly #format: Format;
  readonly #kind: ArtifactKind;
  #table: Table;
  #rows: readonly Row[] = [];
  #own: RowsReading = { measurements: [], failed: [], records: 0, told: [] };
  #sentences: ReadonlySet<string> = new Set();
  /** columns whose texts label nothing */
  #ownTexts: ReadonlySet<number> = new Set();

  /**
   * @param table of the head
   */
  constructor(format: Format, kind: ArtifactKind, table: Table) {
    this.#format = format;
    this.#kind = kind;
    // A few rows out of many cannot tell which columns count them: that shows when all were seen.
    this.#table = { ...table, rows: [], counting: new Set() };
  }

  /** Reads its rows again, when a column labels nothing any more. */
  reread(): void {
    this.#own = this.#readAll(this.#rows);
    this.#sentences = new Set(this.#own.told.map(({ sentence }) => sentence));
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Reads one row; what it says repeats as it does, because it stands there twice. */
  readRow(row: Row): RowsReading {
    const reading = this.#behind([row, { line: -TWIN, cells: row.cells }]);
    return { ...reading, records: reading.records / 2 };
  }

  /** Reads rows beside each other, those of a part of the file. What repeats among them only labels them as little as one read alone. */
  readRows(rows: readonly Row[]): RowsReading {
    const own = this.#ownTexts;
    if (own.size === 0) return this.#behind(rows);
    const isOwn = (cell: string, index: number): boolean => own.has(index) && cell !== '' && isNeutral(cell);
    return this.#behind(
      rows.map(({ line, cells }) => ({ line, cells: cells.map((cell, index) => (isOwn(cell, index) ? `own of ${line}` : cell)) })),
    );
  }

  #behind(rows: readonly Row[]): RowsReading {
    const { measurements, failed, records, told } = this.#readAll([...this.#rows, ...rows]);
    return {
      measurements: measurements.filter(({ pointer }) => !OF_CONTEXT.test(pointer)),
      failed: failed.filter(({ pointer }) => !OF_CONTEXT.test(pointer)),
      records: records - this.#own.records,
      told: told.filter(({ sentence }) => !OF_CONTEXT.test(sentence) && !this.#sentences.has(sentence)),
    };
  }

  #readAll(rows: readonly Row[]): RowsReading {
    const warnings = new RecordedWarnings();
    const extract = new WholeExtract(DEFAULT_LIMITS, warnings);
    this.#format.read({ kind: this.#kind, shape: 'table', tables: [{ ...this.#table, rows }] }, extract);
    const { measurements, failed, records } = extract;
    return { measurements, failed, records, told: warnings.told };
  }

  /** Reads the whole head. */
  readHead(rows: readonly Row[]): RowsReading {
    return this.#readAll(rows);
  }

  /**
   * Chooses the rows that stand for all of the head.
   * @param head its reading
   */
  choose(rows: readonly Row[], head: RowsReading, { known, own, loads }: Chosen): void {
    this.#table = { ...this.#table, ...known };
    this.#ownTexts = own;
    const probes = spread(rows, PROBES);
    const meant = meaningOfLines(head, new Set(probes.map(({ line }) => line)));
    const means = (row: Row): boolean => {
      const reading = this.readRow({ line: row.line, cells: loads.still(row.cells) });
      return meaningOfLines(reading, new Set([row.line])).get(`${row.line}`) === meant.get(`${row.line}`);
    };
    for (let size = LEAST; ; size *= 2) {
      const chosen = spread(rows, Math.min(size, MOST));
      const context = chosen.map(({ cells }, row) => ({
        line: -1 - row,
        cells: loads.still(cells).map((cell, index) => (own.has(index) && isNeutral(cell) ? `own ${row}` : cell)),
      }));
      const { columns } = this.#table;
      this.#rows = [...context, ...rowsOfOwnTexts(context, columns.length, own)];
      this.reread();
      if (size >= MOST || chosen.length === rows.length || probes.every(means)) return;
    }
  }
}

/** Rows with nothing but texts of their own, so many that no column of such texts repeats, whatever row is read beside them. */
function rowsOfOwnTexts(context: readonly Row[], width: number, own: ReadonlySet<number>): Row[] {
  if (own.size === 0) return [];
  const repeated = context.filter(({ cells }) => [...own].some((index) => !isNeutral(cells[index] ?? ''))).length;
  return Array.from({ length: repeated + 1 }, (_, row) => ({
    line: -1 - context.length - row,
    cells: Array.from({ length: width }, (_, index) => (own.has(index) ? `only ${row}` : '')),
  }));
}

/** Whether a text says nothing of what the numbers beside it are. */
function isNeutral(text: string): boolean {
  const { statistic, aside, otherPhase } = kindOfRow([text], [0]);
  return statistic === 'value' && !aside && !otherPhase;
}

/** The line of the second copy of a row. */
const TWIN = 1_000_000_000;

/** Keeps all numbers: which of them can be used is looked at where they are given to the output. */
class WholeExtract extends Extract {
  override add(measurement: Measurement): void {
    this.measurements.push(measurement);
  }

  override fail(failed: FailedRecord): void {
    this.failed.push(failed);
  }
}

function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, index) => items[Math.floor((index * items.length) / count)]).filter(
    (item) => item !== undefined,
  );
}

/** What is said of the numbers of some lines, without the numbers, and without whether their models were loaded. */
function meaningOfLines({ measurements, failed }: RowsReading, of: ReadonlySet<number>): Map<string, string> {
  const lines = new Map<string, string>();
  const add = (pointer: string, what: () => unknown): void => {
    const [, line = '', tail = ''] = /^line (\d+)(.*)$/s.exec(pointer) ?? [];
    if (!of.has(Number(line))) return;
    lines.set(line, `${lines.get(line) ?? ''}${JSON.stringify([tail, what()])}\n`);
  };
  for (const { pointer, reason } of failed) add(pointer, () => reason);
  for (const {
    pointer,
    metric,
    statistic,
    unit,
    n,
    over,
    labels: { start: _, ...labels },
    failed: bad,
  } of measurements)
    add(pointer, () => [metric, statistic, unit, n, over, Object.entries(labels).sort(), bad]);
  return lines;
}
