import { inOneGo } from '@chimera/evidence';
import { EVIDENCE_SCHEMA, type Evidence, type Group, OBSERVATIONS_SCHEMA, Observations } from '@chimera/shared/domain';
import { createLogger } from '@chimera/shared/service';
import { BlobMissing, type Blobs, type Current, canonicalJson, inOnePiece, putJson, sha256 } from '@chimera/shared/store';
import { describe, expect, it } from 'vitest';
import { type Before, comparisonWith, previousOf, withComparison } from './baseline.ts';
import { earlierGroups } from './earlier-groups.ts';

const HASH = (digit: string) => digit.repeat(64);
const around = (middle: number) => Array.from({ length: 8 }, (_, i) => middle * (1 + (i - 3.5) / 1000));

const group = (scope: string, middle: number): Group => ({
  ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', derived: [], scope, pattern: scope },
  ...{ labels: { model: scope }, runs: around(middle), n: 8, samples: 8 },
  sources: [{ path: scope, sha256: sha256(`${scope} ${middle}`), pointer: '/x' }],
});

function evidenceOf(inventory: string, groups: Group[]): { evidence: Evidence; evidenceBytes: Uint8Array } {
  const artifact = {
    ...{ path: 'a.json', kind: 'json' as const, format: 'generic', bytes: 1, sha256: HASH('9'), status: 'read' as const },
    ...{ reason: null, warnings: [], measurements: 1, records: 1, failed: [] },
  };
  const evidence: Evidence = {
    ...{ schema: EVIDENCE_SCHEMA, dataset: 'bucket', inventory, title: null, artifacts: [artifact], facts: [], groups },
  };
  return { evidence, evidenceBytes: Buffer.from(canonicalJson(evidence)) };
}

const observationsOf = (inventory: string): Observations => ({
  ...{ bucket: 'here', dataset: 'bucket', facts: [], inventory, modified: [], schema: OBSERVATIONS_SCHEMA },
  takenAt: '2026-01-01T00:00:00.000Z',
});

/** A blob store in memory that counts what is read from it; nothing that was put is remembered elsewhere. */
function store() {
  const stored = new Map<string, Uint8Array>();
  const reads: string[] = [];
  const blobs = (): Blobs => ({
    async put(bytes) {
      stored.set(sha256(bytes), inOnePiece(bytes));
      return sha256(bytes);
    },
    async get(id) {
      reads.push(id);
      const bytes = stored.get(id);
      if (bytes === undefined) throw new BlobMissing(id, 'memory');
      return bytes;
    },
    has: async (id) => stored.has(id),
    name: async () => undefined,
    named: async () => null,
    partsOf: async () => [],
    list: async function* () {},
    names: async function* () {},
    remove: async () => false,
    unname: async () => false,
  });
  const deps = () => ({ blobs: blobs(), logger: createLogger('test', 'silent') });
  return { stored, reads, deps };
}

