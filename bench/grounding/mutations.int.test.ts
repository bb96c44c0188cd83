import { beforeAll, describe, expect, it } from 'vitest';
import { faultsOf, type Outcome, precisionOf, recallOf, runMutations, sizeOf } from './mutations.ts';
import { generatedWorld, sampleWorld } from './worlds.ts';

// A small part of `npm run bench:grounding`, so that the checker cannot get worse unseen. Of few sentences one slip weighs more:
// what is asked here lies a little below the targets of the bench.
const SEED = 1;
const MOST_OF_KIND = 20;

describe('the checker, on sentences whose truth is known', () => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = runMutations([await sampleWorld(), await generatedWorld(1), await generatedWorld(2)], SEED, MOST_OF_KIND);
  }, 60_000);

  const slips = (of: string) =>
    outcome.slips
      .filter((slip) => slip.of.startsWith(of))
      .map(({ of: what, page, said }) => `${what}: ${page} => ${said}`)
      .slice(0, 5);

  it('is tried on hundreds of faults of every class', () => {
    expect(sizeOf(faultsOf(outcome))).toBeGreaterThan(400);
    for (const of of ['value', 'unit', 'date', 'binding', 'comparison'] as const)
      expect(sizeOf(faultsOf(outcome, of)), of).toBeGreaterThan(10);
  });

  it.each([
    ['value', 0.98],
    ['unit', 0.98],
    ['date', 0.97],
    ['binding', 0.94],
    ['comparison', 0.94],
  ] as const)('calls no fault of %s supported, or hardly one', (of, asked) => {
    expect({
      recall: recallOf(faultsOf(outcome, of)) >= asked,
      slips: recallOf(faultsOf(outcome, of)) >= asked ? [] : slips('false'),
    }).toEqual({ recall: true, slips: [] });
  });

  it('contradicts what is false, and little else', () => {
    expect({ precise: precisionOf(outcome) >= 0.97, slips: precisionOf(outcome) >= 0.97 ? [] : slips('true') }).toEqual({
      precise: true,
      slips: [],
    });
  });

  it('supports most of what is true', () => {
    expect(outcome.right.supported / sizeOf(outcome.right)).toBeGreaterThan(0.85);
  });
});
