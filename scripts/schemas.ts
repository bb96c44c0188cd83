// Writes the published JSON Schemas from the zod schemas: sh scripts/node.sh scripts/schemas.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { publishedSchemas } from '../test/support/schemas.ts';

for (const [name, text] of publishedSchemas()) {
  const path = fileURLToPath(new URL(`../docs/schemas/${name}`, import.meta.url));
  mkdirSync(fileURLToPath(new URL('../docs/schemas', import.meta.url)), { recursive: true });
  writeFileSync(path, text);
}
