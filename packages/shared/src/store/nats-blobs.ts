import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import { BlobDamaged, BlobMissing, type Blobs, requireName } from './blobs.ts';
import { sha256 } from './content-hash.ts';

const BUCKET = 'chimera_blobs';

/**
 * A blob store in NATS' object store, for a few hosts that share no folder and no S3. Objects are named by their
 * SHA-256. Not for large data: each read holds the object in memory, and NATS' disk holds it all.
 */
export async function natsBlobs(connection: NatsConnection): Promise<Blobs> {
  const manager = new Objm(connection);
  const open = () => manager.create(BUCKET);
  let store = await open();
  const where = `the object store ${BUCKET} of NATS`;

  const has = async (id: string) => {
    const info = await store.info(id);
    return info !== null && !info.deleted;
  };

  return {
    has,
    async name(name, id) {
      store = await open();
      await store.putBlob({ name: `name.${requireName(name)}` }, Buffer.from(id));
    },
    async named(name) {
      const bytes = await store.getBlob(`name.${requireName(name)}`);
      return bytes === null ? null : Buffer.from(bytes).toString('utf8');
    },
    async put(bytes) {
      const id = sha256(bytes);
      // The server may have come back empty since: opening makes the bucket where it is gone.
      store = await open();
      if (!(await has(id))) await store.putBlob({ name: id }, bytes);
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
