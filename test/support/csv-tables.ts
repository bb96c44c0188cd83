import fc from 'fast-check';

/** Cells that rows of measurements have, by the header above them. */
const COLUMNS: readonly (readonly [header: string, cell: fc.Arbitrary<string>])[] = [
  ['model', fc.constantFrom('a:8b', 'b:70b', 'µ "q"', '')],
  ['variant', fc.constantFrom('base', 'flash', 'spec, 2', '')],
  ['concurrency', fc.constantFrom('1', '8', '64')],
  ['status', fc.constantFrom('ok', 'ok', 'ok', 'failed', 'error: out of memory')],
  ['error', fc.constantFrom('', '', '', 'none', 'connection reset', '0')],
  ['success', fc.constantFrom('1', '1', '0', 'true')],
  ['request_id', fc.uuid()],
  ['user', fc.constantFrom('u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7', 'Total', 'p95', 'prefill')],
  ['timestamp', fc.nat().map((second) => new Date(second * 1000).toISOString())],
  ['ttft_ms', fc.oneof(number(), number(), fc.constantFrom('', 'N/A', '-1'))],
  ['p95_ttft_ms', number()],
  ['latency_ms', number()],
  ['load_s', fc.constantFrom('0.1', '0.2', '0.3', '12')],
  ['tokens_s', number()],
  ['Eval rate (tokens/s)', number()],
  ['gpu', fc.constantFrom('0', '1')],
  [
    'util',
    fc.oneof(
      number(),
      number().map((one) => `${one} %`),
    ),
  ],
  ['odd', fc.oneof({ weight: 30, arbitrary: number() }, { weight: 1, arbitrary: fc.constantFrom('word', '1,5', '7 ms', '1e999') })],
  ['empty', fc.constant('')],
  ['seldom', fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: number() })],
];

function number(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.integer({ min: 0, max: 5_000 }).map(String),
    fc.double({ min: 0, max: 5_000, noNaN: true }).map(String),
    fc.constantFrom('0', '-0', '1e3', '2.5E-2', ' 12.5 ', '+4', '.5', '5.', '12345678901234567890', '0.1234567890123456789', '1e200'),
  );
}

function fraction(): fc.Arbitrary<string> {
  return fc.integer({ min: 1, max: 9_999_999 }).map((one) => String(one / 1000));
}

/** What may stand between rows of a table. */
const BETWEEN = fc.constantFrom('', '', '', '', '', '', '', 'blank', 'comment', 'ragged', 'header', 'delimiters');

type TableOptions = { delimiter: string; newline: string; quoted: boolean; ended: boolean };

/**
 * Texts of tables as people drop them: some well formed, some not.
 * @param ended whether the last line has an end
 */
export const tables = (ended: boolean): fc.Arbitrary<string> =>
  fc
    .record({
      columns: fc.uniqueArray(fc.nat(COLUMNS.length - 1), { minLength: 2, maxLength: 9 }),
      delimiter: fc.constantFrom(',', ',', ';', '\t'),
      newline: fc.constantFrom('\n', '\n', '\r\n', '\r'),
      quoted: fc.boolean(),
      length: fc.integer({ min: 1, max: 40 }),
    })
    .chain(({ columns, length, ...options }) => {
      const row = fc.tuple(...columns.map((index) => COLUMNS[index]?.[1] ?? fc.constant('')));
      const header = columns.map((index) => COLUMNS[index]?.[0] ?? '');
      const rows = fc.array(fc.tuple(row, BETWEEN), { minLength: length, maxLength: length });
      return rows.map((list) => textOf(header, list, { ...options, ended }));
    });

function textOf(header: readonly string[], rows: readonly (readonly [readonly string[], string])[], options: TableOptions): string {
  const { delimiter, newline, quoted, ended } = options;
  const line = (cells: readonly string[]): string => cells.map((cell) => written(cell, delimiter, quoted)).join(delimiter);
  const lines = [line(header)];
  for (const [cells, between] of rows) {
    if (between === 'blank') lines.push('');
    if (between === 'comment') lines.push('# a comment');
    if (between === 'ragged') lines.push(line(cells.slice(1)));
    if (between === 'header') lines.push(line(header));
    if (between === 'delimiters') lines.push(delimiter.repeat(header.length - 1));
    lines.push(line(cells));
  }
  return lines.join(newline) + (ended ? newline : '');
}

function written(cell: string, delimiter: string, quoted: boolean): string {
  const needs = quoted || cell.includes(delimiter) || cell.includes('"') || /[\r\n]/.test(cell);
  return needs ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Rows that say all that a head decides: each column is filled, texts that label repeat. */
const SAID = Array.from({ length: 24 }, (_, row) => [
  ['a:8b', 'b:70b'][row % 2] ?? '',
  ['1', '8', '64'][row % 3] ?? '',
  row === 5 ? 'failed' : 'ok',
  `r-${row}`,
  ['x', 'y'][row % 2] ?? '',
  `${20 + row}.5`,
  `${900 + row}`,
  `${40 + row}`,
  row === 3 ? '12' : '0.2',
  `${row}`,
]);

const NEW_ROW = fc.tuple(
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom('a:8b', 'b:70b') }, { weight: 1, arbitrary: fc.constantFrom('c:1b', 'd "q"', '') }),
  fc.constantFrom('1', '8', '64', '128'),
  fc.oneof(
    { weight: 9, arbitrary: fc.constant('ok') },
    { weight: 1, arbitrary: fc.constantFrom('error: out of memory', 'timeout', '500') },
  ),
  fc.uuid(),
  fc.constantFrom('x', 'y', 'z'),
  fc.oneof({ weight: 20, arbitrary: fraction() }, { weight: 1, arbitrary: fc.constantFrom('', 'N/A', '-3', '7 %') }),
  number(),
  number(),
  fc.constantFrom('0.1', '0.3', '15'),
  fc.oneof({ weight: 200, arbitrary: fraction() }, { weight: 1, arbitrary: fc.constantFrom('word', '1.5 W') }),
);

/** Tables of which the first rows are enough to be told how to read the rest, and the length of these in characters. */
export const TABLES_WITH_HEAD: fc.Arbitrary<{ text: string; head: number }> = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t'),
    newline: fc.constantFrom('\n', '\r\n'),
    quoted: fc.boolean(),
    rows: fc.array(fc.tuple(NEW_ROW, BETWEEN), { minLength: 1, maxLength: 60 }),
    ended: fc.boolean(),
  })
  .map(({ rows, ...options }) => {
    const header = [
      'model',
      'concurrency',
      'status',
      'request',
      'variant',
      'ttft_ms',
      'latency_ms',
      'Eval rate (tokens/s)',
      'load_s',
      'power',
    ];
    const said = SAID.map((cells) => [cells, ''] as const);
    const head = textOf(header, said, { ...options, ended: true });
    const rest = textOf(header, rows, options);
    // The last one's header stands between: as of a file that was written in two parts.
    return { text: head + rest, head: head.length };
  });
