import { pipeline, type Readable, Transform } from 'node:stream';
import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { givenKey, mayAskMachine, type S3Values } from './s3-settings.ts';

/** How long S3 is waited for, in milliseconds, and how often it is asked. */
export type S3Patience = {
  /** until the connection stands */
  connectMs: number;
  /** without a byte in either direction */
  idleMs: number;
  /** how often a request is made in all, with growing pauses between: where the server is busy, failed, or could not be reached */
  attempts: number;
};

export const S3_PATIENCE: S3Patience = { connectMs: 5_000, idleMs: 30_000, attempts: 4 };

/** More than any answer takes that is no object: a page of a listing has a thousand keys of 1 KB, three times as long where they are encoded. */
const ANSWER_BYTES = 16 * 1_048_576;

class AnswerOversized extends Error {
  override name = 'AnswerOversized';
}

/** The SDK: 40 MB of memory, so only whoever uses S3 loads it. */
export type S3Sdk = typeof import('@aws-sdk/client-s3');
export type { S3Client, S3ServiceException };

/**
 * A client for the configured server, or for AWS itself. It contacts the endpoint alone, or AWS in the configured region, and for
 * credentials only the sources that the settings name.
 */
export async function openS3Client(settings: S3Values, patience: S3Patience): Promise<{ client: S3Client; sdk: S3Sdk }> {
  const sdk = await import('@aws-sdk/client-s3');
  const key = givenKey(settings);
  // The SDK asks the process's environment whether it may look for the metadata service of the machine, which otherwise is the last
  // source it tries.
  if (key === null && !mayAskMachine(settings)) process.env.AWS_EC2_METADATA_DISABLED = 'true';
  const endpoint = settings.CHIMERA_S3_ENDPOINT;
  const client = new sdk.S3Client({
    region: settings.AWS_REGION ?? 'us-east-1',
    // With neither, it would take an endpoint from files in the home folder.
    ...(endpoint === undefined ? { ignoreConfiguredEndpointUrls: true } : { endpoint, forcePathStyle: true }),
    ...(key === null ? {} : { credentials: key }),
    maxAttempts: patience.attempts,
    requestHandler: { connectionTimeout: patience.connectMs, socketTimeout: patience.idleMs },
    // Sums of S3's own are not what every server knows; blobs are checked by their hash, artifacts by their length.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A bucket elsewhere is a fault of the configuration: a redirect would lead to a host that is not in it.
    followRegionRedirects: false,
    defaultsMode: 'standard',
    retryMode: 'standard',
  });
  // The SDK reads all of an answer into memory before it looks at it, but for objects that are there.
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        const response = result.response as { statusCode: number; body?: Readable };
        const isObject = commandName === 'GetObjectCommand' && response.statusCode < 300;
        if (response.body !== undefined && !isObject) response.body = bounded(response.body);
        return result;
      },
    { step: 'deserialize', priority: 'low', name: 'boundedAnswer' },
  );
  return { client, sdk };
}

/** The body as far as an answer may go; what is longer ends in an error, and so does its transfer. */
function bounded(body: Readable): Readable {
  let bytes = 0;
  const counting = new Transform({
    transform(part: Uint8Array, _, done) {
      bytes += part.length;
      if (bytes > ANSWER_BYTES) done(new AnswerOversized(`the answer is larger than ${ANSWER_BYTES} bytes`));
      else done(null, part);
    },
  });
  // What goes wrong is told to whoever reads.
  return pipeline(body, counting, () => undefined);
}
