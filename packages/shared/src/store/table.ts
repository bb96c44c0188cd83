import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Measurement } from '../domain/measurement.ts';
import { labelsJson } from './content-hash.ts';

/** A measurement with the artifact it was read from. `counted` is false for the second and later of exact duplicates. */
export type TableRow = Measurement & { path: string; sha256: string; counted: boolean };

/**
 * The numbers of one metric in one artifact, failed records and duplicates left out.
 * `labels` are those that all values share. Where an artifact holds several combinations, the whole is labelled
 * `pooled` with their number, and each combination of at least two values has a further row.
 * `stddev` is the sample's (n - 1), null for n < 2; median and p95 are type-7 quantiles.
 * `first` and `last` are the pointers of the first and last value in the artifact's order.
 */
export type SeriesRow = {
  path: string;
  sha256: string;
  metric: string;
  statistic: string;
  unit: string | null;
  labels: Record<string, string>;
  n: number;
  min: number;
  median: number;
  mean: number;
  stddev: number | null;
  p95: number;
  max: number;
  first: string;
  last: string;
};

/** The columnar table of an inventory's measurements. Rows keep the order in which they were appended. */
export type MeasurementTable = {
  append(rows: Iterable<TableRow>): void;
  /** One row per artifact, metric, statistic and unit, and per label combination; ordered, the same on every machine. */
  series(): Promise<SeriesRow[]>;
  /** Writes all rows as zstd Parquet into the folder the table was opened for. */
  writeParquet(fileName: string): Promise<void>;
  close(): void;
};

const CREATE = `create table measurements (
  ordinal bigint, path varchar, sha256 varchar, metric varchar, statistic varchar, value double, text varchar,
  unit varchar, n bigint, labels varchar, pointer varchar, failed boolean, counted boolean)`;

// Ordered aggregates: parallel sums differ from run to run, and evidence must not.
const AGGREGATES = `count(*)::integer as n, min(value) as min, quantile_cont(value, 0.5) as median,
  avg(value order by value) as mean, stddev_samp(value order by value) as stddev,
  quantile_cont(value, 0.95) as p95, max(value) as max,
  arg_min(pointer, ordinal) as first, arg_max(pointer, ordinal) as last`;
const GROUP = 'path, sha256, metric, statistic, unit';
const SERIES = `
  with good as (select * from measurements where counted and not failed and isfinite(value)),
  whole as (select ${GROUP}, case when count(distinct labels) = 1 then min(labels) else '{"pooled":"' || count(distinct labels) || ' configurations"}' end as labels, ${AGGREGATES}, count(distinct labels) as kinds from good group by ${GROUP}),
  parts as (select ${GROUP}, labels, ${AGGREGATES} from good where labels <> '{}' group by ${GROUP}, labels having count(*) > 1)
  select ${GROUP}, labels, n, min, median, mean, stddev, p95, max, first, last from (
    select * exclude (kinds) from whole
    union all
    select parts.* from parts join whole using (path, sha256, metric, statistic) where kinds > 1 and parts.unit is not distinct from whole.unit)
  order by path, metric, statistic, unit nulls first, labels`;

/**
 * Opens an empty table in memory, locked down: nothing but `folder` can be written, nothing read, no extension loaded.
 * DuckDB is loaded here and not before, because an idle service should not carry it.
 */
export async function openMeasurementTable(folder: string): Promise<MeasurementTable> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  const instance: DuckDBInstance = await Instance.create(':memory:', { threads: '1' });
  const connection: DuckDBConnection = await instance.connect();
  await connection.run(
    `set allowed_directories=['${folder.replaceAll("'", "''")}']; set enable_external_access=false; set lock_configuration=true`,
  );
  await connection.run(CREATE);
  const appender = await connection.createAppender('measurements');
  let ordinal = 0n;

  return {
    append(rows) {
      for (const row of rows) {
        appender.appendBigInt(ordinal++);
        for (const text of [row.path, row.sha256, row.metric, row.statistic]) appender.appendVarchar(text);
        appender.appendDouble(row.value);
        for (const text of [row.text, row.unit]) text === null ? appender.appendNull() : appender.appendVarchar(text);
        row.n === null ? appender.appendNull() : appender.appendBigInt(BigInt(row.n));
        appender.appendVarchar(labelsJson(row.labels));
        appender.appendVarchar(row.pointer);
        appender.appendBoolean(row.failed);
        appender.appendBoolean(row.counted);
        appender.endRow();
      }
    },
    async series() {
      appender.flushSync();
      const reader = await connection.runAndReadAll(SERIES);
      return reader.getRowObjects().map((row) => ({ ...row, labels: JSON.parse(String(row.labels)) })) as SeriesRow[];
    },
    async writeParquet(fileName) {
      appender.flushSync();
      const path = `${folder}/${fileName}`.replaceAll("'", "''");
      await connection.run(
        `copy (select * exclude (ordinal) from measurements order by ordinal) to '${path}' (format parquet, compression zstd)`,
      );
    },
    close() {
      appender.closeSync();
      connection.closeSync();
      instance.closeSync();
    },
  };
}
