// @ts-check
// Prints `N passed, N failed, N skipped` from vitest's JSON result, and ends with vitest's code, or with 1 when no test ran.
//   node scripts/count-tests.mjs RESULT.json CODE
import { readFile } from 'node:fs/promises';

const [file = '', code = '1'] = process.argv.slice(2);
/** @type {{ testResults?: { status: string, assertionResults: { status: string }[] }[] }} */
const result = JSON.parse((await readFile(file, 'utf8')) || '{}');
const files = result.testResults ?? [];
const statuses = files.flatMap(({ status, assertionResults }) =>
  // A file that failed before its first test, such as by a wrong import, has no tests to count: it counts as one that failed.
  assertionResults.length === 0 && status === 'failed' ? ['failed'] : assertionResults.map((test) => test.status),
);
const passed = statuses.filter((status) => status === 'passed').length;
const failed = statuses.filter((status) => status === 'failed').length;
const ran = passed + failed > 0;
if (!ran) console.error('test: no test ran; check the names and folders given to vitest.');
console.log(`${passed} passed, ${failed} failed, ${statuses.length - passed - failed} skipped`);
process.exitCode = Number(code) || (ran && failed === 0 ? 0 : 1);
