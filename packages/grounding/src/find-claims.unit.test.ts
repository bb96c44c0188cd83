import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPage } from './check.ts';
import type { Claim } from './claim.ts';
import { createTruth } from './create-truth.ts';
import { claimsIn } from './find-claims.ts';
import { stretchesOf } from './page.ts';
import { plainText } from './plain-text.ts';

const NAMES = new Set(['q4_k_m', 'gemma3', '8b']);

function claims(source: string): Claim[] {
  return stretchesOf(plainText(source).text).flatMap((stretch) => claimsIn(stretch.text, NAMES));
}

/** The only number that a text states, as `value unit`. */
function number(source: string): string {
  const found = claims(source).filter((claim) => claim.kind === 'number');
  expect(found, source).toHaveLength(1);
  const [claim] = found;
  if (claim?.kind !== 'number') throw new Error('It is no number.');
  return `${Number(claim.numeral.value.toPrecision(12))}${claim.unit === null ? '' : ` ${claim.unit.name}`}`;
}

function amounts(source: string): string[] {
  return claims(source)
    .filter(({ kind }) => kind !== 'comparison' && kind !== 'name' && kind !== 'dominance')
    .map(({ text }) => text);
}

describe('numbers, in every spelling', () => {
  it.each([
    ['grouped by commas', 'It took 1,234.5 ms.', '1234.5 ms'],
    ['several groups', 'There were 1,234,567 bytes.', '1234567 bytes'],
    ['grouped by spaces that do not break', 'It took 12\u00a0345.6 ms.', '12345.6 ms'],
    ['grouped by narrow spaces', 'It took 12\u202f345 ms.', '12345 ms'],
    ['grouped by apostrophes', "It took 12'345 ms.", '12345 ms'],
    ['thousands by k', 'It reached 1.2k tok/s.', '1200 tok/s'],
    ['millions in words', 'It saw 3.5 million tokens.', '3500000 tokens'],
    ['a power of ten, raised', 'It took 3.4×10⁻³ s.', '0.0034 s'],
    ['a power of ten, with ^', 'It took 3.4 x 10^-3 s.', '0.0034 s'],
    ['a power of ten, with e', 'It took 3.4e-3 s.', '0.0034 s'],
    ['a number word', 'There are twelve CSV files.', '12'],
    ['a number word of two parts', 'There are twenty-eight files.', '28'],
    ['a number word of many parts', 'There are one hundred and one files.', '101'],
    ['a dozen', 'There are a dozen files.', '12'],
    ['a third', 'A third of the files are CSV.', '33.3333333333 %'],
    ['two thirds', 'It needs two thirds of the memory.', '66.6666666667 %'],
    ['half', 'It takes half of the time.', '50 %'],
    ['a fraction sign', 'It needs ½ of it.', '0.5'],
    ['times', 'It is 2.5x as fast.', '2.5 times'],
    ['times, with ×', 'It is 2.5× as fast.', '2.5 times'],
    ['twice', 'It is twice as fast.', '2 times'],
    ['tenfold', 'It is a tenfold gain.', '10 times'],
    ['full-width digits', 'It took １２３．４ ms.', '123.4 ms'],
    ['Arabic-Indic digits', 'It took ١٢٣ ms.', '123 ms'],
    ['the sign −', 'It changed by −4.2 ms.', '-4.2 ms'],
    ['a hyphen as sign', 'It changed by -4.2 ms.', '-4.2 ms'],
    ['a plus', 'It changed by +4.2 ms.', '4.2 ms'],
    ['a space that does not break before the unit', 'It took 94.1\u00a0ms.', '94.1 ms'],
    ['no space before the unit', 'It took 94.1ms.', '94.1 ms'],
    ['per cent with a space', 'It is 57.8 % of it.', '57.8 %'],
    ['points', 'It rose by 3.5 percentage points.', '3.5 percentage points'],
    ['binary bytes', 'It holds 512 MiB.', '512 MiB'],
    ['decimal bytes', 'It holds 512 MB.', '512 MB'],
    ['a rate in words', 'It makes 102 tokens per second.', '102 tok/s'],
    ['without a leading zero', 'It took .5 s.', '0.5 s'],
    ['bold', 'It took **94.1 ms**.', '94.1 ms'],
    ['a value in code', 'It took `94.1 ms`.', '94.1 ms'],
    ['split by what cannot be seen', 'It took 9\u200b4.1 ms.', '94.1 ms'],
    ['an entity', 'It took 94.1&nbsp;ms.', '94.1 ms'],
    ['an ordinal', 'It came 3rd.', '3'],
  ])('%s', (_, source, wanted) => {
    expect(number(source)).toBe(wanted);
  });

  it('knows how exact it is', () => {
    const steps = ['102 ms', '102.0 ms', '1.2k tok/s', '3.4×10⁻³ s', '1,200 ms'].map((source) => {
      const [claim] = claims(`It is ${source}.`);
      return claim?.kind === 'number' ? Number(claim.numeral.step.toPrecision(6)) : null;
    });
    expect(steps).toEqual([1, 0.1, 100, 1e-4, 1]);
  });

  it('tells what weakens a number', () => {
    const hedges = [
      'about 50 ms',
      'approximately 50 ms',
      '~50 ms',
      'over 50 ms',
      'more than 50 ms',
      'under 50 ms',
      'up to 50 ms',
      '50 ms',
    ].map((source) => claims(`It took ${source}.`).find(({ kind }) => kind === 'number')?.hedge);
    expect(hedges).toEqual(['about', 'about', 'about', 'over', 'over', 'under', 'under', null]);
  });
});

