import { jetstreamManager } from '@nats-io/jetstream';
import { type ObjectInfo, Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { NotThereYet } from '../bus/access/missing.ts';
import { rightsOn } from '../bus/access/rights.ts';
import { objectStream, streamCreate } from '../bus/access/subjects.ts';
import { isThere } from '../bus/streams.ts';
import {
  BLOBS_BUCKET,
  BlobDamaged,
  BlobMissing,
  type Blobs,
  RENEW_AFTER_MS,
  requireName,
  type StoredBlob,
  type StoredName,
  type WholeBlobs,
} from './blobs.ts';
import { inOnePiece, sha256 } from './content-hash.ts';
import { partedBlobs } from './parted-blobs.ts';

const BUCKET = BLOBS_BUCKET;
const STREAM = objectStream(BUCKET);
const NAME = 'name.';
/** Subjects of what is said of an object begin so; its name in padded base64 of URLs follows. */
const SAID_OF = `$O.${BUCKET}.M.`;

/**
 * A blob store in NATS' object store, for a few hosts that share no folder and no S3. Objects are named by their
 * SHA-256. Not for large data: each read holds the object in memory, and NATS' disk holds it all.
 */
export async function natsBlobs(connection: NatsConnection): Promise<Blobs> {
  return partedBlobs(await wholeBlobsIn(connection));
}

async function wholeBlobsIn(connection: NatsConnection): Promise<WholeBlobs> {
  const objects = new Objm(connection);
  const manager = await jetstreamManager(connection);
  const mayMake = rightsOn(connection).mayPublish(streamCreate(STREAM));
  const open = async () => {
    if (mayMake) return objects.create(BUCKET);
    if (!(await isThere(manager, STREAM))) throw new NotThereYet(`Object store ${BUCKET}`);
    return objects.open(BUCKET);
  };
  let store = await open();
  const where = `the object store ${BUCKET} of NATS`;

  const has = async (id: string) => {
    const info = await store.info(id);
    return info !== null && !info.deleted;
  };

  /** The objects there are whose names are wanted. By their subjects: the client's own list leaves out what comes after a pause. */
  async function* objectsNamed(wanted: (name: string) => boolean): AsyncGenerator<ObjectInfo> {
    // The server may have come back empty since: whoever asks first what there is makes the bucket.
    store = await open();
    const { state } = await manager.streams.info(STREAM, { subjects_filter: `${SAID_OF}>` });
    for (const subject of Object.keys(state.subjects ?? {})) {
      const name = Buffer.from(subject.slice(SAID_OF.length), 'base64url').toString('utf8');
      if (!wanted(name)) continue;
      const info = await store.info(name);
      if (info !== null && !info.deleted) yield info;
    }
  }

  /**
   * Takes away the object as it was when it was looked at, and no later one of the same name: what is said of it first, so that
   * nobody takes it for stored, then its bytes.
   */
  async function takeAway(object: string, before: number): Promise<boolean> {
    const info = await store.info(object);
    if (info === null || info.deleted || Date.parse(info.mtime) >= before) return false;
    const said = `${SAID_OF}${Buffer.from(object).toString('base64').replaceAll('+', '-').replaceAll('/', '_')}`;
    const { purged } = await manager.streams.purge(STREAM, { filter: said, seq: info.revision + 1 });
    if (purged === 0) return false;
    await manager.streams.purge(STREAM, { filter: `$O.${BUCKET}.C.${info.nuid}` });
    return true;
  }

  /** Whether an object is there and so young that it need not be written again; null where it is not there. */
  const isFresh = async (id: string) => {
    // The server may have come back empty since: opening makes the bucket where it is gone.
    store = await open();
    const info = await store.info(id);
    return info === null || info.deleted ? null : Date.now() - Date.parse(info.mtime) < RENEW_AFTER_MS;
  };

  return {
    where,
    has,
    async renew(id) {
      const fresh = await isFresh(id);
      if (fresh !== false) return fresh ?? false;
      const bytes = await store.getBlob(id);
      // What is damaged is not there for whoever relies on it.
      if (bytes === null || sha256(bytes) !== id) return false;
      await store.putBlob({ name: id }, bytes);
      return true;
    },
    async *list(): AsyncGenerator<StoredBlob> {
      for await (const { name, size, mtime } of objectsNamed((name) => !name.startsWith(NAME)))
        yield { id: name, bytes: size, storedAt: Date.parse(mtime) };
    },
    async *names(beginning = ''): AsyncGenerator<StoredName> {
      for await (const { name, mtime } of objectsNamed((name) => name.startsWith(NAME + beginning)))
        yield { name: name.slice(NAME.length), namedAt: Date.parse(mtime) };
    },
    remove: (id, before) => takeAway(id, before),
    unname: (name, before) => takeAway(`${NAME}${requireName(name)}`, before),
    async name(name, id) {
      store = await open();
      await store.putBlob({ name: `${NAME}${requireName(name)}` }, Buffer.from(id));
    },
    async named(name) {
      const bytes = await store.getBlob(`${NAME}${requireName(name)}`);
      return bytes === null ? null : Buffer.from(bytes).toString('utf8');
    },
    async put(given) {
      const bytes = inOnePiece(given);
      const id = sha256(bytes);
      if ((await isFresh(id)) !== true) await store.putBlob({ name: id }, bytes);
      return id;
    },
    async get(id) {
      const bytes = await store.getBlob(id);
      if (bytes === null) throw new BlobMissing(id, where);
      if (sha256(bytes) !== id) throw new BlobDamaged(id, where);
      return bytes;
    },
  };
}
