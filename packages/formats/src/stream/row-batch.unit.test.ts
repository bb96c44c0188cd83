import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Warnings } from '../warnings.ts';
import type { CsvPlan } from './csv-plan.ts';
import { RowBatch } from './row-batch.ts';
import { StreamOutput } from './stream-output.ts';

type Given = { column: number; value: number; line: number; at: number };

/** An output with some columns of both sorts, one of them dropped, and what it gives to its sink. */
function outputOf(columns: number): { output: StreamOutput; given: Given[] } {
  const given: Given[] = [];
  const added = new Map<number, number>();
  const warnings = new Warnings();
  let opened = 0;
  const sink = {
    open: () => opened++,
    add: (column: number, value: number, line: number) => {
      const at = (added.get(line) ?? 0) + 1;
      added.set(line, at);
      given.push({ column, value, line, at });
    },
    addRun: (column: number, values: Float64Array, lines: Float64Array, length: number, at: number) => {
      for (let i = 0; i < length; i += 1) given.push({ column, value: values[i] ?? Number.NaN, line: lines[i] ?? Number.NaN, at });
    },
    drop: () => {},
  };
  const output = new StreamOutput(sink, DEFAULT_LIMITS, warnings);
  const of = { statistic: 'value', unit: 'ms', n: null, labels: {}, failed: false } as const;
  for (let i = 0; i < columns; i += 1) output.open({ ...of, metric: i % 2 === 0 ? 'request_latency' : 'x', tail: ` column ${i}` });
  output.drop(columns - 1);
  return { output, given };
}

function planOf(columns: readonly number[], slots: readonly number[]): CsvPlan {
  const none = {
    records: 1,
    failed: [],
    fixed: [],
    unknown: new Int32Array(),
    topics: [],
    pairs: [],
    violated: 0,
    contradicts: false,
    loads: 0,
  };
  return { ...none, columns: Int32Array.from(columns), slots: Int32Array.from(slots), variants: [], first: -1, last: -1, at: -1 };
}

/** What a column was given, in its order. */
const byColumn = (given: readonly Given[]) =>
  [...Map.groupBy(given, ({ column }) => column)].map(([, of]) => of.map(({ value, line }) => [value, line]));
/** The columns of each line in their order. */
const byLine = (given: readonly Given[]) =>
  [...Map.groupBy(given, ({ line }) => line)]
    .map(([line, of]) => [line, of.sort((a, b) => a.at - b.at).map(({ column }) => column)])
    .sort();

const COLUMNS = 9;
const value = fc.oneof(fc.double({ min: -10, max: 1_000, noNaN: true }), fc.constantFrom(Number.NaN, 0, -0, 1e200, 1e-200, -5));
const plan = fc
  .tuple(
    fc.uniqueArray(fc.nat(COLUMNS - 1), { minLength: 1, maxLength: 5 }),
    fc.uniqueArray(fc.nat(5), { minLength: 5, maxLength: 5 }),
    fc.constantFrom('own', 'sorted', 'same'),
  )
  .map(([columns, slots, how]) => {
    const own = slots.slice(0, columns.length);
    // As one table has them: each column of the output is of one column of the table.
    if (how === 'same')
      return {
        columns: columns
          .map((one) => one % 6)
          .filter((one, i, all) => all.indexOf(one) === i)
          .sort(),
        slots: null,
      };
    return { columns, slots: how === 'own' ? own : own.sort() };
  });

describe('RowBatch', () => {
  it('gives each column the numbers that it has row by row, in the same order on each line', () => {
    const rows = fc.array(fc.record({ plan: fc.nat(3), values: fc.array(value, { minLength: 6, maxLength: 6 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(plan, { minLength: 4, maxLength: 4 }), rows, fc.integer({ min: 1, max: 70 }), (plans, list, together) => {
        const [batched, single] = [outputOf(COLUMNS), outputOf(COLUMNS)];
        const batch = new RowBatch(batched.output);
        const made = plans.map(({ columns, slots }, i) => ({
          ...planOf(columns, slots ?? columns),
          // Of one of them, a number is part of the key.
          fixed: i === 3 ? [{ column: 0, value: 4 }] : [],
        }));
        for (const [row, { plan: index, values }] of list.entries()) {
          const own = made[index] as CsvPlan;
          batch.add(own, Float64Array.from(values), row + 1);
          if (row % together === 0) batch.flush();
          single.output.addRow(
            own.columns,
            Float64Array.from(own.slots, (slot) => values[slot] ?? Number.NaN),
            0,
            row + 1,
          );
          for (const fixed of own.fixed) single.output.add(fixed.column, fixed.value, row + 1);
        }
        batch.flush();
        expect(byColumn(batched.given).sort()).toEqual(byColumn(single.given).sort());
        expect(byLine(batched.given)).toEqual(byLine(single.given));
        expect(batched.output.measurements).toBe(single.output.measurements);
        batched.output.end();
        single.output.end();
        expect(batched.output.warnings.list().sort()).toEqual(single.output.warnings.list().sort());
      }),
      { numRuns: 500 },
    );
  });

  it('gives more rows and numbers than it holds at once', () => {
    const { output, given } = outputOf(COLUMNS);
    const batch = new RowBatch(output);
    const own = planOf([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]);
    for (let line = 1; line <= 20_000; line += 1) batch.add(own, Float64Array.of(1, 2, 3, 4, 5, line), line);
    const wide = planOf(
      Array.from({ length: 40_000 }, (_, i) => i % 8),
      Array.from({ length: 40_000 }, (_, i) => i),
    );
    batch.add(wide, new Float64Array(40_000).fill(7), 20_001);
    batch.flush();
    expect(given.length).toBe(6 * 20_000 + 40_000);
    expect(given.filter(({ column }) => column === 5).slice(0, 20_000)).toEqual(
      Array.from({ length: 20_000 }, (_, i) => ({ column: 5, value: i + 1, line: i + 1, at: 6 })),
    );
  });
});
