import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TABLES_WITH_HEAD, tables } from '../../../../test/support/csv-tables.ts';
import { readStreamed, readWhole } from './stream-for-test.ts';

const CHUNKS = [1, 7, 65_536];
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('StreamReader, of CSV', () => {
  it.each(CHUNKS)('reads any table as it is read whole, in pieces of %i bytes', (chunk) => {
    fc.assert(
      fc.property(tables(true), (text) => {
        const input = { path: 'runs/table.csv', bytes: bytesOf(text) };
        const streamed = readStreamed(input, { chunk });
        if (streamed !== null) expect(streamed).toEqual(readWhole(input));
      }),
      { numRuns: 100 },
    );
  });

  it.each(CHUNKS)('reads what comes behind its head as it is read whole, in pieces of %i bytes', (chunk) => {
    fc.assert(
      fc.property(TABLES_WITH_HEAD, ({ text, head }) => {
        const input = { path: 'runs/table.csv', bytes: bytesOf(text) };
        expect(readStreamed(input, { chunk, head })).toEqual(readWhole(input));
      }),
      { numRuns: 60 },
    );
  });
});

describe('StreamReader, of long and odd tables', () => {
  it('leaves out a header that repeats, where it has numbers and its words label nothing', () => {
    const table = `request,50,99\n${Array.from({ length: 60 }, (_, row) => `u${row * 7_919},${row},${row + 1}\n`).join('')}`;
    const input = { path: 'a.csv', bytes: bytesOf(`${table}request,50,99\nu1,2,3\n`) };
    for (const chunk of CHUNKS) expect(readStreamed(input, { chunk, head: table.length })).toEqual(readWhole(input));
  });

  it('labels rows that are read together as it labels them one by one', () => {
    const rows = (n: number, of: (row: number) => string) => Array.from({ length: n }, (_, row) => `${of(row)}\n`).join('');
    const table = `flavour,model,ttft_ms\n${rows(600, (row) => `f-${row},m${row % 3},${row % 97}.5`)}`;
    // Each model is a new one for long, so that rows are soon read together; their flavour is the same from then on.
    const text = `${table}${rows(3_000, (row) => `f+${row},k${row},${row % 89}.25`)}${rows(5_000, (row) => `same,k${row % 3_000},${row}`)}`;
    const input = { path: 'a.csv', bytes: bytesOf(text) };
    expect(readStreamed(input, { head: table.length })).toEqual(readWhole(input));
  });

  it('takes a row for endless by its length, in pieces of any size', () => {
    const texts = Array.from({ length: 18 }, (_, column) => `text${column}`);
    const table = `x_ms,${texts.join()}\n${Array.from({ length: 9 }, (_, row) => `${row},${texts.join()}\n`).join('')}`;
    const long = `7,${texts.map(() => 'a'.repeat(940_000)).join()}\n`;
    const input = { path: 'a.csv', bytes: bytesOf(`${table}${long}8,${texts.join()}\n`) };
    const [one, other] = [65_536, 2 ** 25].map((chunk) => readStreamed(input, { chunk, head: table.length }));
    expect(one?.numbers.length).toBe(9);
    expect(one?.warnings).toEqual([
      'line 11 has no end within 16777216 bytes: a quote in it is not closed, or its cells are too long for a file that is read as a stream; neither it nor what comes below was read',
    ]);
    expect(other).toEqual(one);
  });

  it('reads a row as long as the limit of one cell allows, and what comes below it', () => {
    const table = `x_ms,note\n${Array.from({ length: 9 }, (_, row) => `${row},n\n`).join('')}`;
    // Three bytes each, and as many as may be: more than 16 MiB.
    const maxCellChars = 6_000_000;
    const input = { path: 'a.csv', bytes: bytesOf(`${table}7,"${'€'.repeat(maxCellChars)}"\n8,n\n`), limits: { maxCellChars } };
    const streamed = readStreamed(input, { chunk: 2 ** 20, head: table.length });
    expect(streamed).toMatchObject({ status: 'read', records: 11, warnings: [] });
    expect(streamed?.numbers.length).toBe(11);
  });
});

