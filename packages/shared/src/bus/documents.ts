import { JetStreamApiError } from '@nats-io/jetstream';
import type { KV, Kvm } from '@nats-io/kv';

/** Error codes of a write whose expected revision was stale (10071; 10164 on newer servers). */
const STALE_REVISION = new Set([10071, 10164]);
// After a wipe of the server's state a read can wait for ever.
const READ_TIMEOUT_MS = 5_000;
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
  /** Opens the bucket again, making it where it is gone. */
  reopen(): Promise<void>;
};

export async function openDocuments<T>(kvm: Kvm, bucket: string, schema: { parse(value: unknown): T }): Promise<Documents<T>> {
  const open = () => kvm.create(bucket, { history: 1 });
  let kv: KV = await open();

  async function read(key: string): Promise<{ value: T; revision: number } | { value: null; revision: number }> {
    const entry = await within(READ_TIMEOUT_MS, kv.get(key), `Reading ${key} from KV bucket ${bucket}`);
    if (entry === null || entry.operation !== 'PUT') return { value: null, revision: entry?.revision ?? 0 };
    return { value: schema.parse(entry.json()), revision: entry.revision };
  }

  return {
    get: async (key) => (await read(key)).value,
    async change(key, change) {
      for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
        const { value, revision } = await read(key);
        const next = change(value);
        if (next === null) return value;
        try {
          const bytes = JSON.stringify(next);
          await (value === null ? kv.create(key, bytes) : kv.update(key, bytes, revision));
          return next;
        } catch (error) {
          if (!(error instanceof JetStreamApiError) || !STALE_REVISION.has(error.code)) throw error;
          await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(50, 2 * (attempt + 1))));
        }
      }
      throw new Error(`${key} in KV bucket ${bucket} could not be changed in ${MAX_TRIES} tries: others keep changing it.`);
    },
    async keys(filter) {
      const found: string[] = [];
      const iterator = await within(READ_TIMEOUT_MS, kv.keys(filter), `Listing KV bucket ${bucket}`);
      for await (const key of iterator) found.push(key);
      return found.sort();
    },
    async delete(key) {
      await kv.delete(key);
    },
    async reopen() {
      kv = await open();
    },
  };
}

async function within<R>(ms: number, promise: Promise<R>, what: string): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Error(
            `${what} took longer than ${ms} ms: the server's state may have been wiped; it is asserted again and the message delivered again.`,
          ),
        ),
      ms,
    );
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
