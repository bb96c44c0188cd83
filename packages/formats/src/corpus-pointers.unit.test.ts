import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Measurement } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { readArtifact } from './read-artifact.ts';

const DATA = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const FILES = ['formats', 'seed-artifacts'].flatMap((folder) => (existsSync(`${DATA}${folder}`) ? filesBelow(`${DATA}${folder}`) : []));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(DATA.length))
    .filter((path) => path !== 'formats/SOURCES.csv');
}

/** A number of a document as its digits stand there: a double would lose those of large integers. */
class Digits {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

/** A document with its numbers as digits. Engines hand the source of each value to a reviver, which the types do not know yet. */
function parseKeepingDigits(text: string): unknown {
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? new Digits(context?.source ?? '') : value;
  return JSON.parse(text, revive);
}

/** RFC 6901, written for this test alone. */
function atPointer(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  let value = document;
  for (const step of pointer.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return value;
}

/** The cells of a line of CSV with `,` between them. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  for (const [, quoted, bare] of line.matchAll(/(?:^|,)(?:[ \t]*"((?:[^"]|"")*)"[ \t]*|([^,]*))/g))
    cells.push((quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"')).trim());
  return cells;
}

/** The values in brackets behind VALUES of a line of SQL. */
function sqlCellsOf(list: string): string[] {
  return [...list.matchAll(/'((?:[^']|'')*)'|([^\s,()]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** The cell of a column on a line of a table: CSV, a pipe table, or an INSERT; undefined where there is none. */
function cellAt(lines: readonly string[], number: number, column: string): string | undefined {
  const line = lines[number - 1] ?? '';
  const [, names, values] = /^INSERT INTO \S+ \(([^)]*)\) VALUES \((.*)\)/i.exec(line) ?? [];
  if (names !== undefined && values !== undefined) return sqlCellsOf(values)[names.split(',').findIndex((name) => name.trim() === column)];
  const split = (text: string) =>
    text.trimStart().startsWith('|')
      ? text
          .trim()
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim())
      : cellsOf(text.replace(/\r$/, ''));
  // The header is the closest line above that holds the column's name.
  for (let above = number - 1; above >= 1; above -= 1) {
    const index = split(lines[above - 1] ?? '').indexOf(column);
    if (index >= 0) return split(line)[index];
  }
  return undefined;
}

/** Every number of a text, as its digits stand there, commas left out. */
function numbersIn(text: string): string[] {
  return [...text.matchAll(/(?<![\d.])[+-]?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?/g)].map(([digits]) => digits.replaceAll(',', ''));
}

/** What stands where a pointer leads: the digits of the number, or of the numbers of a line of text. */
function digitsAt(text: string, pointer: string): string[] {
  const lines = text.split('\n');
  const [, number, rest = ''] = /^line (\d+)(?: (.*))?$/s.exec(pointer) ?? [];
  if (number === undefined) return digitsOf(atPointer(parseKeepingDigits(text), pointer));
  const line = lines[Number(number) - 1] ?? '';
  if (rest.startsWith('/')) return digitsOf(atPointer(parseKeepingDigits(line), rest));
  if (!rest.startsWith('column ')) return numbersIn(line);
  const cell = cellAt(lines, Number(number), rest.slice('column '.length));
  return numbersIn(cell ?? line);
}

function digitsOf(value: unknown): string[] {
  if (value instanceof Digits) return [value.digits];
  // Some tools write numbers as texts.
  return typeof value === 'string' ? numbersIn(value) : [];
}

/** Whether a measurement is the number that stands there: the same double, and where that has lost digits, the same digits. */
function stands(measurement: Measurement, digits: readonly string[]): boolean {
  const { value, text } = measurement;
  return digits.some((one) => Number(one) === value && (text === null || text === one) && (text !== null || !hasLost(one)));
}

/** An integer that a double does not hold. */
function hasLost(digits: string): boolean {
  return /^-?\d+$/.test(digits) && BigInt(digits) !== BigInt(Number(digits));
}

describe('the resolver of this test', () => {
  it('finds the digits, and nothing where a pointer leads nowhere', () => {
    expect(digitsAt('{"a/b":[1,{"~x":12345678901234567890}]}', '/a~1b/1/~0x')).toEqual(['12345678901234567890']);
    expect(digitsAt('{"a":1}', '/b')).toEqual([]);
    expect(digitsAt('{"a":1}\n{"a":2.50}', 'line 2 /a')).toEqual(['2.50']);
    expect(digitsAt('a, "b ""c""",d\n1,"2, or 2",3 MiB\n', 'line 2 column d')).toEqual(['3']);
    expect(digitsAt('a,b\n1,2\n\nc,d\n3,4\n', 'line 5 column d')).toEqual(['4']);
    expect(digitsAt('| a | b (ms) |\n|---|---|\n| x | 7.5 |\n', 'line 3 column b (ms)')).toEqual(['7.5']);
    expect(digitsAt("INSERT INTO t (a, b) VALUES ('x, y', '3');", 'line 1 column b')).toEqual(['3']);
    expect(digitsAt('one\neval rate: 1,234.50 tokens/s', 'line 2')).toEqual(['1234.50']);
  });

  it('tells another number, and lost digits, from the number', () => {
    const measurement = { value: 2 ** 53, text: null } as unknown as Measurement;
    expect(stands(measurement, ['9007199254740992'])).toBe(true);
    expect(stands(measurement, ['9007199254740993'])).toBe(false);
    expect(stands({ ...measurement, text: '9007199254740993' }, ['9007199254740993'])).toBe(true);
    expect(stands({ ...measurement, value: 2 }, ['3', '22', '0.2'])).toBe(false);
  });
});

describe.skipIf(FILES.length === 0)('every number that is read of the collected files and the seed artifacts', () => {
  it.each(FILES)('%s: stands where its pointer leads', (path) => {
    const bytes = readFileSync(`${DATA}${path}`);
    const reading = readArtifact({ path, bytes });
    if (reading.status === 'refused') return;
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    const digits = resolverOf(text);
    const wrong = reading.measurements.filter((one) =>
      one.pointer.includes(' ÷ ') ? !isQuotient(one, digits) : !stands(one, digits(one.pointer)),
    );
    expect(wrong.slice(0, 5)).toEqual([]);
  });
});

/** A derived rate names the numbers that it is made of: a count over a duration in nanoseconds. */
function isQuotient({ value, pointer }: Measurement, digits: (pointer: string) => string[]): boolean {
  const [count, duration, ...more] = pointer.split(' ÷ ').map((part) => digits(part));
  if (count?.length !== 1 || duration?.length !== 1 || more.length > 0) return false;
  const rate = Number((BigInt(count[0] ?? '') * 10n ** 21n) / BigInt(duration[0] ?? '')) / 1e12;
  return Math.abs(value - rate) <= 1e-10 * rate;
}

/** The same as `digitsAt`, with each document parsed once. */
function resolverOf(text: string): (pointer: string) => string[] {
  const documents = new Map<string, unknown>();
  const lines = text.split('\n');
  const parsed = (line: string): unknown => {
    if (!documents.has(line)) documents.set(line, parseKeepingDigits(line === '' ? text : (lines[Number(line) - 1] ?? '')));
    return documents.get(line);
  };
  return (pointer) => {
    const [, line = '', rest] = /^(?:line (\d+) )?(\/.*)$/s.exec(pointer) ?? [];
    return rest === undefined ? digitsAt(text, pointer) : digitsOf(atPointer(parsed(line), rest));
  };
}
