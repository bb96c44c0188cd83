import { EmptyInventory, Unstable } from '@chimera/ingest';
import type { Clock } from '@chimera/shared/bus';
import { CommandFailed } from './usage-error.ts';

const MOST_LOOKS = 10;
const BETWEEN_LOOKS_MS = 500;

/**
 * Takes what lies in a place that people named; while files change there, again a few times.
 * @param place as it was given
 * @param purpose what cannot be done without an artifact: `there is nothing to report on`
 * @throws CommandFailed where it keeps changing or holds no artifact, and what `take` throws otherwise
 */
export async function onceQuiet<T>(
  take: () => Promise<T>,
  { place, purpose, clock, signal }: { place: string; purpose: string; clock: Clock; signal?: AbortSignal },
): Promise<T> {
  for (let look = 1; ; look++) {
    try {
      return await take();
    } catch (error) {
      if (error instanceof EmptyInventory)
        throw new CommandFailed(`${place} holds no artifact but what Chimera itself wrote: ${purpose}.`, { cause: error });
      if (!(error instanceof Unstable)) throw error;
      if (look === MOST_LOOKS)
        throw new CommandFailed(
          `${error.message} It kept changing; wait until the benchmark has ended, or use "chimera up", which waits for quiet.`,
          { cause: error },
        );
      await clock.sleep(BETWEEN_LOOKS_MS, signal);
    }
  }
}
