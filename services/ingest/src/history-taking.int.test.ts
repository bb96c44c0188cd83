import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectBus, type NatsBus } from '@chimera/shared/bus';
import {
  EVIDENCE_SCHEMA,
  type Evidence,
  type Fact,
  type Group,
  HistoryEntry,
  type InventoryRef,
  OBSERVATIONS_SCHEMA,
  type Observations,
} from '@chimera/shared/domain';
import { createLogger } from '@chimera/shared/service';
import { type Blobs, type Current, canonicalJson, folderBlobs, openBlobs, putJson, sha256 } from '@chimera/shared/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { allOf } from '../../../test/support/all-of.ts';
import { natsServers, PATIENT_MS, startNats } from '../../../test/support/nats.ts';
import { bestS3 } from '../../../test/support/s3.ts';
import { type Published, previousOf } from './baseline.ts';
import { earlierGroups } from './earlier-groups.ts';
import { datasetsWithHistory, historyOfDataset, newestEvidence } from './history-store.ts';
import { historyWith, type RememberedHistory } from './history-taking.ts';
import type { TakenInventory } from './inventory.ts';
import { createPace } from './pace.ts';

const LATER = Date.now() + 1e12;
const artifact = {
  ...{ path: 'a.json', kind: 'json' as const, format: 'generic', bytes: 1, sha256: sha256('a'), status: 'read' as const },
  ...{ reason: null, warnings: [], measurements: 1, records: 1, failed: [] },
};

/** Runs of one configuration, each in a file of its own. */
const group = (runs: Readonly<Record<string, number>>): Group => ({
  ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', labels: { model: 'm' }, derived: [] },
  ...{ scope: 'run-*.json', pattern: 'run-*.json', runs: Object.values(runs).sort((a, b) => a - b) },
  ...{ n: Object.keys(runs).length, samples: Object.keys(runs).length },
  sources: Object.keys(runs).map((name) => ({ path: `${name}.json`, sha256: sha256(name), pointer: '/x' })),
});

/** A night's inventory: the files f0 … fn of so many nights, the last value being `value`. */
function night(n: number, values: readonly number[] = VALUES, name = 'f'): TakenInventory {
  const runs = Object.fromEntries(values.slice(0, n + 1).map((value, i) => [`${name}${i}`, value]));
  const inventory = sha256(`${name} ${n} ${values[n]}`);
  const evidence: Evidence = {
    ...{ schema: EVIDENCE_SCHEMA, dataset: 'bucket', inventory, title: null, artifacts: [artifact], facts: [], groups: [group(runs)] },
  };
  const observations: Observations = {
    ...{ bucket: 'here', dataset: 'bucket', facts: [], inventory, modified: [], schema: OBSERVATIONS_SCHEMA },
    takenAt: new Date(Date.UTC(2026, 10, 1 + n)).toISOString(),
  };
  const evidenceBytes = Buffer.from(canonicalJson(evidence));
  return { evidence, evidenceBytes, observations, modifiedJson: [], parquet: new Uint8Array(), skipped: [], cut: [] };
}
const VALUES = Array.from({ length: 16 }, (_, i) => (i < 8 ? 100 : 80) + ((i * 7) % 5) / 10);

/** What ingest processes share, and what each has for itself. */
class Ingest {
  readonly blobs: Blobs;
  current: Current | null = null;
  #histories = new Map<string, RememberedHistory>();
  #published: Published | null = null;

  constructor(blobs: Blobs) {
    this.blobs = blobs;
  }

  /** Another process takes over. */
  restart(): void {
    this.#histories = new Map();
    this.#published = null;
  }

