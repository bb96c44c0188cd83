import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Blobs, folderBlobs } from './blobs.ts';

/** A blob store by CHIMERA_BLOBS: a folder (default: `blobs` under CHIMERA_HOME), or `nats`. */
export async function openBlobs(setting: string | undefined, home: string, connection: NatsConnection): Promise<Blobs> {
  if (setting === 'nats') return (await import('./nats-blobs.ts')).natsBlobs(connection);
  return folderBlobs(setting ?? join(home, 'blobs'));
}
