// Writes deploy/grafana/dashboards and docs/operations/dashboards.md: npm run dashboards
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dashboardFiles } from '../deploy/grafana/src/dashboards.ts';
import { dashboardsPage } from '../deploy/grafana/src/page.ts';

const root = new URL('../', import.meta.url);

function write(path: string, text: string): void {
  const file = fileURLToPath(new URL(path, root));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

for (const [name, text] of dashboardFiles()) write(`deploy/grafana/dashboards/${name}`, text);
write('docs/operations/dashboards.md', dashboardsPage());
