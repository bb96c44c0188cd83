import { resolve } from 'node:path';
import { agentsOf, type Report } from '@chimera/shared/domain';
import { analysesOf, type Join, putJson } from '@chimera/shared/store';
import { createPrinting, type Printing, type PrintingParts } from './printing.ts';
import { writeMarker, writeReportFolder } from './report-folder.ts';
import { pages } from './stated-report.ts';

/**
 * Prints a run that is over into a folder, without a service: assembles the report from the blobs that the join names and writes all
 * files of a report's folder, the marker last. Printed again, the folder holds the same report made anew.
 * @param join its analyses are those that are there; an agent without one is printed as missing
 * @param printing where several runs of one inventory are printed: what follows from the inventory is then made once
 * Throws what the blob store and the file system throw.
 */
export async function printRun(
  parts: PrintingParts,
  join: Join,
  folder: string,
  printing: Printing = createPrinting(parts),
): Promise<Report> {
  const analyses = analysesOf(join);
  const missing = agentsOf(join.run.profile).filter((agent) => analyses[agent] === null);
  const report = await printing.assemble(join, 1, missing);
  const base = await putJson(parts.blobs, report);
  const printed: Join = { ...join, printed: { revision: 1, analyses, report: base } };
  await writeReportFolder(folder, await printing.wholeFolder(printed, report, await pages(report)));
  const { dataset, inventory, run, revision, status } = report;
  await writeMarker(folder, { dataset, inventory, run, revision, status, base, report: base, folder: resolve(folder) });
  return report;
}
