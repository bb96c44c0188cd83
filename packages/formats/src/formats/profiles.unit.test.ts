import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readArtifact } from '../read-artifact.ts';

const read = (value: unknown, path = 'trace.json') => readArtifact({ path, bytes: Buffer.from(JSON.stringify(value)) });

const EVENTS = [
  { ph: 'M', pid: 7, name: 'process_name', args: { name: 'python' } },
  { ph: 'X', pid: 7, tid: 7, ts: 1000.5, dur: 12.25, name: 'aten::mm', cat: 'cpu_op' },
];

describe('profiles', () => {
  it.each([
    ["PyTorch's", { schemaVersion: 1, deviceProperties: [{ id: 0 }], traceEvents: EVENTS }, "events of PyTorch's profiler"],
    ["Chrome's", { traceEvents: EVENTS, displayTimeUnit: 'ms' }, 'events of a profiler (Chrome trace)'],
    ['empty', { traceEvents: [] }, 'events of a profiler (Chrome trace)'],
    ['bare', EVENTS, 'events of a profiler (Chrome trace)'],
  ])('are declined: %s', (_, value, reason) => {
    expect(read(value)).toEqual({
      ...{ status: 'refused', kind: 'json', format: 'chrome-trace' },
      reason: `a profile, not a result: ${reason}, of which none is a measurement of a benchmark`,
    });
  });

  it('are declined under a name that says nothing', () => {
    expect(read({ traceEvents: EVENTS }, 'trace.txt')).toMatchObject({ status: 'refused', format: 'chrome-trace' });
  });

  it('are no tables of water, nor of anything else that shares a key', () => {
    for (const value of [
      [{ ph: 7.2, ts: 1, pid: 3 }],
      [{ ph: 'acid', ts: 1, pid: 3 }],
      [{ ph: 'X', ts: 1 }],
      [{ ph: 'M', pid: 1 }],
      [{ ph: 'X', ts: 1, pid: 3 }, { latency_ms: 3 }],
      { traceEvents: 12 },
      { traceEvents: { a: 1 } },
    ])
      expect(read(value), JSON.stringify(value)).toMatchObject({ status: 'read', format: 'generic' });
  });
});

describe('HTTP archives', () => {
  const HAR = { log: { version: '1.2', creator: { name: 'b', version: '1' }, entries: [{ time: 41.5, request: {}, response: {} }] } };

  it('are declined', () => {
    expect(read(HAR, 'a.json')).toEqual({
      ...{ status: 'refused', kind: 'json', format: 'har' },
      reason: 'a profile, not a result: requests that a browser recorded (HTTP archive), and no benchmark',
    });
  });

  it.each([
    [{ log: { version: 2, entries: [] } }],
    [{ log: { version: '1.2', entries: 7 } }],
    [{ log: 'x', version: '1.2' }],
    [{ log: null }],
  ])('are not %j', (value) => {
    expect(read(value)).toMatchObject({ status: 'read', format: 'generic' });
  });

  const SAMPLE = fileURLToPath(new URL('../../../../../shared/data/formats/autocannon/2-NOT-autocannon-httpbin-har.json', import.meta.url));
  it.skipIf(!existsSync(SAMPLE))('are declined: the sample file', () => {
    expect(readArtifact({ path: 'x.json', bytes: readFileSync(SAMPLE) })).toMatchObject({ status: 'refused', format: 'har' });
  });
});
