import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Evidence, Report } from '@chimera/shared/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { layFiles } from '../support/dataset.ts';

const work = mkdtempSync(join(tmpdir(), 'chimera-bombs-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function reportOver(name: string, files: Readonly<Record<string, string | Uint8Array>>, env: NodeJS.ProcessEnv = {}) {
  const data = layFiles({ 'good.csv': 'n_ms\n1\n2\n' }, join(work, name));
  for (const [path, content] of Object.entries(files)) writeFileSync(join(data, path), content);
  const out = join(work, `${name}-out`);
  expect(await chimera(['analyze', data, '--model', 'none', '--out', out], { env })).toMatchObject({ code: 0 });
  const read = (file: string) => readFileSync(join(out, file), 'utf8');
  const report = Report.parse(JSON.parse(read('report.json')));
  return {
    report,
    evidence: Evidence.parse(JSON.parse(read('evidence.json'))),
    refused: Object.fromEntries(report.artifacts.refused.map(({ path, reason }) => [path, reason])),
    markdown: read('report.md'),
  };
}

/** A ZIP archive of one member, stored as deflated: its directory is left out, because nobody may get so far. */
function zip(name: string, deflated: Uint8Array, size: number): Uint8Array {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(8, 8);
  head.writeUInt32LE(deflated.length, 18);
  head.writeUInt32LE(size, 22);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name), deflated]);
}

describe('a file that is more than it seems', () => {
  it('hazard 31: is refused by its first bytes where it is an archive, whatever its name, and the others are read', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000, '[0.5,'));
    const twice = gzipSync(bomb);
    expect(bomb.length).toBeLessThan(1_000_000);
    const { report, refused, evidence } = await reportOver('archives', {
      'results.json.gz': gzipSync('{"latency_ms": 7}'),
      'results.json': gzipSync('{"latency_ms": 7}'),
      'bomb.csv': bomb,
      'twice.csv': twice,
      'bomb.zip': zip('results.json', bomb.subarray(10, -8), 100_000_000),
      'zst.csv': Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa4, 0xff, 0xff, 0xff, 0xff]),
      'xz.json': Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x04]),
    });
    const gzip = expect.stringMatching(/gzip archive/);
    expect(refused).toEqual({
      'results.json.gz': gzip,
      'results.json': gzip,
      'bomb.csv': gzip,
      'twice.csv': gzip,
      'bomb.zip': expect.stringMatching(/ZIP archive/),
      'zst.csv': expect.stringMatching(/Zstandard archive/),
      'xz.json': expect.stringMatching(/XZ archive/),
    });
    expect(report.artifacts).toMatchObject({ total: 8, read: 1 });
    expect(evidence.facts.find(({ metric }) => metric === 'measurement_count')?.value).toBe(2);
  }, 60_000);

  it('hazard 45: is refused unread where it is larger than the limit, which the reason names', async () => {
    const line = '0.5\n';
    const { refused } = await reportOver(
      'large',
      { 'just.csv': `n_ms\n${line.repeat(248)}12\n`, 'more.csv': `n_ms\n${line.repeat(248)}123\n` },
      { CHIMERA_MAX_ARTIFACT_BYTES: '1000' },
    );
    expect(refused).toEqual({ 'more.csv': '1001 bytes: larger than the limit of 1000 bytes (CHIMERA_MAX_ARTIFACT_BYTES)' });
  }, 60_000);
});

describe('a chimera.yaml that means no good', () => {
  it('hazard 35: is refused with the reason, and the dataset is read without it', async () => {
    const level = (n: number) =>
      `a${n}: &a${n} [${Array(10)
        .fill(`*a${n - 1}`)
        .join(', ')}]`;
    const bomb = ['a0: &a0 ["lol"]', ...Array.from({ length: 12 }, (_, i) => level(i + 1)), 'expected: {folders: *a12}'].join('\n');
    const { refused, evidence } = await reportOver('yaml', { 'chimera.yaml': bomb });
    expect(refused).toEqual({ 'chimera.yaml': expect.stringMatching(/^chimera\.yaml is not valid YAML: .*alias/) });
    expect(evidence.facts.find(({ metric }) => metric === 'measurement_count')?.value).toBe(2);
  });
});