describe('numbers that belong together', () => {
  it('reads a range with one unit, and with two', () => {
    const ranges = ['It took 10–20 ms.', 'It took 10 to 20 ms.', 'It took between 10 and 20 ms.', 'It took 0.01 s to 20 ms.'].map(
      (source) => {
        const [claim] = claims(source);
        return claim?.kind === 'range' ? [claim.low.value, claim.high.value, claim.unit?.name] : claim?.kind;
      },
    );
    expect(ranges).toEqual(Array(4).fill([10, 20, 'ms']));
  });

  it('reads a deviation beside its value', () => {
    const found = claims('It took 94.1 ± 2.5 ms.').map((claim) =>
      claim.kind === 'number' || claim.kind === 'spread' ? [claim.kind, claim.numeral.value, claim.unit?.name] : claim.kind,
    );
    expect(found).toEqual([
      ['number', 94.1, 'ms'],
      ['spread', 2.5, 'ms'],
    ]);
  });

  it.each([
    ['p<0.001', 'p', 0.001],
    ['p = 0.012', 'p', 0.012],
    ['n = 5', 'n', 5],
    ['n=12', 'n', 12],
  ])('reads %s', (text, of, value) => {
    const [claim] = claims(`It differs (${text}).`);
    expect(claim).toMatchObject({ kind: 'sample', of, numeral: { value } });
  });

  it.each([
    ['4 of 5 records failed', 4, 5],
    ['two of the twelve runs failed', 2, 12],
    ['3 out of 49 records failed', 3, 49],
  ])('reads %s', (text, part, whole) => {
    expect(claims(`${text}.`)[0]).toMatchObject({ kind: 'part', part: { value: part }, whole: { value: whole } });
  });
});

describe('dates', () => {
  const day = { from: Date.UTC(2025, 10, 14), to: Date.UTC(2025, 10, 15), grain: 'day' };
  it.each(['2025-11-14', 'November 14, 2025', '14 November 2025', 'Nov 14th, 2025', '11/14/2025', '14.11.2025', '2025/11/14'])(
    'reads %s',
    (text) => {
      const [claim] = claims(`It was modified on ${text}.`);
      expect(claim?.kind === 'date' ? claim.dates : claim).toMatchObject([day]);
    },
  );

  it('reads a time, a month, and a span', () => {
    const [time] = claims('It was modified at 2025-11-14 18:53:30 UTC.');
    expect(time).toMatchObject({ kind: 'date', dates: [{ from: Date.UTC(2025, 10, 14, 18, 53, 30), grain: 'second' }] });
    const [month] = claims('It is of October 2025.');
    expect(month).toMatchObject({ kind: 'date', dates: [{ from: Date.UTC(2025, 9), to: Date.UTC(2025, 10), grain: 'month' }] });
    const [span] = claims('It ran from October 2025 to November 2025.');
    expect(span?.kind === 'date' && span.dates).toHaveLength(2);
  });

  it('takes no day that the calendar does not have', () => {
    expect(claims('It is called 2025-02-30.').filter(({ kind }) => kind === 'date')).toEqual([]);
  });
});

describe('names, which are no claims', () => {
  it.each([
    'Q4_K_M',
    'gemma3',
    'an 8B model',
    'the RTX 4090',
    'v0.30 and 1.2.3',
    'TR108',
    'p95 and the 99th percentile',
    'num_ctx=512',
    'a temperature of 0.4',
    'https://example.org/a/42?b=7',
    'see [the page](https://example.org/1234)',
    '`results[12].latency`',
    'run_20251002-170837',
    'Table 2 and Section 3.1',
    'issue #42',
    'commit 5a3b1c0d',
    '1920x1080',
    'CUDA 12.4',
    'a 4-bit model',
  ])('%s', (text) => {
    expect(amounts(`It is about ${text}.`)).toEqual([]);
  });

  it('takes the number of a list item for no claim', () => {
    const empty = createTruth({ facts: [], artifacts: [] });
    expect(checkPage('1. First of all\n2. Then\n\n10) At last', empty)).toEqual([]);
  });
});

describe('places', () => {
  const values = [
    '1,234.5 ms',
    '１２ ms',
    '3.4×10⁻³ s',
    '12\u00a0345 bytes',
    '−4.2 ms',
    'twelve files',
    '10–20 ms',
    '2025-11-14',
    'n = 5',
    '57.8 %',
    '9\u200b4 ms',
    'a third of it',
    '94.1&nbsp;ms',
    '**7 ms**',
  ];
  const fillers = ['Das ist 𝓯ein', 'and so on', '\u2028', '🙂', 'é\u0301', '—', '"so"', '&amp;', '\\*', 'über allem', '\t', 'x_y'];
  const empty = createTruth({ facts: [], artifacts: [] });

  it('cut out of the page as it was given exactly the words of the claim', () => {
    const piece = fc.oneof(fc.constantFrom(...values), fc.constantFrom(...fillers));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom(' ', '\n', '\n\n', ', '), (pieces, between) => {
        const page = pieces.join(between);
        for (const { start, end, text, claim } of checkPage(page, empty)) {
          expect(page.slice(start, end)).toBe(text);
          expect(start).toBeLessThan(end);
          // Spelled plainly, and without marks, it is what was judged.
          expect(
            plainText(text)
              .text.replaceAll(/[*\s]+/g, ' ')
              .trim(),
          ).toBe(claim.text.replaceAll(/[*\s]+/g, ' ').trim());
        }
      }),
      { seed: 7, numRuns: 400 },
    );
  });

  it('lie in order and apart', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 8 }), (pieces) => {
        const found = claims(`It is ${pieces.join(' and ')}.`);
        for (const [i, claim] of found.entries()) expect(claim.start).toBeGreaterThanOrEqual(found[i - 1]?.end ?? 0);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
