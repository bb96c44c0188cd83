import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GpuFault } from './gpu-fault.ts';
import { createGpuSampler, type FindGpuSourceOptions, findGpuSource } from './mod.ts';
import { type FakeNvidiaSmi, fakeNvidiaSmi } from './testing/fake-nvidia-smi.ts';

let fake: FakeNvidiaSmi;
beforeEach(async () => {
  fake = await fakeNvidiaSmi();
});
afterEach(async () => {
  await fake.close();
});

const find = (options: Partial<FindGpuSourceOptions>) =>
  findGpuSource({ server: 'http://127.0.0.1:11434', hostname: 'box', command: fake.command, timeoutMs: 20_000, ...options });

describe('a DCGM exporter whose URL is given', () => {
  const dcgmUrl = 'http://gpu1:9400';

  test('is the source, whatever the server, and is not asked yet', async () => {
    expect(await find({ server: 'http://gpu1:11434', dcgmUrl })).toEqual({ source: { kind: 'dcgm', url: dcgmUrl, node: 'gpu1' } });
    expect(await find({ dcgmUrl })).toEqual({ source: { kind: 'dcgm', url: dcgmUrl, node: 'box' } });
    expect(fake.runs()).toBe(0);
  });

  test.each(['gpu1:9400', 'ftp://gpu1/metrics', '', 'http://', 'http://me:%zz@gpu1'])(
    'is refused where %j is no URL of one',
    async (text) => {
      const found = await find({ dcgmUrl: text });
      expect(found).toMatchObject({ source: null, reason: expect.stringContaining('is not the URL of a DCGM exporter') });
      expect(() => createGpuSampler({ kind: 'dcgm', url: text, node: 'gpu1' }, { everyMs: 1, timeoutMs: 1 })).toThrow(GpuFault);
    },
  );

  test('keeps its credentials out of the reason', async () => {
    for (const text of ['ftp://me:secret@gpu1/metrics', 'http://me:%zz@secret@gpu1']) {
      expect(await find({ dcgmUrl: text })).toMatchObject({ source: null, reason: expect.not.stringContaining('secret') });
    }
  });
});

describe('nvidia-smi', () => {
  test.each([
    'http://127.0.0.1:11434',
    'localhost',
    ':11434',
    'http://[::1]:11434/ollama',
    '0.0.0.0:11434',
    'http://127.1.2.3',
    'http://[::ffff:127.0.0.1]',
  ])('is the source for the server %s of this host, once it has answered', async (server) => {
    const found = find({ server });
    (await fake.nextRun()).answer('0, GPU-aa, 0, 1, 2, 3\n');
    expect(await found).toEqual({ source: { kind: 'nvidia-smi', command: fake.command, node: 'box' } });
  });

  test.each(['http://gpu1:11434', 'http://10.0.0.7:11434', 'http://127.0.0.1.example.com', 'http://[2001:db8::1]:11434'])(
    'is not asked for the server %s of another host',
    async (server) => {
      expect(await find({ server })).toMatchObject({ source: null, reason: expect.stringContaining('is on another host') });
      expect(fake.runs()).toBe(0);
    },
  );

  test('is no source where it sees no GPU, hangs or is not there', async () => {
    const blind = find({});
    (await fake.nextRun()).answer('No devices were found\n', 6);
    expect(await blind).toMatchObject({
      source: null,
      reason: expect.stringContaining('ended with code 6 and says "No devices were found"'),
    });

    expect(await find({ timeoutMs: 1 })).toMatchObject({ source: null, reason: expect.stringContaining('did not answer within 0.001 s') });

    expect(await find({ command: `${fake.command}-not-there` })).toMatchObject({
      source: null,
      reason: expect.stringContaining('is not found'),
    });
  });
});

test('what is no address of a server has no source', async () => {
  expect(await find({ server: 'ftp://x' })).toMatchObject({
    source: null,
    reason: expect.stringContaining('is not the address of an Ollama server'),
  });
});
