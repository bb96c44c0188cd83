import { readFileSync } from 'node:fs';
import { changePoints } from '@chimera/statistics';
import { describe, expect, it } from 'vitest';

const DOCUMENT = new URL('../../../../docs/history.md', import.meta.url);
const SERIES = 100;

/** Noise of mean 0 and deviation 1, nearly normal: sums of twelve even ones, by the generator of Park and Miller. */
function noise(seed: number, n: number): number[] {
  let state = 1 + ((seed * 7_919) % 2_147_483_646);
  const even = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Array.from({ length: n }, () => Array.from({ length: 12 }, even).reduce((sum, x) => sum + x, -6));
}

/** Whether both ends of a dip of 16 % are found within a point; `deviation` of the noise in percent. */
function isFound([before, dip, after]: readonly number[], deviation: number, seed: number): boolean {
  const [from = 0, to = 0] = [before, (before ?? 0) + (dip ?? 0)];
  const values = noise(seed, to + (after ?? 0)).map((z, i) => 100 + deviation * z - (i >= from && i < to ? 16 : 0));
  const found = changePoints(values).map(({ index }) => index);
  return [from, to].every((end) => found.some((index) => Math.abs(index - end) <= 1));
}

describe('a dip that goes back to just where it was', () => {
  it('is found as often as the documentation says', () => {
    const text = readFileSync(DOCUMENT, 'utf8');
    const rows = [...text.matchAll(/^\| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$/gm)].map((row) => row.slice(1).map(Number));
    expect(rows.length).toBeGreaterThanOrEqual(10);
    const seeds = Array.from({ length: SERIES }, (_, seed) => seed);
    const found = rows.map(([before = 0, dip = 0, after = 0]) => {
      const dips = [before, dip, after];
      return [...dips, seeds.filter((seed) => isFound(dips, 0.5, seed)).length];
    });
    expect(found).toEqual(rows);
  });

  // Without noise the first cut has t² = L (N - 2) / N for L inventories of the dip among N, as many before as after, whatever its depth.
  // It needs p < 0.01: t of 2.898, 2.878, 2.779, 2.771, 2.690 and 2.687 at 17, 18, 26, 27, 45 and 46 degrees of freedom (any table of t).
  it.each([
    [5, 10],
    [10, 9],
    [20, 8],
  ])('needs, with %i inventories on each side, %i of its own, however small the noise', (side, least) => {
    expect(isFound([side, least - 1, side], 1e-4, 1)).toBe(false);
    expect(isFound([side, least, side], 1e-4, 1)).toBe(true);
  });
});
