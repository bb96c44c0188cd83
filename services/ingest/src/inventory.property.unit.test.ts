import { EmptyInventory, inOneGo } from '@chimera/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alike, campaign, content, path, SETTINGS, table } from '../../../test/support/drawn-contents.ts';
import { comparisonWith } from './baseline.ts';
import { Unreadable } from './bucket.ts';
import { DATASET_FILE, type Entry } from './entry.ts';
import type { TakenInventory, TakeOptions } from './inventory.ts';
import { createReadings } from './readings.ts';
import { MemoryBucket, memoryTables } from './testing.ts';
import { take, textOf } from './testing-readings.ts';

/** What is done to a bucket: its files, and how it looks to whoever takes its inventory. */
type World = {
  bucket: MemoryBucket;
  odd: Map<string, Entry['type']>;
  unreadable: Set<string>;
  seen: Map<string, string>;
  maxBytes: number;
};
const REPEATED = fc.constantFrom('runs/r-run1.csv', 'runs/r-run2.csv', 'runs/r-run3.csv');
const change: fc.Arbitrary<(world: World) => void> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.constantFrom('a.csv', 'b.csv', 'c.csv', 'runs/r-run1.csv', 'runs/r-run2.csv'), alike).map(
      ([to, text]) =>
        ({ bucket }: World) =>
          bucket.put(to, text),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(path, content).map(
      ([to, text]) =>
        ({ bucket }: World) =>
          bucket.put(to, text),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom('runs.jsonl', 'kept/runs.jsonl'), campaign).map(
      ([to, text]) =>
        ({ bucket }: World) =>
          bucket.put(to, text),
    ),
  },
  {
    weight: 2,
    arbitrary: path.map(
      (from) =>
        ({ bucket }: World) =>
          bucket.remove(from),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(path, path).map(
      ([from, to]) =>
        ({ bucket }: World) =>
          bucket.rename(from, to),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(REPEATED, REPEATED).map(
      ([from, to]) =>
        ({ bucket }: World) =>
          bucket.rename(from, to),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(path, path).map(
      ([from, to]) =>
        ({ bucket }: World) =>
          bucket.copy(from, to),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(path, fc.constantFrom('link' as const, 'denied' as const, 'file' as const))
      .map(([at, type]) => ({ odd }: World) => {
        odd.set(at, type);
      }),
  },
  {
    weight: 1,
    arbitrary: path.map((at) => ({ bucket, unreadable }: World) => {
      if (!unreadable.delete(at)) unreadable.add(at);
      // As the system does it where rights change.
      bucket.rename(at, at);
    }),
  },
  {
    weight: 1,
    arbitrary: fc.option(fc.constantFrom(...SETTINGS)).map((text) => ({ bucket }: World) => {
      if (text === null) bucket.remove(DATASET_FILE);
      else bucket.put(DATASET_FILE, text);
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(path, fc.nat(3)).map(([at, day]) => ({ seen }: World) => {
      seen.set(at, `2024-01-0${day + 1}T00:00:00.000Z`);
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom(60, 1_000_000).map((most) => (world: World) => Object.assign(world, { maxBytes: most })) },
);
/** Some changes, then an inventory; `breaksOff`: one before it is broken off after so many pauses. */
type Step = { changes: ((world: World) => void)[]; breaksOff: number | null; again: string | null };
const step: fc.Arbitrary<Step> = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  breaksOff: fc.option(fc.integer({ min: 1, max: 120 }), { freq: 4 }),
  again: fc.option(path, { freq: 4 }),
});

function optionsIn({ bucket, odd, unreadable, seen, maxBytes }: World): Partial<TakeOptions> {
  return {
    entries: bucket.entries().map((entry) => ({ ...entry, type: odd.get(entry.path) ?? entry.type })),
    limits: { maxBytes },
    read: async (entry) => {
      if (unreadable.has(entry.path)) throw new Unreadable('permission denied');
      return bucket.bytes(entry.path);
    },
    firstSeen: (at) => seen.get(at) ?? null,
  };
}

/** What came of a taking; null where there is no artifact. */
async function orNone(taking: Promise<TakenInventory>): Promise<TakenInventory | null> {
  try {
    return await taking;
  } catch (error) {
    if (error instanceof EmptyInventory) return null;
    throw error;
  }
}

/** Does the steps, taking the inventory after each by a process that remembers and by one that does not; returns the kinds of facts seen. */
async function drive(world: World, steps: readonly Step[]): Promise<Set<string>> {
  let [elapsed, haste] = [0, 0];
  const readings = createReadings({ workFolder: '', table: memoryTables().factory, elapsed: () => (elapsed += haste) });
  const kinds = new Set<string>();
  let before: TakenInventory | null = null;
  for (const { changes, breaksOff, again } of steps) {
    for (const one of changes) one(world);
    const options = optionsIn(world);
    if (breaksOff !== null) {
      const breaking = new AbortController();
      let left = breaksOff;
      haste = 1_000;
      const onProgress = () => {
        left -= 1;
        if (left === 0) breaking.abort(new Error('broken off'));
      };
      await orNone(take(world.bucket, readings, { ...options, onProgress, signal: breaking.signal })).catch((error: Error) =>
        expect(error.message).toBe('broken off'),
      );
      haste = 0;
    }
    const taken = await orNone(take(world.bucket, readings, { ...options, ...(again === null ? {} : { again: new Set([again]) }) }));
    const anew = await orNone(take(world.bucket, createReadings({ workFolder: '', table: memoryTables().factory }), options));
    if (taken === null || anew === null) {
      expect([taken, anew]).toEqual([null, null]);
      continue;
    }
    expect(textOf(taken)).toEqual(textOf(anew));
    expect([taken.skipped, taken.cut, taken.observations]).toEqual([anew.skipped, anew.cut, anew.observations]);
    expect(taken.evidence).toEqual(anew.evidence);
    expect(JSON.parse(textOf(taken)[0] ?? '')).toEqual(taken.evidence);
    if (before !== null) {
      const told = (earlier: TakenInventory['evidence'], now: TakenInventory['evidence']) =>
        inOneGo(comparisonWith({ name: 'before', inventory: earlier.inventory, kind: 'previous', groups: earlier.groups }, now));
      const apart = told(structuredClone(before.evidence), structuredClone(taken.evidence));
      expect(told(before.evidence, taken.evidence)).toEqual(apart);
      for (const { kind } of apart.facts) kinds.add(kind);
    }
    for (const { kind, metric } of [...taken.evidence.facts, ...taken.observations.facts]) kinds.add(kind).add(metric);
    before = taken;
  }
  return kinds;
}

/** Kinds and metrics of facts that these files have beyond doubt. */
const TOLD = [
  ...['campaign', 'change', 'choice', 'clock_difference', 'duplicate_paths', 'failure', 'gap', 'group', 'label_spelling'],
  ...['modification', 'repeated_numbers', 'series'],
];

const emptyWorld = (): World => ({
  ...{ bucket: new MemoryBucket(), odd: new Map(), unreadable: new Set(), seen: new Map() },
  maxBytes: 1_000_000,
});

describe('an inventory of a process that remembers others', () => {
  it('is, byte for byte, what one that remembers nothing takes, whatever became of the files between them', async () => {
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), async (steps) => {
        for (const kind of await drive(emptyWorld(), steps)) kinds.add(kind);
      }),
      { numRuns: 60, endOnFailure: true },
    );
    // What the files say is worth remembering.
    expect([...kinds]).toEqual(expect.arrayContaining(TOLD));
  });

  it('is so too where many others are beside them', async () => {
    const files = fc.array(fc.tuple(fc.nat(5), table), { minLength: 300, maxLength: 500, size: 'max' });
    await fc.assert(
      fc.asyncProperty(files, fc.array(step, { minLength: 2, maxLength: 4 }), async (many, steps) => {
        const world = emptyWorld();
        for (const [i, [folder, text]] of many.entries()) world.bucket.put(`${'abrsz'[folder] ?? ''}${folder}/f${i}x.csv`, text);
        await drive(world, steps);
      }),
      { numRuns: 2, endOnFailure: true },
    );
  });
});
