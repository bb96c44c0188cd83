import type { Measurement } from '@chimera/shared/domain';
import { labelsJson } from '@chimera/shared/store';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Series, seriesOf } from './artifact-series.ts';

const AGGREGATES = `count(*)::integer as n, min(value) as min, quantile_cont(value, 0.5) as median,
  avg(value order by value) as mean, stddev_samp(value order by value) as stddev,
  quantile_cont(value, 0.95) as p95, max(value) as max,
  arg_min(pointer, ordinal) as first, arg_max(pointer, ordinal) as last`;
const GROUP = 'artifact, metric, statistic, unit';
/** The definition of a series in SQL: whoever queries the published table so finds the published numbers. */
const SERIES = `
  with good as (select * from measurements where not failed and isfinite(value)),
  whole as (select ${GROUP}, case when count(distinct labels) = 1 then min(labels) else '{"pooled":"' || count(distinct labels) || ' configurations"}' end as labels, ${AGGREGATES}, count(distinct labels) as kinds from good group by ${GROUP}),
  parts as (select ${GROUP}, labels, ${AGGREGATES} from good where labels <> '{}' group by ${GROUP}, labels having count(*) > 1)
  select ${GROUP}, labels, n, min, median, mean, stddev, p95, max, first, last from (
    select * exclude (kinds) from whole
    union all
    select parts.* from parts join whole using (artifact, metric, statistic) where kinds > 1 and parts.unit is not distinct from whole.unit)
  order by artifact, metric, statistic, unit nulls first, labels`;

type Sample = Pick<Measurement, 'metric' | 'statistic' | 'value' | 'unit' | 'labels' | 'failed'>;
const measurementsOf = (samples: readonly Sample[]): Measurement[] =>
  samples.map((sample, i) => ({ ...sample, text: null, n: null, pointer: `line ${i} \u00b5 ${sample.metric}` }));

describe('seriesOf, beside the same in DuckDB', () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  });
  afterAll(() => connection.closeSync());

  /** The series of each artifact, in SQL. */
  async function inSql(artifacts: readonly Measurement[][]): Promise<Series[][]> {
    await connection.run(`create or replace table measurements (artifact integer, ordinal integer, metric varchar, statistic varchar,
      value double, unit varchar, labels varchar, pointer varchar, failed boolean)`);
    const appender = await connection.createAppender('measurements');
    for (const [artifact, measurements] of artifacts.entries()) {
      for (const [ordinal, m] of measurements.entries()) {
        appender.appendInteger(artifact);
        appender.appendInteger(ordinal);
        appender.appendVarchar(m.metric);
        appender.appendVarchar(m.statistic);
        appender.appendDouble(m.value);
        m.unit === null ? appender.appendNull() : appender.appendVarchar(m.unit);
        appender.appendVarchar(labelsJson(m.labels));
        appender.appendVarchar(m.pointer);
        appender.appendBoolean(m.failed);
        appender.endRow();
      }
    }
    appender.closeSync();
    const rows = (await connection.runAndReadAll(SERIES)).getRowObjects();
    const found: Series[][] = artifacts.map(() => []);
    for (const { artifact, ...row } of rows) found[Number(artifact)]?.push({ ...row, labels: JSON.parse(String(row.labels)) } as Series);
    return found;
  }

  /** Zero has two signs, which canonical JSON does not tell apart. */
  const unsigned = (series: Series[]) =>
    series.map((row) => ({ ...row, min: row.min + 0, median: row.median + 0, max: row.max + 0, p95: row.p95 + 0 }));

  async function expectTheSame(artifacts: Measurement[][]): Promise<void> {
    const found = await inSql(artifacts);
    for (const [i, measurements] of artifacts.entries()) expect(unsigned(seriesOf(measurements))).toEqual(unsigned(found[i] ?? []));
  }

  const value = fc.oneof(
    fc.integer({ min: -3, max: 5 }).map((n) => n / 10),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 1e-150, max: 1e150, noNaN: true }),
    fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY),
  );
  const name = fc.constantFrom('ttft_s', 'tokens_s', 'Z', 'é', '\uffee', '\u{1f600}', '\u{1f600}x', '', 'a\0b', 'a');
  const sample: fc.Arbitrary<Sample> = fc.record({
    metric: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('ttft_s', 'tokens_s') }, { weight: 1, arbitrary: name }),
    statistic: fc.constantFrom('value', 'value', 'value', 'mean'),
    value,
    unit: fc.constantFrom('ms', 'ms', 's', null, ''),
    labels: fc.oneof(
      fc.constantFrom({}, { model: 'a' }, { model: 'b' }, { batch: '8', model: 'a' }, { model: 'a', batch: '8' }),
      fc.dictionary(name, name, { maxKeys: 2 }),
    ),
    failed: fc.constantFrom(false, false, false, true),
  });

  it('gives the same rows in the same order, to the last bit', async () => {
    const artifacts = fc.array(fc.array(sample, { maxLength: 60 }).map(measurementsOf), { minLength: 20, maxLength: 20 });
    await fc.assert(fc.asyncProperty(artifacts, expectTheSame), { numRuns: 25 });
  });

  it('adds up many values of many magnitudes in the same order', async () => {
    const long = Array.from({ length: 20_000 }, (_, i) => ({
      metric: 'latency',
      statistic: 'value',
      value: Math.sin(i) * 10 ** ((i % 13) - 6),
      unit: 'ms',
      labels: { model: `m${i % 3}` },
      failed: false,
    }));
    await expectTheSame([measurementsOf(long)]);
  });

  it('takes half a surrogate pair for U+FFFD, as the table does', async () => {
    const plain = { statistic: 'value', unit: null, labels: { model: '\ud800' }, failed: false };
    await expectTheSame([
      measurementsOf([
        { ...plain, metric: 'x\ud800', value: 1 },
        { ...plain, metric: 'x\udc00', value: 2 },
      ]),
    ]);
  });
});
