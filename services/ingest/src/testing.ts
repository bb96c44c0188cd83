import type { Measurement } from '@chimera/shared/domain';
import type { MeasurementTable, TableFactory } from '@chimera/shared/store';
import { Unstable } from './bucket.ts';
import type { Entry } from './entry.ts';

/** A bucket in memory, which counts what is read from it. Its time goes on with every change. */
export class MemoryBucket {
  /** paths in the order in which they were read */
  readonly reads: string[] = [];
  readonly #files = new Map<string, { bytes: Uint8Array; entry: Entry }>();
  #time = 1_000_000;

  put(path: string, content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.#time += 1_000;
    const entry = { path, bytes: bytes.length, modifiedMs: this.#time, changedMs: this.#time, inode: this.#time, type: 'file' as const };
    this.#files.set(path, { bytes, entry });
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  rename(from: string, to: string): void {
    const file = this.#files.get(from);
    if (!file) return;
    this.#files.delete(from);
    this.#time += 1_000;
    this.#files.set(to, { bytes: file.bytes, entry: { ...file.entry, path: to, changedMs: this.#time } });
  }

  copy(from: string, to: string): void {
    const file = this.#files.get(from);
    if (file) this.put(to, file.bytes);
  }

  /** What a path holds. Throws a RangeError where there is nothing. */
  bytes(path: string): Uint8Array {
    const file = this.#files.get(path);
    if (!file) throw new RangeError(`There is no ${path}.`);
    return file.bytes;
  }

  /** Changes bytes of the same number with all times put back, as nothing but another reading can find out. */
  replaceUnseen(path: string, content: string): void {
    const file = this.#files.get(path);
    if (file) this.#files.set(path, { ...file, bytes: Buffer.from(content) });
  }

  entries(): Entry[] {
    return [...this.#files.values()].map(({ entry }) => entry);
  }

  readonly read = async (entry: Entry): Promise<Uint8Array> => {
    this.reads.push(entry.path);
    const file = this.#files.get(entry.path);
    if (file?.entry !== entry) throw new Unstable(entry.path, 'changed while it was read.');
    return file.bytes;
  };

  /** The same in pieces of a few bytes. */
  readonly pieces = async function* (this: MemoryBucket, entry: Entry): AsyncGenerator<Uint8Array> {
    const bytes = await this.read(entry);
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }.bind(this);
}

/** What tables in memory hold, all together, and how to make one fail. */
export type TableBook = {
  /** opened and not closed */
  open: number;
  opened: number;
  /** by content; of the table that was opened last */
  rows: Map<number, Measurement[]>;
  /** called before whatever a table does; may throw */
  before: (what: 'open' | 'append' | 'adopt' | 'forget' | 'parquet') => void;
};

/** Tables of measurements without DuckDB; their Parquet is JSON of the rows. */
export function memoryTables(): { book: TableBook; factory: TableFactory } {
  const book: TableBook = { open: 0, opened: 0, rows: new Map(), before: () => {} };
  const factory = async (): Promise<MeasurementTable> => {
    book.before('open');
    const rows = new Map<number, Measurement[]>();
    Object.assign(book, { open: book.open + 1, opened: book.opened + 1, rows });
    /** A fault takes along what was there, as one in the middle of writing may. */
    const before = (what: 'append' | 'adopt' | 'forget' | 'parquet') => {
      try {
        book.before(what);
      } catch (error) {
        rows.clear();
        throw error;
      }
    };
    return {
      append(content, measurement) {
        before('append');
        const known = rows.get(content);
        if (known) known.push(measurement);
        else rows.set(content, [measurement]);
      },
      async adopt(content, parquet) {
        before('adopt');
        const [{ rows: adopted }] = JSON.parse(Buffer.from(parquet).toString('utf8')) as [{ rows: Measurement[] }];
        rows.set(content, adopted);
      },
      async forget(contents) {
        before('forget');
        for (const content of contents) rows.delete(content);
      },
      async parquet(list) {
        before('parquet');
        return Buffer.from(
          JSON.stringify(list.map(({ path, sha256, content, counted }) => ({ path, sha256, counted, rows: rows.get(content) ?? [] }))),
        );
      },
      async close() {
        book.open -= 1;
      },
    };
  };
  return { book, factory };
}
