import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { looksCut, readArtifact } from './read-artifact.ts';

const PATHS = ['a.csv', 'a.tsv', 'a.json', 'a.jsonl', 'a.md', 'a.log', 'a'];

const read = (path: string, bytes: Uint8Array) => readArtifact({ path, bytes });
const refusal = (reason: string) => ({ status: 'refused', reason: expect.stringContaining(reason) });
/** What a reading says, without what was read. */
const saidOf = (path: string, bytes: Uint8Array) => {
  const reading = read(path, bytes);
  return reading.status === 'refused' ? [reading.reason] : reading.warnings;
};

describe('archives under the names of texts', () => {
  const zeros = Buffer.alloc(10_000_000);
  const zip = Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\x08\0'), Buffer.alloc(20), Buffer.from('a.csv')]);
  it.each<[string, Uint8Array]>([
    ['a gzip archive', gzipSync(zeros)],
    ['a gzip archive', gzipSync(gzipSync(zeros))],
    ['a Zstandard archive', zstdCompressSync(zeros)],
    ['a ZIP archive', zip],
    ['a bzip2 archive', Buffer.from('BZh91AY&SY\x17\x72\x45')],
    ['an XZ archive', Buffer.from('fd377a585a000004', 'hex')],
  ])('hazard 31: %s is refused by its first bytes, whatever its name, and never unpacked', (what, bytes) => {
    for (const path of PATHS) expect(read(path, bytes), path).toMatchObject(refusal(`not text: it is ${what}, by its first bytes`));
  });
});

describe('bytes that are no text', () => {
  const text = 'model,latency_ms\nm,12.5\n';
  it('hazard 32, 33: an empty file is refused, and may be a copy that has just begun', () => {
    for (const path of PATHS) {
      expect(read(path, new Uint8Array())).toMatchObject({ ...refusal('empty: the file has no bytes'), cut: true });
      expect(read(path, Buffer.from(' \n'))).toMatchObject({ ...refusal('empty: the file holds white space only'), cut: true });
    }
  });

  it('hazard 33: UTF-16 is read with its mark, in both orders, and refused without', () => {
    const little = Buffer.from(`\ufeff${text}`, 'utf16le');
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      expect(read('a.csv', bytes)).toMatchObject({
        measurements: [{ pointer: 'line 2 column latency_ms', value: 12.5, labels: { model: 'm' } }],
      });
      expect(saidOf('a.csv', bytes)).toEqual([
        expect.stringMatching(/^the file is UTF-16 \((?:little|big) endian\); it was read as such$/),
      ]);
      expect(read('a.csv', bytes.subarray(2))).toMatchObject(refusal('NUL bytes (line 1), as UTF-16 without a byte order mark has'));
      expect(read('a.csv', bytes.subarray(0, -1))).toMatchObject({ ...refusal('an odd number; it may be cut off'), cut: true });
    }
  });

  it('hazard 32: JSON in UTF-16 is read, and with a mark of UTF-8 too', () => {
    const json = '{"latency_ms": 12.5}';
    const little = Buffer.from(`\ufeff${json}`, 'utf16le');
    for (const bytes of [little, Buffer.from(little).swap16(), Buffer.from(`\ufeff${json}`)]) {
      expect(read('a.json', bytes)).toMatchObject({ measurements: [{ pointer: '/latency_ms', value: 12.5 }] });
    }
  });

  it('hazard 33: a text that was damaged by its encoding is refused, or named with the line', () => {
    const resaved = Buffer.from(Buffer.from(`\ufeff${text}`, 'utf16le').toString('latin1'), 'utf8');
    expect(read('a.csv', resaved)).toMatchObject(
      refusal('damaged text: UTF-16 that was re-saved as UTF-8 (line 1: "model,latency_ms m,12.5")'),
    );
    expect(read('a.csv', Buffer.from('model,ms\nm\u00fcller,1\n', 'latin1'))).toMatchObject(
      refusal('not valid UTF-8: byte 0xFC at offset 10 (line 2)'),
    );
    const twice = Buffer.from(Buffer.from('model,t (µs)\nm,1\n', 'utf8').toString('latin1'), 'utf8');
    expect(read('a.csv', twice)).toMatchObject({ measurements: [{ value: 1, metric: 't (Âµs)' }] });
    expect(saidOf('a.csv', twice)).toEqual([
      'line 1 has letters that another program has damaged ("Âµs)"): names and units are read as they stand',
    ]);
    expect(saidOf('a.csv', Buffer.from('model,ms\nm,1\nm\ufffd,2\n'))).toEqual([expect.stringContaining('line 3 has letters')]);
  });

  it('hazard 33: NUL bytes are refused at their line; a file that ends in them may not be all there yet', () => {
    expect(read('a.csv', Buffer.from('a,b\n1,\0\n'))).toMatchObject({ reason: 'not text: it has NUL bytes (line 2)' });
    expect(looksCut(read('a.csv', Buffer.from('a,b\n1,\0\n')))).toBe(false);
    const begun = Buffer.concat([Buffer.from(text), Buffer.alloc(1_000_000)]);
    for (const path of PATHS)
      expect(read(path, begun)).toMatchObject({ ...refusal('(line 3) up to its end; it may not be all there yet'), cut: true });
  });

  it('hazard 33: a program under the name of a text is refused', () => {
    const program = Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(100)]);
    for (const path of PATHS) expect(read(path, program)).toMatchObject(refusal('a program (ELF)'));
    const noise = Uint8Array.from({ length: 1000 }, (_, at) => (at * 193 + (at >> 3)) % 256);
    for (const path of PATHS) expect(read(path, noise)).toMatchObject(refusal('not '));
  });
});
