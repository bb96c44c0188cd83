import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { meanOfSorted, stddevOfSorted } from './moments.ts';
import { preciseMean, preciseStddev } from './precise-moments.ts';

const ROOT = fileURLToPath(new URL('../../../../shared/data/statistics/nist-strd/', import.meta.url));

type Certified = Record<string, { mean: string; sd: string; n: string }>;

/** The numbers of a file: its last n lines; the lines before describe them. */
function valuesOf(name: string, n: number): Float64Array {
  const lines = readFileSync(`${ROOT}${name}.txt`, 'utf8').trimEnd().split('\n');
  return Float64Array.from(lines.slice(-n), Number).sort();
}

/** How many digits agree (McCullough's log relative error), at most 15: more were not certified. */
function digits(found: number | null, certified: string): number {
  const [value, expected] = [found ?? Number.NaN, Number(certified)];
  return value === expected ? 15 : Math.min(15, -Math.log10(Math.abs(value - expected) / Math.abs(expected)));
}

// The digits of the standard deviation end where those of the values do: 10000000.1 is no double, and the nearest is 2e-9 away, a
// share of 6e-9 of the deviation 0.1. These are the digits that exact fractions of the doubles have; `plain`, those without compensation.
const POSSIBLE = [
  { name: 'Lew', mean: 15, sd: 15, plain: { mean: 15, sd: 14 } },
  { name: 'Lottery', mean: 15, sd: 15, plain: { mean: 15, sd: 15 } },
  { name: 'Mavro', mean: 15, sd: 13, plain: { mean: 15, sd: 12 } },
  { name: 'Michelso', mean: 15, sd: 13, plain: { mean: 15, sd: 12 } },
  { name: 'NumAcc1', mean: 15, sd: 15, plain: { mean: 15, sd: 15 } },
  { name: 'NumAcc2', mean: 15, sd: 15, plain: { mean: 13, sd: 14 } },
  { name: 'NumAcc3', mean: 15, sd: 9, plain: { mean: 13, sd: 9 } },
  { name: 'NumAcc4', mean: 15, sd: 8, plain: { mean: 14, sd: 7 } },
  { name: 'PiDigits', mean: 15, sd: 15, plain: { mean: 15, sd: 14 } },
];

describe.skipIf(!existsSync(ROOT))("NIST's certified univariate statistics", () => {
  const certified: Certified = existsSync(ROOT) ? JSON.parse(readFileSync(`${ROOT}certified.json`, 'utf8')) : {};

  it.each(POSSIBLE)('$name: all $mean digits of the mean and $sd of the deviation that doubles allow', ({ name, mean, sd, plain }) => {
    const { n, mean: certifiedMean, sd: certifiedSd } = certified[name] ?? { n: '0', mean: '', sd: '' };
    const values = valuesOf(name, Number(n));
    expect(values).toHaveLength(Number(n));
    expect(digits(preciseMean(values), certifiedMean)).toBeGreaterThanOrEqual(mean);
    expect(digits(preciseStddev(values), certifiedSd)).toBeGreaterThanOrEqual(sd);
    // As DuckDB computes them.
    expect(digits(meanOfSorted(values), certifiedMean)).toBeGreaterThanOrEqual(plain.mean);
    expect(digits(stddevOfSorted(values), certifiedSd)).toBeGreaterThanOrEqual(plain.sd);
  });
});
