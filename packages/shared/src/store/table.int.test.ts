import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Measurement } from '../domain/measurement.ts';
import { type ListedContent, type MeasurementTable, openLocked, openMeasurementTable } from './table.ts';

const measurement = (over: Partial<Measurement> = {}): Measurement => ({
  metric: 'latency',
  statistic: 'value',
  value: 0,
  text: null,
  unit: 'ms',
  n: null,
  labels: {},
  pointer: 'line 2 column latency',
  failed: false,
  ...over,
});
const HASH = 'a'.repeat(64);
const listed = (path: string, content: number, counted = true): ListedContent => ({ path, sha256: HASH, content, counted });

/** The rows of a Parquet file, and how its columns are compressed; read by another DuckDB. */
async function rowsOf(parquet: Uint8Array, folder: string) {
  const path = join(folder, 'to-read.parquet');
  await writeFile(path, parquet);
  const file = `'${path.replaceAll("'", "''")}'`;
  const other = await (await DuckDBInstance.create(':memory:')).connect();
  const rows = (await other.runAndReadAll(`select * from ${file}`)).getRowObjectsJson();
  const compression = (await other.runAndReadAll(`select distinct compression from parquet_metadata(${file})`)).getRowsJson();
  other.closeSync();
  await rm(path);
  return { rows, compression };
}

