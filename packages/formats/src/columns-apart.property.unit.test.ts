import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsApart } from './columns-apart.ts';
import type { Table } from './table.ts';

const NAMES = ['model', 'kind', 'users', 'run', 'TTFT (ms)', 'note', '配置', 'id'];
const CELLS = ['a', 'b', '1', '2', '', '-', '1.5', 'x'.repeat(70)];

const tables = fc
  .record({
    columns: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 5 }),
    rows: fc.array(fc.array(fc.constantFrom(...CELLS), { minLength: 5, maxLength: 5 }), { maxLength: 12 }),
    numeric: fc.uniqueArray(fc.nat(4)),
    labels: fc.uniqueArray(fc.nat(4), { maxLength: 2 }),
  })
  .map(({ columns, rows, numeric, labels }) => {
    const table: Table = {
      line: 1,
      columns,
      units: columns.map(() => null),
      rows: rows.map((cells, row) => ({ line: row + 2, cells: cells.slice(0, columns.length) })),
    };
    const inside = (index: number): boolean => index < columns.length;
    return { table, numeric: new Set(numeric.filter(inside)), labels: labels.filter(inside) };
  });

describe('columns that tell rows apart', () => {
  it('give each row its own cells, with those that label already, or are none', () => {
    fc.assert(
      fc.property(tables, ({ table, numeric, labels }) => {
        const chosen = columnsApart(table, numeric, labels);
        const all = [...labels, ...chosen];
        const rows = table.rows.map(({ cells }) => JSON.stringify(all.map((index) => cells[index])));
        if (chosen.length > 0) expect(new Set(rows).size).toBe(table.rows.length);
        expect(new Set(all).size).toBe(all.length);
        for (const index of chosen) expect(['run', 'TTFT (ms)', 'note', 'id']).not.toContain(table.columns[index]);
      }),
    );
  });

  it('are none where the labels tell all rows apart, whatever else stands there', () => {
    fc.assert(
      fc.property(tables, ({ table, numeric }) => {
        const own = {
          ...table,
          columns: ['lane', ...table.columns],
          rows: table.rows.map((row, at) => ({ ...row, cells: [`n${at}`, ...row.cells] })),
        };
        expect(columnsApart(own, new Set([...numeric].map((index) => index + 1)), [0])).toEqual([]);
      }),
    );
  });
});
