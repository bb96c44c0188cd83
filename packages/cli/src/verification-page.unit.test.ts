import { renderLine } from '@chimera/reporter';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineIndex } from './line-index.ts';
import type { Verification, VerifiedClaim } from './verification.ts';
import { verificationPage } from './verification-page.ts';

const claim = (text: string, end: number, more: Partial<VerifiedClaim> = {}): VerifiedClaim => ({
  ...{ text, line: 1, column: 1, verdict: 'unsupported', facts: [], why: 'no number says so', isDate: false, end },
  ...more,
});
const verification = (claims: readonly VerifiedClaim[]): Verification => ({
  ...{ report: 'report.md', against: 'results', artifacts: { inventory: 'a'.repeat(64), refused: 0, total: 1 }, claims, facts: new Map() },
  counts: { claims: claims.length, supported: 0, contradicted: 0, unsupported: claims.length },
});
/** The annotated copy of a page whose claims are its words between `«` and `»`. */
function annotated(given: string, more: Partial<VerifiedClaim> = {}): string {
  const claims: VerifiedClaim[] = [];
  let page = '';
  for (const [part, index] of given.split(/[«»]/).map((text, i) => [text, i] as const)) {
    page += part;
    if (index % 2 === 1) claims.push(claim(part, page.length, more));
  }
  return verificationPage(page, verification(claims), renderLine);
}
/** What stands between the marker and the footnotes. */
function body(text: string): string {
  const match = /^<!-- chimera:verify v1 -->(\r\n|\n|\r)\1([\s\S]*?)\1\1Checked by Chimera against results: /.exec(text);
  if (!match) throw new Error(`no marker or no sum in ${text}`);
  return match[2] ?? '';
}
const marked = (given: string) => body(annotated(given));

