import type { Group } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOneGo } from '../steps.ts';
import { arrivalsSince } from './arrivals.ts';

/** A group of one file for each value; its runs are the values. */
const groupOf = (model: number, values: readonly number[]): Group => ({
  ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', labels: { model: `m${model}` }, derived: [] },
  ...{ scope: 'run-*.json', pattern: 'run-*.json', n: values.length, samples: values.length },
  runs: [...values].sort((a, b) => a - b),
  sources: values.map((value) => ({ path: `${value}.json`, sha256: `${value}f`.padStart(64, '0'), pointer: '/x' })),
});

const values = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

describe('arrivalsSince', () => {
  it('finds the same whether unchanged groups are the objects they were or equal ones', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(values, fc.option(values)), { maxLength: 6 }), (models) => {
        const before = models.map(([had], model) => groupOf(model, had));
        const now = models.map(([, has], model) => (has === null ? (before[model] as Group) : groupOf(model, has)));
        const arrivals = (was: readonly Group[]) => inOneGo(arrivalsSince(now, was, () => false));
        expect(arrivals(before)).toEqual(arrivals(structuredClone(before)));
      }),
    );
  });

  it('brings all runs of a first inventory, and of a repetition none', () => {
    const groups = [groupOf(0, [5, 3]), groupOf(1, [4])];
    expect(inOneGo(arrivalsSince(groups, [], () => false)).map(({ n, value }) => [n, value])).toEqual([
      [2, 4],
      [1, 4],
    ]);
    expect(inOneGo(arrivalsSince(groups, groups, () => false))).toEqual([]);
  });
});
