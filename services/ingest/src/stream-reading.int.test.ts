import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_LIMITS, type Limits, StreamReader } from '@chimera/formats';
import { sha256 } from '@chimera/shared/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Unstable } from './bucket.ts';
import { evidenceOfBucket, truthOfBucket } from './bucket-evidence.ts';
import type { FoundReading } from './content-reading.ts';
import type { Entry } from './entry.ts';
import { entryPieces } from './entry-content.ts';
import { folderBucket } from './folder.ts';
import { givenFileBucket, readGivenFile } from './given-file.ts';
import { createPace, type Pace } from './pace.ts';
import { readStream } from './stream-reading.ts';

const MB = 1_048_576;
const LARGE: Limits = { ...DEFAULT_LIMITS, streamBytes: 100 };
const patient: Pace = createPace(
  () => 0,
  () => undefined,
);

/** Rows of a table whose numbers can be told by their row: `latency_ms` is 1, 2, 3, … */
const table = (rows: number) => `model,latency_ms\n${Array.from({ length: rows }, (_, i) => `m${i % 2},${i + 1}\n`).join('')}`;

function foundIn(read: Awaited<ReturnType<typeof readStream>>): FoundReading {
  if ('unstreamed' in read) throw new Error('It was not read as a stream.');
  return read;
}

