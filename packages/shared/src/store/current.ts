import { InventoryRef } from '../domain/inventory.ts';
import type { Run } from '../domain/run.ts';

/** The KV bucket that says which inventory of a dataset is the current one; the key is the dataset's token. */
export const CURRENT_BUCKET = 'chimera_current';

/** What makes an inventory current: everything of its reference but the generation, which follows from what was. */
export type Taken = Omit<InventoryRef, 'generation'>;

/** The reference that becomes current: unchanged (null) when inventory and evidence are the same, else the next generation. */
export function nextCurrent(now: InventoryRef | null, taken: Taken): InventoryRef | null {
  if (now?.inventory === taken.inventory && now.evidence === taken.evidence) return null;
  return InventoryRef.parse({ ...taken, generation: (now?.generation ?? 0) + 1 });
}

/** True for a run whose dataset has moved on to another inventory; a campaign's runs are bound to theirs. */
export function isOutdated(run: Run, current: InventoryRef | null): boolean {
  return run.ordinal === null && current !== null && current.inventory !== run.inventory;
}
