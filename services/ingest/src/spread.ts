import type { Limits } from '@chimera/formats';
import { publish, type ReadingRequest, ReadingRequested, readingId, within } from '@chimera/shared/bus';
import type { Dependencies } from '@chimera/shared/service';
import { type Bucket, Unreadable, Unstable } from './bucket.ts';
import type { IngestSettings } from './config.ts';
import { type FoundReading, READING_VERSION } from './content-reading.ts';
import type { Entry } from './entry.ts';
import type { Pace } from './pace.ts';
import { hashOf } from './reader.ts';
import type { StoredReadings } from './stored-readings.ts';

/** What came of an entry that whoever is free was asked to read; `own`: nothing, so that it is to be read here. */
export type Answer = { entry: Entry; answer: { found: FoundReading } | { refusal: string } | Unreadable | Unstable | 'own' };

/** Entries that are being read, by whichever process; each is given as soon as it is there. */
export type Answers = AsyncIterable<Answer> & {
  /** Waits for no more of them. */
  end(): void;
};

/** Whoever else reads entries of a dataset. */
export type Spread = {
  /** entries of at least so many bytes are worth the asking */
  leastBytes: number;
  /** Begins to ask at once, whenever the answers are taken. */
  ask(entries: readonly Entry[], limits: Limits, pace: Pace): Answers;
  /** Told of an answer that could not be used: the entry is read anew. */
  onUseless(entry: Entry, error: Error): void;
};

/** Told the blob of what was read, or null where whoever asked has to look for itself. */
export type Hearing = (blob: string | null) => void;

export type SpreadParts = {
  settings: Pick<IngestSettings, 'CHIMERA_BUCKET' | 'CHIMERA_SPREAD_BYTES'>;
  deps: Pick<Dependencies, 'bus' | 'clock' | 'logger' | 'instance'>;
  bucket: Bucket;
  stored: StoredReadings;
  /** who is told of which request */
  told: Map<string, Hearing>;
};

/** An entry that is asked for: whether the queue has it by now, how often it was seen without it since then, and what was heard. */
type Asked = { entry: Entry; request: ReadingRequest; sent: boolean; missed: number; heard: string | null };

// More requests than all processes together work on in a while need not lie in the queue.
const MOST_ASKED = 200;
const TICK_MS = 250;
// How often it is looked at whether what was asked for still lies in the queue: words may be lost, and queues.
const LOOK_MS = 2_000;
const ANSWER_MS = 5_000;
const late = () => new Error(`NATS did not answer within ${ANSWER_MS / 1_000} s`);

/** Asks for what lies in one folder of the bucket ('' for the whole). */
export function createSpread(parts: SpreadParts, folder: string): Spread {
  const { deps, settings } = parts;
  const inBucket = (entry: Entry): Entry => (folder === '' ? entry : { ...entry, path: `${folder}/${entry.path}` });
  return {
    leastBytes: settings.CHIMERA_SPREAD_BYTES,
    ask: (entries, limits, pace) => asking(parts, entries, { inBucket, limits, pace }),
    onUseless: (entry, error) =>
      deps.logger.warn(
        { err: error, artifact: inBucket(entry).path },
        'what was read elsewhere cannot be used; the artifact is read again',
      ),
  };
}

type Asking = { inBucket: (entry: Entry) => Entry; limits: Limits; pace: Pace };

