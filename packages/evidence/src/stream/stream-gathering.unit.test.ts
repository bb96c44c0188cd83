import type { NumberColumn } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Series, seriesOf } from '../artifact-series.ts';
import { type SampleSet, samplesOf } from '../samples.ts';
import { seriesFacts } from '../series.ts';
import { inOneGo } from '../steps.ts';
import { StreamGathering } from './stream-gathering.ts';
import { type Cell, measurementsOf, SMALL, spillInMemory, streamed } from './testing.ts';

const LARGE = { ...SMALL, mostSorted: 1_000, mostKept: { each: 1_000, inAll: 10_000 } };

const column = (more: Partial<NumberColumn>): NumberColumn => ({
  ...{ metric: 'x', statistic: 'value', unit: 'ms', n: null, labels: {}, failed: false, tail: ' column x' },
  ...more,
});

/** Columns of all sorts: canonical and not, in several units, some of one series, one of a campaign, one that failed. */
const COLUMNS: readonly NumberColumn[] = [
  column({ metric: 'time_to_first_token', labels: { model: 'a' }, tail: ' column ttft' }),
  column({ metric: 'time_to_first_token', unit: 's', labels: { model: 'a' }, tail: ' column ttft_s' }),
  column({ metric: 'time_to_first_token', labels: { model: 'b' }, tail: ' column ttft' }),
  column({ metric: 'time_to_first_token', labels: { model: 'b' }, over: 'runs', n: 4, tail: ' /runs/0' }),
  column({ metric: 'time_to_first_token', labels: { model: 'b' }, over: 'runs', n: 5, tail: ' /runs/1' }),
  column({ metric: 'request_latency', statistic: 'mean', unit: null, tail: ' /mean' }),
  column({ metric: 'power', statistic: 'mean', unit: 'W', tail: ' /power' }),
  column({ metric: '/usage/completion_tokens', unit: 'tokens', labels: { model: 'a' }, tail: ' /usage/completion_tokens' }),
  column({ metric: 'temperature', unit: '°C', labels: { b: 'é', a: '\ud800' }, tail: ' column "t"' }),
  column({ metric: 'x\udc00', unit: null, labels: { model: 'a' } }),
  column({ metric: 'x\ud800', unit: null, labels: { model: 'b' } }),
  column({ metric: 'server_seconds', unit: 's', over: 'runs', labels: { campaign_profile: 'p' }, tail: ' /measured/server_seconds' }),
  column({ metric: 'time_to_first_token', labels: { model: 'a' }, failed: true, tail: ' column failed' }),
];

const value = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 6 }).map((n) => n / 10) },
  { weight: 2, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, -1, 1e-149, -1e-149, 1e149, 5) },
);
const cells = fc
  .array(fc.record({ column: fc.nat({ max: COLUMNS.length - 1 }), value, skip: fc.nat({ max: 1 }) }), { maxLength: 120 })
  .map((list): Cell[] => {
    let line = 1;
    return list.map(({ skip, ...rest }) => {
      line += skip;
      return { ...rest, line };
    });
  });

const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b || Number(Object.is(b, -0)) - Number(Object.is(a, -0)));

/** Type 7: linear interpolation at (n - 1) p. */
function quantile(values: readonly number[], p: number): number {
  const at = (values.length - 1) * p;
  const [low = Number.NaN, high = Number.NaN] = [values[Math.floor(at)], values[Math.ceil(at)]];
  const between = at - Math.floor(at);
  return between === 0 ? low : low * (1 - between) + high * between;
}

/** As near as doubles of that size allow. */
function expectNear(found: number | null, expected: number | null, size: number): void {
  if (found === null || expected === null) expect(found).toBe(expected);
  else expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * Math.max(size, Math.abs(expected)) + 1e-160);
}

function expectSeries(found: readonly Series[], expected: readonly Series[], mostSorted: number): void {
  const without = ({ mean: _, stddev: __, summed: ___, ...rest }: Series) => rest;
  expect(found.map(without)).toEqual(expected.map(without));
  for (const [i, one] of found.entries()) {
    const { n, mean = Number.NaN, stddev = null, min = 0, max = 0 } = expected[i] ?? {};
    expect(one.summed).toBe((n ?? 0) > mostSorted ? 'compensated' : undefined);
    expectNear(one.mean, mean, Math.max(Math.abs(min), Math.abs(max)));
    expectNear(one.stddev, stddev, Math.max(Math.abs(min), Math.abs(max)));
  }
}

