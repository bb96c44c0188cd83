import type { Extract } from '../extract.ts';

/** What an open-loop run asked of its server and what it got. */
export type OpenLoop = {
  /** requests a second that were asked for; null where the run is none of this kind */
  asked: number | null;
  /** requests a second that were served */
  served: number | null;
  /** requests under way at once, on average; null where it cannot be told */
  inFlight: number | null;
};

/**
 * Whether the server fell behind: it served less than 0.9 of what was asked for. A server that had less than one request at
 * once on average has no queue, however few were served: such a run was just short.
 */
export function fellBehind({ asked, served, inFlight }: OpenLoop): boolean {
  return asked !== null && served !== null && asked > 0 && served > 0 && served < 0.9 * asked && (inFlight === null || inFlight >= 1);
}

/** Labels a run whose server fell behind, and says so. */
export function markSaturated(extract: Extract, labels: Record<string, string>, run: OpenLoop, where: string): void {
  if (!fellBehind(run)) return;
  labels.saturated = 'yes';
  const { asked, served } = run;
  extract.warnings.add(
    'saturated',
    `${where}: ${asked} requests a second were asked for and ${served?.toPrecision(3)} served: an open-loop run that is saturated, so its latency is the length of the queue`,
  );
}
