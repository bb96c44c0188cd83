import { type Documents, InventoryPublished, publish, subjectToken } from '@chimera/shared/bus';
import { type InventoryRef, Observations } from '@chimera/shared/domain';
import { type Dependencies, noTracer, SPANS, traced, traceIdOf } from '@chimera/shared/service';
import { CURRENT_BUCKET, Current, type Fence, getJson, nextCurrent, putJsonBytes, type Taken } from '@chimera/shared/store';
import type { TakenInventory } from './inventory.ts';
import { observationsBytes } from './modification-times.ts';

/** Opens the bucket that says which inventory of a dataset is current. */
export function openCurrent(bus: Dependencies['bus']): Promise<Documents<Current>> {
  return bus.documents(CURRENT_BUCKET, Current);
}

/**
 * Stores an inventory's blobs, makes it current under the lease `fence`, keeps it in the history, then publishes it, in this order: a
 * crash anywhere repeats harmlessly, because the event's id follows from inventory and generation. An unchanged
 * inventory is published again under the same id, which heals an event that was lost between the two.
 * Throws StaleLease where another process has taken the dataset over.
 */
export function publishInventory(
  deps: Dependencies,
  current: Documents<Current>,
  taken: TakenInventory,
  startedAt: number,
  fence: Fence,
  keepInHistory: () => Promise<void> = async () => undefined,
): Promise<InventoryRef> {
  const { tracer = noTracer } = deps;
  const traceparent = tracer.current();
  return traced(tracer, SPANS.storeInventory.name, {}, () =>
    storeAndTell(deps, current, taken, startedAt, fence, traceparent, keepInHistory),
  );
}

async function storeAndTell(
  deps: Dependencies,
  current: Documents<Current>,
  taken: TakenInventory,
  startedAt: number,
  fence: Fence,
  traceparent: string | null,
  keepInHistory: () => Promise<void>,
): Promise<InventoryRef> {
  const { evidence, observations } = taken;
  const [evidenceBlob, observationsBlob, measurements] = await Promise.all([
    putJsonBytes(deps.blobs, evidence, taken.evidenceBytes),
    putJsonBytes(deps.blobs, observations, observationsBytes(observations, taken.modifiedJson)),
    deps.blobs.put(taken.parquet),
  ]);
  const finishedAt = deps.clock.now();
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
      // The clock may have been put back meanwhile.
      seconds: Math.max(0, (finishedAt - startedAt) / 1_000),
    },
    ...(traceparent ? { traceparent } : {}),
  };
  const now = await current.change(subjectToken(next.dataset), (known) => nextCurrent(known, next, fence));
  if (now === null)
    throw new Error(`Dataset ${next.dataset} has no current inventory after one was stored: the KV bucket ${CURRENT_BUCKET} lost a write.`);
  // Under the lease it has become current: from here on it belongs to the dataset's history, whoever dies now.
  await keepInHistory();
  await tell(deps, now.inventory);
  return now.inventory;
}

/** One that is told of again, because it was taken in again as it was, stays in the trace in which it was first taken. */
function tell({ bus, tracer = noTracer }: Dependencies, inventory: InventoryRef): Promise<void> {
  const { traceparent } = inventory;
  const send = () => publish(bus, InventoryPublished, inventory, traceparent);
  const isElsewhere = traceparent !== undefined && traceIdOf(traceparent) !== traceIdOf(tracer.current());
  return isElsewhere ? tracer.under(traceparent, send) : send();
}

/** When each path was first seen with its bytes, from the observations of the current inventory. */
export async function firstSeenBefore(
  deps: Dependencies,
  now: InventoryRef | null,
): Promise<(path: string, sha256: string | null) => string | null> {
  if (now === null || !(await deps.blobs.has(now.observations))) return () => null;
  const { modified } = await getJson(deps.blobs, now.observations, Observations);
  const seen = new Map(modified.map((one) => [one.path, one]));
  return (path, hash) => {
    const one = seen.get(path);
    return one !== undefined && one.sha256 === hash ? one.modified : null;
  };
}
