import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStreamed, readWhole } from './stream-for-test.ts';

/** A number by its digits: what people write with points and commas, and how it is written with a point. */
type Digits = { negative: boolean; whole: string; fraction: string };

const digits = fc.record({
  negative: fc.boolean(),
  whole: fc.integer({ min: 0, max: 9_999_999 }).map(String),
  fraction: fc.oneof(
    fc.integer({ min: 0, max: 9 }).map(String),
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }).map((list) => list.join('')),
    fc.constant(''),
  ),
});

const sign = ({ negative }: Digits): string => (negative ? '-' : '');
const grouped = (whole: string, by: string): string => whole.replaceAll(/\B(?=(?:\d{3})+$)/g, by);
const numberOf = (one: Digits): number => Number(`${sign(one)}${one.whole}${one.fraction === '' ? '' : `.${one.fraction}`}`);

/** As written in Germany, with points between thousands or without. */
const european = (one: Digits, points: boolean): string =>
  `${sign(one)}${points ? grouped(one.whole, '.') : one.whole}${one.fraction === '' ? '' : `,${one.fraction}`}`;
/** As written in the United States, where commas group. */
const american = (one: Digits): string => `${sign(one)}${grouped(one.whole, ',')}${one.fraction === '' ? '' : `.${one.fraction}`}`;

/** What a stream reads of the column `ttft_ms` behind its head, by line. */
function numbersOf(text: string, head: string, chunk: number): Map<string, string> {
  const { numbers = [] } = readStreamed({ path: 'a.csv', bytes: new TextEncoder().encode(text) }, { chunk, head: head.length }) ?? {};
  return new Map(numbers.map((number) => JSON.parse(number)).map(([pointer, , , value]) => [pointer, value]));
}

const shown = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

describe('numbers of a streamed table with commas', () => {
  const semicolons = `name;ttft_ms;n\n${Array.from({ length: 20 }, (_, row) => `a;${row},5;${row}\n`).join('')}`;
  const commas = `name,ttft_ms\n${Array.from({ length: 20 }, (_, row) => `a,"${row + 1},250.5"\n`).join('')}`;

  it('are those that their digits make, where commas begin fractions, however they are cut into pieces', () => {
    const rows = fc.array(fc.tuple(digits, fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 200 }), fc.constantFrom('', ' '), (list, chunk, blank) => {
        // Points without a comma are left out of this: they may group thousands.
        const cells = list.map(([one, points, quoted]) => {
          const cell = european(one, points && one.fraction !== '');
          return quoted ? `"${cell}"` : `${blank}${cell}`;
        });
        const found = numbersOf(`${semicolons}${cells.map((cell) => `a;${cell};7\n`).join('')}`, semicolons, chunk);
        for (const [row, [one]] of list.entries())
          expect([cells[row], found.get(`line ${row + 22} column ttft_ms`)]).toEqual([cells[row], shown(numberOf(one))]);
      }),
      { numRuns: 300 },
    );
  });

  it('are those that their digits make, where commas group thousands, however they are cut into pieces', () => {
    const rows = fc.array(digits, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 200 }), (list, chunk) => {
        // A group of zeros alone in front is no way to write a number.
        const plain = list.map((one) => ({ ...one, whole: String(Number(one.whole)) }));
        const text = `${commas}${plain.map((one) => `a,"${american(one)}"\n`).join('')}`;
        const found = numbersOf(text, commas, chunk);
        for (const [row, one] of plain.entries())
          expect([american(one), found.get(`line ${row + 22} column ttft_ms`)]).toEqual([american(one), shown(numberOf(one))]);
      }),
      { numRuns: 300 },
    );
  });

  it('are those of a file that is read whole, whatever stands in the cells, and a column that is left out is told of', () => {
    const cell = fc.oneof(
      fc.tuple(digits, fc.boolean()).map(([one, points]) => european(one, points)),
      digits.map((one) => european(one, false)),
      fc.constantFrom('', '', ' ', 'N/A', '12,', ',5', '1.234', '0.125', '1.5', '12,5 ms', '7 ms', '1e3', '+3,25', '1,2,3', '1.2.3', '-'),
    );
    // What a column of whole numbers becomes further down a stream cannot know where rows above it have been read.
    const beside = fc
      .constantFrom(['1.234'], ['0.125', '1.5'], [])
      .chain((points) => fc.array(fc.constantFrom('', 'N/A', '7', '-12', '1234', '7 ms', ...points), { minLength: 12, maxLength: 12 }));
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 1, maxLength: 12 }),
        beside,
        fc.constantFrom('ttft_ms;n', 'ttft_ms;throughput', 'latency;requests'),
        (cells, others, names) => {
          const head = `${names}\n${Array.from({ length: 30 }, (_, row) => `${row * 3},5;${row * 3}\n`).join('')}`;
          const bytes = new TextEncoder().encode(`${head}${cells.map((one, row) => `${one};${others[row]}\n`).join('')}`);
          const whole = readWhole({ path: 'a.csv', bytes });
          const streamed = readStreamed({ path: 'a.csv', bytes }, { head: head.length });
          const found = new Set(streamed?.numbers);
          expect([...found].filter((number) => !whole.numbers.includes(number))).toEqual([]);
          for (const name of names.split(';')) {
            const of = whole.numbers.filter((number) => JSON.parse(number)[0].endsWith(` column ${name}`));
            const isTold = streamed?.warnings.some((warning) => warning.includes(`"${name}"`)) === true;
            if (!isTold) expect(of.filter((number) => !found.has(number))).toEqual([]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
