import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVIDENCE_SCHEMA, type Evidence, OBSERVATIONS_SCHEMA, type Observations } from '@chimera/shared/domain';
import { type Blobs, folderBlobs, putJson } from '@chimera/shared/store';
import { afterAll, describe, expect, it } from 'vitest';
import { rankedFacts, readGrounds } from './grounds.ts';
import { AGENT, factOf, SUMMARY } from './testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'chimera-grounds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HASH = 'a'.repeat(64);
const evidence: Evidence = {
  schema: EVIDENCE_SCHEMA,
  dataset: 'd',
  inventory: HASH,
  title: null,
  artifacts: [],
  facts: [factOf(1)],
  groups: [],
};
const observations: Observations = {
  ...{ schema: OBSERVATIONS_SCHEMA, dataset: 'd', inventory: HASH, bucket: '/data', takenAt: '2025-01-01T00:00:00.000Z', modified: [] },
  facts: [factOf(2)],
};

/** A folder of blobs that counts what is read from it. */
function counted(): { blobs: Blobs; reads: string[] } {
  const blobs = folderBlobs(folder);
  const reads: string[] = [];
  return {
    reads,
    blobs: {
      ...blobs,
      get: (id) => {
        reads.push(id);
        return blobs.get(id);
      },
    },
  };
}

describe('readGrounds', () => {
  it('reads an inventory once for all analyses of it, and the facts of both its documents', async () => {
    const { blobs, reads } = counted();
    const stored = folderBlobs(folder);
    const at = { evidence: await putJson(stored, evidence), observations: await putJson(stored, observations) };
    const grounds = readGrounds(blobs);
    const [first, second] = await Promise.all([grounds(at), grounds(at)]);
    expect(second).toBe(first);
    expect(reads.toSorted()).toEqual([at.evidence, at.observations].toSorted());
    expect(first.view.facts.map(({ id }) => id)).toEqual([factOf(1).id, factOf(2).id]);
  });

  it('tells of evidence of another version, and tries again the next time', async () => {
    const { blobs, reads } = counted();
    const at = { evidence: await putJson(blobs, { schema: 'chimera.evidence/v0' }), observations: await putJson(blobs, observations) };
    const fresh = counted();
    const grounds = readGrounds(fresh.blobs);
    await expect(grounds(at)).rejects.toThrow(/another version of ingest wrote it/);
    await expect(grounds(at)).rejects.toThrow(/another version/);
    expect(fresh.reads.filter((id) => id === at.evidence)).toHaveLength(2);
    expect(reads).toEqual([]);
  });
});

describe('rankedFacts', () => {
  it('chooses once for a view, however often it is asked', async () => {
    let chosen = 0;
    const definition = {
      ...AGENT,
      chooseFacts: () => {
        chosen += 1;
        return [factOf(1)];
      },
    };
    const { blobs } = counted();
    const at = { evidence: await putJson(blobs, evidence), observations: await putJson(blobs, observations) };
    const { view } = await readGrounds(blobs)(at);
    expect(rankedFacts(definition, view, SUMMARY)).toBe(rankedFacts(definition, view, SUMMARY));
    expect(chosen).toBe(1);
  });
});
