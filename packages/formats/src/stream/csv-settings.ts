import { mostVaried, SettingValues, sentenceOnLate } from '../setting-values.ts';
import type { Table } from '../table.ts';
import { addCell } from '../table-labels.ts';
import type { Warnings } from '../warnings.ts';
import { KEY, NUMBER } from './csv-roles.ts';

/** The columns of numbers that label the rows of a table: what shows behind the head that one was drawn or measured. */
export class CsvSettings {
  /** columns that label nothing, though their names are those of settings */
  readonly drawn: Set<number>;
  readonly #columns: readonly string[];
  readonly #labelling = new Map<number, SettingValues>();
  readonly #warnings: Warnings;

  /**
   * @param table of the head
   * @param roles by column
   * @param drawn those that the head shows
   */
  constructor(table: Table, roles: Uint8Array, drawn: ReadonlySet<number>, warnings: Warnings) {
    this.drawn = new Set(drawn);
    this.#columns = table.columns;
    this.#warnings = warnings;
    for (const [index, role] of roles.entries()) {
      if ((role & KEY) === 0 || (role & NUMBER) === 0) continue;
      const values = new SettingValues();
      for (const { cells } of table.rows) addCell(values, cells[index] ?? '');
      values.forgetOrder();
      this.#labelling.set(index, values);
    }
  }

  /** Looks at one more row; returns the columns that have too many values by now, and so label nothing from here on. */
  take(cells: readonly string[], line: number): number[] {
    const found: number[] = [];
    for (const [index, values] of this.#labelling) {
      addCell(values, cells[index] ?? '');
      if (!values.tooMany) continue;
      this.#leaveOut(index, values, line);
      found.push(index);
    }
    return found;
  }

  /** The column with most values, where one has many: it labels nothing from a line on. */
  relieve(line: number): number[] {
    const index = mostVaried(this.#labelling);
    const values = index === null ? undefined : this.#labelling.get(index);
    if (index === null || values === undefined) return [];
    this.#leaveOut(index, values, line);
    return [index];
  }

  #leaveOut(index: number, values: SettingValues, line: number): void {
    this.drawn.add(index);
    this.#labelling.delete(index);
    this.#warnings.add('drawn settings', sentenceOnLate(this.#columns[index] ?? '', values, line));
  }
}
