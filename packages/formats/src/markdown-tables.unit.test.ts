import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from './limits.ts';
import { markdownTables } from './markdown-tables.ts';
import { Warnings } from './warnings.ts';

function read(text: string) {
  const warnings = new Warnings();
  const tables = markdownTables(text, DEFAULT_LIMITS, warnings);
  return {
    tables: tables.map(({ line, columns, rows }) => [line, columns, ...rows.map((row) => [row.line, ...row.cells])]),
    warnings: warnings.list(),
  };
}

describe('markdownTables', () => {
  it('reads tables among prose, without emphasis and code marks', () => {
    expect(read('# Title\n\n| Model | **tok/s** |\r\n|:---|---:|\r\n| `a\\|b` | **0.651** |\n| c | 2 |\n\nDone | so.\n')).toEqual({
      tables: [[3, ['Model', 'tok/s'], [5, 'a|b', '0.651'], [6, 'c', '2']]],
      warnings: [],
    });
  });

  it('reads tables without edges', () => {
    expect(read('a | b\n--- | ---\n1 | 2\n').tables).toEqual([[1, ['a', 'b'], [3, '1', '2']]]);
  });

  it('ignores a table whose header lost its line', () => {
    expect(read('- DType: x | a | b |\n| --- | --- |\n| 1 | 2 |\n')).toEqual({
      tables: [],
      warnings: ['line 2 is the dashed row of a table whose header does not stand alone on the line above: the table was not read'],
    });
  });

  it('leaves out a row that lost its end, and finds the table that follows it', () => {
    expect(read('| a | b |\n| - | - |\n| 1 | 2 | Next ## heading\n| c | d | e |\n| - | - | - |\n| 1 | 2 | 3 |\n')).toEqual({
      tables: [
        [1, ['a', 'b']],
        [4, ['c', 'd', 'e'], [6, '1', '2', '3']],
      ],
      warnings: ['line 3 has 3 cells where the header has 2'],
    });
  });

  it('does not read a last row that may be cut', () => {
    expect(read('| a | b |\n| - | - |\n| 1 | 2.').warnings).toEqual([
      'line 3, the last one, has no line end and cannot be told from a cut one: the row was not read',
    ]);
    expect(read('| a | b |\n| - | - |\n| 1 | 2.5 |').warnings).toEqual([]);
  });

  it('finds none in prose and rulers', () => expect(read('a\n---\nb | c\n\n-|-\n')).toMatchObject({ tables: [] }));
});