function expectSamples(found: readonly SampleSet[], expected: readonly SampleSet[], each: number): void {
  const without = ({ values: _, digest: __, ...rest }: SampleSet) => rest;
  expect(found.map(without)).toEqual(expected.map(without));
  for (const [i, { digest, values, ...set }] of found.entries()) {
    const all = sorted(expected[i]?.values ?? []);
    const isEach = set.over === 'runs' || set.statistic !== 'value';
    if (all.length <= each) {
      expect(digest).toBeUndefined();
      expect(sorted(values)).toEqual(all);
      continue;
    }
    expect([...values]).toEqual(isEach ? all : []);
    const { mean, stddev, ...rest } = digest ?? { mean: Number.NaN, stddev: null };
    const [min = 0, max = 0] = [all[0], all.at(-1)];
    expect(rest).toEqual({ n: all.length, min, max, median: quantile(all, 0.5), p95: quantile(all, 0.95), p99: quantile(all, 0.99) });
    const average = all.reduce((sum, one) => sum + one / all.length, 0);
    const size = Math.max(Math.abs(min), Math.abs(max));
    expectNear(mean, average, size);
    const scaled = all.reduce((sum, one) => sum + ((one - average) / (size || 1)) ** 2, 0);
    expectNear(stddev, Math.sqrt(scaled / (all.length - 1)) * (size || 1), size);
  }
}

