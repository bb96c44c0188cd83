import { Observations } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { setUp, THREE, take } from './testing-readings.ts';

describe('what is told of an inventory', () => {
  it('hazard 45: is which limit a file is beyond, unread', async () => {
    const { bucket, readings } = setUp({ ...THREE, 'large.csv': `x_ms\n${'1\n'.repeat(100)}` });
    const { evidence } = await take(bucket, readings, { limits: { maxBytes: 100 } });
    const reason = '205 bytes: larger than the limit of 100 bytes (CHIMERA_MAX_ARTIFACT_BYTES)';
    expect(evidence.artifacts[3]).toMatchObject({ path: 'large.csv', status: 'refused', reason, sha256: null });
    expect(bucket.reads).not.toContain('large.csv');
  });

  it.each(['link', 'linked', 'special', 'denied', 'unnamed'] as const)('hazard 30: is why a %s is not opened', async (type) => {
    const { bucket, readings } = setUp(THREE);
    const odd = { path: 'odd', bytes: 0, modifiedMs: 0, changedMs: 0, inode: 0, type };
    const { evidence } = await take(bucket, readings, { entries: [...bucket.entries(), odd] });
    expect(evidence.artifacts[3]).toMatchObject({ path: 'odd', status: 'refused', reason: expect.any(String), sha256: null });
    expect(bucket.reads).not.toContain('odd');
  });

  it('is which files may be cut off, which are still being written, and what Chimera wrote itself', async () => {
    const { bucket, readings } = setUp({ ...THREE, 'cut.json': '{"ms": [1, 2', 'own.json': '{"schema": "chimera.report/v1"}' });
    const unsettled = [{ path: 'z.csv', reason: 'it is still being written' }];
    const first = await take(bucket, readings, { unsettled });
    expect([first.cut, first.skipped, first.observations.unsettled]).toEqual([['cut.json'], ['own.json'], unsettled]);
    expect(Observations.parse(first.observations)).toEqual(first.observations);
    const second = await take(bucket, readings);
    expect([second.cut, second.skipped, 'unsettled' in second.observations]).toEqual([['cut.json'], ['own.json'], false]);
  });

  it('is when each file was first seen', async () => {
    const { bucket, readings } = setUp(THREE);
    const seen = '2020-01-01T00:00:00.000Z';
    const { observations } = await take(bucket, readings, { firstSeen: (path) => (path === 'b.json' ? seen : null) });
    expect(observations.modified.map(({ path, modified }) => [path, modified])).toEqual([
      ['a.csv', '1970-01-01T00:16:41.000Z'],
      ['b.json', seen],
      ['c.csv', '1970-01-01T00:16:43.000Z'],
    ]);
    expect(observations.facts.find((f) => Object.keys(f.labels).length === 0)).toMatchObject({ value: seen, n: 3 });
  });
});
