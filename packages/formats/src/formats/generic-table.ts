import type { CanonicalMetric, Measurement } from '@chimera/shared/domain';
import { canonicalMetricOf, isBareRate } from '../canonical-name.ts';
import { CanonicalNotes, type Noted } from '../canonical-notes.ts';
import { mayBeDimension } from '../dimensions.ts';
import type { Extract } from '../extract.ts';
import { isSettingName } from '../labels.ts';
import { withMergedCells } from '../merged-cells.ts';
import { NamedRows } from '../named-rows.ts';
import { headsOtherPhase, Namesakes } from '../namesakes.ts';
import { failureOfRow, markColumns, tellingColumns } from '../row-failure.ts';
import { RowIndex } from '../row-index.ts';
import { kindOfRow, type RowKind } from '../row-kind.ts';
import { withSections } from '../section-rows.ts';
import { statisticFromName } from '../statistic-from-name.ts';
import type { Row, Table } from '../table.ts';
import { type Column, numberIn, numericColumns } from '../table-columns.ts';
import { drawnColumns, LabelsOfRows, labelColumns } from '../table-labels.ts';
import { withoutTargets } from '../targets.ts';
import type { Format } from './format.ts';
import { labelsInNamedRow, metricOfRow, type NamedRow, statisticsInNamedRow } from './generic-named-row.ts';
import { GENERIC_NOTES } from './generic-notes.ts';

/** Tables whose columns nothing here knows, in CSV or Markdown: every cell of a column of numbers is a measurement. */
export const genericTable: Format = {
  name: 'generic',
  tool: 'any tool',
  signature: 'a table in CSV or Markdown that none of the above is',
  fields: {},
  labels: {},
  notes: GENERIC_NOTES,
  detect: ({ shape }) => shape === 'table' || shape === 'markdown',
  read(content, extract) {
    if (content.shape !== 'table' && content.shape !== 'markdown') return;
    readTables(content.tables, extract, content.shape === 'table');
  },
};

/**
 * Reads the tables of one file, or page.
 * @param always whether rows count as records even in a table that holds no number and no failure: one of a page of prose is no list
 * of records
 */
export function readTables(tables: readonly Table[], extract: Extract, always: boolean): void {
  const notes = new CanonicalNotes();
  const own = always ? tables : withoutTargets(tables, extract);
  const measured = own.map((table) => new TableReader(table, extract, notes, { always, alone: own.length === 1 }).read());
  if (measured.includes(true)) notes.settle(extract);
}

/** A column of numbers, with what its name says. */
type Told = {
  column: Column;
  statistic: string;
  setting: boolean;
  bare: boolean;
  /** by unit: a cell may bring one along */
  metrics: Map<string | null, CanonicalMetric | null>;
  place: Noted['place'];
};

class TableReader {
  readonly #table: Table;
  readonly #extract: Extract;
  readonly #notes: CanonicalNotes;
  readonly #always: boolean;
  /** whether it is the only table of its file */
  readonly #alone: boolean;
  readonly #namesakes: Namesakes;

  constructor(table: Table, extract: Extract, notes: CanonicalNotes, { always, alone }: { always: boolean; alone: boolean }) {
    this.#table = always ? table : withSections(withMergedCells(table));
    this.#extract = extract;
    this.#notes = notes;
    this.#always = always;
    this.#alone = alone;
    this.#namesakes = new Namesakes(table.columns);
  }

