import { existsSync, lstatSync, readFileSync, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { OUTPUT_MARKER } from '@chimera/shared/domain';
import { FolderWatcher } from './chokidar-folders.ts';
import { WatchFault } from './watch-fault.ts';

/** What a watch tells, once `OpenWatch` has returned. What is still told after the watch was closed is to be ignored. */
export type WatchEvents = {
  /** All folders below the root are watched from now on. */
  onReady(): void;
  /** An entry changed, came or went. Its name, without its folder; null when that is not known. */
  onChange(name: string | null): void;
  /** Events may be missing from now on. May be called more than once. */
  onFault(error: Error): void;
};

/** Closing is idempotent, and may reject. */
export type Watch = { close(): Promise<void> };

/** Starts to watch a folder (absolute path without links) and all below it. Throws when it cannot even begin. */
export type OpenWatch = (folder: string, events: WatchEvents) => Watch;

const DEFAULT_QUEUE = 16_384;

/** Watches with chokidar, folders only: the kernel reports what happens to the files in them to the folder. */
export const openDirectoryWatch: OpenWatch = (folder, events) => {
  if (sep === '/' && folder.includes('\\'))
    throw new WatchFault(`${folder} cannot be watched, because chokidar takes its backslash for a slash.`);
  const known = createKnownFolders(folder);
  const watcher = new FolderWatcher({
    ignored: known.isIgnored,
    ignoreInitial: true,
    followSymlinks: false,
    atomic: false,
    persistent: false,
  });
  if (watcher.options.backend === 'polling')
    throw new WatchFault(`${folder} is not watched, because the environment variable CHOKIDAR_USEPOLLING is set.`);
  const mayOverflow = createBurstCounter(0.75 * queueLimit());

  watcher.on('ready', () => events.onReady());
  watcher.on('error', (error) => events.onFault(error instanceof Error ? error : new Error(String(error))));
  // chokidar tells of a new folder right before it begins to watch it. What was written there meanwhile causes no
  // event, so whoever looks must look once more after that.
  watcher.on('addDir', () => setImmediate(() => events.onChange(null)));
  watcher.on('unlinkDir', (path) => known.forget(path));
  watcher.on('raw', (kind, name, details) => {
    const parent = (details as { watchedPath?: string } | undefined)?.watchedPath;
    if (parent !== undefined && name?.includes('\\')) known.tellOdd(join(parent, name));
    events.onChange(name);
    if (mayOverflow()) events.onFault(overflow(folder));
    // The end of a watched folder itself is reported under its own name, as if it were its own child.
    if (kind === 'rename' && parent === folder && name === basename(folder)) void faultIfReplaced();
  });
  watcher.add(folder);

  async function faultIfReplaced(): Promise<void> {
    const child = await lstat(join(folder, basename(folder))).catch(() => null);
    if (child === null) events.onFault(new WatchFault(`${folder} was moved, removed or made anew while it was watched.`));
  }

  return { close: () => watcher.close() };
};

/**
 * Decides what chokidar leaves alone: all but folders, hidden folders, and those that hold the mark of our own output.
 * A name that is gone and was no known folder is left alone too, because chokidar would otherwise list the whole folder
 * again: 2,000 files renamed in a folder of 10,000 took more than 80 s of processor time, and 0.4 s so.
 */
function createKnownFolders(root: string) {
  const folders = new Set([slashed(root)]);
  const isFolder = (path: string, stats?: Stats) =>
    (stats ?? lstatSync(path, { throwIfNoEntry: false }))?.isDirectory() === true && !existsSync(join(path, OUTPUT_MARKER));
  return {
    isIgnored(path: string, stats?: Stats): boolean {
      // What becomes of a folder that is watched, chokidar has to see.
      if (folders.has(path)) return stats !== undefined && !stats.isDirectory();
      if (basename(path).startsWith('.') || !isFolder(path, stats)) return true;
      folders.add(path);
      return false;
    },
    forget(path: string) {
      folders.delete(slashed(path));
    },
    /** chokidar asks about `a\b` by the name `a/b`, under which no folder could be found. */
    tellOdd(path: string) {
      if (!basename(path).startsWith('.') && isFolder(path)) folders.add(slashed(path));
    },
  };
}

/** As chokidar spells paths where it asks about them. */
function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

/**
 * True when at least `limit` events come in one turn of the event loop. Node drops the kernel's word that its queue was
 * full, but a full queue is read in one turn. The limit is to be somewhat
 * less than the queue, because of folders that were given up nothing is told.
 */
function createBurstCounter(limit: number): () => boolean {
  let count = 0;
  return () => {
    if (count === 0)
      setImmediate(() => {
        count = 0;
      });
    count += 1;
    return count >= limit;
  };
}

function overflow(folder: string): WatchFault {
  return new WatchFault(
    `So much changed in ${folder} at once that the kernel's queue of events (fs.inotify.max_queued_events) may have run over. If this happens often, raise it, for example with "sysctl fs.inotify.max_queued_events=65536".`,
  );
}

/** How many events the kernel keeps for us: its setting on Linux, its usual one where that cannot be read. */
function queueLimit(): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY;
  const path = '/proc/sys/fs/inotify/max_queued_events';
  return (existsSync(path) && Number.parseInt(readFileSync(path, 'utf8'), 10)) || DEFAULT_QUEUE;
}
