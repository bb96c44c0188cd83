import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBAppender, DuckDBConnection, DuckDBDataChunk, DuckDBInstance, DuckDBValue } from '@duckdb/node-api';
import type { Measurement } from '../domain/measurement.ts';
import { APPENDED, CREATE_ROWS, ROW_TABLES, TableRows } from './table-rows.ts';

/** One artifact of an inventory, with the number under which its content's measurements were appended. */
export type ListedContent = {
  path: string;
  sha256: string;
  content: number;
  /** false for the second and later of exact duplicates */
  counted: boolean;
};

/**
 * The measurements of many contents, each under a number of its own, kept as long as an inventory uses them. After
 * anything threw, a part may be missing: close the table then and open a new one.
 */
export type MeasurementTable = {
  /** Appends one measurement of a content. Those of one content are appended in their order. */
  append(content: number, measurement: Measurement): void;
  /**
   * Appends a content's measurements as `parquet` of another table wrote them, in their order: all, or none where this throws because
   * they are no such rows. The table is whole in either case.
   */
  adopt(content: number, parquet: Uint8Array): Promise<void>;
  /** Deletes the measurements of these contents. */
  forget(contents: readonly number[]): Promise<void>;
  /** All measurements of the listed contents as zstd Parquet, in the order of the list, each content's in their own. */
  parquet(list: readonly ListedContent[]): Promise<Uint8Array>;
  close(): Promise<void>;
};

/** Opens an empty table, which may put into the folder what does not fit into the memory. */
export type TableFactory = (folder: string) => Promise<MeasurementTable>;

const MEMORY_LIMIT = '512MB';
// A dictionary of more texts is given up after all, and made a sixth of the time of writing; paths and hashes have none.
const MOST_DISTINCT = 1_000;
// Others get their turn after so many chunks of rows.
const CHUNKS_AT_ONCE = 5;

const CREATE_ADOPTED = `create table adopted (
  content integer, ordinal bigint, metric varchar, statistic varchar, value double, text varchar,
  unit varchar, n bigint, "over" varchar, labels varchar, pointer varchar, failed boolean)`;
const CREATE_LISTED = 'create or replace table listed (place integer, path varchar, sha256 varchar, content integer, counted boolean)';
const LISTED = `select listed.path, sha256, metric, statistic, value, text, unit, n, "over", labels, pointer, failed, counted
  from listed join (${APPENDED} union all select * from adopted) using (content) order by place, ordinal`;
const ADOPTED = 'metric, statistic, value, text, unit, n, "over", labels, pointer, failed';
const CREATE_FORGOTTEN = 'create or replace table forgotten (content integer)';
const FORGET = ['adopted', ...ROW_TABLES].map((table) => `delete from ${table} where content in (select content from forgotten)`);

/**
 * Opens a table in DuckDB, in memory; `folder` exists, and is only used while the table is open.
 * DuckDB is loaded here and not before, because an idle service should not carry it.
 */
export async function openMeasurementTable(folder: string): Promise<MeasurementTable> {
  const { instance, connection } = await openLocked(folder);
  try {
    for (const create of [CREATE_ADOPTED, ...CREATE_ROWS]) await connection.run(create);
    const chunks = await openChunks();
    return createTable(folder, instance, connection, chunks, await openRows(connection, chunks));
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    throw error;
  }
}

/**
 * A database that can read and write nothing but `folder`, load no extension, and change none of this. What does not
 * fit into `memory` it puts there too.
 */
export async function openLocked(
  folder: string,
  memory = MEMORY_LIMIT,
): Promise<{ instance: DuckDBInstance; connection: DuckDBConnection }> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  // One thread: several would write row groups that differ from run to run.
  const options = { threads: '1', memory_limit: memory, temp_directory: join(folder, 'spilled') };
  const instance = await Instance.create(':memory:', options);
  try {
    const connection = await instance.connect();
    await connection.run(`set allowed_directories=[${quoted(folder)}]; set enable_external_access=false; set lock_configuration=true`);
    return { instance, connection };
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** What many rows go over to DuckDB in, which takes fewer calls than row by row. */
type Chunks = { create: (appender: DuckDBAppender) => DuckDBDataChunk; rows: number };

async function openChunks(): Promise<Chunks> {
  const { DuckDBDataChunk: Chunk, DuckDBVector } = await import('@duckdb/node-api');
  return {
    create: (appender) => Chunk.create(Array.from({ length: appender.columnCount }, (_, column) => appender.columnType(column))),
    rows: DuckDBVector.standardSize(),
  };
}

async function openRows(connection: DuckDBConnection, chunks: Chunks): Promise<TableRows> {
  const numbers = await connection.createAppender('numbers');
  const shared = await connection.createAppender('shared');
  return new TableRows({ numbers, shared, chunk: chunks.create(numbers), chunkRows: chunks.rows });
}

function createTable(
  folder: string,
  instance: DuckDBInstance,
  connection: DuckDBConnection,
  chunks: Chunks,
  rows: TableRows,
): MeasurementTable {
  let ordinal = 0n;
  let files = 0;

  /** Makes a table anew and fills it with the values that each row has in its columns; others get their turn meanwhile. */
  async function fill<T>(create: string, table: string, rows: readonly T[], columns: readonly ((row: T, place: number) => DuckDBValue)[]) {
    await connection.run(create);
    const into = await connection.createAppender(table);
    const chunk = chunks.create(into);
    for (let from = 0, filled = 1; from < rows.length; from += chunks.rows, filled++) {
      const some = rows.slice(from, from + chunks.rows);
      chunk.reset();
      chunk.setColumns(columns.map((column) => some.map((row, i) => column(row, from + i))));
      into.appendDataChunk(chunk);
      if (filled % CHUNKS_AT_ONCE === 0) await new Promise(setImmediate);
    }
    into.closeSync();
  }

  return {
    append(content, measurement) {
      rows.append(content, ordinal++, measurement);
    },
    async adopt(content, parquet) {
      const file = join(folder, `${files++}.parquet`);
      try {
        await writeFile(file, parquet);
        const taken = `select ${content}, ${ordinal} + file_row_number, ${ADOPTED} from read_parquet(${quoted(file)}, file_row_number = true)`;
        const { rowsChanged } = await connection.run(`insert into adopted ${taken}`);
        ordinal += BigInt(rowsChanged);
      } finally {
        await rm(file, { force: true });
      }
    },
    async forget(contents) {
      if (contents.length === 0) return;
      rows.flush();
      await fill(CREATE_FORGOTTEN, 'forgotten', contents, [(content) => content]);
      // What is deleted gives its memory back at DuckDB's own checkpoints.
      for (const forget of FORGET) await connection.run(forget);
    },
    async parquet(list) {
      rows.flush();
      await fill(CREATE_LISTED, 'listed', list, [
        (_, place) => place,
        ({ path }) => path,
        ({ sha256 }) => sha256,
        ({ content }) => content,
        ({ counted }) => counted,
      ]);
      const file = join(folder, `${files++}.parquet`);
      try {
        await connection.run(
          `copy (${LISTED}) to ${quoted(file)} (format parquet, compression zstd, dictionary_size_limit ${MOST_DISTINCT})`,
        );
        return await readFile(file);
      } finally {
        await rm(file, { force: true });
      }
    },
    async close() {
      try {
        rows.close();
      } finally {
        connection.closeSync();
        instance.closeSync();
      }
    },
  };
}

/** A text of SQL. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
