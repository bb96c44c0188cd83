import { z } from 'zod';
import { BlobDamaged, BlobMissing, type Blobs } from './blobs.ts';
import { Join } from './join.ts';
import { getJson, putJson } from './json-blobs.ts';

/** The names of printed reports in the blob store begin so; the run's id follows. */
export const KEPT_REPORT = 'report-';

/**
 * Keeps a printed report findable from the blob store alone: its join, which leads to all blobs that it was made of, under the name
 * of its run. A later revision takes the place of the one before.
 */
export async function keepReport(blobs: Blobs, join: Join): Promise<void> {
  await blobs.name(`${KEPT_REPORT}${join.run.id}`, await putJson(blobs, join));
}

/** The runs whose reports are kept, in no order. */
export async function* keptRuns(blobs: Blobs): AsyncGenerator<string> {
  for await (const { name } of blobs.names(KEPT_REPORT)) yield name.slice(KEPT_REPORT.length);
}

export class KeptReportFault extends Error {
  override name = 'KeptReportFault';
}

/** The join of a kept report; null where the run has none. Throws KeptReportFault where what is kept cannot be read, and what the store throws. */
export async function keptReport(blobs: Blobs, run: string): Promise<{ blob: string; join: Join } | null> {
  const blob = await blobs.named(`${KEPT_REPORT}${run}`);
  if (blob === null) return null;
  try {
    const join = await getJson(blobs, blob, Join);
    if (join.run.id === run) return { blob, join };
    throw new KeptReportFault(`What is kept as the report of run ${run} is that of run ${join.run.id}.`);
  } catch (error) {
    const unreadable = error instanceof BlobMissing || error instanceof BlobDamaged;
    if (!unreadable && !(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
    throw new KeptReportFault(
      `What is kept of the report of run ${run} cannot be read (${error.message.replace(/\s+/g, ' ').slice(0, 300)}): restore the blobs from a backup, or leave it: the report is made anew if its inventory is the current one.`,
      { cause: error },
    );
  }
}
