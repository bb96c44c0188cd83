import type { Stats } from 'node:fs';

/** One entry of a bucket as a look at it found it; nothing of its content. `path` is relative, with `/`. */
export type Entry = {
  path: string;
  bytes: number;
  /** epoch milliseconds of the last write, as people can set it */
  modifiedMs: number;
  /** epoch milliseconds of the last change of any kind, which nobody can set */
  changedMs: number;
  inode: number;
  /** the name that a server has for this content; it differs from one content to the next, also where size and times do not */
  entityTag?: string;
  /**
   * `linked`: the same file also has a name outside of the bucket; `denied`: this process may not look at it;
   * `unnamed`: its name is no UTF-8, so no path can lead back to it;
   * `unsafe`: its key in S3 is no path below the bucket
   */
  type: 'file' | 'link' | 'linked' | 'special' | 'denied' | 'unnamed' | 'unsafe';
};

/** A dataset's own settings: no artifact. */
export const DATASET_FILE = 'chimera.yaml';

/** A file, link or other thing as its status says. */
export function entryOf(path: string, stat: Stats): Entry {
  const type = stat.isFile() ? 'file' : stat.isSymbolicLink() ? 'link' : 'special';
  return {
    path,
    bytes: type === 'file' ? stat.size : 0,
    modifiedMs: Math.trunc(stat.mtimeMs),
    changedMs: Math.trunc(stat.ctimeMs),
    inode: stat.ino,
    type,
  };
}
