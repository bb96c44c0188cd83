import { EVIDENCE_SCHEMA, type Evidence } from '@chimera/shared/domain';
import { type Blobs, canonicalJson, sha256 } from '@chimera/shared/store';
import { describe, expect, it } from 'vitest';
import { earlierGroups } from './earlier-groups.ts';

const artifact = {
  ...{ path: 'a.json', kind: 'json' as const, format: 'generic', bytes: 1, sha256: sha256('a'), status: 'read' as const },
  ...{ reason: null, warnings: [], measurements: 1, records: 1, failed: [] },
};
const evidence = (name: string): Evidence => ({
  ...{ schema: EVIDENCE_SCHEMA, dataset: 'bucket', inventory: sha256(name), title: null, artifacts: [artifact], facts: [], groups: [] },
});

describe('earlierGroups', () => {
  it('reads the evidence of an inventory once, however often it is asked for, and each of several', async () => {
    const reads: string[] = [];
    const get = async (id: string) => {
      reads.push(id);
      return Buffer.from(canonicalJson(evidence(id)));
    };
    const earlier = earlierGroups({ get } as Partial<Blobs> as Blobs);
    const [both, again] = [await Promise.all([earlier('a'), earlier('b')]), await earlier('a')];
    expect([...both, again]).toEqual(['a', 'b', 'a'].map((name) => ({ inventory: sha256(name), groups: [] })));
    expect(reads).toEqual(['a', 'b']);
  });

  it('tells all who ask that it cannot be read', async () => {
    const earlier = earlierGroups({ get: async () => Promise.reject(new Error('I/O error')) } as Partial<Blobs> as Blobs);
    for (const _ of [1, 2]) await expect(earlier('a')).rejects.toThrow('I/O error');
  });
});
