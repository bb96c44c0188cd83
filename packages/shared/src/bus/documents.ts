import { type Clock, within } from './clock.ts';
import type { KvBucket, KvEntry } from './kv.ts';

// After a wipe of the server's state a read can wait for ever.
const READ_TIMEOUT_MS = 5_000;
const LIST_TIMEOUT_MS = 30_000;
const MAX_TRIES = 200;

/** A KV bucket of JSON documents, changed by compare-and-set only. */
export type Documents<T> = {
  get(key: string): Promise<T | null>;
  /**
   * Reads, lets `change` say what the document should become (null: leave it as it is), writes if nobody was
   * faster, else tries again. `change` is pure and may run several times. Returns the document as it now stands.
   */
  change(key: string, change: (now: T | null) => T | null): Promise<T | null>;
  /** The keys that match a filter such as `abc.*`, or all. */
  keys(filter?: string): Promise<string[]>;
  delete(key: string): Promise<void>;
};

/**
 * Documents over a KV bucket. One that does not parse counts as missing, and what it said is made again: a disk that
 * went bad would otherwise hold everything up for good. `onUnreadable` is told of it, in a sentence.
 */
export function documentsOf<T>(
  kv: KvBucket,
  bucket: string,
  schema: { parse(value: unknown): T },
  clock: Clock,
  onUnreadable: (sentence: string) => void = () => {},
): Documents<T> {
  const timely = <R>(ms: number, promise: Promise<R>, what: string) =>
    within(
      clock,
      ms,
      promise,
      () =>
        new Error(
          `${what} took longer than ${ms} ms: the server's state may have been wiped; it is asserted again and the message delivered again.`,
        ),
    );

  async function read(key: string): Promise<{ value: T | null; entry: KvEntry }> {
    const entry = await timely(READ_TIMEOUT_MS, kv.read(key), `Reading ${key} from KV bucket ${bucket}`);
    return { value: entry.text === null ? null : parsed(key, entry.text), entry };
  }

  function parsed(key: string, text: string): T | null {
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      onUnreadable(`${key} in KV bucket ${bucket} cannot be read and counts as missing; it is made again: ${reason.slice(0, 500)}`);
      return null;
    }
  }

  return {
    get: async (key) => (await read(key)).value,
    async change(key, change) {
      for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
        const { value, entry } = await read(key);
        const next = change(value);
        if (next === null) return value;
        if (await timely(READ_TIMEOUT_MS, kv.write(key, JSON.stringify(next), entry), `Writing ${key} to KV bucket ${bucket}`)) return next;
        await clock.sleep(clock.random() * Math.min(50, 2 * (attempt + 1)));
      }
      throw new Error(`${key} in KV bucket ${bucket} could not be changed in ${MAX_TRIES} tries: others keep changing it.`);
    },
    keys: (filter) => timely(LIST_TIMEOUT_MS, kv.keys(filter), `Listing KV bucket ${bucket}`),
    delete: (key) => timely(READ_TIMEOUT_MS, kv.delete(key), `Deleting ${key} from KV bucket ${bucket}`),
  };
}
