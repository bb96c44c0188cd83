import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { z } from 'zod';
import { chimera } from './chimera.ts';
import { layFiles } from './dataset.ts';

const Spot = z.strictObject({ path: z.string(), pointer: z.string() });
const Claim = z.strictObject({
  text: z.string().min(1),
  line: z.int().positive(),
  column: z.int().positive(),
  value: z.union([z.number(), z.string()]).optional(),
  to: z.union([z.number(), z.string()]).optional(),
  of: z.number().optional(),
  unit: z.string().optional(),
  verdict: z.enum(['supported', 'contradicted', 'unsupported']),
  facts: z.array(z.string()),
  why: z.string().min(1),
  truth: z.string().optional(),
  source: Spot.optional(),
});
const count = z.int().nonnegative();
const Source = z.union([
  Spot.extend({ sha256: z.string() }),
  z.strictObject({ inventory: z.string() }),
  z.strictObject({ observation: z.string() }),
]);
/** What `chimera verify --json` says. */
export const Document = z.strictObject({
  schema: z.literal('chimera.verification/v1'),
  report: z.string(),
  artifacts: z.strictObject({ inventory: z.string().length(64), total: count, refused: count }),
  claims: z.array(Claim),
  counts: z.strictObject({ claims: count, supported: count, contradicted: count, unsupported: count }),
  facts: z.record(z.string(), z.strictObject({ claim: z.string(), sources: z.array(Source).min(1) })),
});
export type Document = z.infer<typeof Document>;

/** A folder of its own for each file of tests. */
export const work = mkdtempSync(join(tmpdir(), 'chimera-verify-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Lays files into a folder below, each with its time of modification. */
export function lay(name: string, files: Readonly<Record<string, string>>, times: Readonly<Record<string, string>> = {}): string {
  mkdirSync(join(work, name), { recursive: true });
  const folder = layFiles(files, join(work, name));
  for (const path of Object.keys(files)) {
    const at = new Date(times[path] ?? '2025-03-01T09:00:00Z');
    utimesSync(join(folder, path), at, at);
  }
  return folder;
}
let pages = 0;
/** Writes a page; returns its path. */
export function page(text: string | Uint8Array): string {
  const path = join(work, `page-${++pages}.md`);
  writeFileSync(path, text);
  return path;
}

/** Two models, four runs each; the median throughputs are 80.5 and 21.75 tok/s. */
export const FILES = {
  'runs/tiny.csv': [
    'model,quantization,ttft_s,tokens_s',
    'tiny:1b,q4_0,0.124,79.25',
    'tiny:1b,q4_0,0.125,80.25',
    'tiny:1b,q4_0,0.127,80.75',
    'tiny:1b,q4_0,0.128,81.5',
    '',
  ].join('\n'),
  'runs/big.csv': ['model,ttft_s,tokens_s', 'big:7b,0.471,20.5', 'big:7b,0.482,21.25', 'big:7b,0.493,22.25', 'big:7b,0.514,23.5', ''].join(
    '\n',
  ),
  'serve.json': JSON.stringify({ backend: 'vllm', model_id: 'acme/mid-3b', completed: 40, p99_ttft_ms: 812.5, request_throughput: 3.625 }),
};
export const results = lay('results', FILES, { 'serve.json': '2025-03-10T18:30:00Z' });

/** What the real command makes of a page. */
export async function verified(
  report: string,
  artifacts = results,
  ...flags: string[]
): Promise<{ code: number | null; stderr: string; document: Document }> {
  const { code, stdout, stderr } = await chimera(['verify', report, '--artifacts', artifacts, '--json', ...flags]);
  return { code, stderr, document: Document.parse(JSON.parse(stdout)) };
}
/** The verdicts on a claim, as it stands in the page. */
export const verdictOf = ({ claims }: Document, text: string) =>
  claims.filter((claim) => claim.text === text).map(({ verdict }) => verdict);

/** A page that says of these artifacts what is true. */
export const TRUE_PAGE = `# Serving results

The dataset holds 3 files: 2 CSV files and 1 JSON file.

- **tiny:1b** reaches a median output token throughput of **80.5 tok/s** in \`runs/tiny.csv\`.
- The lowest time to first token of tiny:1b is 124 ms.

| model | output token throughput, median (tok/s) |
|---|---|
| big:7b | 21.75 |

The latest modification is of 2025-03-10.
`;