describe('openMeasurementTable', () => {
  let folder: string;
  let table: MeasurementTable;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "chimera's table-")));
    table = await openMeasurementTable(folder);
  });
  afterEach(async () => {
    await table.close();
    await rm(folder, { recursive: true });
  });
  /** Path and value of each row, in order. */
  const valuesOf = async (list: ListedContent[]) =>
    (await rowsOf(await table.parquet(list), folder)).rows.map(({ path, value }) => [path, value]);

  it('writes all rows as zstd Parquet, the failed and the duplicates too', async () => {
    table.append(7, measurement({ value: 1.5, labels: { b: '2', a: '1' }, n: 30 }));
    table.append(7, measurement({ value: 9_007_199_254_740_992, text: '9007199254740993', unit: null, failed: true }));
    table.append(3, measurement({ value: 2 }));
    const { rows, compression } = await rowsOf(await table.parquet([listed('a.csv', 7), listed('copy.csv', 3, false)]), folder);
    expect(compression).toEqual([['ZSTD']]);
    const plain = { over: null, sha256: HASH, metric: 'latency', statistic: 'value', pointer: 'line 2 column latency' };
    expect(rows).toEqual([
      { ...plain, path: 'a.csv', value: 1.5, text: null, unit: 'ms', n: '30', labels: '{"a":"1","b":"2"}', failed: false, counted: true },
      { ...plain, path: 'a.csv', value: 2 ** 53, text: '9007199254740993', unit: null, n: null, labels: '{}', failed: true, counted: true },
      { ...plain, path: 'copy.csv', value: 2, text: null, unit: 'ms', n: null, labels: '{}', failed: false, counted: false },
    ]);
  });

  it('takes over what another table wrote, in its order, as if it had been appended', async () => {
    const appended = [
      measurement({ value: 3, labels: { b: '2', a: '1' }, n: 30, over: 'runs' }),
      measurement({ value: -0, text: '-0.000', unit: null, failed: true }),
      ...Array.from({ length: 5_000 }, (_, i) => measurement({ value: i / 7, pointer: `line ${i} column "it's"` })),
    ];
    const otherFolder = await realpath(await mkdtemp(join(tmpdir(), 'chimera-table-')));
    const other = await openMeasurementTable(otherFolder);
    try {
      other.append(0, measurement({ value: 99 }));
      for (const one of appended) other.append(5, one);
      const rows = await other.parquet([{ path: 'elsewhere.csv', sha256: 'b'.repeat(64), content: 5, counted: false }]);
      table.append(1, measurement({ value: 1 }));
      await table.adopt(2, rows);
      table.append(3, measurement({ value: 2 }));
      for (const one of appended) table.append(4, one);
    } finally {
      await other.close();
      await rm(otherFolder, { recursive: true });
    }
    expect(Buffer.compare(await table.parquet([listed('a', 2)]), await table.parquet([listed('a', 4)]))).toBe(0);
    expect(await valuesOf([listed('x', 3), listed('y', 1)])).toEqual([
      ['x', 2],
      ['y', 1],
    ]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over nothing of what is no such table, and is whole afterwards', async () => {
    table.append(1, measurement({ value: 1 }));
    await expect(table.adopt(2, Buffer.from('PAR1 but nothing else'))).rejects.toThrow();
    const { rows } = await rowsOf(await table.parquet([listed('a', 1), listed('b', 2)]), folder);
    expect(rows.map(({ path, value }) => [path, value])).toEqual([['a', 1]]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('writes in the order of the list, each content in its own order, as often as it is listed', async () => {
    for (const value of [1, 2]) table.append(1, measurement({ value }));
    for (const value of [9, 8, 7]) table.append(0, measurement({ value }));
    expect(await valuesOf([listed('b', 0), listed('a', 1), listed('c', 0, false)])).toEqual([
      ['b', 9],
      ['b', 8],
      ['b', 7],
      ['a', 1],
      ['a', 2],
      ['c', 9],
      ['c', 8],
      ['c', 7],
    ]);
  });

  it('writes what each row has of its own, however little rows share', async () => {
    const appended = Array.from({ length: 25_000 }, (_, i) =>
      measurement({
        ...{
          value: i / 3,
          pointer: `/${i}\u0000é`,
          text: i % 5_000 < 2_100 ? null : `${i}`,
          failed: i % 3 === 0,
          unit: i % 4 < 2 ? 'ms' : null,
        },
        // Half of them with labels of their own, and one metric with ever other counts.
        ...{ labels: i % 2 === 0 ? { row: `${i}` } : {}, metric: `m${i % 7}`, n: i % 5 === 0 ? null : i },
        ...(i % 6 === 0 ? { over: 'runs' as const } : {}),
      }),
    );
    for (const one of appended) table.append(3, one);
    const { rows } = await rowsOf(await table.parquet([listed('a', 3)]), folder);
    const told = appended.map(({ labels, n, over = null, ...rest }) => ({
      ...{ ...rest, over, n: n === null ? null : `${n}`, path: 'a', sha256: HASH, counted: true },
      labels: 'row' in labels ? `{"row":"${labels.row}"}` : '{}',
    }));
    expect(rows).toEqual(told);
  });

  it('takes the same content again after it was forgotten', async () => {
    for (const value of [1, 2, 3]) {
      table.append(0, measurement({ value, labels: { model: 'm' } }));
      expect(await valuesOf([listed('a', 0)])).toEqual([['a', value]]);
      await table.forget([0]);
    }
    expect(await valuesOf([listed('a', 0)])).toEqual([]);
  });

  it('writes the columns of an empty list, and leaves out what has no measurements', async () => {
    table.append(1, measurement());
    expect((await rowsOf(await table.parquet([]), folder)).rows).toEqual([]);
    expect((await rowsOf(await table.parquet([listed('a', 2)]), folder)).rows).toEqual([]);
  });

  it('takes more after it was written, and forgets what is no longer used', async () => {
    for (const content of [0, 1, 2]) table.append(content, measurement({ value: content }));
    expect(await valuesOf([listed('a', 0)])).toEqual([['a', 0]]);
    table.append(3, measurement({ value: 3 }));
    await table.forget([0, 2, 99]);
    await table.forget([]);
    table.append(4, measurement({ value: 4 }));
    expect(await valuesOf([0, 1, 2, 3, 4].map((content) => listed(`${content}`, content)))).toEqual([
      ['1', 1],
      ['3', 3],
      ['4', 4],
    ]);
  });

  it('writes the same bytes for the same rows, whatever was appended and forgotten before', async () => {
    const append = (into: MeasurementTable, content: number, seed: number) => {
      for (let i = 0; i < 3_000; i++) into.append(content, measurement({ value: Math.sin(seed + i), pointer: `line ${i}` }));
    };
    for (const content of [5, 2, 4]) append(table, content, content);
    await table.forget([5]);
    append(table, 6, 1);
    const other = await openMeasurementTable(folder);
    append(other, 0, 1);
    append(other, 1, 2);
    const [one, two] = [await table.parquet([listed('a', 6), listed('b', 2)]), await other.parquet([listed('a', 0), listed('b', 1)])];
    await other.close();
    expect(Buffer.compare(one, two)).toBe(0);
  });

  it('leaves nothing in its folder once the Parquet is written', async () => {
    table.append(0, measurement());
    await table.parquet([listed('a', 0)]);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('openLocked', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "chimera's locked-")));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;

  it('hazard 30: writes nowhere but into its folder', async () => {
    const { instance, connection } = await openLocked(folder);
    const outside = `chimera-escaped-${process.pid}.csv`;
    for (const statement of [
      `copy (select 1) to ${quoted(join(folder, '..', outside))}`,
      `copy (select 1) to '${outside}'`,
      `select * from read_text(${quoted(fileURLToPath(import.meta.url))})`,
      'install httpfs',
      'load httpfs',
      "attach 'escaped.db'",
      'set enable_external_access=true',
      'set threads=2',
      "set temp_directory='/tmp'",
    ])
      await expect(connection.run(statement), statement).rejects.toThrow(/[Pp]ermission|disabled|locked|not allowed/);
    expect(await readdir(tmpdir())).not.toContain(outside);
    await connection.run(`copy (select 1) to ${quoted(join(folder, 'inside.csv'))}`);
    connection.closeSync();
    instance.closeSync();
    expect(await readdir(folder)).toEqual(['inside.csv']);
  });

  it('puts into its folder what does not fit into its memory, and takes it away', async () => {
    const { instance, connection } = await openLocked(folder, '32MB');
    // Random, so that it cannot be made smaller: 64 MB.
    await connection.run('create table much as select random() as value from range(8_000_000)');
    expect((await connection.runAndReadAll('select count(*) from much where value >= 0')).getRowsJson()).toEqual([['8000000']]);
    expect(await readdir(join(folder, 'spilled'))).not.toEqual([]);
    connection.closeSync();
    instance.closeSync();
    expect(await readdir(folder)).toEqual([]);
  });
});
