import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldNumber } from '../number-literal.ts';
import { readStreamed } from './stream-for-test.ts';

const digits = (least: number, most: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((list) => list.join(''));

/** Numbers as programs write them, of any length, and as people do. */
const spellings = fc.oneof(
  fc
    .record({
      blanks: fc.constantFrom('', '', ' ', '  '),
      sign: fc.constantFrom('', '', '-', '+'),
      whole: digits(1, 20),
      fraction: digits(0, 20),
    })
    .map(({ blanks, sign, whole, fraction }) => `${blanks}${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`),
  fc.tuple(digits(1, 10), digits(1, 6)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc
    .double({ noNaN: true, min: -1e9, max: 1e9 })
    .filter((value) => value === 0 || Math.abs(value) > 1e-150)
    .map(String),
  fc.double({ noNaN: true, min: 1e-9, max: 1e21 }).map((value) => value.toPrecision(17)),
  digits(1, 18).map((fraction) => `.${fraction}`),
  digits(1, 18).map((whole) => `-${whole}.`),
  fc.constantFrom('0', '-0', '-0.0', '000', '007.50', '999999999', '1000000000', '999999999999999', '1000000000000000', '9007199254740993'),
);

describe('numbers of a streamed table', () => {
  it('are those that Number makes of their texts, however they are spelled and cut into pieces', () => {
    const head = `ttft_ms,y\n${Array.from({ length: 20 }, (_, row) => `${row}.5,${row}\n`).join('')}`;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(spellings, spellings), { minLength: 1, maxLength: 40 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 200 }),
        (rows, end, chunk) => {
          const text = `${head}${rows.map(([one, other]) => `${one},${other}${end}`).join('')}`.replaceAll(
            '\n',
            end === '\r' ? '\r' : '\n',
          );
          const bytes = new TextEncoder().encode(text);
          const { numbers = [] } = readStreamed({ path: 'a.csv', bytes }, { chunk, head: head.length }) ?? {};
          const found = new Map(numbers.map((number) => JSON.parse(number)).map(([pointer, , , value]) => [pointer, value]));
          for (const [row, cells] of rows.entries())
            for (const [index, name] of ['ttft_ms', 'y'].entries()) {
              // Each text is a number of its own size, which a double holds or not.
              const value = heldNumber((cells[index] ?? '').trim())?.value;
              const shown = value === undefined ? undefined : Object.is(value, -0) ? '-0' : String(value);
              expect([cells[index], found.get(`line ${row + 22} column ${name}`)]).toEqual([cells[index], shown]);
            }
        },
      ),
      { numRuns: 400 },
    );
  });
});
