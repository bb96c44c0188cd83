import type { Measurement } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksCut, readArtifact } from './read-artifact.ts';

/** What a generated file says of one number: it comes from the generator, and never from a reader. */
type Told = Pick<Measurement, 'value' | 'unit' | 'labels' | 'failed'>;
type Generated = { path: string; text: string; told: ReadonlyMap<string, Told> };

function readings(path: string, bytes: Uint8Array): ReturnType<typeof readArtifact> {
  const reading = readArtifact({ path, bytes });
  if (reading.status === 'refused') expect(reading.reason).not.toContain('fault of its own');
  return reading;
}

/** Cuts a file at every byte: whatever is read of the rest must be what the generator told of that very place. */
function holdsAtEveryCut({ path, text, told }: Generated): void {
  const bytes = Buffer.from(text);
  for (let end = 0; end <= bytes.length; end += 1) {
    const reading = readings(path, bytes.subarray(0, end));
    for (const { pointer, value, unit, labels: found, failed } of reading.status === 'read' ? reading.measurements : []) {
      // Which other tables have the metric only a whole page can tell.
      const { place, ...labels } = found;
      expect({ pointer, value, unit, labels, failed }, `cut at byte ${end} of ${JSON.stringify(text)}`).toEqual({
        pointer,
        ...told.get(pointer),
      });
    }
  }
}

const literal = fc.oneof(
  fc.nat(99999).map(String),
  fc.integer({ min: -999, max: 999 }).map((digits) => `${digits}.25`),
  fc.tuple(fc.nat(99), fc.nat(9999)).map(([whole, part]) => `${whole}.${part}`),
  fc.constantFrom('1e3', '12.5e-2', '-0.5', '0', '+7'),
);
const word = fc.string({ unit: fc.constantFrom('a', 'b', '7', ' ', '"', ',', ';', '|', '-', 'é', "'", '#'), maxLength: 6 });
/** Words that no row could make a number of: what a column is, is judged by all of its rows, and a cut file has fewer. */
const note = fc.oneof(
  fc.constant(''),
  word.map((inner) => `n${inner}`),
);
/** A label ends with a letter too, so that it is the same with and without the blanks around it. */
const label = word.map((inner) => `m${inner}x`);
const error = fc.constantFrom<[string, boolean]>(
  ['', false],
  ['none', false],
  ['timed out', true],
  ['none" found', true],
  ['a, "b"', true],
);

const column = fc.constantFrom('latency_ms', 'tokens_s', 'note', 'model', 'error', 'backend');
const UNITS: Readonly<Record<string, string>> = { latency_ms: 'ms', tokens_s: 'tok/s' };

/** One row: the words of its cells by column, and what they say. */
const row = fc.record({ latency_ms: literal, tokens_s: literal, note, model: label, backend: label, error });
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

function toldOf(row: Row, columns: readonly string[], line: number): [string, Told][] {
  const labels: Record<string, string> = {};
  for (const name of ['model', 'backend'] as const) if (columns.includes(name)) labels[name] = row[name];
  const failed = columns.includes('error') && row.error[1];
  return (['latency_ms', 'tokens_s'] as const)
    .filter((name) => columns.includes(name))
    .map((name) => [`line ${line} column ${name}`, { value: Number(row[name]), unit: UNITS[name] ?? null, labels, failed }]);
}

const cellOf = (row: Row, name: string): string => (name === 'error' ? row.error[0] : String(row[name as keyof Row]));

/** Tables with at least one column of numbers, in any order: also with one of labels or errors at the end, where a cut hits it. */
const table = fc.tuple(
  fc.uniqueArray(column, { minLength: 2, maxLength: 5 }).filter((names) => names.some((name) => name in UNITS)),
  fc.array(row, { minLength: 1, maxLength: 4 }),
);

const csv = fc
  .tuple(
    table,
    fc.constantFrom<[string, string]>(['a.csv', ','], ['a.csv', ';'], ['a.tsv', '\t'], ['a.csv', '|']),
    fc.constantFrom('\n', '\r\n', '\r'),
  )
  .chain(([[columns, rows], [path, delimiter], newline]) =>
    fc.tuple(fc.boolean(), fc.boolean()).map(([all, ended]): Generated => {
      const quoted = (cell: string) => (all || /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell);
      const lines = [columns, ...rows.map((one) => columns.map((name) => cellOf(one, name)))].map((cells) =>
        cells.map(quoted).join(delimiter),
      );
      return {
        path,
        text: lines.join(newline) + (ended ? newline : ''),
        told: new Map(rows.flatMap((one, index) => toldOf(one, columns, index + 2))),
      };
    }),
  );

