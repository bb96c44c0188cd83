import { type Limits, readGivenFile, Unreadable, Unstable } from '@chimera/ingest';
import type { Reading } from '@chimera/shared/domain';

/** What `chimera inspect` has to say of one file; `path` is as it was given. */
export type Inspection = { path: string } & Reading;

/** Reads a file that was named; `fault` is why it could not be opened, in which case it counts as refused too. */
export async function inspect(path: string, limits: Limits): Promise<{ inspection: Inspection; fault: string | null }> {
  try {
    return { inspection: { path, ...(await readGivenFile(path, limits)) }, fault: null };
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof Unstable)) throw error;
    const reason = error instanceof Unstable ? 'it changed while it was read: try again' : error.message;
    return { inspection: { path, status: 'refused', kind: 'unknown', format: 'unknown', reason }, fault: reason };
  }
}
