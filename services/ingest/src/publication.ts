import { type Documents, InventoryPublished, publish, subjectToken } from '@chimera/shared/bus';
import { InventoryRef, Observations } from '@chimera/shared/domain';
import type { Dependencies } from '@chimera/shared/service';
import { CURRENT_BUCKET, getJson, nextCurrent, putJson, type Taken } from '@chimera/shared/store';
import type { TakenInventory } from './inventory.ts';

/** Opens the bucket that says which inventory of a dataset is current. */
export function openCurrent(bus: Dependencies['bus']): Promise<Documents<InventoryRef>> {
  return bus.documents(CURRENT_BUCKET, InventoryRef);
}

/**
 * Stores an inventory's blobs, makes it current, then publishes it, in this order: a crash anywhere repeats
 * harmlessly, because the event's id follows from inventory and generation. An unchanged inventory is published
 * again under the same id, which heals an event that was lost between the two.
 */
export async function publishInventory(
  deps: Dependencies,
  current: Documents<InventoryRef>,
  taken: TakenInventory,
  startedAt: number,
): Promise<InventoryRef> {
  const { evidence, observations } = taken;
  const [evidenceBlob, observationsBlob, measurements] = await Promise.all([
    putJson(deps.blobs, evidence),
    putJson(deps.blobs, observations),
    deps.blobs.put(taken.parquet),
  ]);
  const finishedAt = deps.now();
  const next: Taken = {
    dataset: evidence.dataset,
    inventory: evidence.inventory,
    evidence: evidenceBlob,
    observations: observationsBlob,
    measurements,
    artifacts: evidence.artifacts.length,
    refused: evidence.artifacts.filter((a) => a.status === 'refused').length,
    ingest: {
      startedAt: new Date(startedAt).toISOString(),
      finishedAt: new Date(finishedAt).toISOString(),
      seconds: (finishedAt - startedAt) / 1_000,
    },
  };
  const ref = await current.change(subjectToken(next.dataset), (now) => nextCurrent(now, next));
  if (ref === null)
    throw new Error(`Dataset ${next.dataset} has no current inventory after one was stored: the KV bucket ${CURRENT_BUCKET} lost a write.`);
  await publish(deps.bus, InventoryPublished, ref);
  return ref;
}

/** When each path was first seen with its bytes, from the observations of the current inventory. */
export async function firstSeenBefore(
  deps: Dependencies,
  now: InventoryRef | null,
): Promise<(path: string, sha256: string | null) => string | null> {
  if (now === null || !(await deps.blobs.has(now.observations))) return () => null;
  const { modified } = await getJson(deps.blobs, now.observations, Observations);
  const times = new Map(modified.map((m) => [`${m.path}\0${m.sha256}`, m.modified]));
  return (path, hash) => times.get(`${path}\0${hash}`) ?? null;
}
