import { createHash } from 'node:crypto';
import { type SampleSet, type Series, StreamGathering } from '@chimera/evidence';
import { LIMIT_VARIABLES, type Limits, reasonOf, type StreamOptions, StreamReader } from '@chimera/formats';
import type { StreamedReading } from '@chimera/shared/domain';
import { type FoundReading, readerName } from './content-reading.ts';
import type { Outcome } from './outcome.ts';
import { isOwnOutputByEnds, OWN_OUTPUT_BYTES } from './own-output.ts';
import type { Pace } from './pace.ts';
import { SpillFile } from './spill-file.ts';

/** What of a file is looked at to see whether, and as what, it is read as a stream. */
const HEAD_BYTES = 4 * 1_048_576;
// What is pushed at once is worked on in one go: others wait for so much at most.
const PUSHED_BYTES = 256 * 1_024;

export type StreamSource = {
  path: string;
  /** all bytes of the file in their order */
  pieces: AsyncIterable<Uint8Array>;
  limits: Limits;
  /** where numbers lie that do not fit into the memory, as long as this lasts */
  workFolder: string;
  /** why a file that is small enough for it was not read whole */
  notWhole?: string;
};

/** The content cannot be read as a stream: it is none (null), or a reader failed on its beginning, with the words of that. */
export type Unstreamed = { unstreamed: string | null };

/**
 * Reads a large file piece by piece: neither its bytes nor its numbers are ever all in memory. Where its content cannot be read so,
 * not all pieces were taken. Throws what the pieces throw, the pace's signal, and faults of the work folder.
 */
export async function readStream(source: StreamSource, pace: Pace): Promise<FoundReading | Unstreamed> {
  const { path, limits } = source;
  const spill = await SpillFile.open(source.workFolder);
  try {
    const sink = new StreamGathering(spill);
    const hash = createHash('sha256');
    let reader: StreamReader | null = null;
    let head: Uint8Array[] | null = [];
    let headBytes = 0;
    let bytes = 0;
    let fault: string | null = null;
    let begin: Uint8Array = new Uint8Array();
    let tail: Uint8Array = new Uint8Array();

    const push = async (bytes: Uint8Array): Promise<void> => {
      for (let at = 0; at < bytes.length; at += PUSHED_BYTES) {
        reader?.push(bytes.subarray(at, at + PUSHED_BYTES));
        if (spill.fault) throw spill.fault;
        if (pace.due()) await pace.pause();
      }
    };
    /** False where it is no stream. */
    const start = async (parts: readonly Uint8Array[]): Promise<boolean> => {
      const whole = Buffer.concat(parts);
      head = null;
      begin = Uint8Array.from(whole.subarray(0, OWN_OUTPUT_BYTES));
      const over = readerOf({ path: readerName(path), head: whole.subarray(0, HEAD_BYTES), limits, sink });
      if (typeof over === 'string') fault = over;
      else reader = over;
      if (reader === null) return false;
      await push(whole);
      return true;
    };

    for await (const piece of source.pieces) {
      hash.update(piece);
      bytes += piece.length;
      tail = endOf(tail, piece);
      if (head === null) await push(piece);
      else {
        head.push(Uint8Array.from(piece));
        headBytes += piece.length;
        if (headBytes >= HEAD_BYTES && !(await start(head))) return { unstreamed: fault };
      }
    }
    if (head !== null && !(await start(head))) return { unstreamed: fault };
    const reading = (reader as StreamReader | null)?.end();
    if (spill.fault) throw spill.fault;
    if (reading === undefined) return { unstreamed: fault };
    const found = reading.status === 'read' ? await pace.through(sink.finish()) : NOTHING;
    const own = isOwnOutputByEnds(path, begin, tail);
    return { sha256: hash.digest('hex'), bytes, own, reading: { outcome: outcomeOfStream(reading, source), ...found }, rows: null };
  } finally {
    await spill.close();
  }
}

/** A fault of a reader over the head must not hold up the other artifacts: it goes, as a text, to whoever says what became of this one. */
function readerOf(options: StreamOptions): StreamReader | string | null {
  try {
    return StreamReader.of(options);
  } catch (error) {
    return reasonOf(error);
  }
}

const NOTHING: { series: Series[]; samples: SampleSet[] } = { series: [], samples: [] };

/** The last bytes of what was seen so far. */
function endOf(before: Uint8Array, piece: Uint8Array): Uint8Array {
  if (piece.length >= OWN_OUTPUT_BYTES) return Uint8Array.from(piece.subarray(-OWN_OUTPUT_BYTES));
  return Uint8Array.from(Buffer.concat([before, piece]).subarray(-OWN_OUTPUT_BYTES));
}

function outcomeOfStream(reading: StreamedReading, source: StreamSource): Outcome {
  const cut = reading.cut === true;
  if (reading.status === 'refused' || reading.measurements === 0) return { ...reading, cut };
  return { ...reading, warnings: [...reading.warnings, streamedWarning(reading.measurements, source)], cut };
}

function streamedWarning(numbers: number, { limits, notWhole }: StreamSource): string {
  const larger = `it is larger than ${limits.streamBytes} bytes (${LIMIT_VARIABLES.streamBytes})`;
  const why = notWhole === undefined ? larger : `it cannot be read whole (it ${notWhole})`;
  return `${why}, so it was read as a stream: its ${numbers} numbers stand in series and groups, not one by one in measurements.parquet, and "chimera verify" cannot look single ones up`;
}
