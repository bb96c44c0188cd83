import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scanFolder } from '@chimera/ingest';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { campaignPlaces, preparePlaces } from './places.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'chimera-places-')));
afterAll(() => rmSync(root, { recursive: true }));

describe('where a campaign goes', () => {
  let at = '';
  let dataset = '';
  beforeEach(() => {
    at = mkdtempSync(join(root, 'at-'));
    dataset = join(at, 'data');
    mkdirSync(dataset);
  });

  it('is a new folder, an empty one, or one that it has had before', async () => {
    const places = await campaignPlaces(join(at, 'out'), dataset);
    await preparePlaces(places);
    expect(readdirSync(places.out).sort()).toEqual(['.campaign', 'runs']);
    expect(await campaignPlaces(places.out, dataset)).toEqual(places);
    mkdirSync(join(at, 'empty'));
    expect((await campaignPlaces(join(at, 'empty'), dataset)).out).toBe(join(at, 'empty'));
  });

  it('is no folder with files of somebody else', async () => {
    mkdirSync(join(at, 'mine'));
    writeFileSync(join(at, 'mine/letter.txt'), 'dear');
    await expect(campaignPlaces(join(at, 'mine'), dataset)).rejects.toThrow(/mine holds files and is no campaign's folder.*--out/);
    await expect(campaignPlaces(join(at, 'mine/letter.txt'), dataset)).rejects.toThrow(/cannot hold a campaign.*--out/);
  });

  it('lies neither in its dataset nor around it, by whatever name', async () => {
    symlinkSync(dataset, join(at, 'link'));
    await expect(campaignPlaces(join(dataset, 'out'), dataset)).rejects.toThrow(/inside of its dataset.*--out/);
    await expect(campaignPlaces(join(at, 'link/out'), dataset)).rejects.toThrow(/inside of its dataset/);
    await expect(campaignPlaces(at, dataset)).rejects.toThrow(/dataset lies in .*inside of the campaign's folder/);
  });

  it('holds artifacts in its results alone', async () => {
    const places = await campaignPlaces(join(at, 'out'), dataset);
    await preparePlaces(places);
    for (const folder of [places.results, places.runs, places.state, places.journal]) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'runs.jsonl'), '{"a":1}\n');
    }
    expect((await scanFolder(places.out)).entries.map(({ path }) => path)).toEqual(['results/runs.jsonl']);
  });
});