  /** Publishes an inventory as a taking does: blobs, then it is current, then it is kept. `dies`: before it is kept. */
  async publish(taken: TakenInventory, dies = false): Promise<Fact[]> {
    const pace = createPace(
      () => performance.now(),
      () => undefined,
    );
    const deps = { blobs: this.blobs, logger: createLogger('test', 'silent') };
    const earlier = earlierGroups(this.blobs);
    const parts = { histories: this.#histories, current: this.current, published: this.#published, earlier, pace };
    const { facts, keep } = await historyWith(deps, parts, taken);
    const { dataset, inventory, groups } = taken.evidence;
    const observations = await putJson(this.blobs, { ...taken.observations, facts });
    const evidence = await this.blobs.put(taken.evidenceBytes);
    const at = taken.observations.takenAt;
    const ref: InventoryRef = {
      ...{ dataset, inventory, generation: 1, evidence, observations, measurements: evidence, artifacts: 1, refused: 0 },
      ingest: { startedAt: at, finishedAt: at, seconds: 0 },
    };
    this.current = { inventory: ref, fence: { token: 1, holder: 'me' } };
    if (dies) throw new Error('It died.');
    await keep();
    this.#published = { inventory, evidence, groups, comparison: null };
    return facts;
  }
}

/** All that is kept, by what the names lead to; the evidence of the newest is another's business. */
async function entriesIn(blobs: Blobs): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for (const { name } of await allOf(blobs.names('history-'))) {
    if (name.endsWith('newest-evidence')) continue;
    const id = (await blobs.named(name)) ?? '';
    entries.push(HistoryEntry.parse(JSON.parse(Buffer.from(await blobs.get(id)).toString('utf8'))));
  }
  return entries.sort((a, b) => a.sequence - b.sequence);
}
const broughtBy = (entries: readonly HistoryEntry[]) => entries.map(({ arrivals }) => arrivals.map(({ value, n }) => [value, n]));
const changesIn = (facts: readonly Fact[]) => facts.flatMap(({ change }) => (change === undefined ? [] : [change.broughtBy.inventory]));
/** Of a change, the change itself: its claims also say how many inventories there are. */
const EACH = VALUES.map((value) => [[value, 1]]);

