import type { Entry } from './entry.ts';

/** What a look at a bucket found: its entries, sorted by path, and by folder ('' for the top) what marks its `.done`. */
export type Scan = { entries: Entry[]; done: Map<string, string> };

/** Where artifacts are dropped. */
export type Bucket = {
  /** Lists everything, following no link; `alive` is called from time to time where it takes long. Throws when not all of it can be listed. */
  scan(alive?: () => void): Promise<Scan>;
  /**
   * The content of an entry, exactly as it was when it was scanned.
   * Throws Unstable when it is not that any more, and Unreadable when it cannot be read.
   */
  read(entry: Entry): Promise<Uint8Array>;
  /**
   * The same bytes in their order, in pieces of at most a few MiB, each of which holds only until the next one is asked for.
   * Throws as `read` does, at any piece, also behind the last one: what came before is then no content.
   */
  pieces(entry: Entry): AsyncIterable<Uint8Array>;
};

/** A file changed, shrank, grew or went away while it was read: look again later. */
export class Unstable extends Error {
  override name = 'Unstable';
  readonly path: string;
  constructor(path: string, what: string, options?: ErrorOptions) {
    super(`${path} ${what}`, options);
    this.path = path;
  }
}

/** A file that is there and cannot be read: no rights, or a fault of the disk. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}