const markdown = fc.tuple(table, table, fc.boolean(), fc.boolean()).map(([first, second, edges, ended]): Generated => {
  const lines = ['# Title of 12 things', ''];
  const told = new Map<string, Told>();
  const cell = (words: string) => words.replaceAll('|', '\\|').replaceAll('"', "'").trim();
  for (const [columns, rows] of [first, second]) {
    const line = (cells: readonly string[]) => (edges ? `| ${cells.join(' | ')} |` : cells.join(' | '));
    lines.push(line(columns), line(columns.map(() => '---')));
    for (const one of rows) {
      const plain: Row = { ...one, model: cell(one.model).replaceAll('\\|', '|'), backend: cell(one.backend).replaceAll('\\|', '|') };
      lines.push(line(columns.map((name) => cell(cellOf(one, name)) || '-')));
      for (const [pointer, what] of toldOf(plain, columns, lines.length)) told.set(pointer, what);
    }
    lines.push('', 'Prose with 5 ms in it.', '');
  }
  return { path: 'a.md', text: lines.join('\n') + (ended ? '\n' : ''), told };
});

const jsonLines = fc
  .tuple(table, fc.constantFrom('\n', '\r\n'), fc.constantFrom('a.jsonl', 'a.json', 'a'))
  .map(([[columns, rows], newline, path]): Generated => {
    const told = new Map<string, Told>();
    const lines = rows.map((one, index) => {
      for (const [pointer, what] of toldOf(one, columns, index + 1)) {
        told.set(pointer.replace('column ', '/'), what);
        // Cut behind its first line, a file that is not named as lines is a document.
        if (path !== 'a.jsonl' && index === 0) told.set(pointer.replace('line 1 column ', '/'), what);
      }
      const members = columns.map((name) => {
        const value = name in UNITS ? JSON.stringify(Number(cellOf(one, name))) : JSON.stringify(cellOf(one, name));
        return `${JSON.stringify(name)}: ${value}`;
      });
      return `{${members.join(', ')}}`;
    });
    return { path, text: [...lines, '{"end": "x"}'].join(newline), told };
  });

describe('a file that is cut off', { timeout: 60_000 }, () => {
  it('hazard 29: yields no other number, of CSV and TSV cut at every byte', () => {
    fc.assert(fc.property(csv, holdsAtEveryCut), { numRuns: 150 });
  });

  it('hazard 29: yields no other number, of Markdown cut at every byte', () => {
    fc.assert(fc.property(markdown, holdsAtEveryCut), { numRuns: 100 });
  });

  it('hazard 29: yields no other number, of JSON lines cut at every byte', () => {
    fc.assert(fc.property(jsonLines, holdsAtEveryCut), { numRuns: 100 });
  });

  it('hazard 29: gives back what was written, where nothing is cut', () => {
    for (const generated of [csv, markdown, jsonLines]) {
      fc.assert(
        fc.property(generated, ({ path, text, told }) => {
          const reading = readings(path, Buffer.from(`${text}\n`));
          const pointers = [...told.keys()].filter((pointer) => pointer.startsWith('line '));
          expect(reading.status === 'read' ? reading.measurements.map(({ pointer }) => pointer).sort() : reading.reason).toEqual(
            pointers.sort(),
          );
          expect(looksCut(reading)).toBe(false);
        }),
      );
    }
  });

  it('hazard 29: is refused and said to look cut, of JSON cut at every byte', () => {
    const value = fc.jsonValue({ maxDepth: 2 });
    const document = fc.oneof(
      fc.array(value, { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 5 }), value, { maxKeys: 4 }),
    );
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const bytes = Buffer.from(JSON.stringify(value, null, space));
        for (let end = 0; end < bytes.length; end += 1) {
          for (const path of ['a.json', 'a', 'a.jsonl', 'a.csv']) {
            const reading = readings(path, bytes.subarray(0, end));
            // Lines of a list may be documents of their own.
            if (path !== 'a.jsonl') expect(reading, `${path} cut at byte ${end}`).toMatchObject({ status: 'refused' });
            expect(looksCut(reading), `${path} cut at byte ${end}: ${bytes.subarray(0, end)}`).toBe(true);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('hazard 29: says that it looks cut, of a table that ends inside of a row', () => {
    fc.assert(
      fc.property(csv, ({ path, text }) => {
        const bytes = Buffer.from(text.replace(/[\r\n]+$/, ''));
        for (let end = 0; end < bytes.length; end += 1) {
          const last = bytes[end - 1];
          // Behind a line's end nobody can tell; a closing quote shows that a number is whole.
          if (last === 0x0a || last === 0x0d || last === 0x22) continue;
          expect(looksCut(readings(path, bytes.subarray(0, end))), `cut at byte ${end} of ${JSON.stringify(text)}`).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});
