// Writes docs/hazards.md from vitest's JSON result; with --check it only compares, and ends with 1 where they differ.
//   npm run hazards
//   sh scripts/node.sh scripts/hazards.ts RESULT.json [--check]
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CASES } from '../test/hazards/cases.ts';
import { firstDifference } from '../test/hazards/difference.ts';
import { filesWithoutServer, hazardTests, type VitestResult } from '../test/hazards/result.ts';
import { faultsOf, hazardsMarkdown } from '../test/hazards/table.ts';

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean', default: false } }, allowPositionals: true });
const root = fileURLToPath(new URL('..', import.meta.url));
const path = join(root, 'docs/hazards.md');
const result = JSON.parse(readFileSync(positionals[0] ?? '', 'utf8') || '{}') as VitestResult;
if (!result.testResults?.length) {
  console.error('hazards: no test ran, so nothing can be said of docs/hazards.md.');
  process.exit(1);
}
const tests = hazardTests(result, root);
const fresh = hazardsMarkdown(CASES, tests);
const faults = faultsOf(CASES, tests);

if (values.check) {
  const written = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const difference = firstDifference(written, fresh, filesWithoutServer(result, root));
  if (difference !== null) faults.push(`docs/hazards.md is not what the tests show, ${difference} Write it anew with "npm run hazards".`);
} else {
  writeFileSync(path, fresh);
}
for (const fault of faults) console.error(`hazards: ${fault}`);
if (faults.length > 0) process.exitCode = 1;
