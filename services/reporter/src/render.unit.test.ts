import { createHash } from 'node:crypto';
import type { Block, Fact, Inline } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsIn, faultsOf } from '../../../test/support/page-judge.ts';
import { bodyHtml, renderHtml } from './html.ts';
import { STYLE } from './html-style.ts';
import { code } from './inline.ts';
import { renderMarkdown } from './markdown.ts';
import { sanitisedBody } from './sanitiser.ts';
import { visiblePage } from './visible-page.ts';

const NASTY = [
  '<script>alert(1)</script>',
  '![x](http://a.b/?q=)',
  '[a](javascript:alert(1))',
  '| a | b |',
  '`code`',
  '**x**',
  '# head',
  '- item',
  '1. x',
  '<img src=x onerror=y>',
  '&lt;b&gt;',
  '\n\n# h',
  '{{F1}}',
  '\'"><svg/onload=1>',
  '</style><script>',
  '<!-- x --><iframe srcdoc="<p>">',
  '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
  '</span></a></td></table><form action=http://a.b><input autofocus onfocus=x>',
  '\u202etxt.exe\u0000\u001b[31m\ud800',
];
const words = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom(...NASTY), fc.lorem());

const factOf = (text: string): Fact => ({
  ...{
    id: 'f0123456789abcdef',
    kind: 'series',
    claim: text || '-',
    metric: text || '-',
    statistic: 'median',
    value: 1.5,
    unit: text,
    n: 3,
  },
  ...{ interval: null, labels: { [text]: text }, scope: text, formula: text || '-', inputs: [], class: 'measured' },
  sources: [
    { path: text, sha256: '0'.repeat(64), pointer: text },
    { inventory: text },
    { observation: text },
    { path: 'b', sha256: '0'.repeat(64), pointer: '/b' },
  ],
});

const pageOf = (text: string): Block[] => {
  const line: Inline[] = [
    { type: 'text', text },
    { type: 'strong', text: text.slice(0, 9) },
    code(text),
    { type: 'fact', text, fact: 'F1' },
    { type: 'record', text, record: text },
  ];
  return [
    { type: 'heading', level: 1, text },
    { type: 'paragraph', line },
    { type: 'list', ordered: false, items: [line] },
    { type: 'table', head: [text, 'b'], rows: [[line, line]] },
    { type: 'quote', text },
    { type: 'evidence', name: 'F1', claim: text, lines: [text] },
  ];
};

describe('renderHtml', () => {
  it('hazard 35, 36: lets no text become markup, script, image or foreign link', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (text) => {
        const html = await renderHtml(text, pageOf(text), { F1: factOf(text) });
        expect(faultsOf(html)).toEqual([]);
        expect(factsIn(html)).toHaveLength(4);
      }),
    );
  });

  it('hazard 35, 36: is the same after sanitising: there was nothing to take out', async () => {
    await fc.assert(
      fc.asyncProperty(words, async (text) => {
        const body = bodyHtml(visiblePage(pageOf(text)), { F1: factOf(text) });
        expect(await sanitisedBody(body)).toBe(body);
      }),
    );
  });

  it('lets a page load nothing: its style is known by its hash, everything else is forbidden', async () => {
    const html = await renderHtml('t', pageOf('x'), {});
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
    expect(style).toBe(STYLE);
    const hash = createHash('sha256').update(style).digest('base64');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "img-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      `style-src 'sha256-${hash}'`,
    ]);
    expect(html).not.toContain('unsafe');
    expect(style).not.toMatch(/url\(|@import|</);
  });

  it('says on a number where it comes from, to pointer, keyboard and screen reader, and shortens what is long', async () => {
    const fact: Fact = {
      ...factOf('x'),
      ...{ claim: `the median ${'of much '.repeat(100)}`, formula: 'median(tok_s)', n: 12_000, runs: 3 },
      sources: Array.from({ length: 9 }, (_, i) => ({ path: `a${i}.csv`, sha256: '0'.repeat(64), pointer: `line ${i} column tok_s` })),
    };
    const html = await renderHtml(
      't',
      [
        {
          type: 'paragraph',
          line: [
            { type: 'fact', text: '1.5 s', fact: 'F1' },
            { type: 'record', text: '2 s', record: 'seconds.total' },
          ],
        },
        { type: 'evidence', name: 'F1', claim: 'c', lines: [] },
      ],
      { F1: fact },
    );
    expect(faultsOf(html)).toEqual([]);
    const [{ text = '', tip = '' } = {}] = factsIn(html);
    expect(text).toBe('1.5 s');
    expect(tip).toMatch(
      /^the median [\s\S]{100,260}…[\s\S]*measured: median\(tok_s\)n = 12,000 in 3 runsa0\.csv at line 0 column tok_sa1\.csv at line 1 column tok_sand 7 more$/,
    );
    expect(html).toMatch(
      /<span class="record" tabindex="0" aria-describedby="t2">2 s<\/span><span class="tip" role="tooltip" id="t2">run record: seconds\.total<\/span>/,
    );
    expect(STYLE).toMatch(/\.value:hover > \.tip, \.value:focus-within > \.tip \{ visibility: visible;/);
  });
});

describe('renderMarkdown', () => {
  it('hazard 36: keeps one table row a line, whatever its cells hold', () => {
    fc.assert(
      fc.property(words, (text) => {
        const table = renderMarkdown([{ type: 'heading', level: 1, text: 'x' }, ...pageOf(text).filter((b) => b.type === 'table')])
          .trim()
          .split('\n')
          .slice(4);
        expect(table).toHaveLength(3);
        for (const row of table) {
          const bars = row.replace(/\\\\/g, '').match(/(?<!\\)\|/g) ?? [];
          expect(bars).toHaveLength(3);
        }
      }),
    );
  });

  it.each([
    ['# not a heading', '\\# not a heading'],
    ['- no item', '\\- no item'],
    ['3. no item', '3\\. no item'],
    ['0.25 tok/s', '0.25 tok/s'],
    ['a_b_c _x_', 'a_b_c \\_x\\_'],
    ['<b>', '\\<b\\>'],
    ['a [link](x)', 'a \\[link\\](x)'],
  ])('writes %j as %j', (text, expected) => {
    expect(
      renderMarkdown([
        { type: 'heading', level: 1, text: 'h' },
        { type: 'paragraph', line: [{ type: 'text', text }] },
      ])
        .trim()
        .split('\n')
        .at(-1),
    ).toBe(expected);
  });
});