function asking(parts: SpreadParts, entries: readonly Entry[], { inBucket, limits, pace }: Asking): Answers {
  const { deps, stored, told, bucket } = parts;
  const { bus, clock, logger } = deps;
  const waiting = new Map<string, Asked>();
  const ready: { asked: Asked; lost: boolean }[] = [];
  const left = [...entries];
  let wake = () => {};
  let lookAt = clock.elapsed() + LOOK_MS / 4;

  function settle(id: string, heard: string | null, lost = false): void {
    const asked = waiting.get(id);
    if (asked === undefined) return;
    asked.heard = heard;
    waiting.delete(id);
    told.delete(id);
    ready.push({ asked, lost });
    wake();
  }

  async function askFor(entry: Entry): Promise<void> {
    const request = requestFor(inBucket(entry), limits, parts.settings.CHIMERA_BUCKET);
    const id = readingId(request);
    const asked: Asked = { entry, request, sent: false, missed: 0, heard: null };
    waiting.set(id, asked);
    told.set(id, (blob) => settle(id, blob));
    try {
      if ((await stored.givenUp(id)) !== null) settle(id, null);
      else await within(clock, ANSWER_MS, publish(bus, ReadingRequested, request), late);
      asked.sent = true;
    } catch (error) {
      logger.warn({ err: error, artifact: request.path }, 'nobody could be asked to read an artifact; it is read here');
      settle(id, null, true);
    }
  }

  /** Each of them is waited for from here on. */
  function askMore(): void {
    for (const entry of left.splice(0, Math.max(0, MOST_ASKED - waiting.size))) void askFor(entry);
  }

  /** What no longer lies in the queue was done, and the word of it lost; or the queue was. It is asked for anew once, then looked for here. */
  async function look(): Promise<void> {
    const held = await within(clock, ANSWER_MS, bus.held(ReadingRequested.stream, ReadingRequested.subjects), late).catch(
      (error: unknown) => {
        logger.warn({ err: error }, 'the queue of readings cannot be looked at; artifacts are read here');
        return null;
      },
    );
    for (const [id, asked] of [...waiting]) {
      if (!asked.sent || held?.has(ReadingRequested.subject(asked.request))) continue;
      asked.missed += 1;
      if (held === null || asked.missed > 2) settle(id, null, true);
      // An earlier asking of the same may have been answered minutes ago, so that this one was dropped as a repetition.
      else if (asked.missed === 1)
        await publish(bus, ReadingRequested, { ...asked.request, attempt: attemptName(deps) }).catch(() => settle(id, null, true));
    }
  }

  async function answerOf({ entry, request, heard }: Asked, lost: boolean): Promise<Answer['answer']> {
    try {
      const { path, bytes } = request;
      if (heard !== null) {
        // Whether the file is still the one that was scanned was for the reader to see. To hash it here too would bring each byte over
        // this process's disk or network once more, which is what the others are asked for.
        const found = await stored.get(heard, { path, bytes, limits });
        if (found) return { found };
      }
      const refusal = await stored.givenUp(readingId(request));
      if (refusal !== null) return { refusal };
      if (!lost) return 'own';
      const known = await stored.find({ path, sha256: await hashOf(bucket.pieces(inBucket(entry)), pace), limits });
      return known ?? 'own';
    } catch (error) {
      if (error instanceof Unstable || error instanceof Unreadable) return error;
      throw error;
    }
  }

  askMore();
  return {
    end() {
      for (const id of waiting.keys()) told.delete(id);
      waiting.clear();
      left.length = 0;
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = ready.shift();
        if (next) {
          yield { entry: next.asked.entry, answer: await answerOf(next.asked, next.lost) };
          askMore();
          continue;
        }
        if (waiting.size === 0 && left.length === 0) return;
        if (clock.elapsed() >= lookAt) {
          await look();
          lookAt = clock.elapsed() + LOOK_MS;
        }
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (ready.length === 0) await Promise.race([woken, clock.sleep(TICK_MS)]);
        await pace.pause();
      }
    },
  };
}

function requestFor({ path, bytes, modifiedMs, changedMs, inode, entityTag }: Entry, limits: Limits, bucket: string): ReadingRequest {
  const scanned = { bytes, modifiedMs, changedMs, inode, ...(entityTag === undefined ? {} : { entityTag }) };
  return { bucket, path, ...scanned, limits, readerVersion: READING_VERSION };
}

/** A name that no other asking has: by process and time. */
function attemptName({ clock, instance }: Pick<Dependencies, 'clock' | 'instance'>): string {
  return `${instance}:${clock.now()}`;
}