describe('StreamReader, of columns whose numbers come late', () => {
  const rows = (n: number, of: (row: number) => string) => Array.from({ length: n }, (_, row) => `m,${of(row)}\n`).join('');
  const read = (head: string, rest: string, chunk: number) => {
    const input = { path: 'a.csv', bytes: bytesOf(`${head}${rest}`) };
    return { streamed: readStreamed(input, { chunk, head: head.length }), whole: readWhole(input) };
  };
  const late =
    'column "error" has no numbers in the first rows and has some further down: these were not read, because the file was read as a stream';
  const numbers = rows(700, (row) => `${row},${row}.5`);

  it.each([
    ['some failed', rows(20, (row) => `${row},${row % 5 === 0 ? 'timeout' : ''}`)],
    ['all failed', rows(20, (row) => `${row},oops`)],
    ['words that are no failures', rows(20, (row) => `${row},${row % 2 === 0 ? 'ok' : 'false'}`)],
  ])('takes numbers under "error" for codes, as whole reading does, where the first rows have: %s', (_, first) => {
    for (const chunk of CHUNKS.slice(1)) {
      const { streamed, whole } = read(`model,ttft_ms,error\n${first}`, numbers, chunk);
      expect(streamed).toEqual(whole);
      expect(streamed?.failed.at(-1)).toBe('line 721: error is 699.5');
    }
  });

  it('says that numbers under "error" were not read, and gives none for another, where the first rows have nothing there', () => {
    for (const chunk of CHUNKS.slice(1)) {
      const { streamed, whole } = read(`model,ttft_ms,error\n${rows(20, (row) => `${row},`)}`, numbers, chunk);
      expect(streamed?.warnings).toEqual([late]);
      expect(streamed?.failed).toEqual(whole.failed);
      expect(streamed?.numbers).toEqual(whole.numbers.filter((number) => !number.includes('column error')));
    }
  });

  it('says nothing where no number comes, or the head says already that the column is left out', () => {
    const words = read(
      `model,ttft_ms,error\n${rows(20, (row) => `${row},`)}`,
      rows(20, (row) => `${row},oops ${row}`),
      65_536,
    );
    expect(words.streamed).toEqual(words.whole);
    const mixed = read(`model,ttft_ms,error\n${rows(20, (row) => `${row},${row % 2 === 0 ? 'none' : '1.5'}`)}`, numbers, 65_536);
    expect(mixed.streamed).toEqual(mixed.whole);
  });

  it.each(['power_w', 'note'])(
    'reads the numbers of a column "%s" that is empty in the first rows, until a word stands among them',
    (name) => {
      const head = `model,ttft_ms,${name}\n${rows(20, (row) => `${row},`)}`;
      for (const chunk of CHUNKS.slice(1)) {
        const good = read(head, numbers, chunk);
        expect(good.streamed).toEqual(good.whole);
        const bad = read(head, `${numbers}m,1,broken\n${numbers}`, chunk);
        expect(bad.whole.warnings).toEqual([`column "${name}" was left out: line 722 has "broken" among numbers`]);
        expect(bad.streamed).toEqual(bad.whole);
      }
    },
  );
});

describe.each(['formats', 'seed-artifacts'])('StreamReader, of the tables of %s', (folder) => {
  const root = fileURLToPath(new URL(`../../../../../shared/data/${folder}/`, import.meta.url));
  const here = existsSync(root);
  const names = here ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:csv|tsv)$/.test(name)) : [];

  it.skipIf(!here)('has tables', () => expect(names.length).toBeGreaterThan(5));

  it.skipIf(!here).each(names)('reads %s as it is read whole', (name) => {
    const input = { path: name, bytes: readFileSync(root + name) };
    for (const chunk of CHUNKS) {
      const streamed = readStreamed(input, { chunk });
      if (streamed !== null) expect(streamed).toEqual(readWhole(input));
    }
  });
});
