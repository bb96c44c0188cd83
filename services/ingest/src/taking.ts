import { type Documents, subjectToken, tellProgress } from '@chimera/shared/bus';
import type { InventoryRef } from '@chimera/shared/domain';
import type { Dependencies } from '@chimera/shared/service';
import type { Current } from '@chimera/shared/store';
import type { Bucket } from './bucket.ts';
import type { IngestSettings } from './config.ts';
import { readingLimits } from './config.ts';
import type { Entry } from './entry.ts';
import { takeInventory } from './inventory.ts';
import { firstSeenBefore, publishInventory } from './publication.ts';
import type { Readings } from './readings.ts';

export type Taking = {
  dataset: string;
  /** its folder within the bucket, '' for the whole */
  folder: string;
  /** paths relative to the folder */
  entries: readonly Entry[];
  /** files that are still being written */
  left?: readonly Entry[];
  /** paths to read again although they look the same */
  again?: ReadonlySet<string>;
  /** the token of the lease under which this is done */
  fence: number;
  /** files that look cut off are reported and nothing is published, if this says so */
  waitFor?: (cut: readonly string[]) => boolean;
  signal?: AbortSignal;
  alive?: () => void;
};

/** What became of a taking: published, or put off because files look cut off. */
export type Taken = { inventory: InventoryRef } | { cut: string[] };

/** Takes one dataset's inventory and publishes it. Throws Unstable, EmptyInventory, StaleLease, or what storing and publishing throw. */
export async function ingestDataset(
  settings: IngestSettings,
  deps: Dependencies,
  parts: { current: Documents<Current>; bucket: Bucket; readings: Readings },
  taking: Taking,
): Promise<Taken> {
  const started = deps.clock.now();
  const { dataset, folder, entries } = taking;
  const known = await parts.current.get(subjectToken(dataset));
  const within = (entry: Entry): Entry => (folder === '' ? entry : { ...entry, path: `${folder}/${entry.path}` });
  const taken = await takeInventory({
    dataset,
    bucket: folder === '' ? settings.CHIMERA_BUCKET : `${settings.CHIMERA_BUCKET}/${folder}`,
    entries,
    limits: readingLimits(settings),
    read: (entry) => parts.bucket.read(within(entry)),
    readings: parts.readings,
    firstSeen: await firstSeenBefore(deps, known?.inventory ?? null),
    now: deps.clock.now,
    ...(taking.again ? { again: taking.again } : {}),
    ...(taking.left?.length ? { unsettled: taking.left.map(({ path }) => ({ path, reason: 'it is still being written' })) } : {}),
    ...(taking.signal ? { signal: taking.signal } : {}),
    onProgress(done, total) {
      taking.alive?.();
      tellProgress(deps.bus, null, { dataset, stage: 'reading', done, total });
    },
  });
  if (taken.cut.length > 0 && taking.waitFor?.(taken.cut)) return { cut: taken.cut };
  for (const path of taken.skipped) deps.logger.info({ dataset, artifact: path }, "left out: Chimera's own output");
  const inventory = await publishInventory(deps, parts.current, taken, started, { token: taking.fence, holder: deps.instance });
  for (const { kind, status } of taken.evidence.artifacts) deps.metrics.count('chimera_artifacts_total', { kind, status });
  deps.metrics.count('chimera_inventories_total');
  deps.metrics.observe('chimera_inventory_duration_seconds', {}, (deps.clock.now() - started) / 1_000);
  const { generation, artifacts, refused } = inventory;
  deps.logger.info({ dataset, inventory: inventory.inventory, generation, artifacts, refused }, 'inventory published');
  tellProgress(deps.bus, null, { dataset, stage: 'inventory', done: artifacts, total: artifacts });
  return { inventory };
}
