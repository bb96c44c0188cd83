import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BlobDamaged, BlobMissing, type Blobs, folderBlobs, getJson, putJson } from './blobs.ts';

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const bytes = (text: string) => Buffer.from(text);

describe('folderBlobs', () => {
  let root: string;
  let blobs: Blobs;
  beforeEach(async () => {
    root = join(await mkdtemp(join(tmpdir(), 'chimera-blobs-')), 'made', 'when first used');
    blobs = folderBlobs(root);
  });
  afterEach(() => rm(join(root, '../..'), { recursive: true }));

  it('names bytes by their hash and gives them back', async () => {
    expect(await blobs.has(ABC)).toBe(false);
    expect(await blobs.put(bytes('abc'))).toBe(ABC);
    expect(await blobs.has(ABC)).toBe(true);
    expect(Buffer.from(await blobs.get(ABC)).toString()).toBe('abc');
    expect(await readFile(join(root, 'ba', ABC), 'utf8')).toBe('abc');
    const empty = await blobs.put(new Uint8Array());
    expect((await blobs.get(empty)).length).toBe(0);
  });

  it('keeps one file of what is put twice, also at once, and leaves nothing half written behind', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => blobs.put(bytes('abc'))));
    expect(new Set(ids)).toEqual(new Set([ABC]));
    await blobs.put(bytes('abc'));
    expect(await readdir(join(root, 'ba'))).toEqual([ABC]);
  });

  it('says what is missing and where it was looked for', async () => {
    await expect(blobs.get(ABC)).rejects.toThrow(BlobMissing);
    await expect(blobs.get(ABC)).rejects.toThrow(new RegExp(`Blob ${ABC} is not in .*when first used.*CHIMERA_BLOBS`));
  });

  it('never gives damaged bytes out', async () => {
    await blobs.put(bytes('abc'));
    await writeFile(join(root, 'ba', ABC), 'abd');
    await expect(blobs.get(ABC)).rejects.toThrow(BlobDamaged);
    await writeFile(join(root, 'ba', ABC), '');
    await expect(blobs.get(ABC)).rejects.toThrow(BlobDamaged);
  });

  it('says why a blob could not be written', async () => {
    await writeFile(join(root, '../..', 'a file'), '');
    const broken = folderBlobs(join(root, '../..', 'a file', 'blobs'));
    await expect(broken.put(bytes('abc'))).rejects.toThrow();
  });

  it('stores JSON as canonical text, and checks its shape when it is read', async () => {
    const id = await putJson(blobs, { b: 1, a: [true] });
    expect(Buffer.from(await blobs.get(id)).toString()).toBe('{"a":[true],"b":1}');
    expect(await putJson(blobs, { a: [true], b: 1 })).toBe(id);
    const elsewhere = folderBlobs(root);
    expect(await getJson(elsewhere, id, z.strictObject({ a: z.array(z.boolean()), b: z.number() }))).toEqual({ a: [true], b: 1 });
    await expect(getJson(folderBlobs(root), id, z.strictObject({ a: z.string() }))).rejects.toThrow(z.ZodError);
    await expect(getJson(blobs, ABC, z.unknown())).rejects.toThrow(BlobMissing);
  });
});
