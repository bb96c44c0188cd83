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

/** Documents over a KV bucket. A document that its schema refuses throws: another version of Chimera wrote it. */
export function documentsOf<T>(kv: KvBucket, bucket: string, schema: { parse(value: unknown): T }, clock: Clock): Documents<T> {
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
    return { value: entry.text === null ? null : schema.parse(JSON.parse(entry.text)), entry };
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
