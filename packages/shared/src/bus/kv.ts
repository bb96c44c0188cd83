import { JetStreamApiError } from '@nats-io/jetstream';
import type { KV, Kvm } from '@nats-io/kv';

/** One entry: its text, null where there is none or it was deleted, and the revision a write must name. */
export type KvEntry = { text: string | null; revision: number };

/** What documents need of a KV bucket. */
export type KvBucket = {
  read(key: string): Promise<KvEntry>;
  /** Writes if the entry is still at that revision; false where somebody was faster. */
  write(key: string, text: string, entry: KvEntry): Promise<boolean>;
  keys(filter?: string): Promise<string[]>;
  delete(key: string): Promise<void>;
  /** Opens the bucket again, making it where it is gone. */
  reopen(): Promise<void>;
};

/** Error codes of a write whose expected revision was stale (10071; 10164 on newer servers). */
const STALE_REVISION = new Set([10071, 10164]);

/** A KV bucket of NATS, made where there is none. */
export async function natsKv(kvm: Kvm, bucket: string): Promise<KvBucket> {
  const open = () => kvm.create(bucket, { history: 1 });
  let kv: KV = await open();
  return {
    async read(key) {
      const entry = await kv.get(key);
      return { text: entry?.operation === 'PUT' ? entry.string() : null, revision: entry?.revision ?? 0 };
    },
    async write(key, text, entry) {
      try {
        await (entry.text === null ? kv.create(key, text) : kv.update(key, text, entry.revision));
        return true;
      } catch (error) {
        if (error instanceof JetStreamApiError && STALE_REVISION.has(error.code)) return false;
        throw error;
      }
    },
    async keys(filter) {
      const found: string[] = [];
      for await (const key of await kv.keys(filter)) found.push(key);
      return found.sort();
    },
    delete: (key) => kv.delete(key),
    async reopen() {
      kv = await open();
    },
  };
}
