import type { TableFactory } from '@chimera/shared/store';
import type { Published } from './baseline.ts';
import { Contents } from './contents.ts';
import { DatasetReadings } from './dataset-readings.ts';
import { SharedTable } from './shared-table.ts';

export type ReadingsOptions = {
  /** where the table of measurements, and the reading of a large file, put what does not fit into the memory, in folders of their own */
  workFolder: string;
  /** the table; default: DuckDB, loaded when it is first needed */
  table?: TableFactory;
  /** milliseconds that only grow; default: the system's */
  elapsed?: () => number;
};

/** What a taking works with, it alone as long as it lasts. */
export type Remembered = {
  dataset: DatasetReadings;
  contents: Contents;
  table: SharedTable;
  workFolder: string;
  elapsed: () => number;
};

/** All that a process remembers of what it read, so that one new file does not make all others be read again. */
export type Readings = {
  /** Runs work on a dataset's readings, one after the other. After a fault of the table everything is read again. */
  exclusively<T>(dataset: string, work: (remembered: Remembered) => Promise<T>): Promise<T>;
  /** What was published last of each dataset. */
  readonly published: Map<string, Published>;
  /** Forgets a dataset that is no more. */
  forget(dataset: string): Promise<void>;
  /** Waits for what is under way, then forgets everything. Nothing can be read any more. */
  close(): Promise<void>;
};

export function createReadings(options: ReadingsOptions): Readings {
  const table = new SharedTable(options.workFolder, options.table);
  const contents = new Contents(table);
  const datasets = new Map<string, DatasetReadings>();
  const published = new Map<string, Published>();
  const elapsed = options.elapsed ?? (() => performance.now());
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();

  /** Whoever asked for the work hears of its fault; the next begins in any case. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(() => orAfresh(work));
    last = mine.catch(() => {});
    return mine;
  }

  /** A table of which a part is missing would tell of less than was read: it goes, and all readings with it. */
  async function orAfresh<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (table.broken) await forgetAll();
      throw error;
    }
  }

  async function forgetAll(): Promise<void> {
    datasets.clear();
    contents.clear();
    await table.close();
  }

  return {
    published,
    exclusively: (name, work) =>
      inTurn(async () => {
        if (closed) throw new Error('The readings are closed, so no inventory can be taken any more.');
        const dataset = datasets.get(name) ?? new DatasetReadings(contents);
        datasets.set(name, dataset);
        return work({ dataset, contents, table, workFolder: options.workFolder, elapsed });
      }),
    forget: (name) =>
      inTurn(async () => {
        datasets.get(name)?.keepOnly([]);
        datasets.delete(name);
        published.delete(name);
        await contents.sweep();
      }),
    close: () =>
      inTurn(async () => {
        closed = true;
        published.clear();
        await forgetAll();
      }),
  };
}