  /** Returns whether the table holds numbers. */
  read(): boolean {
    const { columns: names, rows } = this.#table;
    const marks = markColumns(names, rows, this.#table.errors);
    const reasons = rows.map((row) => failureOfRow(row.cells, marks));
    const failed = reasons.map((reason) => reason !== null);
    const columns = numericColumns(this.#table, { failed, telling: tellingColumns(marks) }, this.#extract.warnings);
    const numeric = new Set(columns.map(({ index }) => index));
    const named = NamedRows.of(this.#table, numeric);
    const drawn = this.#table.drawn ?? drawnColumns(this.#table, numeric, this.#extract.warnings);
    const labelled = labelColumns(this.#table, numeric, drawn, !this.#always).filter(({ index }) => !named?.used.has(index));
    const labels = new LabelsOfRows(labelled);
    // `Total token throughput` is no row of totals, where the row is named.
    const texts = names.flatMap((name, index) =>
      !numeric.has(index) && mayBeDimension(name) && named?.used.has(index) !== true ? [index] : [],
    );
    const counting = this.#table.counting ?? RowIndex.of(this.#table);
    const told = columns.filter(({ index }) => !counting.has(index)).map((column) => this.#told(column, drawn));
    const headed = (this.#table.above ?? []).some(headsOtherPhase);
    const namesOfRows = named === null ? null : this.#namesOfRows(named);
    for (const [index, row] of rows.entries()) {
      const reason = reasons[index] ?? null;
      if (reason !== null) this.#extract.fail({ pointer: `line ${row.line}`, reason });
      const kind = kindOfRow(row.cells, texts);
      const own = labels.of(row.cells);
      const of = {
        labels: row.section === undefined ? own : { ...own, section: row.section },
        kind: { ...kind, otherPhase: kind.otherPhase || headed },
        failed: reason !== null,
      };
      const name = named?.nameOf(row.cells) ?? null;
      if (named === null || name === null || namesOfRows === null) this.#readRow(row, told, of);
      else this.#readNamedRow(row, told, { ...of, of: named, name, namesakes: namesOfRows });
    }
    if (this.#always || told.length > 0 || failed.includes(true)) this.#extract.records += rows.length;
    return told.length > 0;
  }

  #told(column: Column, drawn: ReadonlySet<number>): Told {
    const { name } = column;
    const at = `table at line ${this.#table.line}`;
    return {
      column,
      statistic: statisticFromName(name),
      setting: isSettingName(name) && !drawn.has(column.index),
      bare: isBareRate(name, column.unit),
      metrics: new Map(),
      place: this.#alone ? { short: name, full: name } : { short: at, full: `${at}, column ${name}` },
    };
  }

  #readRow({ line, cells }: Row, told: readonly Told[], row: { labels: Measurement['labels']; kind: RowKind; failed: boolean }): void {
    for (const one of told) {
      const { column, statistic, setting } = one;
      const number = numberIn(cells[column.index] ?? '', column);
      if (number === null) continue;
      const metric = this.#metricOf(one, number.unit, row.kind);
      const measurement: Measurement = {
        metric: metric ?? column.name,
        statistic: statistic === 'value' && !setting ? row.kind.statistic : statistic,
        value: number.value,
        text: number.text,
        unit: number.unit,
        n: null,
        labels: setting ? {} : row.labels,
        pointer: `line ${line} column ${column.name}`,
        failed: row.failed,
      };
      this.#extract.add(measurement);
      if (metric !== null) this.#notes.add({ measurement, own: column.name, place: one.place, record: `line ${line}`, tail: '' });
    }
  }

  #namesOfRows(named: NamedRows): Namesakes {
    return new Namesakes([...new Set(this.#table.rows.flatMap(({ cells }) => named.nameOf(cells)?.name ?? []))]);
  }

  /** Reads a row that says itself what its numbers are of. Columns of anything else keep their names: `Target`, `Speedup`. */
  #readNamedRow({ line, cells }: Row, told: readonly Told[], row: NamedRow): void {
    const { name, failed } = row;
    for (const { column, setting } of told) {
      const number = numberIn(cells[column.index] ?? '', column);
      if (number === null) continue;
      const holds = setting ? 'other' : row.of.holds(column.index);
      const ofMetric = holds !== 'other';
      // A speedup beside `TTFT (ms)` is no time.
      const unit = number.unit ?? (ofMetric ? name.unit : null);
      const statistics = statisticsInNamedRow(row, holds, column.name);
      const [statistic = 'value'] = statistics;
      const metric = ofMetric && statistics.size < 2 ? metricOfRow(name.name, unit, row) : null;
      const own = ofMetric ? name.name : column.name;
      const measurement: Measurement = {
        metric: metric ?? own,
        statistic,
        value: number.value,
        text: number.text,
        unit,
        n: null,
        labels: labelsInNamedRow(row, holds, column.name),
        pointer: `line ${line} column ${column.name}`,
        failed,
      };
      this.#extract.add(measurement);
      const place = { short: name.name, full: this.#alone ? name.name : `table at line ${this.#table.line}, ${name.name}` };
      const besideOthers = holds === 'configuration';
      const record = besideOthers ? `table at line ${this.#table.line} column ${column.name}` : `line ${line}`;
      if (metric !== null) this.#notes.add({ measurement, own, place, record, tail: '', besideOthers });
    }
  }

  #metricOf({ column: { name }, bare, metrics }: Told, unit: string | null, { aside, otherPhase }: RowKind): CanonicalMetric | null {
    let metric = metrics.get(unit);
    if (metric === undefined) {
      metric = canonicalMetricOf(name, unit);
      if (metric !== null && this.#namesakes.mislead(metric, name)) metric = null;
      metrics.set(unit, metric);
    }
    return aside || (otherPhase && bare && metric === 'output_token_throughput') ? null : metric;
  }
}
