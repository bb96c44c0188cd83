import { z } from 'zod';
import { InventoryRef } from '../domain/inventory.ts';
import type { Run } from '../domain/run.ts';
import { StaleLease } from './lease.ts';

/** The KV bucket that says which inventory of a dataset is the current one; the key is the dataset's token. */
export const CURRENT_BUCKET = 'chimera_current';

/** Under what something was written: the token of a lease, and who held it. After a server forgot a lease, two may hold the same token. */
const Fence = z.object({ token: z.int().positive(), holder: z.string().min(1) });
export type Fence = z.infer<typeof Fence>;

/** A dataset's current inventory, and the lease under which it became that. */
export const Current = z.object({ inventory: InventoryRef, fence: Fence });
export type Current = z.infer<typeof Current>;

/** What makes an inventory current: everything of its reference but the generation, which follows from what was. */
export type Taken = Omit<InventoryRef, 'generation'>;

/**
 * What becomes current when `taken` is written under a lease: the same inventory and evidence
 * keep their generation, others get the next. Throws StaleLease where somebody else wrote under this token or a greater one.
 */
export function nextCurrent(now: Current | null, taken: Taken, fence: Fence): Current | null {
  requireFence(now, fence);
  if (now?.inventory.inventory === taken.inventory && now.inventory.evidence === taken.evidence) return fenced(now, fence);
  const generation = (now?.inventory.generation ?? 0) + 1;
  return { inventory: InventoryRef.parse({ ...taken, generation }), fence };
}

/**
 * The same inventory under the token of a new holder of the dataset's lease: from now on the former one can write
 * nothing. Null where there is nothing to change. Throws as nextCurrent does.
 */
export function fenced(now: Current | null, fence: Fence): Current | null {
  requireFence(now, fence);
  return now === null || now.fence.token === fence.token ? null : { ...now, fence };
}

/** The least token that a holder must have to write after what is current; see `fenced`. */
export function leastToken(now: Current | null, holder: string): number {
  return now === null ? 1 : now.fence.token + (now.fence.holder === holder ? 0 : 1);
}

function requireFence(now: Current | null, fence: Fence): void {
  if (fence.token < leastToken(now, fence.holder))
    throw new StaleLease(
      `The lease of dataset ${now?.inventory.dataset} was lost: another process wrote under token ${now?.fence.token}, and this one holds ${fence.token}. It is asked for anew.`,
    );
}

/** True for a run whose dataset has moved on to another inventory; a campaign's runs are bound to theirs. */
export function isOutdated(run: Run, current: Current | null): boolean {
  return run.ordinal === null && current !== null && current.inventory.inventory !== run.inventory;
}
