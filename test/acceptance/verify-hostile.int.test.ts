import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chimera } from '../support/chimera.ts';
import { Document, lay, page, results, TRUE_PAGE, work } from '../support/verified.ts';

describe('chimera verify of a hostile page', () => {
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
    ['one line', 'big:7b has 7.25 tok/s and '.repeat(100_000)],
    [
      'lines, rows, one row and digits',
      [
        'Throughput of big:7b is 7.25 tok/s.\n'.repeat(25_000),
        `| model | tokens_s |\n|---|---|\n${'| big:7b | 7.25 |\n'.repeat(25_000)}`,
        `| model |\n|---|\n|${' 7.25 tok/s |'.repeat(25_000)}`,
        '7 '.repeat(25_000),
      ].join('\n\n'),
    ],
  ])('checks a hundred thousand claims: %s', { timeout: 120_000 }, async (_, made) => {
    const { code, stdout } = await chimera(['verify', page(made), '--artifacts', results, '--json'], { timeout: 110_000 });
    expect([0, 3]).toContain(code);
    expect(Document.parse(JSON.parse(stdout)).counts.claims).toBeGreaterThanOrEqual(100_000);
  });
});
