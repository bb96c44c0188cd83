import type { Block, Inline } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderHtml } from './html.ts';
import { code } from './inline.ts';
import { renderMarkdown } from './markdown.ts';

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
];
const words = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom(...NASTY), fc.lorem());
const page = (text: string): Block[] => {
  const line: Inline[] = [
    { type: 'text', text },
    { type: 'strong', text: text.slice(0, 9) },
    code(text),
    { type: 'fact', text, fact: 'F1' },
    { type: 'record', text, record: 'x' },
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

/** What markup of our own the HTML page may hold. */
const TAGS = new Set([
  'html',
  'head',
  'meta',
  'title',
  'style',
  'body',
  'h1',
  'p',
  'ul',
  'ol',
  'li',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'strong',
  'code',
  'a',
  'sup',
  'span',
  'blockquote',
  'div',
  'br',
]);

describe('renderHtml', () => {
  it('hazard 35, 36: lets no text become markup, script, image or foreign link', () => {
    fc.assert(
      fc.property(words, (text) => {
        const html = renderHtml(text, page(text), {});
        const tags = [...html.matchAll(/<\/?([a-zA-Z][^\s>/]*)/g)].map((m) => (m[1] ?? '').toLowerCase());
        for (const tag of tags) if (tag !== '!doctype') expect(TAGS).toContain(tag);
        for (const [, href] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^#f1$/);
        expect(html).not.toMatch(/<[^>]*\son\w+=/);
      }),
    );
  });
});

describe('renderMarkdown', () => {
  it('hazard 36: keeps one table row a line, whatever its cells hold', () => {
    fc.assert(
      fc.property(words, (text) => {
        const table = renderMarkdown([{ type: 'heading', level: 1, text: 'x' }, ...page(text).filter((b) => b.type === 'table')])
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
