import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MeasurementTable, openMeasurementTable, type SeriesRow, type TableRow } from './table.ts';

const row = (over: Partial<TableRow>): TableRow => ({
  path: 'a.csv',
  sha256: 'a'.repeat(64),
  metric: 'latency',
  statistic: 'value',
  value: 0,
  text: null,
  unit: 'ms',
  n: null,
  labels: {},
  pointer: 'line 2 column latency',
  failed: false,
  counted: true,
  ...over,
});
/** Rows of one artifact with these values, at lines 2, 3, … */
const rows = (values: number[], over: Partial<TableRow> = {}) =>
  values.map((value, i) => row({ value, pointer: `line ${i + 2} column latency`, ...over }));

describe('openMeasurementTable', () => {
  let folder: string;
  const tables: MeasurementTable[] = [];
  const open = async () => {
    const table = await openMeasurementTable(folder);
    tables.push(table);
    return table;
  };
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "chimera's table-")));
  });
  afterEach(async () => {
    for (const table of tables.splice(0)) table.close();
    await rm(folder, { recursive: true });
  });
  const seriesOf = async (given: TableRow[]): Promise<SeriesRow[]> => {
    const table = await open();
    table.append(given);
    return table.series();
  };

  it('computes what can be computed by hand', async () => {
    // Sum 40, mean 5; squared deviations 9+1+1+1+0+0+4+16 = 32, over n - 1 = 7.
    // Type-7 quantiles of 2 4 4 4 5 5 7 9: median at place 3.5 = 4.5; p95 at place 6.65 = 7 + 0.65 · 2 = 8.3.
    const [series, ...others] = await seriesOf(rows([4, 9, 2, 5, 7, 4, 5, 4]));
    expect(others).toEqual([]);
    expect(series).toEqual({
      path: 'a.csv',
      sha256: 'a'.repeat(64),
      metric: 'latency',
      statistic: 'value',
      unit: 'ms',
      labels: {},
      n: 8,
      min: 2,
      median: 4.5,
      mean: 5,
      stddev: expect.closeTo(Math.sqrt(32 / 7), 12),
      p95: expect.closeTo(8.3, 12),
      max: 9,
      first: 'line 2 column latency',
      last: 'line 9 column latency',
    });
  });

  it('claims no deviation of a single value', async () => {
    expect(await seriesOf(rows([3]))).toMatchObject([{ n: 1, min: 3, median: 3, mean: 3, stddev: null, p95: 3, max: 3 }]);
  });

  it('has no series of nothing', async () => {
    expect(await seriesOf([])).toEqual([]);
  });

  it('hazard 8: leaves out failed records, duplicates of files, and what is no finite number', async () => {
    const series = await seriesOf([
      ...rows([1, 3]),
      row({ value: 0, failed: true }),
      row({ value: 100, path: 'copy.csv', counted: false }),
      row({ value: Number.NaN }),
      row({ value: Number.POSITIVE_INFINITY }),
      row({ value: 0, path: 'failed.csv', failed: true }),
    ]);
    expect(series).toMatchObject([{ path: 'a.csv', n: 2, min: 1, mean: 2, max: 3 }]);
    expect(series).toHaveLength(1);
  });

  it('keeps metrics, statistics, units and artifacts apart, in an order of their own', async () => {
    const series = await seriesOf([
      row({ path: 'b.csv', value: 1 }),
      row({ metric: 'zeta', value: 2 }),
      row({ unit: null, value: 3 }),
      row({ unit: 's', value: 4 }),
      row({ unit: 'ms', value: 5 }),
      row({ statistic: 'p99', value: 6 }),
      row({ path: 'B.csv', value: 7 }),
    ]);
    expect(series.map((s) => [s.path, s.metric, s.statistic, s.unit, s.mean])).toEqual([
      ['B.csv', 'latency', 'value', 'ms', 7],
      ['a.csv', 'latency', 'p99', 'ms', 6],
      ['a.csv', 'latency', 'value', null, 3],
      ['a.csv', 'latency', 'value', 'ms', 5],
      ['a.csv', 'latency', 'value', 's', 4],
      ['a.csv', 'zeta', 'value', 'ms', 2],
      ['b.csv', 'latency', 'value', 'ms', 1],
    ]);
  });

  it('gives labels that all values share, and where there are several, the pooled whole and a row for each of at least two values', async () => {
    const [one, two] = [
      { model: 'x', batch: '8' },
      { batch: '8', model: 'y' },
    ];
    const shared = await seriesOf([row({ value: 1, labels: one }), row({ value: 2, labels: { batch: '8', model: 'x' } })]);
    expect(shared.map((s) => [s.labels, s.n])).toEqual([[one, 2]]);
    const several = await seriesOf([
      row({ value: 1, labels: one, pointer: 'p1' }),
      row({ value: 3, labels: two, pointer: 'p2' }),
      row({ value: 5, labels: one, pointer: 'p3' }),
      row({ value: 7, pointer: 'p4' }),
    ]);
    expect(several.map((s) => [s.labels, s.n, s.mean, s.first, s.last])).toEqual([
      [one, 2, 3, 'p1', 'p3'],
      [{ pooled: '3 configurations' }, 4, 4, 'p1', 'p4'],
    ]);
  });

  it('gives the same, bit by bit, in whichever order files are appended', async () => {
    // Sums of these depend on the order of addition, so an order that depends on the arrival would show.
    const values = (seed: number) => Array.from({ length: 500 }, (_, i) => Math.sin(seed * 1_000 + i) * 10 ** ((i % 13) - 6));
    const files = ['a.csv', 'b.csv', 'c.json'].map((path, seed) => rows(values(seed + 1), { path }));
    const reversed = await seriesOf([...files].reverse().flat());
    expect(await seriesOf(files.flat())).toEqual(reversed);
    expect(reversed).toHaveLength(3);
  });

  it('takes rows after a series was asked for', async () => {
    const table = await open();
    table.append(rows([1]));
    expect((await table.series())[0]?.n).toBe(1);
    table.append(rows([2]));
    expect((await table.series())[0]).toMatchObject({ n: 2, mean: 1.5 });
  });

  it('writes all rows as Parquet, the failed and the duplicates too, in their order', async () => {
    const table = await open();
    table.append([
      row({ value: 1.5, labels: { b: '2', a: '1' }, n: 30 }),
      row({ value: 9_007_199_254_740_992, text: '9007199254740993', unit: null, failed: true }),
      row({ value: 2, path: 'copy.csv', counted: false }),
    ]);
    await table.writeParquet('measurements.parquet');
    const other = await (await DuckDBInstance.create(':memory:')).connect();
    const file = `'${join(folder, 'measurements.parquet').replaceAll("'", "''")}'`;
    const read = (await other.runAndReadAll(`select * from ${file}`)).getRowObjectsJson();
    const compression = (await other.runAndReadAll(`select distinct compression from parquet_metadata(${file})`)).getRowsJson();
    other.closeSync();
    expect(compression).toEqual([['ZSTD']]);
    const plain = { sha256: 'a'.repeat(64), metric: 'latency', statistic: 'value', pointer: 'line 2 column latency' };
    expect(read).toEqual([
      { ...plain, path: 'a.csv', value: 1.5, text: null, unit: 'ms', n: '30', labels: '{"a":"1","b":"2"}', failed: false, counted: true },
      { ...plain, path: 'a.csv', value: 2 ** 53, text: '9007199254740993', unit: null, n: null, labels: '{}', failed: true, counted: true },
      { ...plain, path: 'copy.csv', value: 2, text: null, unit: 'ms', n: null, labels: '{}', failed: false, counted: false },
    ]);
  });

  it('hazard 30: writes nowhere but into its folder', async () => {
    const table = await open();
    table.append(rows([1]));
    const outside = `chimera-escaped-${process.pid}.parquet`;
    await expect(table.writeParquet(`../${outside}`)).rejects.toThrow(/Permission|permission|disabled|not allowed/);
    expect(await readdir(tmpdir())).not.toContain(outside);
    expect(await readdir(folder)).toEqual([]);
  });
});
