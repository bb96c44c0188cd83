export { type ReporterSettings, reporterSettings } from './config.ts';
export { renderLine, renderMarkdown } from './markdown.ts';
export { type Found, folderPrinter, type Printer, type ToWrite } from './printer.ts';
export { removeReportFolder } from './report-folder.ts';
export { openReportIndex, REPORTS_BUCKET, ReportEntry, reportKey } from './report-index.ts';
export { homePress, type Press, REPORTER_CONSUMERS, reportFolder, reportsFolder, startReporter } from './reporter.ts';
