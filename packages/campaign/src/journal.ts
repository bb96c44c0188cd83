import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CAMPAIGN_CALL_COLUMNS, type CampaignCall, CampaignRun } from '@chimera/shared/domain';
import { z } from 'zod';
import { byTry, type JournalEntry, tryName } from './entry.ts';

/** A journal that cannot be read or written; the message says what to do. */
export class JournalFault extends Error {
  override name = 'JournalFault';
}

export type Journal = {
  /** all tries so far, in order of ordinal, then attempt */
  entries(): readonly JournalEntry[];
  /** Keeps a try: when this returns it is on the disk, whole; before, it is not there at all. Throws JournalFault. */
  add(entry: JournalEntry): Promise<void>;
};

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const CallRow = z.strictObject(Object.fromEntries(CAMPAIGN_CALL_COLUMNS.map((column) => [column, Cell])));

const Entry = z.strictObject({
  line: CampaignRun,
  calls: z.array(CallRow.transform((row) => row as CampaignCall)),
  again: z.boolean(),
  digests: z.record(z.string(), z.string()),
});

const UNFINISHED = '.part';

/**
 * Opens the journal in a folder, which is made where it is missing: one file a try, `<ordinal>-<attempt>.json`. What a process left
 * unfinished is removed: its try was not done. For one process at a time. Throws JournalFault for what is no try or cannot be read.
 */
export async function openJournal(folder: string): Promise<Journal> {
  const names = await inFolder(folder, async () => {
    await mkdir(folder, { recursive: true });
    return readdir(folder);
  });
  const entries: JournalEntry[] = [];
  for (const name of names) {
    if (name.endsWith(UNFINISHED)) await inFolder(folder, () => rm(join(folder, name), { force: true }));
    else entries.push(await readEntry(folder, name));
  }
  entries.sort(byTry);
  return {
    entries: () => entries,
    async add(entry) {
      const name = nameOf(entry);
      // The folder is asked too: whoever else holds it open has entries of its own.
      if (entries.some((other) => nameOf(other) === name) || (await inFolder(folder, () => exists(join(folder, name)))))
        throw new JournalFault(`The journal in ${folder} holds try ${name} already: two campaigns write to it. Stop one of them.`);
      await inFolder(folder, () => write(folder, name, `${JSON.stringify(entry, null, 1)}\n`));
      entries.push(entry);
      entries.sort(byTry);
    },
  };
}

function nameOf({ line }: JournalEntry): string {
  return `${tryName(line)}.json`;
}

async function readEntry(folder: string, name: string): Promise<JournalEntry> {
  const path = join(folder, name);
  const text = await inFolder(folder, () => readFile(path, 'utf8'));
  const result = Entry.safeParse(jsonOf(text));
  if (!result.success) throw notOurs(path, text.trim() === '' ? 'is empty' : 'is no try at a run, or only a part of one');
  if (nameOf(result.data) !== name) throw notOurs(path, `holds the try ${nameOf(result.data)}`);
  return result.data;
}

/** The value of a JSON text; undefined where it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notOurs(path: string, what: string): JournalFault {
  return new JournalFault(`${path} ${what}: move it out of the journal, and the run that it may have been of is made again.`);
}

/** Writes a file whole: under another name first, and that and its folder on the disk before it counts. */
async function write(folder: string, name: string, text: string): Promise<void> {
  const temporary = join(folder, `${name}${UNFINISHED}`);
  const file = await open(temporary, 'w');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, join(folder, name));
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function inFolder<T>(folder: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new JournalFault(`The journal in ${folder} cannot be used (${(error as Error).message}): check its space and rights.`, {
      cause: error,
    });
  }
}
