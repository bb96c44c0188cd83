import { canonicalJson } from '@chimera/shared/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CampaignCell } from './cells.ts';
import { judgeCampaign } from './judge-campaign.ts';
import { cellOf, labelsOf } from './testing.ts';

const some = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 0, maxLength: 7 });
const anyCell = fc
  .record({
    profile: fc.constantFrom('a', 'b', 'c'),
    arrangement: fc.constantFrom('serial', 'parallel', 'alone'),
    start: fc.constantFrom('warm', 'cold'),
    num_gpu: fc.constantFrom('60', '80'),
    context: fc.constantFrom('4096', '2048', 'not told'),
    looks: fc.integer({ min: 1, max: 3 }),
    wall: some,
    ttft: some,
    share: some,
  })
  .map(({ profile, arrangement, start, num_gpu, context, looks, wall, ttft, share }) =>
    cellOf(
      labelsOf(profile, arrangement as 'serial', { num_gpu, context_in_force: context }, start as 'warm'),
      wall,
      { time_to_first_token: ttft, sentences_survived: share },
      looks,
    ),
  );
const anyCampaign = fc.uniqueArray(anyCell, { selector: ({ labels }) => canonicalJson(labels), maxLength: 9 });

describe('judgeCampaign, of anything', () => {
  it('depends on the order of neither cells nor runs, and is the same every time', () => {
    fc.assert(
      fc.property(anyCampaign, fc.integer(), (cells, seed) => {
        const turned = [...cells]
          .sort((a, b) => hash(canonicalJson(a.labels), seed) - hash(canonicalJson(b.labels), seed))
          .map((cell) => ({ ...cell, values: Object.fromEntries(Object.entries(cell.values).map(([k, v]) => [k, [...v].reverse()])) }));
        const plain = (given: readonly CampaignCell[]) => canonicalJson(withoutValues(judgeCampaign(given)));
        expect(plain(turned)).toBe(plain(cells));
      }),
      { numRuns: 60 },
    );
  });

  it('asks for more runs exactly where something is undecided, and never for none', () => {
    fc.assert(
      fc.property(anyCampaign, (cells) => {
        const { undecided, decided, speedUps, comparisons } = judgeCampaign(cells);
        const open = [...speedUps, ...comparisons].filter((one) => !one.decided);
        expect(decided).toBe(undecided.length === 0);
        for (const one of undecided) expect(open.some(({ of, to }) => of === one.of && to === one.to)).toBe(true);
        const isSplit = (one: CampaignCell) =>
          cells.filter((c) => c.profile === one.profile && c.arrangement === one.arrangement && c.start === one.start).length > 1;
        expect(undecided.length).toBeGreaterThanOrEqual(open.filter(({ of, to }) => !isSplit(of) && !isSplit(to)).length);
        expect(new Set(undecided.map(({ name }) => name)).size).toBe(undecided.length);
        for (const { needed } of undecided) expect(needed >= 1 && needed <= 200).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  /** Two orders hold the same values otherwise: what is said of them is compared. */
  function withoutValues(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value, (key, own) => (key === 'values' && !Array.isArray(own) ? undefined : own)));
  }

  function hash(text: string, seed: number): number {
    let found = seed | 0;
    for (const char of text) found = Math.imul(found ^ char.charCodeAt(0), 0x01000193);
    return found;
  }
});
