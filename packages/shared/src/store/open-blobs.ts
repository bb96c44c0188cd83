import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Blobs } from './blobs.ts';
import { folderBlobs } from './folder-blobs.ts';
import { s3Blobs } from './s3-blobs.ts';
import type { S3Values } from './s3-settings.ts';
import { openS3 } from './s3-store.ts';
import { isS3Url } from './s3-url.ts';

/**
 * A blob store by CHIMERA_BLOBS: a folder (default: `blobs` under CHIMERA_HOME), `nats`, or a place in S3, with the settings for it.
 * Only `nats` needs a connection. Throws a TypeError where it has none.
 */
export async function openBlobs(
  setting: string | undefined,
  home: string,
  connection: NatsConnection | null,
  s3: S3Values = {},
): Promise<Blobs> {
  if (setting === 'nats') {
    if (connection === null) throw new TypeError('Blobs in NATS need a connection to it.');
    return (await import('./nats-blobs.ts')).natsBlobs(connection);
  }
  if (setting !== undefined && isS3Url(setting)) return s3Blobs(await openS3(setting, s3));
  return folderBlobs(setting ?? join(home, 'blobs'));
}
