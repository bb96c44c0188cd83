import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCampaign } from './campaign-file.ts';
import { entryOf, type JournalEntry } from './entry.ts';
import { JournalFault, openJournal } from './journal.ts';
import { resultFiles } from './results.ts';
import { analysisOf, CAMPAIGN, callOf, outcomeOf, runOf } from './testing.ts';

const file = parseCampaign(CAMPAIGN, '/campaigns/a.yaml');
let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'journal-')), '.campaign', 'journal');
});
afterEach(() => rm(join(folder, '..', '..'), { recursive: true, force: true }));

function entry(ordinal: number, attempt = 1): JournalEntry {
  const analyses = { insight: analysisOf('insight', [callOf(0, { truncated: null, promptTokens: null })]) };
  const outcome = outcomeOf(ordinal === 3 ? { analyses } : {});
  const run = { ...runOf(), ordinal };
  return entryOf({ file, run, attempt, id: 'a'.repeat(64), inventory: 'b'.repeat(64), outcome, digests: new Map() });
}

async function faultOf(act: Promise<unknown>): Promise<string> {
  const fault = await act.then(
    () => new Error('has no fault'),
    (error: unknown) => error,
  );
  expect(fault).toBeInstanceOf(JournalFault);
  return (fault as Error).message;
}

describe('openJournal', () => {
  it('makes its folder, keeps each try in a file of its own, and has them all when it is opened again', async () => {
    const journal = await openJournal(folder);
    expect(journal.entries()).toEqual([]);
    const entries = [entry(2), entry(1), entry(3, 2), entry(12)];
    for (const one of entries) await journal.add(one);
    expect((await readdir(folder)).sort()).toEqual(['00001-1.json', '00002-1.json', '00003-2.json', '00012-1.json']);
    const inOrder = [entries[1], entries[0], entries[2], entries[3]];
    expect(journal.entries()).toEqual(inOrder);
    expect((await openJournal(folder)).entries()).toEqual(inOrder);
    expect(entries[2]?.line.outcome).toBe('excluded');
    expect(resultFiles(file, (await openJournal(folder)).entries())).toEqual(resultFiles(file, entries));
  });

  it('takes what a process left unfinished as not done', async () => {
    const journal = await openJournal(folder);
    await journal.add(entry(1));
    const whole = await readFile(join(folder, '00001-1.json'), 'utf8');
    await writeFile(join(folder, '00002-1.json.part'), whole.slice(0, 100));
    const again = await openJournal(folder);
    expect(again.entries().map(({ line }) => line.ordinal)).toEqual([1]);
    await again.add(entry(2));
    expect((await readdir(folder)).sort()).toEqual(['00001-1.json', '00002-1.json']);
  });

  it.each([
    ['a torn file', '00002-1.json', (whole: string) => whole.slice(0, whole.length / 2), 'is no try at a run, or only a part of one'],
    ['an empty file', '00002-1.json', () => '', 'is empty'],
    ['a foreign file', 'notes.json', () => '{"shopping": "milk"}', 'is no try at a run, or only a part of one'],
    ['a copy of another try', '00002-1.json', (whole: string) => whole, 'holds the try 00001-1.json'],
    ['a field that no try has', '00001-1.json', (whole: string) => whole.replace('"again"', '"more": 1, "again"'), 'is no try at a run'],
  ])('refuses %s, and says what to do', async (_, name, content, fault) => {
    await (await openJournal(folder)).add(entry(1));
    const whole = await readFile(join(folder, '00001-1.json'), 'utf8');
    await writeFile(join(folder, name), content(whole));
    const message = await faultOf(openJournal(folder));
    expect(message).toContain(`${join(folder, name)} ${fault}`);
    expect(message).toContain('move it out of the journal, and the run that it may have been of is made again');
  });

  it('refuses a try that it holds', async () => {
    const journal = await openJournal(folder);
    await journal.add(entry(1));
    expect(await faultOf(journal.add(entry(1)))).toContain('holds try 00001-1.json already: two campaigns write to it');
    expect(journal.entries()).toHaveLength(1);
  });

  it('refuses a try that another process has written meanwhile', async () => {
    const [one, other] = [await openJournal(folder), await openJournal(folder)];
    await one.add(entry(1));
    const before = await readFile(join(folder, '00001-1.json'), 'utf8');
    expect(await faultOf(other.add(entry(1)))).toContain('two campaigns write to it');
    expect(await readFile(join(folder, '00001-1.json'), 'utf8')).toBe(before);
    await other.add(entry(2));
  });

  it('says where it cannot write', async () => {
    const journal = await openJournal(folder);
    await rm(folder, { recursive: true });
    await writeFile(folder, 'no folder');
    expect(await faultOf(journal.add(entry(1)))).toContain(`The journal in ${folder} cannot be used (ENOTDIR`);
    expect(journal.entries()).toEqual([]);
    expect(await faultOf(openJournal(folder))).toContain('cannot be used (EEXIST');
  });
});
