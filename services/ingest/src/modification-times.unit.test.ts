import { clockFacts, inOneGo, modificationFacts } from '@chimera/evidence';
import type { Observations } from '@chimera/shared/domain';
import { canonicalJson, inOnePiece } from '@chimera/shared/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from './entry.ts';
import { type KnownArtifact, knownArtifact, observedOf } from './known-artifact.ts';
import { ModificationTimes, observationsBytes } from './modification-times.ts';
import { refusedArtifact } from './outcome.ts';

const KINDS = ['csv', 'json', 'unknown'] as const;
const TIMES = ['2020-01-01T00:00:00.000Z', '2020-01-02T00:00:00.000Z', '2024-05-06T07:08:09.000Z'] as const;

/** An artifact that says it ran in 2021, or says nothing of it. */
function knownOf(path: string, time: number, isStated: boolean): KnownArtifact {
  const entry: Entry = { path, bytes: 1, modifiedMs: Date.parse(TIMES[time] ?? ''), changedMs: 0, inode: 1, type: 'file' };
  const artifact = { ...refusedArtifact(entry, 'a'.repeat(64), 'none'), kind: KINDS[path.length % KINDS.length] ?? 'csv' };
  const samples = isStated ? [{ labels: { timestamp: '2021-01-01T00:00:00Z' }, first: 'line 2' }] : [];
  return knownArtifact(entry, artifact, { samples } as unknown as KnownArtifact['content']);
}

describe('ModificationTimes', () => {
  const one = fc.record({
    name: fc.oneof(fc.integer({ min: 0, max: 900 }).map(String), fc.string({ unit: 'binary', maxLength: 3 })),
    time: fc.integer({ min: 0, max: 2 }),
    isStated: fc.boolean(),
    seen: fc.option(fc.constantFrom(...TIMES), { freq: 3 }),
  });
  const step = fc.record({ come: fc.array(one, { maxLength: 700, size: 'max' }), gone: fc.integer({ min: 1, max: 9 }) });

  it('tells after any changes what is found of all artifacts at once, and writes it as its canonical JSON', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        const times = new ModificationTimes();
        const there = new Map<string, KnownArtifact>();
        const seen = new Map<string, string | null>();
        for (const { come, gone } of steps) {
          for (const path of [...there.keys()].filter((_, i) => i % gone === 0)) there.delete(path);
          for (const { name, time, isStated, seen: first } of come) {
            seen.set(name, first);
            // Some only come to be known as seen earlier or later.
            if (!there.has(name)) there.set(name, knownOf(name, time, isStated));
          }
          const sorted = [...there.keys()].sort().map((path) => there.get(path) as KnownArtifact);
          const told = inOneGo(times.told(sorted.map((known) => observedOf(known, seen.get(known.artifact.path) ?? null))));

          const modified = sorted.map(({ entry: { path, modifiedMs }, artifact: { sha256 } }) => ({
            modified: seen.get(path) ?? TIMES.find((time) => Date.parse(time) === modifiedMs) ?? '',
            path,
            sha256,
          }));
          expect(told.modified).toEqual(modified);
          const stated = sorted.flatMap(({ content, artifact: { path } }, i) =>
            (content?.samples ?? []).map(({ first }) => ({
              ...{ path, sha256: 'a'.repeat(64), stated: '2021-01-01T00:00:00Z', pointer: first },
              modified: modified[i]?.modified ?? '',
            })),
          );
          const byPath = new Map(modified.map((m) => [m.path, m.modified]));
          const artifacts = sorted.map(({ artifact }) => artifact);
          expect(told.facts).toEqual([...modificationFacts(artifacts, byPath), ...clockFacts(stated)]);

          const observations = { bucket: 'b', facts: told.facts, modified, takenAt: TIMES[0], schema: 's' } as unknown as Observations;
          const written = Buffer.from(inOnePiece(observationsBytes(observations, told.json))).toString('utf8');
          expect(written).toBe(canonicalJson(observations));
        }
      }),
      { numRuns: 25 },
    );
  });
});
