import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson, inOnePiece } from '@chimera/shared/store';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TakenInventory, type TakeOptions, takeInventory } from './inventory.ts';
import { createReadings, type Readings } from './readings.ts';
import { MemoryBucket, memoryTables } from './testing.ts';

const CSV = 'model,ttft_s,tokens_s\nm1,0.5,80\nm2,0.25,90\n';
const take = (bucket: MemoryBucket, readings: Readings, more: Partial<TakeOptions> = {}): Promise<TakenInventory> =>
  takeInventory({
    dataset: 'bucket',
    bucket: 'here',
    entries: bucket.entries(),
    limits: {},
    read: bucket.read,
    readings,
    firstSeen: () => null,
    now: () => 0,
    ...more,
  });

type Step = { act: 'put' | 'remove' | 'rename'; path: string; content: string; seed: number };
const PATHS = [
  'a.csv',
  'b.csv',
  'reports/a.csv',
  'a.json',
  'reports/b.json',
  '!.md',
  'Z.md',
  'noext',
  'chimera.yaml',
  'x.JSON',
  '\u{1f600}.csv',
  '\uffee.csv',
];
const CONTENTS = [
  CSV,
  'model,ttft_s,tokens_s\nm1,0.5,80\nm1,0.75,85\nm2,0.25,90\nm2,0.3,91\n',
  'ms,error\n1.5,\n2.5,oom\n',
  '{"model":"m","ttft_s":0.5,"latency_ms":[1,2,3]}',
  '{"results":[{"name":"x","ms":1,"success":false},{"name":"y","ms":2}]}',
  '{"a": [1, 2',
  '# T\n\n| ttft_s | n |\n| --- | --- |\n| 1.5 | 3 |\n| 2.5 | 4 |\n',
  'title: x\nexpected:\n  folders: [reports]\n',
  'expected: [',
  'just words',
  '',
  '{"schema":"chimera.report/v1"}',
];
const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('put', 'put', 'put', 'remove', 'rename'),
  path: fc.constantFrom(...PATHS),
  content: fc.constantFrom(...CONTENTS),
  seed: fc.nat(),
});

/** Does a step; a rename goes to a path that follows from the seed. */
function change(bucket: MemoryBucket, { act, path, content, seed }: Step): void {
  if (act === 'put') bucket.put(path, content);
  else if (act === 'remove') bucket.remove(path);
  else bucket.rename(path, PATHS[seed % PATHS.length] ?? path);
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return list
    .map((item, i) => ({ item, at: Math.sin(seed + i * 7919) }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** All that an inventory is; null where there is no artifact. */
async function wholeOf(taking: Promise<TakenInventory>) {
  try {
    const { evidence, evidenceBytes, observations, parquet, skipped, cut } = await taking;
    const bytes = Buffer.from(inOnePiece(evidenceBytes)).toString('utf8');
    expect(bytes).toBe(canonicalJson(evidence));
    const { modified: _times, facts: _latest, ...observed } = observations;
    return { bytes, observed, parquet: Buffer.from(parquet).toString('base64'), skipped, cut };
  } catch (error) {
    if ((error as Error).name !== 'EmptyInventory') throw error;
    return null;
  }
}

describe('takeInventory', () => {
  let work: string;
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'chimera-inventory-'));
  });
  afterAll(() => rm(work, { recursive: true }));

  const story = fc.array(fc.tuple(fc.array(step, { minLength: 1, maxLength: 6 }), fc.nat()), { minLength: 1, maxLength: 6 });

  it('gives what a fresh process gives, whatever was read before, in whatever order things came', async () => {
    await fc.assert(
      fc.asyncProperty(story, fc.nat(), async (looks, seed) => {
        const bucket = new MemoryBucket();
        const readings = createReadings({ workFolder: work, table: memoryTables().factory });
        for (const [steps, at] of looks) {
          for (const one of steps) change(bucket, one);
          // The other dataset shares contents, and comes and goes.
          if (at % 3 === 0) await wholeOf(take(bucket, readings, { dataset: 'other', entries: shuffled(bucket.entries(), at).slice(2) }));
          if (at % 7 === 0) await readings.forget('other');
          const warm = await wholeOf(take(bucket, readings, { entries: shuffled(bucket.entries(), at) }));
          const fresh = createReadings({ workFolder: work, table: memoryTables().factory });
          expect(warm).toEqual(await wholeOf(take(bucket, fresh, { entries: shuffled(bucket.entries(), seed) })));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same table as a fresh process, byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (looks) => {
        const bucket = new MemoryBucket();
        const readings = createReadings({ workFolder: work });
        for (const [steps, at] of looks) {
          for (const one of steps) change(bucket, one);
          await wholeOf(take(bucket, readings, { entries: shuffled(bucket.entries(), at) }));
        }
        const warm = await wholeOf(take(bucket, readings));
        const fresh = createReadings({ workFolder: work });
        expect(warm).toEqual(await wholeOf(take(bucket, fresh)));
        await Promise.all([readings.close(), fresh.close()]);
      }),
      { numRuns: 15 },
    );
    expect(await readdir(work)).toEqual([]);
  }, 60_000);

  it('writes the measurements with path, hash and whether they count, in the order of paths', async () => {
    const bucket = new MemoryBucket();
    const readings = createReadings({ workFolder: work });
    bucket.put('b.csv', 'latency_ms\n1\n2\n');
    await take(bucket, readings);
    bucket.put('c.csv', 'latency_ms\n1\n2\n');
    bucket.put('a.csv', 'latency_ms,error\n3,oom\n');
    const { parquet, evidence } = await take(bucket, readings);
    await readings.close();
    const file = join(work, 'rows.parquet');
    await writeFile(file, parquet);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const rows = (await connection.runAndReadAll(`select path, sha256, value, failed, counted from '${file}'`)).getRowsJson();
    connection.closeSync();
    await rm(file);
    const hash = (path: string) => evidence.artifacts.find((a) => a.path === path)?.sha256;
    expect(rows).toEqual([
      ['a.csv', hash('a.csv'), 3, true, true],
      ['b.csv', hash('b.csv'), 1, false, true],
      ['b.csv', hash('b.csv'), 2, false, true],
      ['c.csv', hash('b.csv'), 1, false, false],
      ['c.csv', hash('b.csv'), 2, false, false],
    ]);
  });
});
