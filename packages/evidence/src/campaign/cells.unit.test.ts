import { describe, expect, it } from 'vitest';
import { cellsOfRuns } from './cells.ts';
import { cellOf, labelsOf, runsOfCells } from './testing.ts';

describe('cellsOfRuns', () => {
  it('leaves out what was excluded, converts, and counts the looks', () => {
    const runs = runsOfCells([cellOf(labelsOf('a', 'serial', { seed: '7' }), [20, 21, 22], { look: [0, 2, 1] })]);
    const [first, second] = runs;
    if (!first || !second) throw new Error('three were made');
    const cells = cellsOfRuns([
      { ...first, measured: { wall_clock: { value: 20_000, unit: 'ms' }, repairs: { value: 1, unit: 'furlongs' } } },
      second,
      ...runs.slice(2).map((run) => ({ ...run, outcome: 'excluded' as const, reason: 'the server was lost' })),
    ]);
    expect(cells).toMatchObject([{ profile: 'a', looks: 3, values: { wall_clock: [20, 21] } }]);
    expect(cells[0]?.values).not.toHaveProperty('repairs');
    // Runs that differ in the seed alone are repeats.
    expect(cells[0]?.labels).not.toHaveProperty('seed');
  });
});
