import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs, StoredBlob, StoredName } from './blobs.ts';

/** What is being removed lies under this ending: whoever puts it meanwhile finds nothing and writes it anew. */
const GOING = '.going';

type Paths = { pathOf: (id: string) => string; pathOfName: (name: string) => string };

/** Listing and removing of a blob store in a folder: `<root>/ab/<sha256>` and `<root>/names/<last two>/<name>`. */
export function folderUpkeep(root: string, { pathOf, pathOfName }: Paths): Pick<Blobs, 'list' | 'names' | 'remove' | 'unname'> {
  /**
   * Takes a file away if it is older than `before`. It is put aside first and looked at there: a file that was given a new time
   * in between goes back, so that nothing is lost that somebody has just relied on.
   */
  async function takeAway(path: string, before: number): Promise<boolean> {
    const seen = await timeOf(path);
    if (seen === null || seen >= before) return false;
    const aside = `${path}${GOING}`;
    if (!(await moved(path, aside))) return false;
    const now = await timeOf(aside);
    if (now !== null && now >= before) {
      await moved(aside, path);
      return false;
    }
    await rm(aside, { force: true });
    return true;
  }

  return {
    async *list(): AsyncGenerator<StoredBlob> {
      for (const folder of await foldersOf(root)) {
        if (!/^[0-9a-f]{2}$/.test(folder)) continue;
        for (const id of await entriesOf(join(root, folder), /^[0-9a-f]{64}$/)) {
          const found = await statOf(pathOf(id));
          if (found !== null) yield { id, bytes: found.size, storedAt: found.mtimeMs };
        }
      }
    },
    async *names(beginning = ''): AsyncGenerator<StoredName> {
      for (const folder of await foldersOf(join(root, 'names')))
        for (const name of await entriesOf(join(root, 'names', folder), /^[a-z0-9-]{3,200}$/)) {
          if (!name.startsWith(beginning)) continue;
          const namedAt = await timeOf(pathOfName(name));
          if (namedAt !== null) yield { name, namedAt };
        }
    },
    remove: (id, before) => takeAway(pathOf(id), before),
    unname: (name, before) => takeAway(pathOfName(name), before),
  };
}

/** The names in a folder that are of this form. What a killed upkeep had put aside is first put back, so that it is looked at again. */
async function entriesOf(folder: string, form: RegExp): Promise<string[]> {
  const names = new Set<string>();
  for (const { name } of (await orNone(readdir(folder, { withFileTypes: true }))) ?? []) {
    const back = name.endsWith(GOING) ? name.slice(0, -GOING.length) : name;
    if (!form.test(back)) continue;
    if (back !== name && (await statOf(join(folder, back))) === null) await moved(join(folder, name), join(folder, back));
    names.add(back);
  }
  return [...names];
}

async function foldersOf(folder: string): Promise<string[]> {
  const entries = (await orNone(readdir(folder, { withFileTypes: true }))) ?? [];
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function timeOf(path: string): Promise<number | null> {
  return (await statOf(path))?.mtimeMs ?? null;
}

function statOf(path: string) {
  return orNone(stat(path));
}

/** False where there was nothing to move. */
async function moved(from: string, to: string): Promise<boolean> {
  return (await orNone(rename(from, to).then(() => true))) ?? false;
}

/** Others come and go in the same folder: what is not there is null. */
async function orNone<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
