import { resolve } from 'node:path';
import { agentsOf, type InventoryRef, type Report } from '@chimera/shared/domain';
import { analysesOf, type Join, putJson } from '@chimera/shared/store';
import { createPrinting, type Printing, type PrintingParts } from './printing.ts';
import type { CampaignTry } from './report.ts';
import { writeMarker, writeReportFolder } from './report-folder.ts';
import { pages } from './stated-report.ts';

/** The files of a report's folder that follow from its inventory alone. */
export const DATASET_FILES = ['evidence.json', 'observations.json', 'measurements.parquet'] as const;

/** Writes these files of an inventory into a folder of their own. */
export async function printDataset(blobs: PrintingParts['blobs'], inventory: InventoryRef, folder: string): Promise<void> {
  const [evidence, observations, measurements] = await Promise.all(
    [inventory.evidence, inventory.observations, inventory.measurements].map((id) => blobs.get(id)),
  );
  const contents = { 'evidence.json': evidence, 'observations.json': observations, 'measurements.parquet': measurements };
  await writeReportFolder(folder, new Map(Object.entries(contents).flatMap(([name, bytes]) => (bytes ? [[name, bytes]] : []))));
}

type PrintOptions = { printing?: Printing; alone?: boolean; campaignTry?: CampaignTry };

/**
 * Prints a run that is over into a folder, without a service: assembles the report from the blobs that the join names and writes all
 * files of a report's folder, the marker last. Printed again, the folder holds the same report made anew.
 * @param join its analyses are those that are there; an agent without one is printed as missing
 * @param options `printing`: where several runs of one inventory are printed, what follows from the inventory is made once;
 *   `alone`: without the inventory's own files (DATASET_FILES), which are the same for all of them;
 *   `campaignTry`: of which try of a campaign it says that it is
 * Throws what the blob store and the file system throw.
 */
export async function printRun(
  parts: PrintingParts,
  join: Join,
  folder: string,
  { printing = createPrinting(parts), alone = false, campaignTry }: PrintOptions = {},
): Promise<Report> {
  const analyses = analysesOf(join);
  const missing = agentsOf(join.run.profile).filter((agent) => analyses[agent] === null);
  const report = await printing.assemble(join, 1, missing, campaignTry);
  const base = await putJson(parts.blobs, report);
  const printed: Join = { ...join, printed: { revision: 1, analyses, report: base } };
  const files = new Map(await printing.wholeFolder(printed, report, await pages(report)));
  if (alone) for (const name of DATASET_FILES) files.delete(name);
  await writeReportFolder(folder, files);
  const { dataset, inventory, run, revision, status } = report;
  await writeMarker(folder, { dataset, inventory, run, revision, status, base, report: base, folder: resolve(folder) });
  return report;
}