const current = (inventory: string, evidence: string, observations: string): Current => ({
  fence: { token: 1, holder: 'me' },
  inventory: {
    ...{ dataset: 'bucket', inventory, generation: 1, evidence, observations, measurements: HASH('0'), artifacts: 1, refused: 0 },
    ingest: { startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:00.000Z', seconds: 0 },
  },
});

type Deps = Parameters<typeof previousOf>[0];

/** As a taking asks, each of which has a reader of its own. */
const previous = (deps: Deps, before: Omit<Before, 'earlier'>, taken: Parameters<typeof previousOf>[2]) =>
  previousOf(deps, { ...before, earlier: earlierGroups(deps.blobs) }, taken);

describe('previousOf', () => {
  const before = evidenceOf(HASH('a'), [group('a.json', 100)]);
  const after = evidenceOf(HASH('b'), [group('a.json', 90)]);
  const published = { inventory: HASH('a'), evidence: sha256(before.evidenceBytes), groups: before.evidence.groups, comparison: null };

  it('is nothing for the first inventory', async () => {
    expect(await previous(store().deps(), { current: null, published: null, hasHistory: false }, after)).toBeNull();
  });

  it('reads the previous evidence where this process did not publish it, and only there', async () => {
    const { deps, reads } = store();
    const evidence = await deps().blobs.put(before.evidenceBytes);
    const known = current(HASH('a'), evidence, HASH('5'));
    const read = await previous(deps(), { current: known, published: null, hasHistory: false }, after);
    expect(read).toEqual({
      name: `the previous inventory ${'a'.repeat(12)}`,
      ...{ kind: 'previous', inventory: HASH('a'), groups: before.evidence.groups },
    });
    expect(reads).toEqual([evidence]);
    expect(await previous(deps(), { current: known, published, hasHistory: false }, after)).toEqual(read);
    // What this process published was since replaced by another one's.
    await expect(
      previous(deps(), { current: known, published: { ...published, evidence: HASH('6'), groups: [] }, hasHistory: false }, after),
    ).resolves.toEqual(read);
    expect(reads).toHaveLength(2);
  });

  it('keeps what the same inventory was published with', async () => {
    const { deps } = store();
    const comparison = inOneGo(
      comparisonWith({ name: 'main', kind: 'previous', inventory: HASH('a'), groups: before.evidence.groups }, after.evidence),
    );
    const told = withComparison(observationsOf(HASH('b')), comparison);
    const [evidence, observations] = [await deps().blobs.put(after.evidenceBytes), await putJson(deps().blobs, told)];
    const again = await previous(
      deps(),
      { current: current(HASH('b'), evidence, observations), published: null, hasHistory: false },
      after,
    );
    expect(again).toEqual({ baseline: told.baseline, facts: told.facts });
    const alone = await putJson(deps().blobs, observationsOf(HASH('b')));
    expect(await previous(deps(), { current: current(HASH('b'), evidence, alone), published, hasHistory: false }, after)).toBeNull();
    // The same files, and evidence of another version of Chimera.
    expect(
      await previous(deps(), { current: current(HASH('b'), HASH('7'), observations), published, hasHistory: false }, after),
    ).toBeNull();
  });

  it('goes on from what this process knows where the server forgot', async () => {
    const { deps } = store();
    expect(await previous(deps(), { current: null, published, hasHistory: false }, after)).toMatchObject({
      kind: 'previous',
      inventory: HASH('a'),
    });
    const comparison = { baseline: { name: 'x', inventory: HASH('c'), kind: 'previous' as const }, facts: [] };
    expect(await previous(deps(), { current: null, published: { ...published, comparison }, hasHistory: false }, before)).toBe(comparison);
  });

  it.each([
    ['is gone', null],
    ['was written by an earlier version', { ...before.evidence, groups: undefined }],
    ['is no JSON', 'no JSON'],
  ])('is nothing where the previous evidence %s', async (_, content) => {
    const { deps } = store();
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    const evidence = content === null ? HASH('8') : await deps().blobs.put(Buffer.from(text));
    expect(
      await previous(deps(), { current: current(HASH('a'), evidence, HASH('5')), published: null, hasHistory: false }, after),
    ).toBeNull();
  });

  it('does not hide that the store cannot be read at all', async () => {
    const { deps } = store();
    const broken = { ...deps(), blobs: { ...deps().blobs, get: () => Promise.reject(new Error('I/O error')) } };
    await expect(
      previous(broken, { current: current(HASH('a'), HASH('8'), HASH('5')), published: null, hasHistory: false }, after),
    ).rejects.toThrow('I/O');
  });
});

describe('comparisonWith', () => {
  const before = evidenceOf(HASH('a'), [group('a.json', 100), group('b.json', 50)]).evidence;
  const after = evidenceOf(HASH('b'), [group('a.json', 90), group('b.json', 50)]).evidence;
  const verdicts = (kind: 'given' | 'previous') => {
    const { facts } = inOneGo(comparisonWith({ name: 'main', kind, inventory: HASH('a'), groups: before.groups }, after));
    return facts.flatMap(({ labels, comparison }) => (comparison ? [[labels.model, comparison.verdict]] : []));
  };

  it('tells of the previous inventory what was measured anew, and of a given baseline all', () => {
    expect(verdicts('previous')).toEqual([['a.json', 'worse']]);
    expect(verdicts('given')).toEqual([
      ['a.json', 'worse'],
      ['b.json', 'no difference shown'],
    ]);
  });

  it('goes into the observations, which stay what they were otherwise, and are written as canonical JSON by the engine itself', () => {
    const comparison = inOneGo(comparisonWith({ name: 'main', kind: 'given', inventory: HASH('a'), groups: before.groups }, after));
    const plain = observationsOf(HASH('b'));
    const told = withComparison(plain, comparison);
    const { baseline, facts, ...rest } = told;
    const { facts: none, ...same } = plain;
    expect([baseline, facts, rest]).toEqual([{ name: 'main', kind: 'given', inventory: HASH('a') }, [...none, ...comparison.facts], same]);
    expect(Observations.parse(told)).toEqual(told);
    expect(JSON.stringify(told)).toBe(canonicalJson(told));
  });
});
