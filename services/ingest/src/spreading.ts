import { LIMIT_VARIABLES, type Limits } from '@chimera/formats';
import {
  type ConsumerSpec,
  type Delivery,
  READING_TOLD_SUBJECTS,
  type ReadingRequest,
  ReadingRequested,
  RetryLater,
  readingId,
  readingToldSubject,
  startWorker,
  type Worker,
} from '@chimera/shared/bus';
import { Sha256 } from '@chimera/shared/domain';
import { type Dependencies, deliveryObserver } from '@chimera/shared/service';
import { type Bucket, Unreadable, Unstable } from './bucket.ts';
import { type IngestSettings, readingLimits } from './config.ts';
import { READING_VERSION } from './content-reading.ts';
import type { Entry } from './entry.ts';
import { createPace } from './pace.ts';
import { readForOthers } from './reader.ts';
import { leadsBelow } from './relative-path.ts';
import { SharedTable } from './shared-table.ts';
import { createSpread, type Hearing, type Spread } from './spread.ts';
import { storedReadings } from './stored-readings.ts';

/**
 * From it every ingest process takes large artifacts to read. Its ack wait is how long one that died holds an artifact up; and two
 * thirds of it is what reading may take in one go, without a sign of life, before it counts as dead (decision 0026 has the figures).
 */
export const READER_CONSUMER: ConsumerSpec = {
  stream: 'chimera_work',
  durable: 'ingest_reader',
  filter: ReadingRequested.subjects,
  ackWaitMs: 30_000,
  maxDeliveries: 5,
};

/** Told instead of a blob: whoever asked has to look for itself. */
const NOTHING = 'nothing';

// While two versions or configurations run side by side, a request waits for its own a little, then whoever asked reads by itself.
const OTHER_KIND_MS = 1_000;
const OTHER_KIND_TRIES = 3;

export type Spreading = {
  /** who reads what lies in a folder of the bucket */
  spread: (folder: string) => Spread;
  worker: Worker;
  /** Ends what was not ended by the worker's stop. */
  close(): Promise<void>;
};

export type SpreadingParts = { bucket: Bucket; workFolder: string };

/**
 * Has this process read large artifacts for any that asks, itself included, and ask others. Null where that is turned off, or the
 * credentials do not allow it: it then reads everything itself, and nothing for others.
 */
export async function startSpreading(settings: IngestSettings, deps: Dependencies, parts: SpreadingParts): Promise<Spreading | null> {
  const { bus, logger, clock, metrics } = deps;
  if (settings.CHIMERA_SPREAD_BYTES === 0) return null;
  if (bus.mayConsume?.(READER_CONSUMER) === false) {
    logger.warn(
      'these credentials of NATS are older than the spreading of reading: this process reads by itself; make new ones with "chimera nats user"',
    );
    return null;
  }
  const stored = storedReadings(deps.blobs, (error) =>
    logger.warn({ err: error }, 'a stored reading cannot be used; the artifact is read again'),
  );
  const table = new SharedTable(parts.workFolder);
  const limits = readingLimits(settings);
  const told = new Map<string, Hearing>();
  const offTold = bus.listen(READING_TOLD_SUBJECTS, (subject) => {
    const [id = '', word = ''] = subject.split('.').slice(-2);
    const hearing = told.get(id);
    if (hearing === undefined) return;
    const blob = Sha256.safeParse(word).data ?? null;
    if (blob === null && word !== NOTHING)
      logger.warn({ request: id, word }, 'what was told of a reading is no blob; the artifact is read here');
    hearing(blob);
  });
  const tell = (id: string, word: string) => bus.tell(readingToldSubject(id, word), '');

  async function handle(request: ReadingRequest, { deliveries, signal }: Delivery): Promise<void> {
    const id = readingId(request);
    const leave = (reason: string) => {
      logger.info({ artifact: request.path, reason }, 'a request to read an artifact is left to whoever asked');
      metrics.count('chimera_readings_total', { outcome: 'left' });
      tell(id, NOTHING);
    };
    const other = differenceFrom(request, limits);
    if (other !== null) {
      if (deliveries < OTHER_KIND_TRIES) throw new RetryLater(other, OTHER_KIND_MS);
      return leave(other);
    }
    if (request.bucket !== settings.CHIMERA_BUCKET) return leave(`it is of the bucket ${request.bucket}`);
    if (!leadsBelow(request.path)) return leave('its path does not lead to one place below the bucket');
    logger.info({ artifact: request.path, deliveries }, 'an artifact is being read for whoever asked');
    try {
      const pace = createPace(clock.elapsed, () => undefined, signal);
      const { blob, how } = await readForOthers({ ...parts, stored, table }, entryOf(request), limits, pace);
      await stored.done(id);
      metrics.count('chimera_readings_total', { outcome: how });
      tell(id, blob);
    } catch (error) {
      signal.throwIfAborted();
      // Whoever asked looks for itself: a file that changed or cannot be read is judged there, and a fault of this process is no fault of the file.
      if (!(error instanceof Unstable || error instanceof Unreadable))
        logger.warn({ err: error, artifact: request.path }, 'an artifact could not be read for others');
      leave((error as Error).message);
    }
  }

  const worker = await startWorker({
    bus,
    contract: ReadingRequested,
    consumer: READER_CONSUMER,
    concurrency: 1,
    handle,
    async beforeBurial(request) {
      const { maxDeliveries } = READER_CONSUMER;
      const reason = `given up: each of the ${maxDeliveries} processes that began to read it ended in the middle of it; look at the letters ("chimera dead list"), and change the file or give ingest more memory`;
      await stored.giveUp(readingId(request), reason);
      tell(readingId(request), NOTHING);
    },
    observe: deliveryObserver(metrics, logger),
    onError: (error) => logger.warn({ err: error }, 'pulling requests to read failed; trying again'),
  });

  return {
    worker,
    spread: (folder) => createSpread({ settings, deps, bucket: parts.bucket, stored, told }, folder),
    async close() {
      offTold();
      await table.close();
    },
  };
}

/**
 * Why a request is for a process of another version or configuration; null where it is for one like this. What others may have this
 * process read, and how much memory that takes, is never more than its own settings allow.
 */
function differenceFrom({ readerVersion, limits: asked }: ReadingRequest, own: Limits): string | null {
  if (readerVersion !== READING_VERSION) return `it is for version ${readerVersion} of reading, and this is ${READING_VERSION}`;
  const names = Object.keys(own) as (keyof Limits)[];
  const other = names.find((name) => !Object.hasOwn(asked, name) || asked[name] !== own[name]);
  if (other !== undefined)
    return `it is to be read with ${LIMIT_VARIABLES[other]}=${asked[other] ?? 'nothing'}, and this process has ${own[other]}: give all ingest processes the same limits`;
  const more = Object.keys(asked).length - names.length;
  return more > 0 ? `it has ${more} limits that this version does not know` : null;
}

function entryOf({ path, bytes, modifiedMs, changedMs, inode, entityTag }: ReadingRequest): Entry {
  return { path, bytes, modifiedMs, changedMs, inode, type: 'file', ...(entityTag === undefined ? {} : { entityTag }) };
}