describe('the history of a dataset', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chimera-history-'));
  const closing: (() => Promise<unknown>)[] = [];
  let store = 0;
  let blobs: Blobs;
  let root: string;
  beforeEach(() => {
    root = join(folder, String(store++));
    blobs = folderBlobs(root);
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    rmSync(root, { recursive: true, force: true });
  });

  const kinds: [string, () => Promise<Blobs>][] = [
    ['a folder', async () => blobs],
    [
      `S3 (${bestS3.name})`,
      async () => {
        const s3 = await bestS3.start();
        closing.push(() => s3.close());
        return openBlobs(`s3://${await s3.bucket()}/of chimera`, root, null, s3.env);
      },
    ],
    [
      'NATS',
      async () => {
        const [newest] = await natsServers();
        if (newest === undefined) throw new Error('There is a nats-server on every machine that runs these tests.');
        const nats = await startNats(newest);
        closing.push(() => nats.close());
        const bus: NatsBus = await connectBus({ url: nats.url, name: 'history', connectTimeoutMs: PATIENT_MS });
        closing.push(() => bus.close());
        return openBlobs('nats', root, bus.connection);
      },
    ],
  ];

  it.each(kinds)('is kept in %s, entry by entry, and told from there alone', { timeout: 60_000 }, async (_, open) => {
    const ingest = new Ingest(await open());
    let facts: Fact[] = [];
    for (const n of VALUES.keys()) facts = await ingest.publish(night(n));
    const entries = await entriesIn(ingest.blobs);
    expect(broughtBy(entries)).toEqual(EACH);
    expect(entries.map(({ sequence, after }) => [sequence, after])).toEqual(
      VALUES.map((_, n) => [n + 1, n === 0 ? null : night(n - 1).evidence.inventory]),
    );
    expect(changesIn(facts)).toEqual([night(8).evidence.inventory]);
    const told = await historyOfDataset(ingest.blobs, 'bucket');
    expect(told?.book.inventories().map(({ inventory }) => inventory)).toEqual(VALUES.map((_, n) => night(n).evidence.inventory));
    expect(await datasetsWithHistory(ingest.blobs)).toEqual({ datasets: ['bucket'], unread: [] });
    expect(await historyOfDataset(ingest.blobs, 'another')).toBeNull();
  });

  it('is told the same by any process, however often an inventory is published', async () => {
    const [ingest, other] = [new Ingest(blobs), new Ingest(folderBlobs(`${root}-other`))];
    for (const n of VALUES.keys()) {
      const facts = await ingest.publish(night(n));
      expect(await ingest.publish(night(n))).toEqual(facts);
      ingest.restart();
      expect(await ingest.publish(night(n))).toEqual(facts);
      expect(await other.publish(night(n))).toEqual(facts);
    }
    expect(await entriesIn(blobs)).toEqual(await entriesIn(other.blobs));
    rmSync(`${root}-other`, { recursive: true });
  });

  it('goes on after NATS lost its state, with what was dropped meanwhile', async () => {
    const ingest = new Ingest(blobs);
    for (let n = 0; n < 10; n++) await ingest.publish(night(n));
    for (const again of [9, 10, 11]) {
      ingest.current = null;
      ingest.restart();
      await ingest.publish(night(again));
    }
    expect(broughtBy(await entriesIn(blobs))).toEqual(EACH.slice(0, 12));
  });

  it('counts nothing twice where the evidence before is gone too', async () => {
    const ingest = new Ingest(blobs);
    for (let n = 0; n < 10; n++) await ingest.publish(night(n));
    ingest.current = null;
    ingest.restart();
    await blobs.remove(sha256(night(9).evidenceBytes), LATER);
    // The last file went: nothing that is there is new.
    await ingest.publish(night(8, [...VALUES.slice(0, 8), 100.5]));
    expect(broughtBy(await entriesIn(blobs)).slice(10)).toEqual([[]]);
  });

  it('begins anew where the store was emptied, as one in NATS is with its state, and tells nothing from memory', async () => {
    const ingest = new Ingest(blobs);
    for (let n = 0; n < 10; n++) await ingest.publish(night(n));
    rmSync(root, { recursive: true });
    ingest.current = null;
    expect(await ingest.publish(night(10))).toEqual([]);
    expect((await entriesIn(blobs)).map(({ sequence, after, arrivals }) => [sequence, after, arrivals.map(({ n }) => n)])).toEqual([
      [1, null, [11]],
    ]);
  });

  it('adds nothing where the dataset goes back to what it was, and tells what it told then', async () => {
    const ingest = new Ingest(blobs);
    const told: Fact[][] = [];
    for (let n = 0; n < 12; n++) told.push(await ingest.publish(night(n)));
    expect(await ingest.publish(night(10))).toEqual(told[10]);
    expect(await ingest.publish(night(11))).toEqual(told[11]);
    // Old files beside a new one: only that was measured.
    await ingest.publish(night(12));
    expect(broughtBy(await entriesIn(blobs))).toEqual(EACH.slice(0, 13));
  });

  it('has what became current before its process died, from the next process on', async () => {
    const [ingest, other] = [new Ingest(blobs), new Ingest(folderBlobs(`${root}-other`))];
    for (const n of VALUES.keys()) {
      await other.publish(night(n));
      if (n % 3 !== 1) await ingest.publish(night(n));
      else await expect(ingest.publish(night(n), true)).rejects.toThrow('It died.');
      if (n % 3 === 1) ingest.restart();
      if (n % 6 === 1) await ingest.publish(night(n));
    }
    expect(await entriesIn(blobs)).toEqual(await entriesIn(other.blobs));
    rmSync(`${root}-other`, { recursive: true });
  });

  it('does not believe to have kept what was never published', async () => {
    const ingest = new Ingest(blobs);
    for (let n = 0; n < 3; n++) await ingest.publish(night(n));
    // The lease was lost: it never became current, and another process publishes something else.
    const before = ingest.current;
    await expect(ingest.publish(night(3), true)).rejects.toThrow('It died.');
    ingest.current = before;
    await ingest.publish(night(4));
    const entries = await entriesIn(blobs);
    expect(entries).toHaveLength(4);
    expect(entries[3]?.arrivals.map(({ n }) => n)).toEqual([2]);
  });

  it('begins with what is current where an earlier version kept nothing', async () => {
    const ingest = new Ingest(blobs);
    await ingest.publish(night(0), true).catch(() => undefined);
    ingest.restart();
    await ingest.publish(night(1));
    expect(broughtBy(await entriesIn(blobs))).toEqual(EACH.slice(0, 2));
  });

  it('leaves out an entry that cannot be read, writes nothing over it, and goes on', async () => {
    const ingest = new Ingest(blobs);
    for (let n = 0; n < 4; n++) await ingest.publish(night(n));
    const name = `history-${sha256('bucket')}-${night(2).evidence.inventory}`;
    const id = (await blobs.named(name)) ?? '';
    const path = join(root, id.slice(0, 2), id);
    const damaged = readFileSync(path, 'utf8').replace('"n":1', '"n":2');
    writeFileSync(path, damaged);
    ingest.restart();
    for (const n of [2, 3, 4]) await ingest.publish(night(n));
    expect(readFileSync(path, 'utf8')).toBe(damaged);
    const told = await historyOfDataset(blobs, 'bucket');
    expect(told?.unread).toEqual([
      { inventory: night(2).evidence.inventory, reason: expect.stringContaining('other content than its name says') },
    ]);
    expect(told?.book.inventories().map(({ inventory }) => inventory)).toEqual([0, 1, 3, 4].map((n) => night(n).evidence.inventory));
  });

  it('does not hide that the store cannot be read at all', async () => {
    const broken = { ...blobs };
    const ingest = new Ingest(broken);
    await ingest.publish(night(0));
    ingest.restart();
    broken.named = () => Promise.reject(new Error('I/O error'));
    await expect(ingest.publish(night(1))).rejects.toThrow('I/O error');
  });

  it('knows which inventory was current last, also of a dataset that went back to what it was', async () => {
    const ingest = new Ingest(blobs);
    expect(await newestEvidence(blobs, 'bucket')).toBeNull();
    for (const n of [0, 1, 2, 1]) {
      await ingest.publish(night(n));
      expect(await newestEvidence(blobs, 'bucket')).toEqual(night(n).evidence);
    }
    // Whoever died before it was kept did not become what the next one is compared with.
    await expect(ingest.publish(night(3), true)).rejects.toThrow('It died.');
    expect(await newestEvidence(blobs, 'bucket')).toEqual(night(1).evidence);
  });

  /** What an inventory is compared with by a process that starts where NATS knows nothing. */
  const comparedWith = (taken: TakenInventory, hasHistory = true) => {
    const deps = { blobs: folderBlobs(root), logger: createLogger('test', 'silent') };
    return previousOf(deps, { current: null, published: null, hasHistory, earlier: earlierGroups(deps.blobs) }, taken);
  };

  it('is what the next inventory is compared with where NATS lost its state and the process is another', async () => {
    const ingest = new Ingest(blobs);
    expect(await comparedWith(night(0))).toBeNull();
    for (const n of [0, 1, 2]) await ingest.publish(night(n));
    const [first, second, third] = [0, 1, 2].map((n) => night(n).evidence);
    expect(await comparedWith(night(3))).toEqual({
      ...{ kind: 'previous', name: `the previous inventory ${third?.inventory.slice(0, 12)}`, inventory: third?.inventory },
      groups: third?.groups,
    });
    // What is there again as it was is compared with what it was compared with.
    expect(await comparedWith(night(2))).toMatchObject({ inventory: second?.inventory, groups: second?.groups });
    expect(await comparedWith(night(3), false)).toBeNull();
    await ingest.publish(night(0));
    expect(await comparedWith(night(3))).toMatchObject({ inventory: first?.inventory });
    expect(await comparedWith(night(0))).toBeNull();
    // Evidence that nothing leads to any more may be gone.
    await ingest.publish(night(2));
    await blobs.remove(sha256(night(1).evidenceBytes), LATER);
    expect(await comparedWith(night(2))).toBeNull();
  });

  it('reads the evidence before once in a taking, for its comparison and its history, and nothing where it published that itself', async () => {
    const reads: string[] = [];
    const counted: Blobs = {
      ...blobs,
      get(id) {
        reads.push(id);
        return blobs.get(id);
      },
    };
    const evidences = new Set<string>();
    const ingest = new Ingest(counted);
    for (let n = 0; n < 5; n++) {
      evidences.add(sha256(night(n).evidenceBytes));
      await ingest.publish(night(n));
    }
    ingest.restart();
    reads.length = 0;
    const parts = { histories: new Map(), current: ingest.current, published: null, earlier: earlierGroups(counted) };
    const deps = { blobs: counted, logger: createLogger('test', 'silent') };
    expect(await previousOf(deps, { ...parts, hasHistory: true }, night(5))).toMatchObject({ inventory: night(4).evidence.inventory });
    const pace = createPace(
      () => performance.now(),
      () => undefined,
    );
    await historyWith(deps, { ...parts, pace }, night(5));
    expect(reads.filter((id) => evidences.has(id))).toEqual([sha256(night(4).evidenceBytes)]);
    // Whoever published what is current reads nothing at all.
    await ingest.publish(night(5));
    reads.length = 0;
    await ingest.publish(night(6));
    expect(reads).toEqual([]);
  });

  it('is found by name though an entry of it cannot be read, and named as unreadable where none can', async () => {
    const ingest = new Ingest(blobs);
    for (let n = 0; n < 4; n++) await ingest.publish(night(n));
    const entries = await allOf(blobs.names(`history-${sha256('bucket')}-`));
    const damage = async (names: readonly string[]) => {
      for (const name of names)
        writeFileSync(join(root, ((await blobs.named(name)) ?? '').slice(0, 2), (await blobs.named(name)) ?? ''), '{');
    };
    const own = entries.map(({ name }) => name).filter((name) => !name.endsWith('newest-evidence'));
    await damage(own.slice(0, 3));
    expect(await datasetsWithHistory(blobs)).toEqual({ datasets: ['bucket'], unread: [] });
    await damage(own);
    expect(await datasetsWithHistory(blobs)).toEqual({
      datasets: [],
      unread: [{ name: `history-${sha256('bucket')}-`, reason: expect.stringContaining('other content than its name says') }],
    });
  });
});
