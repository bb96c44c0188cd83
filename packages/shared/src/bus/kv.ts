import { randomUUID } from 'node:crypto';
import { JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
import type { KV, Kvm } from '@nats-io/kv';
import { NotAllowed, NotThereYet } from './access/missing.ts';
import { EVERY_RIGHT, type Rights } from './access/rights.ts';
import { kvStream, streamCreate, streamDelete, streamInfo, streamPurge } from './access/subjects.ts';
import type { Clock } from './clock.ts';
import { isThere } from './streams.ts';

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

const OPEN_TRIES = 5;
const OPEN_PAUSE_MS = 500;
const MEND_PAUSE_MS = 1_000;
/** The stream holds no such message. */
const NO_MESSAGE = 10037;
/** Why a server stores nothing where a file of its own is damaged or gone (2.9.10); a full disk it names otherwise. */
const DAMAGED = /corrupt message|msg block file .*no such file/;
/** Begins keys that are written to see whether they come back; no name is escaped to this. */
const PROBE = '=probe-';

/** Users with rights of their own have none to direct gets: see access/subjects.ts. Without them each read is a request to the stream. */
const byApi = (rights: Rights) => (rights.publishes === null ? {} : { allow_direct: false });

/** Opens a bucket, and makes it where there is none. Another process may be making it just now: some servers then fail for a moment. */
export async function makeBucket(kvm: Kvm, bucket: string, clock: Clock, rights: Rights = EVERY_RIGHT): Promise<KV> {
  for (let tries = 1; ; tries++) {
    try {
      return await kvm.create(bucket, { history: 1, ...byApi(rights) });
    } catch (error) {
      if (!(error instanceof JetStreamApiError) || tries === OPEN_TRIES) throw error;
      await clock.sleep(clock.random() * OPEN_PAUSE_MS);
    }
  }
}

/** A KV bucket of NATS, made where there is none; where this user may not make it, NotThereYet is thrown, and NotAllowed where it may not use it. */
export async function natsKv(
  kvm: Kvm,
  manager: JetStreamManager,
  bucket: string,
  clock: Clock,
  rights: Rights = EVERY_RIGHT,
): Promise<KvBucket> {
  const stream = kvStream(bucket);
  const prefix = `$KV.${bucket}.`;
  const open = () => makeBucket(kvm, bucket, clock, rights);
  let kv: KV = await sound();

  /** A server with a damaged file may confirm what it never gives back (2.9.10), or store nothing: such a bucket is emptied, else made anew. */
  async function sound(): Promise<KV> {
    if (!rights.mayPublish(streamInfo(stream)))
      throw new NotAllowed(
        `The NATS user ${rights.user} may not use KV bucket ${bucket}: its credentials are for another role. "chimera nats users" says what each role may do.`,
      );
    // Only whoever may make a bucket tries whether it is sound: others could not mend it.
    if (!rights.mayPublish(streamCreate(stream))) {
      if (!(await isThere(manager, stream))) throw new NotThereYet(`KV bucket ${bucket}`);
      return open();
    }
    for (let tries = 1; ; tries++) {
      const opened = await open();
      try {
        for (const step of [turn, empty, turn, remove]) {
          if (await givesBack(opened, `${PROBE}${randomUUID()}`)) return opened;
          await step();
        }
        return await open();
      } catch (error) {
        // Where others make the same bucket just now, 2.9 may know nothing of it for a moment.
        if (!(error instanceof Error) || error.name !== 'JetStreamNotEnabled' || tries === OPEN_TRIES) throw error;
        await clock.sleep(clock.random() * OPEN_PAUSE_MS);
      }
    }
  }

  // Others find the same at the same moment, and one of them is enough.
  function turn(): Promise<void> {
    return clock.sleep(clock.random() * MEND_PAUSE_MS);
  }

  async function empty(): Promise<void> {
    if (rights.mayPublish(streamPurge(stream))) await manager.streams.purge(stream);
  }

  /** Only where nothing else helps: several that remove and make one bucket at once can leave 2.9.10 with one without its folder, or crash it. */
  async function remove(): Promise<void> {
    if (!rights.mayPublish(streamDelete(stream)))
      throw new Error(
        `KV bucket ${bucket} does not give back what is put into it, and this user may not remove it: remove ${stream} as admin, with "nats stream rm ${stream}". It is made again.`,
      );
    await manager.streams.delete(stream);
  }

  async function givesBack(opened: KV, key: string): Promise<boolean> {
    try {
      await opened.put(key, '');
      // Asked of the stream's leader: a replica may lag.
      const found = await manager.streams.getMessage(stream, { last_by_subj: prefix + key });
      if (found !== null) await manager.streams.purge(stream, { filter: prefix + key });
      return found !== null;
    } catch (error) {
      if (error instanceof JetStreamApiError && (error.code === NO_MESSAGE || DAMAGED.test(error.message))) return false;
      throw error;
    }
  }

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
    // The client's own keys() leaves a consumer on the server for five minutes, and a stream may have a thousand of them.
    async keys(filter = '>') {
      const { state } = await manager.streams.info(stream, { subjects_filter: `${prefix}${filter}` });
      return Object.keys(state.subjects ?? {})
        .map((subject) => subject.slice(prefix.length))
        .filter((key) => !key.startsWith(PROBE))
        .sort();
    },
    // Nothing is left of it: a marker would be listed for ever.
    async delete(key) {
      await manager.streams.purge(stream, { filter: `${prefix}${key}` });
    },
    async reopen() {
      kv = await sound();
    },
  };
}
