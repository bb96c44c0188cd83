#!/usr/bin/env node
import { runService } from '@chimera/shared/service';
import { ingestSettings } from './config.ts';
import { startIngest } from './ingest.ts';

await runService({
  name: 'ingest',
  defaultPort: 8601,
  settings: () => ingestSettings(process.env),
  start: async (settings, dependencies) => ({ service: await startIngest(settings, dependencies) }),
});
