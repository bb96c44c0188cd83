export { type ReporterSettings, reporterSettings } from './config.ts';
export { reportFolder, startReporter } from './reporter.ts';
