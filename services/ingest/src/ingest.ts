import { join } from 'node:path';
import { EmptyInventory } from '@chimera/evidence';
import { type Documents, subjectToken, tellProgress } from '@chimera/shared/bus';
import type { InventoryRef } from '@chimera/shared/domain';
import type { Dependencies, Service } from '@chimera/shared/service';
import type { IngestSettings } from './config.ts';
import { type DatasetListing, divide } from './dataset.ts';
import { scanFolder, Unstable } from './folder.ts';
import { takeInventory } from './inventory.ts';
import { firstSeenBefore, openCurrent, publishInventory } from './publication.ts';
import { createReadingCache, type ReadingCache } from './reading-cache.ts';
import { type Settling, settle } from './settling.ts';

// How often NATS is asked whether it still knows what was published.
const HEAL_MS = 5_000;

/** Takes one dataset's inventory and publishes it. Throws Unstable, EmptyInventory, or what storing and publishing throw. */
export async function ingestDataset(
  settings: IngestSettings,
  deps: Dependencies,
  current: Documents<InventoryRef>,
  cache: ReadingCache,
  listing: DatasetListing,
  signal?: AbortSignal,
): Promise<InventoryRef> {
  const started = deps.clock.now();
  const { dataset, folder, entries } = listing;
  const root = join(settings.CHIMERA_BUCKET, folder);
  const known = await current.get(subjectToken(dataset));
  const taken = await takeInventory({
    root,
    dataset,
    bucket: root,
    entries,
    maxBytes: settings.CHIMERA_MAX_ARTIFACT_BYTES,
    cache,
    firstSeen: await firstSeenBefore(deps, known),
    now: deps.clock.now,
    workFolder: settings.CHIMERA_HOME,
    ...(signal ? { signal } : {}),
    onProgress: (done, total) => tellProgress(deps.bus, null, { dataset, stage: 'reading', done, total }),
  });
  cache.endOfInventory();
  for (const path of taken.skipped) deps.logger.info({ dataset, artifact: path }, "left out: Chimera's own output");
  const ref = await publishInventory(deps, current, taken, started);
  for (const { kind, status } of taken.evidence.artifacts) deps.metrics.count('chimera_artifacts_total', { kind, status });
  deps.metrics.count('chimera_inventories_total');
  deps.metrics.observe('chimera_inventory_duration_seconds', {}, (deps.clock.now() - started) / 1_000);
  deps.logger.info(
    { dataset, inventory: ref.inventory, generation: ref.generation, artifacts: ref.artifacts, refused: ref.refused },
    'inventory published',
  );
  tellProgress(deps.bus, null, { dataset, stage: 'inventory', done: ref.artifacts, total: ref.artifacts });
  return ref;
}

/** Watches the bucket: looks at it every scan interval, and takes an inventory of each dataset that has settled. */
export async function startIngest(settings: IngestSettings, deps: Dependencies): Promise<Service> {
  const current = await openCurrent(deps.bus);
  const caches = new Map<string, ReadingCache>();
  const stop = new AbortController();
  const healedAt = new Map<string, number>();
  const published = new Map<string, string>();
  const states = new Map<string, Settling>();
  let faults: string[] = [];
  let wake = () => {};

  /** Looks at the bucket once; a dataset that cannot be taken holds up no other. Returns what went wrong, by dataset. */
  async function lookOnce(): Promise<string[]> {
    const faults: string[] = [];
    const { entries, done } = await scanFolder(settings.CHIMERA_BUCKET);
    for (const listing of divide(entries, settings.CHIMERA_DATASETS)) {
      if (stop.signal.aborted) break;
      try {
        await lookAt(listing, done.has(listing.folder));
      } catch (error) {
        if (stop.signal.aborted) break;
        deps.logger.error({ err: error, dataset: listing.dataset }, 'the dataset could not be taken in; it is tried again');
        faults.push(`dataset ${listing.dataset} could not be taken in: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return faults;
  }

  async function lookAt(listing: DatasetListing, isDone: boolean): Promise<void> {
    const { dataset } = listing;
    const quietMs = settings.CHIMERA_SETTLE_SECONDS * 1_000;
    const { state, due } = settle(states.get(dataset) ?? null, listing.entries, performance.now(), quietMs, isDone);
    states.set(dataset, state);
    if (!due) return healIfWiped(dataset, state);
    const cache = caches.get(dataset) ?? createReadingCache();
    caches.set(dataset, cache);
    try {
      const ref = await ingestDataset(settings, deps, current, cache, listing, stop.signal);
      published.set(dataset, ref.inventory);
    } catch (error) {
      if (error instanceof Unstable) return deps.logger.info({ dataset }, `${error.message} It is read again once it is quiet.`);
      if (!(error instanceof EmptyInventory)) throw error;
      deps.logger.warn({ dataset }, error.message);
    }
    states.set(dataset, { ...state, taken: state.signature });
  }

  /** NATS may have come back without its state: the bucket is the truth, so what was taken is published again. */
  async function healIfWiped(dataset: string, state: Settling): Promise<void> {
    if (state.taken !== state.signature || performance.now() - (healedAt.get(dataset) ?? Number.NEGATIVE_INFINITY) < HEAL_MS) return;
    healedAt.set(dataset, performance.now());
    // A server that was killed may also have lost the last of what it had confirmed.
    if ((await current.get(subjectToken(dataset)))?.inventory === published.get(dataset)) return;
    deps.logger.warn({ dataset }, 'NATS does not know the inventory that was published; it is taken in again');
    states.set(dataset, { ...state, taken: null });
  }

  const loop = (async () => {
    while (!stop.signal.aborted) {
      try {
        faults = await lookOnce();
      } catch (error) {
        faults = [`the bucket ${settings.CHIMERA_BUCKET} cannot be looked at: ${error instanceof Error ? error.message : String(error)}`];
        deps.logger.error({ err: error }, faults[0]);
      }
      if (faults.length > 0) {
        // The fault may be NATS', come back without streams and buckets.
        if (!deps.bus.ended())
          await deps.bus.assert().catch((e: Error) => deps.logger.warn({ err: e }, 'asserting streams failed'));
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, settings.CHIMERA_SCAN_SECONDS * 1_000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (stop.signal.aborted) wake();
      });
    }
  })();

  return {
    name: 'ingest',
    workers: [],
    consumers: [],
    notReady: () => faults,
    async stop() {
      stop.abort();
      wake();
      await loop;
    },
  };
}
