import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { SMALL } from '../support/dataset.ts';
import { filesBelow, laySeed, seedAbsent } from '../support/seed.ts';
import { Document, FILES, lay, page, results, TRUE_PAGE, verdictOf, verified, work } from '../support/verified.ts';

describe('chimera verify', () => {
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

  it('does not take words that are counted for a metric that has no unit', async () => {
    const pages = lay('pages', { 'pages.csv': 'agent,sections\na,2\nb,6\n' });
    const { document } = await verified(page('Write 300 to 400 words in sections.\n\nSections ranged from 30 to 40.\n'), pages);
    expect([verdictOf(document, '300 to 400'), verdictOf(document, '30 to 40')]).toEqual([['unsupported'], ['contradicted']]);
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

describe('chimera verify --annotate', () => {
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

describe("chimera verify of Chimera's own report", () => {
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
