import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { allOf } from '../../../../test/support/all-of.ts';
import { BlobDamaged, BlobMissing, type Blobs } from './blobs.ts';
import { folderBlobs } from './folder-blobs.ts';
import { getJson, putJson } from './json-blobs.ts';

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

  it('stores pieces behind each other, more of them than the system takes at once, and empty ones', async () => {
    const pieces = Array.from({ length: 2_500 }, (_, i) => bytes(i % 7 === 0 ? '' : `${i},`));
    const whole = pieces.map(String).join('');
    const id = await blobs.put(pieces);
    expect(id).toBe(createHash('sha256').update(whole).digest('hex'));
    expect(await readFile(join(root, id.slice(0, 2), id), 'utf8')).toBe(whole);
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

  it.skipIf(process.getuid?.() !== 0)('stores what is there already under the name of somebody else', async () => {
    await blobs.put(bytes('abc'));
    // As in a folder that several hosts share, whose services run as different users.
    await chmod(join(root, 'ba'), 0o777);
    for (let folder = root; folder !== tmpdir(); folder = join(folder, '..')) await chmod(folder, 0o755);
    process.seteuid?.(65_534);
    try {
      expect(await blobs.put(bytes('abc'))).toBe(ABC);
      expect(Buffer.from(await blobs.get(ABC)).toString()).toBe('abc');
    } finally {
      process.seteuid?.(0);
    }
    expect(await readdir(join(root, 'ba'))).toEqual([ABC]);
  });

  it('says why a blob could not be written', async () => {
    await writeFile(join(root, '../..', 'a file'), '');
    const broken = folderBlobs(join(root, '../..', 'a file', 'blobs'));
    await expect(broken.put(bytes('abc'))).rejects.toThrow();
  });

  it('leads from a name to a blob, also for whoever opens the folder anew; a name that is given again leads to the new blob', async () => {
    expect(await blobs.named('answer-1f')).toBeNull();
    await blobs.name('answer-1f', ABC);
    await blobs.name('answer-2f', 'b'.repeat(64));
    expect(await folderBlobs(root).named('answer-1f')).toBe(ABC);
    await blobs.name('answer-1f', 'c'.repeat(64));
    expect([await blobs.named('answer-1f'), await blobs.named('answer-2f')]).toEqual(['c'.repeat(64), 'b'.repeat(64)]);
    // A name is no blob.
    expect(await blobs.has('answer-1f')).toBe(false);
  });

  it('gives one blob to a name that several give at once, and leaves nothing half written behind', async () => {
    const ids = Array.from({ length: 10 }, (_, i) => `${i}`.repeat(64));
    await Promise.all(ids.map((id) => blobs.name('answer-1f', id)));
    expect(ids).toContain(await blobs.named('answer-1f'));
    expect(await readdir(join(root, 'names', '1f'))).toEqual(['answer-1f']);
  });

  it.each(['', 'ab', 'a/b', '../abc', 'ABC', 'a.b', 'a b c', 'x'.repeat(201)])(
    'refuses a name that could lead elsewhere: %j',
    async (name) => {
      await expect((async () => blobs.name(name, ABC))()).rejects.toThrow(TypeError);
      await expect(blobs.named(name)).rejects.toThrow(TypeError);
    },
  );

  describe('upkeep', () => {
    const LONG_AGO = new Date('2026-01-01T00:00:00.000Z');
    const pathOf = (id: string) => join(root, id.slice(0, 2), id);
    const listed = async () => (await allOf(blobs.list())).map(({ id }) => id).sort();
    const namesOf = async (beginning?: string) => (await allOf(blobs.names(beginning))).map(({ name }) => name).sort();
    async function old(text: string): Promise<string> {
      const id = await blobs.put(bytes(text));
      await utimes(pathOf(id), LONG_AGO, LONG_AGO);
      return id;
    }

    it('lists what there is with sizes and times, and nothing of an empty store', async () => {
      expect([await listed(), await namesOf()]).toEqual([[], []]);
      const id = await old('abc');
      await blobs.name('answer-1f', id);
      expect(await allOf(blobs.list())).toEqual([{ id, bytes: 3, storedAt: LONG_AGO.getTime() }]);
      await blobs.name('report-2', id);
      expect([await namesOf(), await namesOf('report-'), await namesOf('x')]).toEqual([['answer-1f', 'report-2'], ['report-2'], []]);
    });

    it('removes what is older than asked, once, and leaves the rest', async () => {
      const id = await old('abc');
      const other = await blobs.put(bytes('other'));
      expect(await blobs.remove(id, LONG_AGO.getTime())).toBe(false);
      expect(await blobs.remove(id, LONG_AGO.getTime() + 1)).toBe(true);
      expect(await blobs.remove(id, LONG_AGO.getTime() + 1)).toBe(false);
      expect([await listed(), await readdir(join(root, id.slice(0, 2)))]).toEqual([[other], []]);
      await expect(blobs.get(id)).rejects.toThrow(BlobMissing);
    });

    it('takes what is put once more for stored anew, and never removes it', async () => {
      const id = await old('abc');
      expect(await blobs.put(bytes('abc'))).toBe(id);
      expect(await blobs.remove(id, LONG_AGO.getTime() + 1)).toBe(false);
      expect(Buffer.from(await blobs.get(id)).toString()).toBe('abc');
    });

    it('takes away names that were given before, and not one that was given anew', async () => {
      await blobs.name('answer-1f', ABC);
      expect(await blobs.unname('answer-1f', LONG_AGO.getTime())).toBe(false);
      await utimes(join(root, 'names', '1f', 'answer-1f'), LONG_AGO, LONG_AGO);
      await blobs.name('answer-1f', ABC);
      expect(await blobs.unname('answer-1f', LONG_AGO.getTime() + 1)).toBe(false);
      await utimes(join(root, 'names', '1f', 'answer-1f'), LONG_AGO, LONG_AGO);
      expect(await blobs.unname('answer-1f', LONG_AGO.getTime() + 1)).toBe(true);
      expect([await blobs.named('answer-1f'), await namesOf()]).toEqual([null, []]);
    });

    it('finds again what a killed upkeep had put aside', async () => {
      const id = await old('abc');
      await rename(pathOf(id), `${pathOf(id)}.going`);
      await blobs.name('answer-1f', ABC);
      const name = join(root, 'names', '1f', 'answer-1f');
      await rename(name, `${name}.going`);
      expect([await listed(), await namesOf()]).toEqual([[id], ['answer-1f']]);
      expect(Buffer.from(await blobs.get(id)).toString()).toBe('abc');
      expect(await blobs.named('answer-1f')).toBe(ABC);
    });

    it('loses nothing that is put while it is being removed', async () => {
      for (let round = 0; round < 50; round++) {
        const id = await old('abc');
        await Promise.all([blobs.remove(id, Date.now() - 60_000), blobs.put(bytes('abc'))]);
        expect(await blobs.has(id), `round ${round}`).toBe(true);
      }
    });
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
