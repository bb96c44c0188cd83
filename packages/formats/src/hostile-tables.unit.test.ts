import { describe, expect, it } from 'vitest';
import { looksCut, readArtifact } from './read-artifact.ts';

const read = (text: string, path = 'a.csv') => readArtifact({ path, bytes: Buffer.from(text) });

/** What was read: pointer and value of each number, and what was said. */
function readOf(text: string, path = 'a.csv') {
  const reading = read(text, path);
  if (reading.status === 'refused') throw new Error(reading.reason);
  const { measurements, warnings, failed } = reading;
  return { numbers: measurements.map(({ pointer, value }) => [pointer, value]), measurements, warnings, failed };
}

const wide = (columns: number, separator = ',') =>
  `${Array.from({ length: columns }, (_, at) => `c${at}`).join(separator)}\n${Array.from({ length: columns }, (_, at) => at).join(separator)}\n`;

describe('the shape of a table', { timeout: 60_000 }, () => {
  it('hazard 33: ragged rows are left out by their lines, the others are read', () => {
    expect(readOf('a,b\n1,2\n3\n4,5,6\n7,8\n')).toMatchObject({
      numbers: [
        ['line 2 column a', 1],
        ['line 2 column b', 2],
        ['line 5 column a', 7],
        ['line 5 column b', 8],
      ],
      warnings: ['line 3 has 1 cell where the header has 2', 'line 4 has 3 cells where the header has 2'],
    });
    expect(readOf('|a|b|\n|-|-|\n|1|\n|2|3|\n', 'a.md')).toMatchObject({ warnings: ['line 3 has 1 cell where the header has 2'] });
  });

  it('hazard 33: ten thousand columns are read, and a hundred thousand are refused', () => {
    const { numbers } = readOf(wide(10_000));
    expect([numbers.length, numbers[9_999]]).toEqual([10_000, ['line 2 column c9999', 9_999]]);
    for (const separator of [',', ';', '\t', '|']) {
      expect(read(wide(100_000, separator))).toMatchObject({
        reason: 'has a row of 100000 cells (line 1): the limit CHIMERA_MAX_COLUMNS is 10000',
      });
    }
    expect(read(`|a|b|\n|${'-|'.repeat(100_000)}\n`, 'a.md')).toMatchObject({
      reason: 'has a row of 100000 cells (line 2): the limit CHIMERA_MAX_COLUMNS is 10000',
    });
  });

  it('hazard 33: cells are counted over all rows, and over all tables of a file', () => {
    const limits = { maxCells: 5 };
    const bytes = Buffer.from('a,b\n1,2\n3,4\n');
    expect(readArtifact({ path: 'a.csv', bytes, limits })).toMatchObject({
      reason: 'has more than 5 cells (line 3): the limit CHIMERA_MAX_CELLS is 5',
    });
    const tables = Buffer.from('|a|b|\n|-|-|\n|1|2|\n|3|4|\n\n|a|b|\n|-|-|\n|1|2|\n');
    expect(readArtifact({ path: 'a.md', bytes: tables, limits })).toMatchObject({
      reason: expect.stringContaining('more than 5 cells (line 8)'),
    });
  });

  it('hazard 33: a cell of 100 MB is refused at its line, in quotes and without', () => {
    const cell = Buffer.alloc(100_000_000, 'x');
    for (const [before, behind] of [['', ''] as const, ['"', '"'] as const]) {
      const bytes = Buffer.concat([Buffer.from(`a,b\n1,${before}`), cell, Buffer.from(`${behind}\n2,3\n`)]);
      expect(readArtifact({ path: 'a.csv', bytes })).toMatchObject({
        reason: 'has a cell of 100000000 characters (line 2): the limit CHIMERA_MAX_CELL_CHARS is 1000000',
      });
    }
  });

  it('hazard 33: a quote that is never closed takes its row and what it swallows, and says so', () => {
    const swallowed = `${'7,8\n'.repeat(500_000)}`;
    const reading = read(`a,b\n1,2\n3,"4\n${swallowed}`);
    expect(reading).toMatchObject({
      measurements: [{ pointer: 'line 2 column a' }, { pointer: 'line 2 column b' }],
      warnings: ['line 3 has a quote that is not closed: the row, and what the quote swallows, was not read'],
    });
    expect(looksCut(reading)).toBe(true);
    expect(read('"a,b\n1,2\n')).toMatchObject({ reason: 'not a table: line 1 has a quote that is never closed' });
  });

  it('hazard 33: words behind a closing quote make a row that is not read', () => {
    // The quote of the next line closes it: that line is what it swallows.
    expect(readOf('a,b\n"1"2,3\n"4",5\n"6" ,7\n').numbers).toEqual([
      ['line 4 column a', 6],
      ['line 4 column b', 7],
    ]);
    expect(readOf('a,b\n"1"2",3\n"4",5\n"6" ,7\n')).toMatchObject({
      numbers: [
        ['line 3 column a', 4],
        ['line 3 column b', 5],
        ['line 4 column a', 6],
        ['line 4 column b', 7],
      ],
      warnings: ['line 2 has a quote that is not closed: the row, and what the quote swallows, was not read'],
    });
  });

  it('hazard 33: rows with another separator than the header do not fit', () => {
    expect(readOf('a,b\n1,2\n3;4\n5\t6\n')).toMatchObject({
      numbers: [
        ['line 2 column a', 1],
        ['line 2 column b', 2],
      ],
      warnings: ['line 3 has 1 cell where the header has 2', 'line 4 has 1 cell where the header has 2'],
    });
    expect(read('a,b\n1;2\n3;4\n')).toMatchObject({
      reason: expect.stringContaining('none of the 2 rows below the header (line 1) has its 2 cells'),
    });
  });

  it('hazard 33: columns of one name stay apart, and the header is named', () => {
    expect(readOf('a,a,A,__proto__,constructor\n1,2,3,4,5\n')).toMatchObject({
      numbers: [
        ['line 2 column a', 1],
        ['line 2 column a#2', 2],
        ['line 2 column A', 3],
        ['line 2 column __proto__', 4],
        ['line 2 column constructor', 5],
      ],
      warnings: ['the header (line 1) has "a" more than once: the later ones are named with #2, #3, …'],
    });
    const { measurements } = readOf(`${Array(10_000).fill('a').join()}\n${Array(10_000).fill('1').join()}\n`);
    expect(new Set(measurements.map(({ metric }) => metric)).size).toBe(10_000);
  });

  it('hazard 33: what stands behind a second header is not read, and its line is named', () => {
    expect(readOf('a,b\n1,2\n\nc,d\n3,4\n')).toMatchObject({
      numbers: [
        ['line 2 column a', 1],
        ['line 2 column b', 2],
      ],
      warnings: ['line 4, behind a blank line, begins another table: nothing from there on was read'],
    });
  });

  it('hazard 33: numbers of two Markdown tables with the same columns keep their own places', () => {
    const table = '| model | latency_ms |\n| --- | --- |\n| m | 1 |\n| m | 2 |\n';
    const { measurements } = readOf(`# One\n\n${table}\n# Two\n\n${table}`, 'a.md');
    const pointers = measurements.map(({ pointer }) => pointer);
    expect(pointers).toEqual([5, 6, 12, 13].map((line) => `line ${line} column latency_ms`));
    expect(new Set(pointers).size).toBe(pointers.length);
  });
});

