import { Evidence } from '@chimera/shared/domain';
import { type Blobs, getJson } from '@chimera/shared/store';

/** An earlier inventory with its groups. */
export type EarlierInventory = Pick<Evidence, 'inventory' | 'groups'>;

/**
 * Reads the groups of an inventory, by the blob of its evidence. Throws what the store throws, and what `isUnreadable` where it is gone,
 * damaged, or of another version.
 */
export type EarlierGroups = (evidence: string) => Promise<EarlierInventory>;

/** For one taking: its comparison and its history ask for the same inventory, of hundreds of megabytes maybe, which is read once. */
export function earlierGroups(blobs: Blobs): EarlierGroups {
  const known = new Map<string, Promise<EarlierInventory>>();
  return (evidence) => {
    const read = known.get(evidence) ?? groupsIn(blobs, evidence);
    known.set(evidence, read);
    return read;
  };
}

async function groupsIn(blobs: Blobs, id: string): Promise<EarlierInventory> {
  // The facts are most of it, and nobody asks for them.
  const { inventory, groups } = await getJson(blobs, id, Evidence);
  return { inventory, groups };
}
