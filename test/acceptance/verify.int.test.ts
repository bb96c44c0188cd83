import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { chimera } from '../support/chimera.ts';
import { layFiles, SMALL } from '../support/dataset.ts';
import { filesBelow, laySeed, seedAbsent } from '../support/seed.ts';

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
const Document = z.strictObject({
  schema: z.literal('chimera.verification/v1'),
  report: z.string(),
  artifacts: z.strictObject({ inventory: z.string().length(64), total: count, refused: count }),
  claims: z.array(Claim),
  counts: z.strictObject({ claims: count, supported: count, contradicted: count, unsupported: count }),
  facts: z.record(z.string(), z.strictObject({ claim: z.string(), sources: z.array(Source).min(1) })),
});
type Document = z.infer<typeof Document>;

const work = mkdtempSync(join(tmpdir(), 'chimera-verify-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));
function lay(name: string, files: Readonly<Record<string, string>>, times: Readonly<Record<string, string>> = {}): string {
  mkdirSync(join(work, name), { recursive: true });
  const folder = layFiles(files, join(work, name));
  for (const path of Object.keys(files)) {
    const at = new Date(times[path] ?? '2025-03-01T09:00:00Z');
    utimesSync(join(folder, path), at, at);
  }
  return folder;
}
let pages = 0;
function page(text: string | Uint8Array): string {
  const path = join(work, `page-${++pages}.md`);
  writeFileSync(path, text);
  return path;
}

/** Two models, four runs each; the median throughputs are 80.5 and 21.75 tok/s. */
const FILES = {
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
const results = lay('results', FILES, { 'serve.json': '2025-03-10T18:30:00Z' });

async function verified(
  report: string,
  artifacts = results,
  ...flags: string[]
): Promise<{ code: number | null; stderr: string; document: Document }> {
  const { code, stdout, stderr } = await chimera(['verify', report, '--artifacts', artifacts, '--json', ...flags]);
  return { code, stderr, document: Document.parse(JSON.parse(stdout)) };
}
const verdictOf = ({ claims }: Document, text: string) => claims.filter((claim) => claim.text === text).map(({ verdict }) => verdict);

const TRUE_PAGE = `# Serving results

The dataset holds 3 files: 2 CSV files and 1 JSON file.

- **tiny:1b** reaches a median output token throughput of **80.5 tok/s** in \`runs/tiny.csv\`.
- The lowest time to first token of tiny:1b is 124 ms.

| model | output token throughput, median (tok/s) |
|---|---|
| big:7b | 21.75 |

The latest modification is of 2025-03-10.
`;

describe('chimera verify', { timeout: 60_000 }, () => {
  it('finds nothing wrong in a page that says what the artifacts say, and ends with 0', async () => {
    const { code, stderr, document } = await verified(page(TRUE_PAGE));
    expect(document.claims.filter(({ verdict }) => verdict !== 'supported')).toEqual([]);
    expect([code, stderr]).toEqual([0, '']);
    expect(document.artifacts).toMatchObject({ total: 3, refused: 0 });
    expect(document.claims.map(({ text, line, column }) => [text, line, column])).toEqual(
      expect.arrayContaining([
        ['2', 3, 28],
        ['80.5 tok/s', 5, 61],
        ['124 ms', 6, 48],
        ['21.75', 10, 12],
        ['2025-03-10', 12, 31],
      ]),
    );
    expect(document.claims.find(({ text }) => text === '124 ms')).toMatchObject({ value: 124, unit: 'ms' });
    for (const id of document.claims.flatMap(({ facts }) => facts)) expect(document.facts[id]?.claim).toMatch(/\.$/);
  });

  it.each([
    ['a value', 'The median output token throughput of tiny:1b in runs/tiny.csv is 88.5 tok/s.', '88.5 tok/s', '80.5 tok/s'],
    ['a unit', 'The p99 time to first token of acme/mid-3b is 812.5 s.', '812.5 s', '812.5 ms'],
    ['another model', 'The median output token throughput of big:7b is 80.5 tok/s.', '80.5 tok/s', null],
    ['a count', 'The dataset holds 5 CSV files.', '5', '2'],
    ['a date', 'The latest modification of all files is of 2024-11-02.', '2024-11-02', '2025-03-10 18:30:00 UTC'],
  ])('contradicts %s, says what is true and where that stands, and ends with 3', async (_, words, text, truth) => {
    const { code, document } = await verified(page(`# Results\n\n${words}\n`));
    const [claim] = document.claims.filter((one) => one.text === text);
    expect(claim?.verdict).toBe('contradicted');
    if (truth !== null) expect(claim?.truth).toBe(truth);
    expect(code).toBe(3);
    expect(document.counts.contradicted).toBeGreaterThan(0);
    expect(claim?.facts.length || claim?.source).toBeTruthy();
    for (const id of claim?.facts ?? []) expect(document.facts[id]).toBeDefined();
  });

  it('does not contradict what artifacts say nothing of', async () => {
    const { code, document } = await verified(page('Each GPU draws 315.5 W. The rack cost 41,999 EUR.\n'));
    expect([verdictOf(document, '315.5 W'), verdictOf(document, '41,999 EUR')]).toEqual([['unsupported'], ['unsupported']]);
    expect(code).toBe(0);
  });

  it('lists on a terminal the sum, then what is not supported; --all the rest too, with its source', async () => {
    const report = page(`${TRUE_PAGE}\nThe median output token throughput of big:7b in runs/big.csv is 25.5 tok/s.\n`);
    const { code, stdout, stderr } = await chimera(['verify', report, '--artifacts', results]);
    expect([code, stderr]).toEqual([3, '']);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^\d+ claims: \d+ supported, 1 contradicted, 0 unsupported$/);
    expect(lines[2]).toMatch(/^14:65 {4}contradicted {2}25\.5 tok\/s$/);
    expect(stdout).toContain('\n    true: 21.75 tok/s\n');
    expect(stdout).toMatch(/\n {4}source: runs\/big\.csv, line \d column tokens_s/);
    expect(stdout).not.toMatch(/^5:61 /m);
    expect((await chimera(['verify', report, '--artifacts', results, '--all'])).stdout).toMatch(
      /^5:61 {5}supported {5}80\.5 tok\/s\n(?: {4}.*\n)* {4}source: runs\/tiny\.csv, line 2 column tokens_s/m,
    );
  });

  it('reads a page from standard input, in CR LF, as it reads a file', async () => {
    const given = TRUE_PAGE.replaceAll('\n', '\r\n');
    const { code, stdout } = await chimera(['verify', '-', '--artifacts', results, '--json'], { input: given });
    const document = Document.parse(JSON.parse(stdout));
    expect(code).toBe(0);
    expect(document.report).toBe('standard input');
    const places = ({ claims }: Document) => claims.map(({ text, line, column, verdict }) => [text, line, column, verdict]);
    expect(places(document)).toEqual(places((await verified(page(TRUE_PAGE))).document));
  });

  it('takes evidence alone, a report and a single artifact, and says what is missing then', async () => {
    const out = join(work, 'made');
    expect((await chimera(['analyze', results, '--model', 'none', '--out', out])).code).toBe(0);
    const report = page(TRUE_PAGE);
    for (const given of [out, join(out, 'report.json'), join(out, 'evidence.json')]) {
      const { stderr, document } = await verified(report, given);
      expect(stderr).toMatch(/gives the facts alone, not every single number/);
      expect(document.artifacts.total).toBe(3);
      expect([verdictOf(document, '80.5 tok/s'), verdictOf(document, '2025-03-10')]).toEqual([['supported'], ['supported']]);
    }
    rmSync(join(out, 'observations.json'));
    expect((await verified(report, join(out, 'evidence.json'))).stderr).toMatch(
      /observations\.json is not there: dates of change cannot be checked/,
    );
    const one = await verified(
      page('The median output token throughput of big:7b is 21.75 tok/s, with 1 CSV file.\n'),
      join(results, 'runs/big.csv'),
    );
    expect(one.document.counts).toEqual({ claims: 2, supported: 2, contradicted: 0, unsupported: 0 });
  });

  it('does not let a report prove itself that lies among the artifacts', async () => {
    const table = '| model | tokens_s |\n|---|---|\n| big:7b | 64.5 |\n';
    const folder = lay('with-report', { ...FILES, 'report.md': table, 'copy.txt': table });
    const { document, stderr } = await verified(join(folder, 'report.md'), folder);
    expect(verdictOf(document, '64.5')).toEqual(['contradicted']);
    expect(stderr).toMatch(/the report itself lies in \S+ as copy\.txt: it is not counted[\s\S]*as report\.md: it is not counted/);
    expect(document.artifacts.total).toBe(3);
    const alone = lay('report-alone', { 'report.md': table });
    const { code, stderr: why } = await chimera(['verify', join(alone, 'report.md'), '--artifacts', alone]);
    expect([code, why]).toEqual([1, `chimera: ${alone} holds nothing but the report itself: give the artifacts that it reports on.\n`]);
  });

  it('says where times cannot be trusted, and calls no date wrong by them', async () => {
    const copied = lay('copied', FILES);
    const { stderr, document } = await verified(page('The latest modification is of 2024-11-02.\n'), copied);
    expect(stderr).toMatch(/were all changed within ten minutes, as those of a copy are, so their times are not trusted/);
    expect(verdictOf(document, '2024-11-02')).toEqual(['unsupported']);
    expect((await verified(page('There are 2 CSV files.\n'), copied)).stderr).toBe('');
  });
});

describe('chimera verify --annotate', { timeout: 60_000 }, () => {
  const report = page(`${TRUE_PAGE}\n\`\`\`\nbig:7b reached 25.5 tok/s\n\`\`\`\n`);
  const copy = join(work, 'annotated.md');

  it('writes a copy with a footnote for each claim, which is no artifact and no report', async () => {
    const { code, document } = await verified(report, results, '--annotate', copy);
    expect(code).toBe(3);
    const text = readFileSync(copy, 'utf8');
    expect(text.startsWith('<!-- chimera:verify v1 -->\n')).toBe(true);
    const marks = [...text.matchAll(/\[\^v(\d+)\](?!:)/g)].map(([, n]) => Number(n));
    expect(marks).toEqual(document.claims.map((_, i) => i + 1));
    expect(text.match(/^\[\^v\d+\]: \*\*(supported|contradicted|unsupported)\*\*: /gm)).toHaveLength(document.claims.length);
    expect(text).toContain('| big:7b | 21.75[^v');
    expect(text).toMatch(/^```\nbig:7b reached 25\.5 tok\/s\n```\n\n\[\^v\d+\]$/m);
    expect(text).toMatch(/^\[\^v\d+\]: \*\*contradicted\*\*: .*True: \*\*.*Source: `runs\/big\.csv` at `line \d column tokens_s/m);
    const folder = lay('with-copy', FILES);
    writeFileSync(join(folder, 'checked.txt'), text);
    expect((await verified(report, folder)).document.artifacts.total).toBe(3);
    expect((await chimera(['verify', copy, '--artifacts', results])).stderr).toMatch(/is a copy that "chimera verify" annotated/);
    // It may be written anew.
    expect((await verified(report, results, '--annotate', copy)).code).toBe(3);
    expect(readdirSync(work).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('never writes over the report, into the artifacts, or over what somebody else wrote', async () => {
    const other = page('mine\n');
    const refusals: [string, RegExp][] = [
      [report, /is the report itself, which is never changed/],
      [join(results, 'checked.md'), /would lie in the artifacts .*, where nothing is written/],
      [other, /is there already, and "chimera verify" did not write it/],
      [join(work, 'nowhere', 'checked.md'), /cannot be written: ENOENT/],
      ['/dev/null', /is no file/],
    ];
    for (const [out, why] of refusals) {
      const { code, stdout, stderr } = await chimera(['verify', report, '--artifacts', results, '--annotate', out]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(why);
    }
    expect(readFileSync(other, 'utf8')).toBe('mine\n');
    expect(filesBelow(results)).toEqual(['runs/big.csv', 'runs/tiny.csv', 'serve.json']);
  });
});

describe('chimera verify of a hostile page', { timeout: 60_000 }, () => {
  it('drives no terminal and draws nothing out of artifacts as markup', async () => {
    const folder = lay('hostile', {
      'a\u001b[31m[x](http:evil)<b>.csv': 'model,tokens_s\nm\u202e<script>`|1,20.5\nm\u202e<script>`|1,21.5\n',
      'b.csv': 'model,tokens_s\nplain:1b,30.5\n',
    });
    const report = page(
      'The output token throughput of plain:1b is 99.5\u001b]0;x\u0007 tok/s, in a\u001b[31m[x](http:evil)<b>.csv it is 20.5 tok/s.\u009b2J\n',
    );
    for (const flags of [[], ['--all'], ['--json']]) {
      const { stdout, stderr } = await chimera(['verify', report, '--artifacts', folder, ...flags]);
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    }
    const copy = join(work, 'hostile-copy.md');
    await chimera(['verify', report, '--artifacts', folder, '--annotate', copy]);
    const notes = readFileSync(copy, 'utf8').split('Checked by Chimera')[1] ?? '';
    expect(notes.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(notes.replace(/`[^`]*`/g, '')).not.toMatch(/(?<!\\)<|\]\(/);
  });

  it('refuses what is no text, with the reason in a sentence', async () => {
    const refusals: [string | Uint8Array, RegExp][] = [
      [Uint8Array.from([0x74, 0x6f, 0x6f, 0x6b, 0x20, 0xb5, 0x73]), /cannot be checked: not valid UTF-8: byte 0xB5 at offset 5 \(line 1\)/],
      ['5\0 ms', /cannot be checked: not text: it has NUL bytes/],
      ['', /cannot be checked: empty/],
      [' \n\n', /cannot be checked: empty/],
      ['x'.repeat(4_194_305), /holds more than 4,194,304 bytes, which is the limit/],
      ['<!doctype html>\n<p>5 ms</p>\n', /is HTML, and only Markdown or plain text can be checked/],
    ];
    for (const [text, why] of refusals) {
      const { code, stdout, stderr } = await chimera(['verify', page(text), '--artifacts', results]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(why);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    const missing = await chimera(['verify', join(work, 'nowhere.md'), '--artifacts', results]);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringMatching(/^chimera: There is no .*nowhere\.md: give the report/)]);
    expect((await chimera(['verify', work, '--artifacts', results])).stderr).toMatch(/is a folder/);
    expect((await chimera(['verify', page(TRUE_PAGE)])).code).toBe(2);
  });

  it.each([
    ['lines', (n: number) => 'Throughput of big:7b is 7.25 tok/s.\n'.repeat(n)],
    ['rows', (n: number) => `| model | tokens_s |\n|---|---|\n${'| big:7b | 7.25 |\n'.repeat(n)}`],
    ['one row', (n: number) => `| model |\n|---|\n|${' 7.25 tok/s |'.repeat(n)}`],
    ['one line', (n: number) => 'big:7b has 7.25 tok/s and '.repeat(n)],
    ['digits', (n: number) => '7 '.repeat(n)],
  ])('checks a hundred thousand claims: %s', { timeout: 120_000 }, async (_, made) => {
    const { code, stdout } = await chimera(['verify', page(made(100_000)), '--artifacts', results, '--json'], { timeout: 110_000 });
    expect([0, 3]).toContain(code);
    expect(Document.parse(JSON.parse(stdout)).counts.claims).toBeGreaterThanOrEqual(100_000);
  });
});

describe("chimera verify of Chimera's own report", { timeout: 60_000 }, () => {
  const contradicted = async (artifacts: string, name: string) => {
    const out = join(work, name);
    expect((await chimera(['analyze', artifacts, '--model', 'none', '--out', out])).code).toBe(0);
    const { document } = await verified(join(out, 'report.md'), artifacts);
    expect(document.counts.supported).toBeGreaterThan(document.counts.claims / 2);
    return document.claims.filter(({ verdict }) => verdict === 'contradicted').map(({ line, text, why }) => [line, text, why]);
  };

  it('contradicts nothing that it printed', async () => {
    expect(await contradicted(results, 'own-results')).toEqual([]);
    expect(await contradicted(lay('small', SMALL), 'own-small')).toEqual([]);
    expect(await contradicted(join(import.meta.dirname, '../../samples'), 'own-samples')).toEqual([]);
  });

  it.skipIf(seedAbsent)('contradicts nothing that it printed of the seed artifacts', async () => {
    expect(await contradicted(laySeed(work), 'own-seed')).toEqual([]);
  });
});
