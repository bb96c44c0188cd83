import { hearProgress } from '@chimera/shared/bus';
import type { InventoryRef } from '@chimera/shared/domain';
import type { Blobs } from '@chimera/shared/store';
import { withOwnHost } from '../own-host.ts';
import type { ProgressTeller } from '../progress.ts';
import { takeFolder } from '../take-folder.ts';
import { CommandFailed } from '../usage-error.ts';

export type DatasetOptions = {
  dataset: string;
  blobs: Blobs;
  environment: Readonly<Record<string, string | undefined>>;
  progress: ProgressTeller;
  signal: AbortSignal;
};

/** Takes a campaign's dataset in, as `analyze` does, into the campaign's own blobs. Throws CommandFailed with the reason; an abort as it comes. */
export function takeDataset({ dataset, blobs, environment, progress, signal }: DatasetOptions): Promise<InventoryRef> {
  const options = { folder: dataset, environment, command: 'campaign', blobs, onFault: (line: string) => progress.note(line) };
  return withOwnHost(options, async ({ bus, deps, settings, natsEnded }) => {
    void hearProgress(bus, (_run, told) => progress.tell(told));
    const over = new AbortController();
    const purpose = 'there is nothing that a campaign could have its agents write about';
    const taken = takeFolder({ folder: dataset, purpose, settings, deps, signal: AbortSignal.any([signal, over.signal]) });
    const ended = natsEnded.then((how): never => {
      throw new CommandFailed(`${how} before the dataset was taken in.`);
    });
    ended.catch(() => undefined); // it ends later anyway
    try {
      return await Promise.race([taken, ended]);
    } finally {
      over.abort();
      await taken.catch(() => undefined); // thrown above
    }
  });
}
