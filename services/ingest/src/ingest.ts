import type { Dependencies, Service } from '@chimera/shared/service';
import { startLoop } from '@chimera/shared/service';
import { createLeaseKeeper, isS3Url, LEASES_BUCKET, Lease } from '@chimera/shared/store';
import type { Bucket } from './bucket.ts';
import type { IngestSettings } from './config.ts';
import { divide } from './dataset.ts';
import { createDesk } from './desk.ts';
import { folderBucket } from './folder.ts';
import { type WatchState, watchFolder } from './folder-watch.ts';
import { openCurrent } from './publication.ts';
import { createReadings, type Readings } from './readings.ts';
import { s3Parts } from './s3-parts.ts';
import { READER_CONSUMER, startSpreading } from './spreading.ts';

/** What ingest stands on; a simulation hands in others. */
export type IngestParts = {
  bucket: Bucket;
  readings: Readings;
  /** where this process reads for others, and asks them to read for it; absent: it reads alone */
  workFolder?: string;
  /** Tells of changes until it is stopped; its state says how far it can be relied on. */
  watch: (onHint: () => void, onState: (state: WatchState) => void) => Promise<{ state(): WatchState; stop(): Promise<void> }>;
};

function folderParts(settings: IngestSettings): IngestParts {
  const root = settings.CHIMERA_BUCKET;
  return {
    bucket: folderBucket(root),
    readings: createReadings({ workFolder: settings.CHIMERA_HOME }),
    workFolder: settings.CHIMERA_HOME,
    watch: (onHint, onState) => watchFolder({ root, onHint, onState }),
  };
}

function partsOf(settings: IngestSettings, deps: Dependencies): Promise<IngestParts> | IngestParts {
  return isS3Url(settings.CHIMERA_BUCKET) ? s3Parts(settings, deps) : folderParts(settings);
}

// Many changes at once are one look; and looking must not be all that is done.
const SHORTEST_REST_MS = 50;
const REST_PER_LOOK = 4;
// Leases lapse by themselves: giving them back is only a courtesy.
const GIVE_BACK_MS = 2_000;
// A lease is renewed three times in its life, and once more for luck.
const RENEWALS = 4;

/**
 * Watches the bucket and takes an inventory of each dataset that has settled. Changes are told by the watcher, which
 * is a hint; a full look at the start, every CHIMERA_RECONCILE_SECONDS, and where changes are not told every
 * CHIMERA_SCAN_SECONDS, is the truth.
 */
