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
): Promise<InventoryRef> {
  const started = deps.now();
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
    now: deps.now,
    onProgress: (done, total) => tellProgress(deps.bus, null, { dataset, stage: 'reading', done, total }),
  });
  cache.endOfInventory();
  for (const path of taken.skipped) deps.logger.info({ dataset, artifact: path }, "left out: Chimera's own output");
  const ref = await publishInventory(deps, current, taken, started);
  for (const { kind, status } of taken.evidence.artifacts) deps.metrics.count('chimera_artifacts_total', { kind, status });
  deps.metrics.count('chimera_inventories_total');
  deps.metrics.observe('chimera_inventory_duration_seconds', {}, (deps.now() - started) / 1_000);
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
  const cache = createReadingCache();
  const states = new Map<string, Settling>();
  let stopping = false;
  let lastHealing = 0;
  let fault: string | null = null;
  let wake = () => {};

  async function lookOnce(): Promise<void> {
    const { entries, done } = await scanFolder(settings.CHIMERA_BUCKET);
    for (const listing of divide(entries, settings.CHIMERA_DATASETS)) {
      if (stopping) return;
      const isDone = done.has(listing.folder);
      const { state, due } = settle(
        states.get(listing.dataset) ?? null,
        listing.entries,
        performance.now(),
        settings.CHIMERA_SETTLE_SECONDS * 1_000,
        isDone,
      );
      states.set(listing.dataset, state);
      if (!due) {
        await healIfWiped(listing.dataset, state);
        continue;
      }
      try {
        await ingestDataset(settings, deps, current, cache, listing);
        states.set(listing.dataset, { ...state, taken: state.signature });
      } catch (error) {
        if (error instanceof EmptyInventory) {
          states.set(listing.dataset, { ...state, taken: state.signature });
          deps.logger.warn({ dataset: listing.dataset }, error.message);
        } else if (error instanceof Unstable)
          deps.logger.info({ dataset: listing.dataset }, `${error.message} It is read again once it is quiet.`);
        else throw error;
      }
    }
  }

  /** NATS may have come back without its state: the bucket is the truth, so what was taken is published again. */
  async function healIfWiped(dataset: string, state: Settling): Promise<void> {
    if (state.taken !== state.signature || performance.now() - lastHealing < HEAL_MS) return;
    lastHealing = performance.now();
    if ((await current.get(subjectToken(dataset))) !== null) return;
    deps.logger.warn({ dataset }, 'NATS no longer knows the dataset; it is taken in again');
    states.set(dataset, { ...state, taken: null });
  }

  const loop = (async () => {
    while (!stopping) {
      try {
        await lookOnce();
        fault = null;
      } catch (error) {
        fault = `the bucket ${settings.CHIMERA_BUCKET} could not be taken in: ${error instanceof Error ? error.message : String(error)}`;
        deps.logger.error({ err: error }, fault);
        if (!deps.bus.connection.isClosed())
          await deps.bus.assert().catch((e: Error) => deps.logger.warn({ err: e }, 'asserting streams failed'));
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, settings.CHIMERA_SCAN_SECONDS * 1_000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (stopping) wake();
      });
    }
  })();

  return {
    name: 'ingest',
    workers: [],
    consumers: [],
    notReady: () => (fault === null ? [] : [fault]),
    async stop() {
      stopping = true;
      wake();
      await loop;
    },
  };
}