describe('the cells of a table', () => {
  /** How one cell comes out, between two cells that are plain numbers. */
  const one = (cell: string) => {
    const { numbers, warnings } = readOf(`id,x\nr1,1\nr2,"${cell.replaceAll('"', '""')}"\nr3,3\n`);
    const there = numbers.find(([pointer]) => pointer === 'line 3 column x');
    return there === undefined ? (warnings[0] ?? 'absent') : there[1];
  };
  const text = (cell: string) => `column "x" was left out: line 3 has "${cell}" among numbers`;

  it.each([
    '=HYPERLINK("http://example.org","1")',
    '=1+1',
    "=cmd|' /C calc'!A0",
    '+1+1',
    '-1-1',
    '+A1',
    '@SUM(1,2)',
    '@1',
    "'5",
    '0x1F',
    '1_000',
    '٣',
    '½',
    '−5',
    '(5)',
    '$5',
    '1/2',
    '1:30',
  ])('hazard 33: %s is text and is never worked out', (cell) => expect(one(cell)).toBe(text(cell)));

  it.each(['1 234', '1’234'])('hazard 33: %s is text and is never worked out', (cell) =>
    expect(one(cell)).toBe(`column "x" (line 3: "${cell}") was left out: blanks or apostrophes in a number may group thousands`),
  );

  it.each(['2025-10-03', '10/03/2025', '03.10.2025', '2025-10-03T12:00:00Z', '12:30', 'Oct-25', '2025/10'])(
    'hazard 33: the date %s is no number',
    (cell) => expect(one(cell)).toBe(text(cell)),
  );

  it.each([
    ['-1', -1],
    ['+1', 1],
    ['-1.5e-3', -0.0015],
    ['1,234', 'comma'],
    ['1,234 ms', 'comma'],
    // These are certain: groups have three digits, and no number has a point behind its fraction.
    ['1.234,5', 1234.5],
    ['0,5', 0.5],
    ['22,80,000', 'comma'],
    ['1,234.5', 1234.5],
    ['1,234,567', 1_234_567],
    ['1e999', 'line 3, column "x": a double cannot hold 1e999; it was not read'],
    ['NaN', 'absent'],
    ['-inf', 'absent'],
  ])('hazard 33: %s comes out as %s', (cell, expected) => {
    const left = `column "x" (line 3: "${cell}") was left out: a comma in a number may group thousands or begin the fraction`;
    expect(one(cell)).toBe(expected === 'comma' ? left : expected);
  });

  it('hazard 33: a tab before a formula makes no difference', () => expect(one('\t=1+1')).toBe(text('=1+1')));

  it('hazard 33: integers beyond 2^53 keep their digits', () => {
    expect(readOf('x\n9007199254740993\n').measurements).toMatchObject([{ value: 9007199254740992, text: '9007199254740993' }]);
  });

  it('hazard 33: commas are read where the column proves what they do, whatever separates the cells, and are left out elsewhere', () => {
    expect(readOf('a;b\n1,5;2\n2,125;3\n')).toMatchObject({
      numbers: [
        ['line 2 column a', 1.5],
        ['line 2 column b', 2],
        ['line 3 column a', 2.125],
        ['line 3 column b', 3],
      ],
      warnings: [],
    });
    const left = (cell: string) => `column "a" (line ${cell}) was left out: a comma in a number may group thousands or begin the fraction`;
    // One and a bit or a thousand; both at once; a point that would be the second one.
    expect(readOf('a;b\n1,234;2\n5,678;3\n')).toMatchObject({ warnings: [left('2: "1,234"')] });
    expect(readOf('a;b\n1,5;2\n1,234,567;3\n')).toMatchObject({ warnings: [left('3: "1,234,567"')] });
    expect(readOf('a;b\n1,5;2\n2.5;3\n')).toMatchObject({ warnings: [left('3: "2.5"')] });
    expect(readOf('a;b\n2.5;2\n1,5;3\n')).toMatchObject({ warnings: [left('3: "1,5"')] });
  });

  it('hazard 33: bits are not taken for bytes', () => {
    const { measurements } = readOf('id,size MB,size Mb,rate (Gb/s),used_mb\nr1,1,2,3,4\n');
    expect(measurements.map(({ unit }) => unit)).toEqual(['MB', null, null, 'MB']);
    expect(readOf('id,size\nr1,5 Mb\nr2,6 Mb\n').numbers).toEqual([]);
  });

  it('hazard 33: a column whose cells bring another unit than the header is left out, and that is said', () => {
    expect(readOf('id,a,b (ms),c\nr1,5 ms,5 s,7\nr2,6 s,6 s,8\n')).toMatchObject({
      numbers: [
        ['line 2 column c', 7],
        ['line 3 column c', 8],
      ],
      warnings: [
        'column "b (ms)" (line 2: "5 s") was left out: the cells bring a unit that the header does not state',
        'column "a" (line 3: "6 s") was left out: its cells have different units, or some have none, and the header states none',
      ],
    });
    expect(readOf('id,a (ms)\nr1,5 ms\nr2,6\n').numbers).toHaveLength(2);
  });
});