export async function startIngest(settings: IngestSettings, deps: Dependencies, given?: IngestParts): Promise<Service> {
  const parts = given ?? (await partsOf(settings, deps));
  const { clock, logger } = deps;
  const current = await openCurrent(deps.bus);
  const leases = createLeaseKeeper(
    await deps.bus.documents(LEASES_BUCKET, Lease),
    deps.instance,
    clock,
    settings.CHIMERA_LEASE_SECONDS * 1_000,
  );
  const stop = new AbortController();
  const { bucket, readings, workFolder } = parts;
  const spreading = workFolder === undefined ? null : await startSpreading(settings, deps, { bucket, workFolder });
  const desk = createDesk(settings, deps, { current, leases, bucket, readings, spread: spreading?.spread }, stop.signal);
  const [scanMs, reconcileMs] = [settings.CHIMERA_SCAN_SECONDS * 1_000, settings.CHIMERA_RECONCILE_SECONDS * 1_000];
  let watching: WatchState = { mode: 'polling', reason: null };
  let faults: string[] = [];
  let fullAt = 0;
  let restMs = 0;
  let lookedMs = 0;
  let lookedAt = 0;

  /** Looks at the bucket once; a dataset that cannot be taken holds up no other. */
  async function turn(): Promise<void> {
    const began = clock.elapsed();
    const full = began >= fullAt;
    const found: string[] = [];
    let nextMs = full ? reconcileMs : fullAt - began;
    try {
      if (full) await desk.reconcile();
      const { entries, done } = await parts.bucket.scan(() => loop.alive());
      lookedAt = clock.elapsed();
      lookedMs = lookedAt - began;
      const listings = divide(entries, settings.CHIMERA_DATASETS);
      await desk.lookForGone(new Set(listings.map(({ dataset }) => dataset)));
      for (const listing of listings) {
        if (stop.signal.aborted) return;
        loop.alive();
        const { againMs } = await desk.lookAt(listing, done.get(listing.folder) ?? null, full).catch((error: unknown) => {
          if (!stop.signal.aborted) {
            logger.error({ err: error, dataset: listing.dataset }, 'the dataset could not be taken in; it is tried again');
            found.push(`dataset ${listing.dataset} could not be taken in: ${textOf(error)}`);
          }
          return { againMs: scanMs };
        });
        nextMs = Math.min(nextMs, againMs ?? nextMs);
      }
      if (full) fullAt = began + reconcileMs;
    } catch (error) {
      found.push(`the bucket ${settings.CHIMERA_BUCKET} cannot be looked at: ${textOf(error)}`);
      logger.error({ err: error }, found[0]);
      nextMs = scanMs;
    }
    faults = found;
    // The fault may be NATS', come back without streams and buckets. Of those that others use alone, and wait for, no fault tells here.
    if ((full || found.length > 0) && !deps.bus.ended())
      await deps.bus.assert().catch((e: Error) => logger.warn({ err: e }, 'asserting streams failed'));
    if (watching.mode === 'polling') nextMs = Math.min(nextMs, scanMs);
    restMs = Math.max(nextMs, SHORTEST_REST_MS, REST_PER_LOOK * lookedMs);
  }

  const loop = startLoop({
    clock,
    restMs: () => restMs,
    turn,
    onError: (error) => logger.error({ err: error }, 'looking at the bucket failed; it is tried again'),
  });
  const renewal = startLoop({
    clock,
    restMs: (settings.CHIMERA_LEASE_SECONDS * 1_000) / RENEWALS,
    turn: async () => {
      if (!(await desk.renew())) return;
      fullAt = 0;
      loop.nudge();
    },
    onError: (error) => logger.warn({ err: error }, 'the leases could not be renewed; trying again'),
  });
  const hint = hintsTo(
    () => loop.nudge(),
    () => Math.max(SHORTEST_REST_MS, lookedAt + REST_PER_LOOK * lookedMs - clock.elapsed()),
    clock,
    stop.signal,
  );
  const watch = await parts.watch(hint, (state) => {
    watching = state;
    if (state.reason !== null) logger.warn({ mode: state.mode }, `changes in the bucket are not told of: ${state.reason}`);
    else logger.info({ mode: state.mode }, 'the watcher is alive');
    loop.nudge();
  });
  watching = watch.state();
  const offRenewal = deps.bus.onRenewed(() => {
    fullAt = 0;
    loop.nudge();
  });

  return {
    name: 'ingest',
    loops: [loop, renewal, ...(spreading === null ? [] : [spreading.worker])],
    consumers: spreading === null ? [] : [READER_CONSUMER],
    notReady: () => faults,
    sample() {
      deps.metrics.set('chimera_drop_lag_seconds', {}, desk.lagMs() / 1_000);
      deps.metrics.set('chimera_bucket_watched', {}, watching.mode === 'events' ? 1 : 0);
    },
    notes: () => [`watching by ${watching.mode}${watching.reason === null ? '' : `: ${watching.reason}`}`],
    async stop(deadlineMs) {
      stop.abort();
      offRenewal();
      const reading = spreading?.worker.stop(deadlineMs).then(() => spreading.close());
      await Promise.all([watch.stop(), loop.stop(deadlineMs), renewal.stop(Math.min(deadlineMs, GIVE_BACK_MS)), reading]);
      const givenBack = leases
        .release()
        .catch((error: Error) => logger.warn({ err: error }, 'the leases could not be given back; they lapse'));
      await Promise.race([givenBack, clock.sleep(GIVE_BACK_MS)]);
      await Promise.race([parts.readings.close(), clock.sleep(GIVE_BACK_MS)]);
    },
  };
}

/** Many hints in a short while become one. */
function hintsTo(act: () => void, pauseMs: () => number, clock: Dependencies['clock'], signal: AbortSignal): () => void {
  let pending = false;
  return () => {
    if (pending) return;
    pending = true;
    void clock.sleep(pauseMs(), signal).then(() => {
      pending = false;
      if (!signal.aborted) act();
    });
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
