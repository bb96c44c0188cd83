export { type ReporterSettings, reporterSettings } from './config.ts';
export { renderLine, renderMarkdown } from './markdown.ts';
export { printDataset, printRun } from './print-run.ts';
export { type Found, folderPrinter, type Printer, type ToWrite } from './printer.ts';
export { createPrinting, type Printing, type PrintingParts } from './printing.ts';
export { removeReportFolder, writeMarker, writeReportFolder } from './report-folder.ts';
export { openReportIndex, REPORTS_BUCKET, ReportEntry, reportKey } from './report-index.ts';
export { homePress, type Press, REPORTER_CONSUMERS, reportFolder, reportsFolder, startReporter } from './reporter.ts';
export { pages } from './stated-report.ts';
