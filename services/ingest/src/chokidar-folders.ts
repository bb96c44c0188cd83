import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FSWatcher } from 'chokidar';

type Scan = FSWatcher['createScanStream'];
type Filter = NonNullable<Parameters<Scan>[1]>['directoryFilter'];

// As many as keep the threads of Node's file system busy.
const LISTINGS_AT_ONCE = 8;

/**
 * chokidar that looks at folders only. As it comes it asks for the size and times of each file, in all folders at once:
 * 400 MB at the start for 100,000 files, of which none is watched. The method is internal to chokidar, whose version
 * is pinned; were it called no more, the watch would be as good and dearer.
 */
export class FolderWatcher extends FSWatcher {
  readonly #gate = createGate(LISTINGS_AT_ONCE);

  override createScanStream(folder: string, options?: Parameters<Scan>[1]): ReturnType<Scan> {
    // A stream of entries is all that is made use of; that this one is of another class does not show.
    const stream = Readable.from(this.#subfolders(folder, options?.directoryFilter)) as unknown as NonNullable<ReturnType<Scan>>;
    this.streams.add(stream);
    stream.once('close', () => this.streams.delete(stream));
    return stream;
  }

  async *#subfolders(folder: string, accepts: Filter) {
    // The other entries are let go before the next folder is listed.
    const names = await this.#gate(async () => {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    });
    for (const name of names) {
      const fullPath = join(folder, name);
      const stats = await lstat(fullPath).catch(absent);
      const entry = stats && { path: name, fullPath, basename: name, stats };
      if (entry && (typeof accepts !== 'function' || accepts(entry))) yield entry;
    }
  }
}

/** What went away between the listing and the look at it is no entry. Throws any other error. */
function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

/** Lets at most `width` tasks run at once; the others wait in line. */
function createGate(width: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      return await task();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}
