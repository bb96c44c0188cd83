import { z } from 'zod';
import type { NatsBus } from './connection.ts';
import type { Bus } from './port.ts';
import { subjectToken } from './subject.ts';

/** The stages of the way from drop to report. */
export const STAGES = ['found', 'reading', 'inventory', 'narrating', 'narrated', 'printing', 'printed', 'failed'] as const;

/** The subjects of all progress: of which run, and at which stage. */
export const PROGRESS_SUBJECTS = 'chimera.progress.v1.*.*';

/** A sign of progress: may be lost, carries no truth. `done` of `total` where a stage counts. */
export const Progress = z.strictObject({
  dataset: z.string(),
  stage: z.enum(STAGES),
  agent: z.string().optional(),
  done: z.int().optional(),
  total: z.int().optional(),
  note: z.string().optional(),
});
export type Progress = z.infer<typeof Progress>;

/** Tells whoever listens how far a run is; before there is a run its place is `-`. */
export function tellProgress(bus: Bus, run: string | null, progress: Progress): void {
  bus.tell(`chimera.progress.v1.${run === null ? '-' : subjectToken(run)}.${progress.stage}`, JSON.stringify(progress));
}

/** Hears all progress until the connection closes; what does not parse is left out, as it could have been lost. */
export async function hearProgress(bus: NatsBus, hear: (run: string | null, progress: Progress) => void): Promise<void> {
  for await (const message of bus.connection.subscribe(PROGRESS_SUBJECTS)) {
    const run = message.subject.split('.')[3] ?? '-';
    const parsed = Progress.safeParse(jsonOrNull(message));
    if (parsed.success) hear(run === '-' ? null : run, parsed.data);
  }
}

function jsonOrNull(message: { json(): unknown }): unknown {
  try {
    return message.json();
  } catch {
    return null;
  }
}
