import { describe, expect, it } from 'vitest';
import { CsvCells } from './csv-cells.ts';
import { guessDelimiter } from './csv-delimiter.ts';
import { parseCarefully } from './json-parser.ts';
import { scanJson } from './json-scan.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { isRuler, splitRow } from './markdown-row.ts';
import { readArtifact } from './read-artifact.ts';
import { statisticFromName } from './statistic-from-name.ts';
import { columnNames } from './table.ts';
import { unitFromName } from './unit-from-name.ts';

/**
 * Counts the characters that a function looks at by itself: those that it asks for, and those that it searches or trims.
 * Patterns are not counted; for those the texts below are long enough that none could be finished if its time grew faster.
 */
function workOf(work: () => void): number {
  const { charCodeAt, indexOf, trim, startsWith } = String.prototype;
  let count = 0;
  try {
    Object.assign(String.prototype, {
      charCodeAt(this: string, at: number) {
        count += 1;
        return charCodeAt.call(this, at);
      },
      indexOf(this: string, part: string, from = 0) {
        const found = indexOf.call(this, part, from);
        count += (found < 0 ? this.length : found) - from + 1;
        return found;
      },
      trim(this: string) {
        const trimmed = trim.call(this);
        count += this.length - trimmed.length + 1;
        return trimmed;
      },
      startsWith(this: string, part: string, at?: number) {
        count += part.length;
        return startsWith.call(this, part, at);
      },
    });
    work();
  } finally {
    Object.assign(String.prototype, { charCodeAt, indexOf, trim, startsWith });
  }
  return count;
}

function walk(text: string): void {
  const cells = new CsvCells(text, ',');
  while (cells.next()) cells.isBlank();
}

const ROOM = { maxColumns: Number.POSITIVE_INFINITY, maxCellChars: Number.POSITIVE_INFINITY };
const N = 20_000;

/** What to do with a text, and a text of about n characters that is made to be as bad as it can be. */
const PARTS: readonly [string, (text: string) => void, (n: number) => string][] = [
  ['cells of quotes that never close, and blanks', walk, (n) => `"${'"x'.repeat(n / 4)}${' '.repeat(n / 2)}`],
  ['cells of quotes with blanks behind each', walk, (n) => `"${'" '.repeat(n / 2)}`],
  ['cells of quotes with many blanks behind some', walk, (n) => `"${`"${' '.repeat(Math.sqrt(n))}`.repeat(Math.sqrt(n))}`],
  ['cells of doubled quotes', walk, (n) => '""'.repeat(n / 2)],
  ['cells of blanks', walk, (n) => `${' '.repeat(n / 2)},${' '.repeat(n / 2)}`],
  ['rows of quoted cells', walk, (n) => '"a",b\n'.repeat(n / 6)],
  ['a delimiter to be guessed in one line', (text) => guessDelimiter(text, ',', 1e9), (n) => ',;\t|"'.repeat(n / 5)],
  ['a row of Markdown of pipes', (text) => splitRow(text, 1, ROOM), (n) => '|'.repeat(n)],
  ['a row of Markdown of backslashes', (text) => splitRow(text, 1, ROOM), (n) => '\\|'.repeat(n / 2)],
  ['a ruler with blanks', (text) => isRuler(text), (n) => `|-${' '.repeat(n)}x`],
  ['lists in lists', (text) => scanJson(text, { maxDepth: 1e9, maxValues: 1e9 }, { line: 1, values: 0 }), (n) => '['.repeat(n)],
  [
    'JSON of quotes and backslashes',
    (text) => scanJson(`[${text}`, DEFAULT_LIMITS, { line: 1, values: 0 }),
    (n) => '"\\"\\\\"'.repeat(n / 6),
  ],
  ['a number of many digits', parseCarefully, (n) => `[1.${'0'.repeat(n)}e`],
  ['numbers and words', parseCarefully, (n) => `[${'1e1,NaN,-Infinity,'.repeat(n / 18)}`],
  ['keys that stand twice', parseCarefully, (n) => `{${'"a":1,'.repeat(n / 6)}"a":1}`],
  ['lists that are parsed', parseCarefully, (n) => '['.repeat(n)],
  ['columns of one name', (text) => columnNames(text.split(',')), (n) => 'a,'.repeat(n / 20)],
];

describe('work', () => {
  it.each(PARTS)('hazard 34: grows with the length and not faster: %s', (_what, work, text) => {
    const [once, twice] = [text(N), text(2 * N)].map((one) => workOf(() => work(one)));
    expect(once).toBeGreaterThan(0);
    expect((twice ?? 0) / (once ?? 0)).toBeLessThan(2.5);
  });
});

const MEGABYTE = 1_000_000;
/** What the patterns of this package repeat, in lines of a megabyte. */
const IN_A_LINE = [
  ' ',
  '\t',
  '0',
  '1',
  '9',
  '.',
  '1.',
  '-',
  '+',
  '-+',
  'e',
  '1e',
  ',',
  '1,',
  '1,2',
  ' 1',
  '"',
  '""',
  '" ',
  "'",
  '|',
  '|-',
  '| ',
]
  .concat([
    '\\|',
    '\\',
    ':',
    ':-',
    '|:-:',
    '*',
    '_',
    '**',
    '`',
    '#',
    '# ',
    '(',
    ')',
    '()',
    '([',
    '(a/b)',
    '/',
    '%',
    'p9',
    'P9',
    'aA',
    'a_',
    '1 of ',
    '1 ± ',
    "1'234",
  ])
  .concat([
    '1/',
    '1 (1%)',
    'Error',
    'error ',
    'NaN',
    'Infinity',
    '-Infinity',
    '{',
    '[',
    '{}',
    '[]',
    '[1,',
    '{"a":',
    ':NaN}',
    '"\\',
    '\\u',
    'é',
  ])
  .concat(['Â\u00a0', 'â€', '\ufdfa', '😀', '\u00a0', '\u2028', '\ufeff']);
/** What makes many lines. */
const LINES = ['\n', '\r', '\r\n', '\n\n,', ',\n', '|\n', '-|-\n', '|a|\n|-|\n', '"\n', '{}\n', '{"a"\n'];

describe('a megabyte of one thing', { timeout: 60_000 }, () => {
  it.each(['a.csv', 'a.md', 'a.json', 'a.jsonl'])(
    'hazard 34: is read or refused, before and between other things, under the name %s',
    (path) => {
      for (const [runs, length] of [[IN_A_LINE, MEGABYTE] as const, [LINES, MEGABYTE / 20] as const]) {
        for (const run of runs) {
          const long = run.repeat(length / 3 / run.length);
          for (const text of [`${long}x${long}x${long}x`, `a,b\n|-|-|\n|1,${long}x${long}x|\n2,3\n`, `|a|b|\n|-|-${long}x\n`]) {
            const reading = readArtifact({ path, bytes: Buffer.from(text) });
            if (reading.status === 'refused') expect(reading.reason).not.toContain('fault of its own');
          }
        }
      }
    },
  );

  it('hazard 34: names a column, a key or a unit', () => {
    for (const run of [...IN_A_LINE, ...LINES]) {
      const name = run.repeat(MEGABYTE / run.length);
      for (const text of [name, `latency ${name} ms`, `(${name})`, `${name} (ms)`]) {
        unitFromName(text);
        statisticFromName(text);
      }
    }
  });
});
