import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { censusOf, censusOfAll, perFolder } from './census.ts';
import { describedFile, HASH } from './testing.ts';

describe('censusOfAll', () => {
  const drawn = fc.record({
    folder: fc.constantFrom('a/', 'a/b/', 'c/', ''),
    bytes: fc.nat(1000),
    kind: fc.constantFrom('csv' as const, 'json' as const),
    status: fc.constantFrom('read' as const, 'refused' as const),
    fails: fc.boolean(),
    numbers: fc.nat(5),
  });

  it('counts, of any parts, what is counted of the artifacts one by one', () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), (all, size) => {
        const descriptions = all.map(({ folder, bytes, kind, status, fails, numbers }, i) => {
          const failed = fails ? [{ pointer: 'line 2', reason: 'it failed' }] : [];
          const one = describedFile({ path: `${folder}${i}.x`, measurements: [], more: { bytes, kind, status, failed } }, HASH(i));
          return { ...one, tally: { ...one.tally, numbers, telemetry: one.tally.telemetry.map((_, at) => at * numbers) } };
        });
        const parts = Array.from({ length: Math.ceil(all.length / size) }, (_, i) => descriptions.slice(i * size, (i + 1) * size));
        const census = censusOfAll(parts.map(censusOf));
        const n = (some: readonly { bytes: number }[]) => ({ n: some.length, bytes: some.reduce((sum, { bytes }) => sum + bytes, 0) });
        const none = { n: 0, bytes: 0 };
        expect(census.all).toEqual(n(all));
        for (const kind of ['csv', 'json'] as const) {
          expect(census.kinds.get(kind) ?? none).toEqual(n(all.filter((one) => one.kind === kind)));
          for (const folder of ['a', 'a/b', 'c'])
            expect(perFolder(census).get(folder)?.get(kind) ?? none).toEqual(
              n(all.filter((one) => one.kind === kind && one.folder.startsWith(`${folder}/`))),
            );
        }
        // Files beside the folders are in none.
        const inFolders = new Set(
          all.flatMap(({ folder }) => (folder === 'a/b/' ? ['a', 'a/b'] : folder === '' ? [] : [folder.slice(0, -1)])),
        );
        expect(new Set(perFolder(census).keys())).toEqual(inFolders);
        for (const status of ['read', 'refused'] as const)
          expect(census.statuses.get(status) ?? none).toEqual(n(all.filter((one) => one.status === status)));
        expect([...census.sizes].sort((a, b) => a - b)).toEqual(all.map(({ bytes }) => bytes).sort((a, b) => a - b));
        expect(census.failing.length).toBe(all.filter(({ fails }) => fails).length);
        const numbers = all.reduce((sum, one) => sum + one.numbers, 0);
        expect(census.tally.numbers).toBe(numbers);
        expect(census.tally.telemetry).toEqual(census.tally.telemetry.map((_, at) => at * numbers));
      }),
    );
  });
});
