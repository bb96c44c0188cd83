import { readdir } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { type AgentName, Report } from '@chimera/shared/domain';
import { type Dependencies, noTracer, SPANS, traced } from '@chimera/shared/service';
import { getJson, type Join, putJson } from '@chimera/shared/store';
import { countReport } from './measure.ts';
import { createPrinting } from './printing.ts';
import { type ReportFiles, readMarker, readReport, writeMarker, writeReportFiles, writeReportFolder } from './report-folder.ts';
import type { ReportEntry } from './report-index.ts';
import { pages, stated } from './stated-report.ts';

/** A report as it should lie in its folder: all of its index entry but the blob of its report.json, which follows. */
export type ToWrite = Omit<ReportEntry, 'report'> & { supersededBy: string | null };

/** A report's folder; `entry`: what its marker or else its report.json says that it holds; `whole`: its writing came to its end. */
export type Found = { folder: string; entry: ReportEntry | null; whole: boolean };

/** Makes reports and puts them where people find them. Writing the same twice gives the same files. */
export type Printer = {
  /** Assembles a run's report out of the blobs its join names, and stores it; returns the blob's hash. Writes no file. */
  assemble(join: Join, revision: number, missing: readonly AgentName[]): Promise<string>;
  /** Counts a committed report in the metrics. */
  count(report: string): Promise<void>;
  /**
   * Writes a report's folder; returns its index entry. With the join the whole folder is written; without, the
   * pages only: enough where nothing but the status changes.
   */
  write(report: ToWrite, join: Join | null): Promise<ReportEntry>;
  /**
   * Makes ahead what printing a join will need, as far as it is known; yields between the steps, and may be left at any of them.
   * `forget`: it will not be needed, or is printed. A printer without them makes everything when it prints.
   */
  prepare?(join: Join): AsyncGenerator<void, void, void>;
  forget?(join: Join): void;
  /** The folders of reports that lie here. */
  found(): Promise<Found[]>;
};

/** The printer that writes folders. `root` holds one folder per dataset, in it one per run; null: there is only one report. */
export function folderPrinter(deps: Dependencies, root: string | null): Printer {
  const printing = createPrinting(deps);
  /** the pages of the report that was assembled last: it is mostly written next */
  let spelt: { base: string; files: ReportFiles } | null = null;
  return {
    prepare: (join) => printing.prepare(join),
    forget: ({ inventory }) => printing.forget(inventory),
    async assemble(join, revision, missing) {
      const report = await printing.assemble(join, revision, missing);
      // The pages are made while the blob is on its way to the disk.
      const [base, files] = await traced(deps.tracer ?? noTracer, SPANS.renderReport.name, {}, () =>
        Promise.all([putJson(deps.blobs, report), pages(report)]),
      );
      spelt = { base, files };
      return base;
    },
    async count(report) {
      countReport(deps.metrics, await getJson(deps.blobs, report, Report));
    },
    async write({ supersededBy, ...of }, join) {
      const base = await getJson(deps.blobs, of.base, Report);
      const asMade = of.status === base.status && supersededBy === base.supersededBy;
      const report = asMade ? base : stated(base, of.status, supersededBy);
      const ready = asMade && spelt?.base === of.base ? spelt.files : await pages(report);
      if (spelt?.base === of.base) spelt = null;
      const files = join === null ? ready : await printing.wholeFolder(join, report, ready);
      if (join === null) await writeReportFiles(of.folder, files);
      else await writeReportFolder(of.folder, files);
      const entry: ReportEntry = { ...of, report: asMade ? of.base : await putJson(deps.blobs, report) };
      await writeMarker(of.folder, entry);
      return entry;
    },
    async found() {
      if (root === null) return [];
      const found: Found[] = [];
      for (const dataset of await foldersIn(root))
        for (const run of await foldersIn(joinPath(root, dataset))) {
          const folder = joinPath(root, dataset, run);
          const marked = await readMarker(folder);
          const entry = marked ?? (await entryOfReport(deps, folder));
          // A folder that was moved here from elsewhere says where it was.
          found.push({ folder, entry: entry && { ...entry, folder }, whole: marked !== null });
        }
      return found;
    },
  };
}

/** What report.json says where the marker says nothing: writing came to no end, or another version wrote it. */
async function entryOfReport(deps: Dependencies, folder: string): Promise<ReportEntry | null> {
  const report = await readReport(folder);
  if (report === null) return null;
  const { dataset, inventory, run, revision, status } = report;
  const base = await putJson(deps.blobs, stated(report, 'current', null));
  return { dataset, inventory, run, revision, status, base, report: await putJson(deps.blobs, report), folder };
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
