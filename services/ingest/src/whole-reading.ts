import { type Limits, readArtifact } from '@chimera/formats';
import type { Reading } from '@chimera/shared/domain';
import { type ContentReading, readerName } from './content-reading.ts';
import type { Pace } from './pace.ts';
import { readStream } from './stream-reading.ts';

/** A file whose bytes are at hand. */
export type WholeFile = {
  path: string;
  bytes: Uint8Array;
  limits: Limits;
  /** where numbers of a stream lie as long as it is read; null: nothing is read as a stream */
  workFolder: string | null;
  /** given where it was tried as a stream before, which it is none of: null, or the fault that kept it from being one */
  unstreamed?: string | null | undefined;
};

/** What came of it: each number, or, where these are too many to be held, what a stream made of them. */
export type WholeReading = { reading: Reading } | { streamed: ContentReading };

/**
 * Reads a file whole; where only the number of its pieces forbids that, as a stream. Throws faults of the work folder, and the
 * pace's signal.
 */
export async function readWhole(file: WholeFile, pace: Pace): Promise<WholeReading> {
  const { path, bytes, limits, workFolder, unstreamed } = file;
  const reading = readArtifact({ path: readerName(path), bytes, limits });
  if (reading.status === 'read')
    return { reading: unstreamed ? { ...reading, warnings: [...reading.warnings, readWholeBecause(unstreamed)] } : reading };
  const { large, ...refused } = reading;
  const { reason } = refused;
  const refusedAlso = (why: string): WholeReading => ({
    reading: { ...refused, reason: `${reason}; as a stream it cannot be read: ${why}` },
  });
  if (unstreamed) return refusedAlso(unstreamed);
  if (!large || workFolder === null || unstreamed === null) return { reading: refused };
  const found = await readStream({ path, pieces: inPieces(bytes), limits, workFolder, notWhole: reason }, pace);
  if ('unstreamed' in found) return found.unstreamed === null ? { reading: refused } : refusedAlso(found.unstreamed);
  const { outcome } = found.reading;
  return outcome.status === 'read' ? { streamed: found.reading } : refusedAlso(outcome.reason);
}

function readWholeBecause(fault: string): string {
  return `it was read whole, because it could not be read as a stream: ${fault}`;
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
