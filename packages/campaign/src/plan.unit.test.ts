import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCampaign } from './campaign-file.ts';
import { cellKey, cellsOf } from './cell.ts';
import { moreRuns, type PlannedRun, planOf } from './plan.ts';

function fileOf({ gpus, repeats, seed }: { gpus: number; repeats: number; seed: number }) {
  const values = Array.from({ length: gpus }, (_, i) => i + 1).join(', ');
  return parseCampaign(
    `name: a\ndataset: b\nmodel: m\nseed: ${seed}\nrepeats: ${repeats}\nmatrix: { both: { num_gpu: [${values}] } }`,
    'a.yaml',
  );
}

const Given = fc.record({
  gpus: fc.integer({ min: 1, max: 6 }),
  repeats: fc.integer({ min: 1, max: 12 }),
  seed: fc.integer({ min: 0, max: 2 ** 40 }),
});
const orderOf = (runs: readonly PlannedRun[]) => runs.map(({ cell }) => cellKey(cell));

describe('planOf', () => {
  it('has every cell exactly once in each block of one repeat, and ordinals from 1', () => {
    fc.assert(
      fc.property(Given, (given) => {
        const file = fileOf(given);
        const cells = cellsOf(file).map(cellKey).sort();
        const plan = planOf(file);
        expect(plan.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: cells.length * given.repeats }, (_, i) => i + 1));
        for (let repeat = 1; repeat <= given.repeats; repeat++) {
          const block = plan.slice((repeat - 1) * cells.length, repeat * cells.length);
          expect(new Set(block.map((run) => run.repeat))).toEqual(new Set([repeat]));
          expect(orderOf(block).sort()).toEqual(cells);
        }
        expect(new Set(plan.map(({ look }) => look))).toEqual(new Set([0]));
      }),
    );
  });

  it('is the same for the same seed and another for another one', () => {
    const given = { gpus: 6, repeats: 10 };
    expect(planOf(fileOf({ ...given, seed: 3 }))).toEqual(planOf(fileOf({ ...given, seed: 3 })));
    const seeds = [0, 1, 2, 3, 2 ** 32, 2 ** 32 + 1, 2 ** 52];
    const orders = seeds.map((seed) => orderOf(planOf(fileOf({ ...given, seed }))).join('\n'));
    expect(new Set(orders).size).toBe(seeds.length);
  });

  it('does not repeat the order of one block in the others', () => {
    const plan = planOf(fileOf({ gpus: 6, repeats: 10, seed: 1 }));
    const blocks = Array.from({ length: 10 }, (_, i) => orderOf(plan.slice(i * 12, (i + 1) * 12)).join('\n'));
    expect(new Set(blocks).size).toBe(10);
  });
});

describe('moreRuns', () => {
  it('adds as many runs of each cell as are wanted, numbered on, in blocks of each cell once', () => {
    fc.assert(
      fc.property(
        Given,
        fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        (given, counts, look) => {
          const file = fileOf(given);
          const keys = cellsOf(file).map(cellKey);
          const wanted = new Map(keys.map((key, i) => [key, counts[i] ?? 0]));
          const planned = planOf(file);
          const added = moreRuns(planned, file, wanted, look);
          expect(added).toEqual(moreRuns(planned, file, wanted, look));
          expect(added.map(({ ordinal }) => ordinal)).toEqual(added.map((_, i) => planned.length + 1 + i));
          for (const key of keys) {
            const repeats = added.filter(({ cell }) => cellKey(cell) === key).map(({ repeat }) => repeat);
            expect(repeats).toEqual(Array.from({ length: wanted.get(key) ?? 0 }, (_, i) => given.repeats + 1 + i));
          }
          // No cell has its next repeat before all that want one have had theirs.
          const rounds = added.map(({ repeat }) => repeat);
          expect(rounds).toEqual(rounds.toSorted((a, b) => a - b));
          expect(new Set(added.map((run) => run.look)).size).toBeLessThanOrEqual(1);
          expect(added[0]?.look ?? look).toBe(look);
        },
      ),
    );
  });

  it('adds nothing where nothing is wanted', () => {
    const file = fileOf({ gpus: 2, repeats: 1, seed: 1 });
    expect(moreRuns(planOf(file), file, new Map(), 1)).toEqual([]);
  });
});
