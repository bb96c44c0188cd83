import type { Group, Source } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshRuns } from './fresh-runs.ts';

const fresh = (...of: Parameters<typeof freshRuns>) => freshRuns(...of).runs;

const group = (runs: number[], files: string[], n = runs.length): Group => ({
  ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', labels: {}, derived: [] },
  ...{ scope: 'a.json', pattern: 'a.json', runs: [...runs].sort((a, b) => a - b), n, samples: n },
  sources: files.map((file) => ({ path: `${file}.json`, sha256: file.padEnd(64, '0'), pointer: '/x' })),
});

describe('freshRuns', () => {
  it('are all of a group that was not there', () => expect(fresh(group([2, 1], ['a']), undefined)).toEqual([1, 2]));

  it('are none of files that stand there as before, moved or with others gone', () => {
    expect(fresh(group([1, 2], ['a', 'b']), group([1, 2], ['a', 'b']))).toEqual([]);
    expect(fresh(group([1], ['a']), group([1, 2], ['a', 'b']))).toEqual([]);
    const moved = { ...group([1], ['a']), sources: [{ path: 'old/a.json', sha256: 'a'.padEnd(64, '0'), pointer: '/x' }] };
    expect(fresh(group([1], ['a']), moved)).toEqual([]);
  });

  it('are all that an overwritten file holds', () => {
    expect(fresh(group([5, 6, 7], ['b']), group([5, 9], ['a']))).toEqual([5, 6, 7]);
    expect(fresh(group([5, 5], ['b']), group([5, 5], ['a']))).toEqual([5, 5]);
  });

  it('are those of a further file, or of rows that were added to one', () => {
    expect(fresh(group([1, 2, 8, 9], ['a', 'b']), group([1, 2], ['a']))).toEqual([8, 9]);
    expect(fresh(group([1, 2, 2], ['a2']), group([1, 2], ['a']))).toEqual([2]);
  });

  it('are one of a further file where each file counts once as soon as there are several', () => {
    expect(fresh(group([2.5, 9], ['a', 'b']), group([1, 2, 3, 4], ['a']))).toEqual([9]);
    expect(fresh(group([2, 3], ['a', 'b']), group([1, 2, 3], ['a']))).toEqual([3]);
  });

  it('are those of a further file where another one went', () => {
    expect(fresh(group([2, 8], ['b', 'c']), group([1, 2], ['a', 'b']))).toEqual([8]);
  });

  it('are none of what was put back, and all of a group that is there again with something new', () => {
    const had = (name: string) => (source: Source) => 'path' in source && source.path === `${name}.json`;
    expect(fresh(group([1, 2], ['a']), undefined, had('a'))).toEqual([]);
    expect(fresh(group([1, 2], ['a']), group([7], ['b']), had('a'))).toEqual([]);
    expect(fresh(group([1, 2, 9], ['a', 'c']), undefined, had('a'))).toEqual([1, 2, 9]);
    expect(freshRuns(group([1, 2, 9], ['a', 'c']), undefined, had('a')).added).toMatchObject([{ path: 'c.json' }]);
  });

  it('are, of values that were there before, none: which file a run stood in is not known', () => {
    // Rows were added, or all was measured anew and came out the same to the last digit: nobody can tell.
    expect(fresh(group([5, 6, 7], ['a2']), group([5, 6], ['a']))).toEqual([7]);
    // One of two files is overwritten, and one value of it comes again.
    expect(fresh(group([5, 7, 8], ['a2', 'b']), group([5, 6, 8], ['a', 'b']))).toEqual([7]);
    // With nothing else than what was there, all count: none would be nothing measured.
    expect(fresh(group([5, 6, 8], ['a2', 'b']), group([5, 6, 8], ['a', 'b']))).toEqual([5, 6, 8]);
  });

  it('are all where runs were thinned', () => {
    expect(fresh(group([1, 2, 3], ['a', 'b'], 9), group([1, 2], ['a']))).toEqual([1, 2, 3]);
  });

  it('are what was added, for any runs', () => {
    const runs = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(runs, runs, (old, added) => {
        expect(fresh(group([...old, ...added], ['a', 'b']), group(old, ['a']))).toEqual(added.toSorted((a, b) => a - b));
      }),
    );
  });
});
