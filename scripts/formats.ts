// Writes docs/formats.md from the tables of the formats, the metrics and the labels: sh scripts/node.sh scripts/formats.ts
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatsPage } from '../test/support/formats-page.ts';

writeFileSync(fileURLToPath(new URL('../docs/formats.md', import.meta.url)), formatsPage());
