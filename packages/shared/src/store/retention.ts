import { z } from 'zod';
import type { InventoryRef } from '../domain/inventory.ts';
import { byCodeUnit, Sha256 } from '../domain/text.ts';
import type { StoredBlob } from './blobs.ts';
import { analysesOf, type Join } from './join.ts';

/** A printed report as retention sees it; `at`: when its run was opened last, in ms since 1970, null where nobody knows any more. */
export type PrintedReport = { run: string; dataset: string; inventory: string; at: number | null };

/** How long superseded reports stay: those that are no older than `maxAgeMs`, and the newest `newest` of each dataset. Null: this limit keeps none. */
export type ReportLimits = { maxAgeMs: number | null; newest: number | null };

/**
 * The reports that may go, the oldest first: superseded, and kept by no limit. What is current never goes, nor what might be: a dataset of
 * which no current inventory is known keeps all of its reports, and one whose age nobody knows stays.
 * @param current the current inventory of each dataset
 */
export function reportsToRemove(
  reports: readonly PrintedReport[],
  current: ReadonlyMap<string, string>,
  limits: ReportLimits,
  now: number,
): (PrintedReport & { at: number })[] {
  const superseded = new Map<string, (PrintedReport & { at: number })[]>();
  for (const report of reports) {
    const inventory = current.get(report.dataset);
    if (inventory === undefined || inventory === report.inventory || report.at === null) continue;
    const others = superseded.get(report.dataset) ?? [];
    others.push({ ...report, at: report.at });
    superseded.set(report.dataset, others);
  }
  const going = [...superseded.values()].flatMap((ofDataset) =>
    ofDataset
      .sort((a, b) => b.at - a.at || byCodeUnit(a.run, b.run))
      .slice(limits.newest ?? 0)
      .filter(({ at }) => limits.maxAgeMs === null || now - at > limits.maxAgeMs),
  );
  return going.sort((a, b) => a.at - b.at || byCodeUnit(a.run, b.run));
}

/** The blobs that an inventory is made of. */
export function blobsOfInventory({ evidence, observations, measurements }: InventoryRef): string[] {
  return [evidence, observations, measurements];
}

/** The blobs that a join leads to; those of `analyses` lead further. */
export function blobsOfJoin(join: Join): { blobs: string[]; analyses: string[] } {
  const analyses = [...Object.values(analysesOf(join)), ...Object.values(join.printed.analyses)].filter((blob) => blob !== null);
  const report = join.printed.report === null ? [] : [join.printed.report];
  return { blobs: [...blobsOfInventory(join.inventory), ...report, ...analyses], analyses };
}

/** Of an analysis, whichever version wrote it, what leads to further blobs. */
export const AnalysisCalls = z.object({ calls: z.array(z.object({ transcript: Sha256.nullable() })) });
export type AnalysisCalls = z.infer<typeof AnalysisCalls>;

/** The blobs that an analysis leads to. */
export function blobsOfAnalysis({ calls }: AnalysisCalls): string[] {
  return calls.flatMap(({ transcript }) => (transcript === null ? [] : [transcript]));
}

/** Whether a blob may go: nothing that stays leads to it, and it was stored before `before`, so that nobody is just about to refer to it. */
export function mayGo({ id, storedAt }: StoredBlob, reachable: ReadonlySet<string>, before: number): boolean {
  return storedAt < before && !reachable.has(id);
}