describe('StreamGathering', () => {
  it('gives the series of the ordinary gathering to the last bit, and its samples, where they are few enough', () => {
    fc.assert(
      fc.property(cells, (list) => {
        const measurements = measurementsOf(COLUMNS, list);
        const { series, samples } = streamed(COLUMNS, list, LARGE);
        expect(series).toEqual(seriesOf(measurements));
        expectSamples(samples, samplesOf(measurements), LARGE.mostKept.each);
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same of more numbers than are sorted or kept, selected out of a spill', () => {
    fc.assert(
      fc.property(cells, (list) => {
        const measurements = measurementsOf(COLUMNS, list);
        const { series, samples } = streamed(COLUMNS, list, SMALL);
        expectSeries(series, seriesOf(measurements), SMALL.mostSorted);
        expectSamples(samples, samplesOf(measurements), SMALL.mostKept.each);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the digits of a column beside one that holds an absurd number', () => {
    const ordinary = [0.1, 0, 0.1, 0.1, 0.1, 0.1, 0.1].map((value): Cell => ({ column: 0, value, line: 1 }));
    const { series } = streamed(COLUMNS, [...ordinary, { column: 5, value: 1e149, line: 1 }], SMALL);
    // Of six times a tenth and a zero: a tenth over the root of seven.
    expect(series.find(({ n }) => n === 7)?.stddev).toBeCloseTo(0.1 / Math.sqrt(7), 15);
  });

  it('keeps the values of one column in their order', () => {
    const list = Array.from({ length: 200 }, (_, i): Cell => ({ column: i % 3, value: (i * 37) % 101, line: i + 1 }));
    const only = column({ metric: 'request_latency', unit: 's' });
    const columns = [only, { ...only, labels: { model: 'b' } }, { ...only, labels: { model: 'c' } }];
    const { samples } = streamed(columns, list, LARGE);
    expect(samples.map(({ values }) => [...values])).toEqual(samplesOf(measurementsOf(columns, list)).map(({ values }) => [...values]));
  });

  it('is a function of the numbers: buffers of other sizes give the same to the last bit', () => {
    const list = Array.from({ length: 600 }, (_, i): Cell => ({ column: i % 4, value: Math.sin(i) * 10 ** (i % 9), line: i + 1 }));
    const first = streamed(COLUMNS, list, SMALL);
    for (const store of [
      { arena: 32, least: 2, most: 2 },
      { arena: 4096, least: 16, most: 1024 },
      { arena: 24, least: 4, most: 8 },
    ])
      for (const mostHeld of [1, 50, 1000]) expect(streamed(COLUMNS, list, { ...SMALL, store, mostHeld })).toEqual(first);
  });

  it('gives the same, in the same order, of numbers that come in runs of a column', () => {
    const row = fc.record({ columns: fc.subarray(COLUMNS.map((_, i) => i)), values: fc.array(value, { minLength: 13, maxLength: 13 }) });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 80 }), fc.integer({ min: 1, max: 30 }), fc.boolean(), (rows, together, reversed) => {
        const one = new StreamGathering(spillInMemory(), SMALL);
        const other = new StreamGathering(spillInMemory(), SMALL);
        for (const of of COLUMNS) expect(other.open(of)).toBe(one.open(of));
        for (let from = 0; from < rows.length; from += together) {
          const cells = rows
            .slice(from, from + together)
            .flatMap(({ columns, values }, i) => columns.map((column) => ({ column, value: values[column] ?? 0, line: from + i + 1 })));
          for (const cell of cells) one.add(cell.column, cell.value, cell.line);
          const runs = [...Map.groupBy(cells, ({ column }) => column)];
          for (const [column, run] of reversed ? runs.reverse() : runs) {
            const [values, lines] = [Float64Array.from(run, (cell) => cell.value), Float64Array.from(run, (cell) => cell.line)];
            other.addRun(column, values, lines, run.length, column + 1);
          }
        }
        expect(inOneGo(other.finish())).toEqual(inOneGo(one.finish()));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves out columns that are dropped, and those that failed', () => {
    fc.assert(
      fc.property(cells, fc.subarray(COLUMNS.map((_, i) => i)), (list, dropped) => {
        const kept = list.filter((cell) => !dropped.includes(cell.column));
        const { series, samples } = streamed(COLUMNS, list, SMALL, spillInMemory(), dropped);
        const expected = streamed(COLUMNS, kept, SMALL);
        expect(series.map(({ n, median }) => [n, median])).toEqual(expected.series.map(({ n, median }) => [n, median]));
        expect(samples).toEqual(expected.samples);
      }),
      { numRuns: 60 },
    );
  });

  it('takes numbers for a column that was dropped, and none of them counts', () => {
    const gathering = new StreamGathering(spillInMemory(), SMALL);
    const id = gathering.open(column({ metric: 'request_latency' }));
    for (let i = 0; i < 50; i += 1) gathering.add(id, i - 25, i + 1);
    gathering.drop(id);
    for (let i = 0; i < 50; i += 1) gathering.add(id, i - 25, i + 51);
    expect(inOneGo(gathering.finish())).toEqual({ series: [], samples: [] });
  });

  it('makes digests of the largest sets while all together have too many values', () => {
    const columns = Array.from({ length: 6 }, (_, i) => column({ metric: 'request_latency', labels: { model: `${i}` } }));
    const list = Array.from({ length: 6 }, (_, i) => i).flatMap((i) =>
      Array.from({ length: i + 2 }, (__, line): Cell => ({ column: i, value: line, line: line + 1 })),
    );
    const { samples } = streamed(
      columns,
      list.sort((a, b) => a.line - b.line),
      { ...LARGE, mostKept: { each: 7, inAll: 10 } },
    );
    // Of 2, 3, 4, 5, 6 and 7 values, 2, 3 and 4 are nine together.
    expect(samples.map(({ values, digest }) => [values.length, digest?.n])).toEqual([
      ...[2, 3, 4].map((n) => [n, undefined]),
      ...[5, 6, 7].map((n) => [0, n]),
    ]);
  });

  it('gives exactly the one value of constant data, and spills what does not fit', () => {
    const spill = spillInMemory();
    const list = Array.from({ length: 1000 }, (_, i): Cell => ({ column: 0, value: 0.1, line: i + 1 }));
    const { series, samples } = streamed([column({ metric: 'request_latency', unit: 's' })], list, SMALL, spill);
    const expected = { n: 1000, min: 0.1, max: 0.1, mean: 0.1, stddev: 0, median: 0.1, p95: 0.1 };
    expect(series).toEqual([expect.objectContaining({ ...expected, first: 'line 1 column x', last: 'line 1000 column x' })]);
    expect(samples[0]?.digest).toEqual({ ...expected, p99: 0.1 });
    expect(spill.doubles()).toBeGreaterThanOrEqual(1000 - SMALL.store.most);
  });

  it('says how the mean of many numbers was summed', () => {
    const list = Array.from({ length: 8 }, (_, i): Cell => ({ column: 8, value: i, line: i + 1 }));
    const formulas = (sizes: typeof SMALL) =>
      streamed(COLUMNS, list, sizes).series.map(
        (one) => seriesFacts(one, { path: 'a.csv', sha256: '' }).find(({ statistic }) => statistic === 'mean')?.formula,
      );
    expect(formulas(SMALL)).toEqual(['compensated sum of the values over n']);
    expect(formulas(LARGE)).toEqual(['sum of the values, in ascending order, over n']);
  });

  it('holds columns by the thousand', () => {
    const columns = Array.from({ length: 3000 }, (_, i) => column({ metric: 'request_latency', labels: { model: `${i}` } }));
    const list = Array.from({ length: 12_000 }, (_, i): Cell => ({ column: i % 3000, value: (i * 7919) % 12_007, line: i + 1 }));
    const store = { arena: 8192, least: 2, most: 64 };
    const { series } = streamed(columns, list, { ...SMALL, store });
    expectSeries(series, seriesOf(measurementsOf(columns, list)), SMALL.mostSorted);
  });
});
