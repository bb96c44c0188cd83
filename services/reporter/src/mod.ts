export { type ReporterSettings, reporterSettings } from './config.ts';
export { renderLine, renderMarkdown } from './markdown.ts';
export { type Found, folderPrinter, type Printer, type ToWrite } from './printer.ts';
export type { ReportEntry } from './report-index.ts';
export { homePress, type Press, startReporter } from './reporter.ts';
