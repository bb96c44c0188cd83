import { createReadings, divide, folderBucket, type IngestSettings, ingestDataset, openCurrent } from '@chimera/ingest';
import type { InventoryRef } from '@chimera/shared/domain';
import type { Dependencies } from '@chimera/shared/service';
import type { GivenSide } from './given-side.ts';
import { onceQuiet } from './quiet.ts';

export type TakeFolder = {
  folder: string;
  /** what cannot be done without an artifact: `there is nothing to report on` */
  purpose: string;
  settings: IngestSettings;
  deps: Dependencies;
  /** what to compare with */
  baseline?: GivenSide;
  signal: AbortSignal;
};

/**
 * Takes a folder's inventory and publishes it; where files change meanwhile, looks again a few times. Returns what was published of it.
 * Throws CommandFailed where the folder holds no artifact or keeps changing.
 */
export async function takeFolder({ folder, purpose, settings, deps, baseline, signal }: TakeFolder): Promise<InventoryRef> {
  const current = await openCurrent(deps.bus);
  const bucket = folderBucket(folder);
  const readings = createReadings({ workFolder: settings.CHIMERA_HOME });
  const compared = baseline ? { baseline: { ...baseline, kind: 'given' as const } } : {};
  const take = async () => {
    const { entries } = await bucket.scan();
    const [listing] = divide(entries, 'bucket');
    if (listing === undefined) throw new Error(`The folder ${folder} is no dataset.`);
    // NATS is this command's own: nobody else takes the folder in.
    const taken = await ingestDataset(settings, deps, { current, bucket, readings }, { ...listing, fence: 1, signal, ...compared });
    if ('cut' in taken) throw new Error(`The inventory of ${folder} was put off, although nothing was to be waited for.`);
    return taken.inventory;
  };
  try {
    return await onceQuiet(take, { place: folder, purpose, clock: deps.clock, signal });
  } finally {
    await readings.close();
  }
}