describe('the end of a table', () => {
  it.each([
    ['a,b\n1,2\n3,4.2', 'its last cell, "4.2" in column "b", was not read'],
    ['a,b\n1,2\n3,', 'its last cell, which is empty, in column "b", was not read'],
    ['ms,model\n1,m\n2,llama-3', 'what it was measured on is unknown (column "model"), so the row was not read'],
    ['ms,model\n1,m\n2,"llama"', 'what it was measured on is unknown (column "model"), so the row was not read'],
    ['ms,batch_size\n1,8\n2,1', 'what it was measured on is unknown (column "batch_size"), so the row was not read'],
    ['ms,error\n1,\n2,"none"', 'whether it failed is unknown (column "error"), so the row was not read'],
    ['1,2', 'line 1, the last one, has no line end and cannot be told from a cut one: it was not read'],
  ])('hazard 29: of %j what may be cut is not read, and it looks cut', (text, said) => {
    const reading = read(text);
    expect(reading.status === 'read' ? reading.warnings.join('\n') : reading.reason).toContain(said);
    expect(looksCut(reading)).toBe(true);
  });

  it('hazard 29: a row that may be cut has no say in what separates the cells', () => {
    expect(readOf('a;b,c\n1;2,3\n').measurements).toMatchObject([{ pointer: 'line 2 column c', value: 3 }]);
    expect(read('a;b,c\n1;2')).toMatchObject({ status: 'refused', cut: true });
  });

  it.each([
    ['a.csv', 'a,b\n1,2\n3,"4.2"'],
    ['a.csv', 'a,b\n1,2\n'],
    ['a.csv', 'a,b\n1,2\n  '],
    ['a.md', '| a |\n| - |\n| 1 |'],
    ['a.md', 'Prose that ends without a line end.'],
    ['a.jsonl', '{"a": 1}\n{"a": 2}'],
    ['a.json', '{"a": 1}'],
    ['a.log', 'half a li'],
  ])('hazard 29: %s with %j does not look cut', (path, text) => expect(looksCut(read(text, path))).toBe(false));

  it.each([
    ['a.md', '| a | b |\n| - | - |\n| 1 | 2'],
    ['a.md', '| a | b |\n| - | - |\n| 1 | a\\|'],
    ['a.md', '| a | b |\n| - | - |\n| 1 |'],
    ['a.md', 'a | b\n- | -\n1 | 2\n3'],
    ['a.md', '| a | b |\n| -'],
    ['a.jsonl', '{"a": 1}\n{"a"'],
    ['a.jsonl', '{"a": 1'],
    ['a.jsonl', '{\n"a": 1,\n'],
    ['a.json', '{"a": 1}\n{"a"'],
    ['a.json', '{"a": Na'],
    ['a.csv', '{"a": 1'],
    ['a', '[{"a": 1}, {'],
    ['a.csv', 'a,b'],
    ['a.csv', 'a,b\n1,"2\n'],
  ])('hazard 29: %s with %j looks cut', (path, text) => expect(looksCut(read(text, path))).toBe(true));
});

describe('columns of numbers that no double holds', () => {
  it('are named, also where nothing else stands in them', () => {
    expect(readOf('model,tok_s\nm,1e999\nm,nan\n')).toMatchObject({
      numbers: [],
      warnings: ['line 2, column "tok_s": a double cannot hold 1e999; it was not read'],
    });
  });
});
