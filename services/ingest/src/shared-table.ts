import type { Measurement } from '@chimera/shared/domain';
import { type ListedContent, type MeasurementTable, openMeasurementTable, type TableFactory } from '@chimera/shared/store';
import { openWorkFolder } from './work-folder.ts';

/** The one table of measurements of a process, opened when it is first needed. */
export class SharedTable {
  readonly #factory: TableFactory;
  readonly #workFolder: string;
  #table: MeasurementTable | null = null;
  #broken = false;

  constructor(workFolder: string, factory: TableFactory = openInOwnFolder) {
    this.#workFolder = workFolder;
    this.#factory = factory;
  }

  /** True after anything failed: a part may be missing, so the table is to be closed, and all in it appended again to a new one. */
  get broken(): boolean {
    return this.#broken;
  }

  async open(): Promise<void> {
    if (this.#table === null) this.#table = await this.#guard(() => this.#factory(this.#workFolder));
  }

  /** Appends one measurement of a content. The table must be open. */
  append(content: number, measurement: Measurement): void {
    try {
      this.#opened().append(content, measurement);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  /** Appends the measurements of a content that another table wrote: all of them, or none where they are no such rows, which is no fault of the table. */
  async adopt(content: number, rows: Uint8Array): Promise<void> {
    await this.#opened().adopt(content, rows);
  }

  async forget(contents: readonly number[]): Promise<void> {
    if (this.#table !== null && contents.length > 0) await this.#guard(() => this.#opened().forget(contents));
  }

  async parquet(list: readonly ListedContent[]): Promise<Uint8Array> {
    await this.open();
    return this.#guard(() => this.#opened().parquet(list));
  }

  /** Closes the table, and with it all that is in it; the next one that is opened is empty and whole. */
  async close(): Promise<void> {
    const table = this.#table;
    this.#table = null;
    this.#broken = false;
    await table?.close();
  }

  #opened(): MeasurementTable {
    if (this.#table === null) throw new Error('The table of measurements is not open: this is a fault of Chimera; please report it.');
    return this.#table;
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }
}

/** DuckDB, with a folder for what does not fit into the memory. */
async function openInOwnFolder(workFolder: string): Promise<MeasurementTable> {
  const folder = await openWorkFolder(workFolder);
  try {
    const table = await openMeasurementTable(folder.path);
    return {
      ...table,
      async close() {
        try {
          await table.close();
        } finally {
          await folder.remove();
        }
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
