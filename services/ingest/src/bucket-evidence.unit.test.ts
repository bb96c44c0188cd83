import { DEFAULT_LIMITS } from '@chimera/formats';
import { describe, expect, it } from 'vitest';
import { evidenceOfBucket, truthOfBucket } from './bucket-evidence.ts';
import { isOwnOutput } from './own-output.ts';
import { MemoryBucket } from './testing.ts';

const CSV = 'model,tokens_s,error\nbig:7b,20.5,\nbig:7b,0,timed out\n';

function bucketOf(files: Readonly<Record<string, string>>) {
  const memory = new MemoryBucket();
  for (const [path, text] of Object.entries(files)) memory.put(path, text);
  return {
    memory,
    bucket: { scan: async () => ({ entries: memory.entries(), done: new Map() }), read: memory.read, pieces: memory.pieces },
  };
}

describe('truthOfBucket', () => {
  it('gives every number under its path, failed ones with their flag, copies under each path, and reads each file once', async () => {
    const { memory, bucket } = bucketOf({ 'a.csv': CSV, 'copy.csv': CSV, 'b.json': '{"latency_ms": 5}', 'broken.json': '{"a": 1, ' });
    const { measurements } = await truthOfBucket(bucket, DEFAULT_LIMITS);
    const rows = [...measurements].map(({ path, measurement: { value, pointer, failed } }) => [path, value, pointer, failed]);
    const ofCsv = (path: string) => [
      [path, 20.5, 'line 2 column tokens_s', false],
      [path, 0, 'line 3 column tokens_s', true],
    ];
    expect(rows).toEqual([...ofCsv('a.csv'), ['b.json', 5, '/latency_ms', false], ...ofCsv('copy.csv')]);
    expect([...measurements]).toHaveLength(rows.length);
    expect(memory.reads.sort()).toEqual(['a.csv', 'b.json', 'broken.json', 'copy.csv']);
  });

  it('gives the same evidence as without them, and the times at which files were changed', async () => {
    const { memory, bucket } = bucketOf({ 'a.csv': CSV, 'b.json': '{"latency_ms": 5}' });
    const { evidence, observations } = await truthOfBucket(bucket, DEFAULT_LIMITS);
    expect(evidence).toEqual(await evidenceOfBucket(bucket, DEFAULT_LIMITS));
    expect(observations.inventory).toBe(evidence.inventory);
    const times = memory.entries().map(({ path, modifiedMs }) => [path, new Date(modifiedMs).toISOString()]);
    expect(observations.modified.map(({ path, modified }) => [path, modified])).toEqual(times);
  });
});

describe('isOwnOutput', () => {
  it('knows a page that was checked by its first line, whatever it is called, and what the check printed', () => {
    const checked = Buffer.from('<!-- chimera:verify v1 -->\n\n# Results\n\n5 ms[^v1]\n');
    for (const path of ['a.md', 'a.txt', 'a', 'sub/a.markdown']) expect(isOwnOutput(path, checked)).toBe(true);
    expect(isOwnOutput('a.md', Buffer.from('# Results of <!-- chimera:verify v1 -->\n'))).toBe(false);
    expect(isOwnOutput('a.json', Buffer.from('{"schema":"chimera.verification/v1","report":"a.md"}'))).toBe(true);
    expect(isOwnOutput('a.json', Buffer.from('{"schema":"other.verification/v1"}'))).toBe(false);
    // The runs of a campaign are results, and get a report.
    for (const path of ['runs.jsonl', 'run.json'])
      expect(isOwnOutput(path, Buffer.from('{"schema":"chimera.campaign-run/v1"}'))).toBe(false);
  });
});