describe('verificationPage', () => {
  it.each([
    ['words', 'It took «5 ms» and «7 ms».', 'It took 5 ms[^v1] and 7 ms[^v2].'],
    ['a heading', '## «5 files» found\n\nx', '## 5 files[^v1] found\n\nx'],
    ['an item', '- **Latency**: «5 ms»\n  - «7»', '- **Latency**: 5 ms[^v1]\n  - 7[^v2]'],
    ['a cell', '| a | b |\n|---|--:|\n| x | «5 ms» |', '| a | b |\n|---|--:|\n| x | 5 ms[^v1] |'],
    ['a quotation', '> took «5 ms»\n> more', '> took 5 ms[^v1]\n> more'],
    ['strong words', 'took **«5 ms»** or *«7 ms»*, __«8»__', 'took **5 ms**[^v1] or *7 ms*[^v2], __8__[^v3]'],
    ['strong words that go on', 'took **«5 ms» in all**', 'took **5 ms[^v1] in all**'],
    ['an emphasis that begins', '«5»**x** and «5» *x*', '5[^v1]**x** and 5[^v2] *x*'],
    ['a code span', 'took `«5 ms»` or ``a ` «7»``.', 'took `5 ms`[^v1] or ``a ` 7``[^v2].'],
    ['a code span over two lines', 'took `a\n«5 ms» b` c', 'took `a\n5 ms b`[^v1] c'],
    ['a backtick alone', 'a ` took «5 ms»\n\nb ` c', 'a ` took 5 ms[^v1]\n\nb ` c'],
    ['a code span in a cell', '| `a ` | «5» |\n| `«6»` | b` |', '| `a ` | 5[^v1] |\n| `6`[^v2] | b` |'],
    ['the words of a link', 'see [«5 files»](x/y_(z).md "t") now', 'see [5 files](x/y_(z).md "t")[^v1] now'],
    [
      'a link by its label',
      'see [«5 files»][ref] and [«7»]\n\n[ref]: x\n[7]: y',
      'see [5 files][ref][^v1] and [7][^v2]\n\n[ref]: x\n[7]: y',
    ],
    ['brackets that are no link', 'see [«5 files»] and [x]', 'see [5 files[^v1]] and [x]'],
    ['a link right behind', '«5»[F1](#f1) and «5»(x)', '5[^v1] [F1](#f1) and 5[^v2] (x)'],
    ['a definition', 'x [a]\n\n[a]: b "«5 ms»"\n\ny', 'x [a]\n\n[a]: b "5 ms"\n\n[^v1]\n\n\ny'],
    ['a formula', 'is $«3.4» \\times 10$ and $«5» or $7', 'is $3.4 \\times 10$[^v1] and $5[^v2] or $7'],
    ['an entity', '«50&percnt;» x', '50&percnt;[^v1] x'],
    ['several that end together', 'took `«5» to «7»` x', 'took `5 to 7`[^v1][^v2] x'],
    ['a fence', 'a\n\n```text\n«5 ms»\n«7»\n```\nb', 'a\n\n```text\n5 ms\n7\n```\n\n[^v1][^v2]\n\nb'],
    ['a fence in an item', '- a\n\n  ```\n  «5»\n  ```\n- b', '- a\n\n  ```\n  5\n  ```\n\n  [^v1]\n\n- b'],
    ['a fence in a quotation', '> ~~~\n> «5»\n> ~~~\nb', '> ~~~\n> 5\n> ~~~\n>\n> [^v1]\n>\nb'],
    ['a fence in a quotation that ends', '> ~~~\n> «5»\nb «6»', '> ~~~\n> 5\n>\n> [^v1]\n>\nb 6[^v2]'],
    ['a fence that stays open', 'a\n\n```\n«5»\n', 'a\n\n```\n5\n```\n\n[^v1]'],
    ['a longer fence', '````\n```\n«5»\n```\n````', '````\n```\n5\n```\n````\n\n[^v1]'],
    ['code by indentation', 'a\n\n    «5 ms»\n\n    x\n\nb', 'a\n\n    5 ms\n\n    x\n\n[^v1]\n\n\nb'],
    ['an item by indentation', '- a\n\n    «5 ms»', '- a\n\n    5 ms[^v1]'],
    ['a comment that stays open', 'a «5»\n\n<!-- b', 'a 5[^v1]\n\n<!-- b\n-->'],
  ])('puts the mark where it changes nothing: %s', (_, given, wanted) => {
    expect(marked(given)).toBe(wanted);
  });

  it('keeps the line ends of the page', () => {
    const text = annotated('a «5»\r\n\r\n```\r\n«7»\r\n```\r\nb\r\n');
    expect(body(text)).toBe('a 5[^v1]\r\n\r\n```\r\n7\r\n```\r\n\r\n[^v2]\r\n\r\nb');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('names footnotes as the page does not', () => {
    expect(marked('a[^v1] «5»\n\n[^v1]: x')).toBe('a[^v1] 5[^vv1]\n\n[^v1]: x');
    expect(marked('a[^V1] «5»\n\n[^V1]: x')).toBe('a[^V1] 5[^vv1]\n\n[^V1]: x');
  });

  it('finds such a name at once, and a short one, however many the page has', () => {
    const many = 'v'.repeat(1_000_000);
    expect(marked(`a[^${many} «5»`)).toBe(`a[^${many} 5[^x0v1]`);
    expect(marked(`[^${many} [^x0v9] [^X1v «5»`)).toBe(`[^${many} [^x0v9] [^X1v 5[^x2v1]`);
  }, 20_000);

  it('lets what artifacts say be text: no markup, no link, no end of the footnote', () => {
    const why = 'a <script>alert(1)</script> [x](http://evil.example) ![y](z) **b**\n\n# c `d` | \u001b[31m\u202e';
    const text = annotated('took «5 ms»', {
      verdict: 'contradicted',
      why,
      truth: '<b>`1`</b>',
      source: { path: '`a`|b.csv', pointer: '/x\ny' },
    });
    const [note = '', ...rest] = text.split('\n').filter((line) => line.startsWith('[^v1]:') || /alert|evil|b\.csv/.test(line));
    expect(rest).toEqual([]);
    expect(note).toMatch(/^\[\^v1\]: \*\*contradicted\*\*: a \\<script\\>alert\(1\)/);
    expect(note).toContain('True: **\\<b\\>\\`1\\`\\</b\\>**. Source: `` `a`|b.csv `` at `/x\\x0ay`');
    expect(note).not.toMatch(/(?<!\\)<|(?<![\\`*])\[x|\p{C}/u);
  });

  it('leaves the page as it is, whatever it holds, and puts no mark into code', () => {
    const piece = fc.constantFrom(
      ...[
        '5 ms',
        'a',
        ' ',
        '\n',
        '\n\n',
        '`',
        '``',
        '```\n',
        '\n```\n',
        '~~~\n',
        '[',
        ']',
        '](x)',
        '(',
        ')',
        '**',
        '_',
        '$',
        '|',
        '| a |\n',
      ],
      ...['> ', '- ', '1. ', '    ', '\\', '&amp;', '<!-- ', ' -->', '#', '\r\n', '\u{1f600}', '[a]: b\n'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const page = `${pieces.join('')}.`;
        const claims = [...page.matchAll(/5 ms/g)].map(({ index }) => claim('5 ms', index + 4));
        const found = body(verificationPage(page, verification(claims), renderLine));
        const marks = [...found.matchAll(/\[\^v+\d+\]/g)];
        expect(marks.map(([mark]) => Number(/\d+/.exec(mark)?.[0])).sort((a, b) => a - b)).toEqual(claims.map((_, i) => i + 1));
        const plain = (text: string) => text.replace(/\[\^v+\d+\]/g, '').replace(/[\s>]|-->$/g, '');
        expect(plain(found).replace(/(?:```+|~~~+|-->)$/, '')).toBe(plain(page).replace(/(?:```+|~~~+|-->)$/, ''));
        // In the simplest sort of code at least: a line within a fence that begins a page.
        if (/^```\n/.test(page)) expect(found.slice(3).split('\n```')[0] ?? '').not.toContain('[^v');
      }),
      { numRuns: 400 },
    );
  });
});

describe('lineIndex', () => {
  it('finds every place of a text again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', '\r', '\u{1f600}'), { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const placeOf = lineIndex(text);
        const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
        let at = 0;
        for (const [i, line] of lines.entries()) {
          for (let k = 0; k < line.length; k++) expect(placeOf(at + k)).toEqual({ line: i + 1, column: k + 1 });
          at += line.length;
        }
      }),
    );
  });
});