describe('reading a large file as a stream', () => {
  let folder = '';
  let work = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'chimera-stream-'));
    work = mkdtempSync(join(tmpdir(), 'chimera-stream-work-'));
  });
  afterEach(() => {
    for (const each of [folder, work]) rmSync(each, { recursive: true, force: true });
  });

  const put = (path: string, content: string | Uint8Array) => writeFileSync(join(folder, path), content);
  const entryOf = async (path: string): Promise<Entry> => {
    const { entries } = await folderBucket(folder).scan();
    const entry = entries.find((one) => one.path === path);
    if (entry === undefined) throw new Error(`There is no ${path}.`);
    return entry;
  };
  const stream = async (path: string, pace = patient) =>
    readStream({ path, pieces: entryPieces(folder, await entryOf(path)), limits: LARGE, workFolder: work }, pace);

  it('gives the hash and the statistics of all of it, says so, and leaves nothing behind', async () => {
    const text = table(300_000);
    put('a.csv', text);
    const found = foundIn(await stream('a.csv'));
    expect(found.sha256).toBe(sha256(text));
    expect(found.bytes).toBe(text.length);
    expect(found.rows).toBeNull();
    expect(found.reading.outcome).toMatchObject({ status: 'read', kind: 'csv', measurements: 300_000, records: 300_000, cut: false });
    const whole = found.reading.series.find(({ labels }) => 'pooled' in labels);
    // 1 to n: the median and the mean are (n + 1) / 2, the type-7 quantile 0.95 is 1 + 0.95 (n - 1)
    expect(whole).toMatchObject({ n: 300_000, min: 1, median: 150_000.5, mean: 150_000.5, max: 300_000, p95: 1 + 0.95 * 299_999 });
    expect(whole).toMatchObject({ first: 'line 2 column latency_ms', last: 'line 300001 column latency_ms' });
    expect(found.reading.outcome).toHaveProperty('warnings', [
      'it is larger than 100 bytes (CHIMERA_STREAM_BYTES), so it was read as a stream: its 300000 numbers stand in series and groups, not one by one in measurements.parquet, and "chimera verify" cannot look single ones up',
    ]);
    expect(readdirSync(work)).toEqual([]);
  });

  it('is none for one JSON document: it is read whole, or refused where it is too large for that', async () => {
    put('a.json', JSON.stringify({ latency_ms: Array.from({ length: 100 }, (_, i) => i) }));
    expect(await stream('a.json')).toEqual({ unstreamed: null });
    const { artifacts } = await evidenceOfBucket(folderBucket(folder), LARGE);
    expect(artifacts).toMatchObject([{ status: 'read', measurements: 100, warnings: [] }]);
    const refused = await evidenceOfBucket(folderBucket(folder), { ...LARGE, maxBytes: 200 });
    const bytes = statSync(join(folder, 'a.json')).size;
    expect(refused.artifacts).toMatchObject([
      {
        sha256: null,
        reason: `${bytes} bytes: larger than the limit of 200 bytes (CHIMERA_MAX_ARTIFACT_BYTES), and its content cannot be read as a stream`,
      },
    ]);
  });

  it('goes beyond the limit of what is read whole, up to a limit of its own', async () => {
    put('a.csv', table(100));
    const bytes = statSync(join(folder, 'a.csv')).size;
    const small = { ...LARGE, maxBytes: 200 };
    expect((await evidenceOfBucket(folderBucket(folder), small)).artifacts).toMatchObject([{ status: 'read', measurements: 100 }]);
    const none = await evidenceOfBucket(folderBucket(folder), { ...small, maxStreamBytes: 300 });
    expect(none.artifacts).toMatchObject([
      { status: 'refused', reason: `${bytes} bytes: larger than the limit of 300 bytes (CHIMERA_MAX_STREAM_BYTES)` },
    ]);
  });

  it('gives the evidence that whole reading gives, but for the sentence that says so', async () => {
    put('a.csv', table(3_000));
    put('b.jsonl', Array.from({ length: 500 }, (_, i) => `${JSON.stringify({ model: 'm', ttft_ms: 500 - i, tokens: i % 7 })}\n`).join(''));
    put('c.csv', 'x_ms\n1\n');
    const [streamed, whole] = await Promise.all([LARGE, DEFAULT_LIMITS].map((limits) => evidenceOfBucket(folderBucket(folder), limits)));
    expect(streamed?.artifacts.map(({ warnings }) => warnings.length)).toEqual([1, 1, 0]);
    const silent = streamed?.artifacts.map((artifact) => ({ ...artifact, warnings: [] }));
    expect({ ...streamed, artifacts: silent }).toEqual(whole);
    expect(whole?.facts.length).toBeGreaterThan(20);
  });

  const lines = (rows: number) =>
    Array.from({ length: rows }, (_, i) => `${JSON.stringify({ model: `m${i % 2}`, ttft_ms: i + 1 })}\n`).join('');
  it.each([
    ['a.csv', table(100), { maxLines: 50 }, 'has 101 lines: the limit CHIMERA_MAX_LINES is 50'],
    ['a.csv', table(100), { maxCells: 60 }, 'has more than 60 cells (line 31): the limit CHIMERA_MAX_CELLS is 60'],
    [
      ...(['a.csv', table(100), { maxMeasurements: 60 }] as const),
      'has more than 60 numbers (at line 62 column latency_ms): the limit CHIMERA_MAX_MEASUREMENTS is 60',
    ],
    [
      ...(['a.csv', table(100), { maxPointerChars: 1_000 }] as const),
      expect.stringMatching(
        /^has pointers of more than 1000 characters in all \(at line \d+ column latency_ms\): the limit CHIMERA_MAX_POINTER_CHARS/,
      ),
    ],
    ['a.jsonl', lines(100), { maxLines: 50 }, 'has 100 lines: the limit CHIMERA_MAX_LINES is 50'],
    [
      'a.jsonl',
      lines(100),
      { maxValues: 60 },
      expect.stringMatching(/^has more than 60 values .*: the limit CHIMERA_MAX_JSON_VALUES is 60$/),
    ],
  ])('reads as a stream what is small enough to be read whole, and has too many pieces for it: %s, %#', async (path, text, more, why) => {
    put(path, text);
    const limits = { ...DEFAULT_LIMITS, ...more };
    const whole = await evidenceOfBucket(folderBucket(folder), DEFAULT_LIMITS);
    const evidence = await evidenceOfBucket(folderBucket(folder), limits);
    const [artifact] = evidence.artifacts;
    expect(artifact?.warnings).toHaveLength(1);
    const told =
      /^it cannot be read whole \(it (.*)\), so it was read as a stream: its 100 numbers stand in series and groups, not one by one/;
    expect(told.exec(artifact?.warnings[0] ?? '')?.[1]).toEqual(why);
    expect({ ...evidence, artifacts: [{ ...artifact, warnings: [] }] }).toEqual(whole);
    const given = await readGivenFile(join(folder, path), limits);
    expect(given).toMatchObject({
      status: 'read',
      records: artifact?.records,
      warnings: [artifact?.warnings[0], expect.stringMatching(/statistics of its series/)],
    });
  });

  it.each([
    ['a.csv', table(100), { maxColumns: 1 }, /^has a row of 2 cells \(line \d+\): the limit CHIMERA_MAX_COLUMNS is 1$/],
    ['a.json', JSON.stringify({ ttft_ms: [1, 2, 3, 4] }), { maxValues: 3 }, /^has more than 3 values .* is 3$/],
    [
      ...(['a.csv', table(100), { maxLines: 50, maxNumberColumns: 1 }] as const),
      /^has 101 lines: the limit CHIMERA_MAX_LINES is 50; as a stream it cannot be read: .*the limit CHIMERA_MAX_NUMBER_COLUMNS is 1$/,
    ],
  ])('refuses still what it is not the number of its pieces that forbids, or that is no stream: %s, %#', async (path, text, more, why) => {
    put(path, text);
    const { artifacts } = await evidenceOfBucket(folderBucket(folder), { ...DEFAULT_LIMITS, ...more });
    expect(artifacts).toMatchObject([{ status: 'refused', reason: expect.stringMatching(why), sha256: sha256(text) }]);
    const given = await readGivenFile(join(folder, path), { ...DEFAULT_LIMITS, ...more });
    expect(given).toEqual({ ...given, status: 'refused', reason: artifacts[0]?.reason });
    expect(Object.keys(given).sort()).toEqual(['format', 'kind', 'reason', 'status']);
  });

  it('a fault of the reader over the beginning is told of, whether the file is read then or not, and holds up no other', async () => {
    put('a.csv', table(100));
    put('b.csv', 'x_ms\n5\n');
    const fault = 'the reader failed, which is a fault of its own: TypeError: no such thing';
    const of = vi.spyOn(StreamReader, 'of').mockImplementation(() => {
      throw new TypeError('no such thing');
    });
    try {
      const read = { path: 'b.csv', status: 'read', warnings: [] };
      expect((await evidenceOfBucket(folderBucket(folder), LARGE)).artifacts).toMatchObject([
        {
          path: 'a.csv',
          status: 'read',
          measurements: 100,
          warnings: [`it was read whole, because it could not be read as a stream: ${fault}`],
        },
        read,
      ]);
      const bytes = statSync(join(folder, 'a.csv')).size;
      const reason = `${bytes} bytes: larger than the limit of 200 bytes (CHIMERA_MAX_ARTIFACT_BYTES), and its content cannot be read as a stream: ${fault}`;
      const small = { ...LARGE, maxBytes: 200 };
      expect((await evidenceOfBucket(folderBucket(folder), small)).artifacts).toMatchObject([{ status: 'refused', reason }, read]);
      expect(await readGivenFile(join(folder, 'a.csv'), small)).toMatchObject({ status: 'refused', reason });
      for (const limits of [
        { ...LARGE, maxLines: 50 },
        { ...DEFAULT_LIMITS, maxLines: 50 },
      ])
        expect((await evidenceOfBucket(folderBucket(folder), limits)).artifacts).toMatchObject([
          { status: 'refused', reason: `has 101 lines: the limit CHIMERA_MAX_LINES is 50; as a stream it cannot be read: ${fault}` },
          read,
        ]);
    } finally {
      of.mockRestore();
    }
  });

  it("knows Chimera's own output by its beginning", async () => {
    put('checked.csv', `<!-- chimera:verify v1 -->\n${table(100)}`);
    put('a.csv', table(100));
    const { artifacts } = await evidenceOfBucket(folderBucket(folder), LARGE);
    expect(artifacts.map(({ path }) => path)).toEqual(['a.csv']);
  });

  it('keeps no single numbers for who checks a page', async () => {
    put('a.csv', table(100));
    put('b.csv', 'x_ms\n5\n');
    const { measurements } = await truthOfBucket(folderBucket(folder), LARGE);
    expect([...measurements].map(({ path, measurement }) => [path, measurement.value])).toEqual([['b.csv', 5]]);
  });

  it.each(['grows', 'is cut off', 'is written over'])(
    'hazard 21: a file that %s while it is read is unstable, and nothing is left behind',
    async (what) => {
      put('a.csv', table(400_000));
      const entry = await entryOf('a.csv');
      const path = join(folder, 'a.csv');
      const pieces = async function* () {
        let first = true;
        for await (const piece of entryPieces(folder, entry)) {
          yield piece;
          if (!first) continue;
          first = false;
          if (what === 'grows') writeFileSync(path, 'm0,1\n', { flag: 'a' });
          else if (what === 'is cut off') truncateSync(path, 2 * MB);
          else {
            writeFileSync(path, readFileSync(path).fill('7'), { flag: 'r+' });
            utimesSync(path, new Date(entry.modifiedMs), new Date(entry.modifiedMs));
          }
        }
      };
      expect(entry.bytes).toBeGreaterThan(3 * MB);
      await expect(readStream({ path: 'a.csv', pieces: pieces(), limits: LARGE, workFolder: work }, patient)).rejects.toThrow(Unstable);
      expect(readdirSync(work)).toEqual([]);
    },
  );

  it('can be stopped at any pause, and leaves nothing behind', async () => {
    put('a.csv', table(400_000));
    const stop = new AbortController();
    let elapsed = 0;
    let pauses = 0;
    const pace = createPace(
      () => (elapsed += 1_000),
      () => {
        pauses += 1;
        if (pauses === 3) stop.abort(new Error('enough'));
      },
      stop.signal,
    );
    await expect(stream('a.csv', pace)).rejects.toThrow('enough');
    expect(readdirSync(work)).toEqual([]);
  });

  it('fails with a sentence, and refuses nothing, where the numbers find no room', async () => {
    put('a.csv', table(400_000));
    const entry = await entryOf('a.csv');
    const pieces = async function* () {
      for await (const piece of entryPieces(folder, entry)) {
        // The folder goes away under it, as a full disk would make the first write fail.
        for (const name of readdirSync(work)) rmSync(join(work, name), { recursive: true, force: true });
        yield piece;
      }
    };
    await expect(readStream({ path: 'a.csv', pieces: pieces(), limits: LARGE, workFolder: work }, patient)).rejects.toThrow(
      /^Numbers of a large artifact could not be written to .*Check space and rights there\.$/,
    );
  });

  it('gives a file that a person named as statistics of its series', async () => {
    put('a.csv', `latency_ms\n${Array.from({ length: 101 }, (_, i) => `${i}\n`).join('')}`);
    const reading = await readGivenFile(join(folder, 'a.csv'), LARGE);
    if (reading.status !== 'read') throw new Error(reading.reason);
    const pointer = 'line 2 column latency_ms … line 102 column latency_ms';
    expect(reading.measurements.map(({ statistic, value, n, pointer: at }) => [statistic, value, n, at])).toEqual(
      [
        ['median', 50],
        ['min', 0],
        ['max', 100],
        ['mean', 50],
        ['p95', 95],
      ].map(([name, value]) => [name, value, 101, pointer]),
    );
    expect(reading.warnings).toHaveLength(2);
    expect(reading.warnings[1]).toMatch(/statistics of its series/);
    const given = await evidenceOfBucket(givenFileBucket(join(folder, 'a.csv')), LARGE);
    expect(given.artifacts).toMatchObject([{ path: 'a.csv', status: 'read', measurements: 101 }]);
  });
});
