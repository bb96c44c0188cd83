#!/usr/bin/env node
import { runService } from '@chimera/shared/service';
import { type ReporterSettings, reporterSettings } from './config.ts';
import { pageRoutes } from './page.ts';
import { startReporter } from './reporter.ts';

let settings: ReporterSettings | null = null;

await runService({
  name: 'reporter',
  defaultPort: 8604,
  tellsStorage: true,
  settings: () => {
    settings = reporterSettings(process.env);
    return settings.values;
  },
  start: async (values, dependencies) => {
    if (settings === null) throw new Error('The settings are parsed before the service starts.');
    return { service: await startReporter(settings, dependencies), routes: pageRoutes(values.CHIMERA_HOME) };
  },
});
