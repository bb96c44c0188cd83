import type { Extract } from '../extract.ts';

/** How the requests of a run ended; null where the file does not say. */
export type RunOutcome = {
  succeeded: number | null;
  failed: number | null;
  /** whether any latency or throughput of requests stands in the file, for files that do not say how many succeeded */
  measured: boolean;
};

/** Whether no request of a run succeeded: it has no latency then, whatever the file says. */
export function allFailed({ succeeded, failed, measured }: RunOutcome): boolean {
  return succeeded === 0 || (succeeded === null && !measured && failed !== null && failed > 0);
}

/**
 * Keeps a run of which no request succeeded as a failed record, or warns of the requests that failed.
 * @param pointer of the run, or of the number that says so
 * @returns whether no request succeeded
 */
export function tellOutcome(extract: Extract, outcome: RunOutcome, pointer: string, where: string): boolean {
  const { succeeded, failed } = outcome;
  if (allFailed(outcome)) {
    const asked = failed === null || failed === 0 ? '' : ` of ${failed}`;
    extract.fail({ pointer, reason: `no request succeeded${asked}` });
    return true;
  }
  if (failed !== null && failed > 0) {
    const all = succeeded === null ? 'its' : succeeded + failed;
    extract.warnings.add('failed requests', `${where}: ${failed} of ${all} requests failed; the statistics are over the others`);
  }
  return false;
}
