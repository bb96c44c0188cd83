import { InventoryRef } from '../domain/inventory.ts';

/** The KV bucket that says which inventory of a dataset is the current one; the key is the dataset's token. */
export const CURRENT_BUCKET = 'chimera_current';

/** What makes an inventory current: everything of its reference but the generation, which follows from what was. */
export type Taken = Omit<InventoryRef, 'generation'>;

/** The reference that becomes current: unchanged (null) when the inventory is the same, else the next generation. */
export function nextCurrent(now: InventoryRef | null, taken: Taken): InventoryRef | null {
  if (now?.inventory === taken.inventory) return null;
  return InventoryRef.parse({ ...taken, generation: (now?.generation ?? 0) + 1 });
}
