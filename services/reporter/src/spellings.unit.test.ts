import { type Block, type Fact, type Inline, indexFacts } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsIn } from '../../../test/support/page-judge.ts';
import { evidenceList } from './appendix.ts';
import { createCitations } from './citations.ts';
import { renderHtml } from './html.ts';
import { proseLine } from './inline.ts';
import { renderMarkdown } from './markdown.ts';
import { visiblePage } from './visible-page.ts';

const unit = fc.constantFrom('s', 'ms', 'tok/s', 'bytes', 'MiB', '%', 'ratio', null, 'a|b', '*x*', '<b>', 'http://a.b', 'x\ny', '\u202ex');
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.double({ min: 0, max: 1e6, noNaN: true }),
  fc.constant('2025-11-14T18:53:30.000Z'),
);
const facts: fc.Arbitrary<Fact[]> = fc
  .array(
    fc.record({
      value,
      unit,
      kind: fc.constantFrom<Fact['kind']>('series', 'count', 'group', 'change'),
      n: fc.option(fc.nat()),
      runs: fc.integer({ min: 1, max: 9 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) =>
    list.map(({ runs, ...own }, i) => ({
      ...{
        id: `f${String(i).padStart(16, '0')}`,
        claim: `claim ${i}`,
        metric: 'm',
        statistic: 'median',
        interval: null,
        labels: {},
        scope: '/',
      },
      ...{ formula: 'f', inputs: [], sources: [{ inventory: 'all' }], class: 'derived', ...own, ...(runs > 4 ? { runs } : {}) },
    })),
  );
const form = fc.constantFrom('', '|bare', '|n', '|ms|2', '|s', '||3', '|%', '|GiB|1', '||0', '|tok/min');

/** What GitHub makes of a heading's text to link to it; the second of the same name gets a number. */
function slugs(markdown: string): string[] {
  const seen = new Map<string, number>();
  return markdown.split('\n').flatMap((line) => {
    const [, title] = /^ {0,3}#{1,6} +(.*?)(?: +#+)?$/.exec(line) ?? [];
    if (title === undefined) return [];
    const text = title.replace(/\\(.)/g, '$1').trim();
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return [before === 0 ? slug : `${slug}-${before}`];
  });
}

/** The text before each link to the evidence, as a reader of the Markdown sees it. */
function printedIn(markdown: string): { text: string; fact: string; anchor: string }[] {
  return [...markdown.matchAll(/«([^«»]*) \[(F\d+)\]\(#(f\d+)\)»/g)].map(([, text = '', fact = '', anchor = '']) => ({
    text: text.replace(/`([^`]*)`/g, '$1').replace(/\\([^\p{L}\p{N}\s])/gu, '$1'),
    fact,
    anchor,
  }));
}

describe('the three spellings of a reference', () => {
  it('are the very same text, in Markdown, HTML and JSON, for any fact in any form', async () => {
    await fc.assert(
      fc.asyncProperty(facts, fc.array(fc.tuple(fc.nat(4), form), { minLength: 1, maxLength: 8 }), async (list, references) => {
        const citations = createCitations(indexFacts(list), null);
        const line = references.flatMap(([i, words]): Inline[] => [
          { type: 'text', text: '«' },
          ...proseLine(`{{f${String(i % list.length).padStart(16, '0')}${words}}}`, citations),
          { type: 'text', text: '»' },
        ]);
        const page = visiblePage([{ type: 'paragraph', line }, ...evidenceList(citations.printed())]);
        const printed = page.flatMap((block) => (block.type === 'paragraph' ? block.line.filter((i) => i.type === 'fact') : []));
        const inHtml = factsIn(await renderHtml('t', page, Object.fromEntries(citations.printed())));
        expect(inHtml.map(({ text, fact }) => ({ text, fact }))).toEqual(printed.map(({ text, fact }) => ({ text, fact })));
        const inMarkdown = printedIn(renderMarkdown(page));
        expect(inMarkdown.map(({ text, fact }) => ({ text, fact }))).toEqual(printed.map(({ text, fact }) => ({ text, fact })));
        const anchors = slugs(renderMarkdown(page));
        for (const { anchor } of inMarkdown) expect(anchors.filter((slug) => slug === anchor)).toHaveLength(1);
      }),
    );
  });

  const one: Fact = {
    ...{
      id: 'f0000000000000001',
      kind: 'series',
      claim: 'c',
      metric: 'time_to_first_token',
      statistic: 'median',
      value: 0.015584,
      unit: 's',
      n: 5,
    },
    ...{ interval: null, labels: {}, scope: '/', formula: 'f', inputs: [], sources: [{ inventory: 'all' }], class: 'measured' },
  };
  it.each<[string, Inline[]]>([
    ['{{f0000000000000001|ms|2}}', [{ type: 'fact', text: '15.58 ms (n = 5)', fact: 'F1' }]],
    ['{{f0000000000000001|MB|2}}', [{ type: 'text', text: '(a value that does not exist in the form asked for, left out)' }]],
    ['{{f0000000000000001||1}}', [{ type: 'text', text: '(a value that does not exist in the form asked for, left out)' }]],
    ['{{f0000000000000009}}', [{ type: 'text', text: '(a value without a fact, left out)' }]],
    ['{{run:seconds.total}}', [{ type: 'text', text: '(a value without a fact, left out)' }]],
  ])('prints %s, or words that say why it is left out, never a wrong number', (prose, line) => {
    const citations = createCitations(indexFacts([one]), null);
    expect(proseLine(prose, citations)).toEqual(line);
    expect(citations.printed().size).toBe(line[0]?.type === 'fact' ? 1 : 0);
  });
});

describe('renderMarkdown', () => {
  const pageOf = (text: string): Block[] => [
    { type: 'heading', level: 1, text: 'h' },
    { type: 'paragraph', line: [{ type: 'text', text }] },
    { type: 'heading', level: 2, text },
    { type: 'table', head: [text], rows: [[[{ type: 'strong', text }]]] },
    { type: 'evidence', name: 'F1', claim: text, lines: [] },
  ];
  it.each([
    'http://example.org/a?b=(c)',
    'https://example.org',
    'www.example.org',
    'ftp://x.y',
    'someone@example.org',
    '@someone',
    'mailto:a@b.c',
    'see HTTP://A.B, now',
  ])('hazard 36: lets %s become no link by itself', (text) => {
    const markdown = renderMarkdown(pageOf(text));
    const outsideCode = markdown.replace(/`[^`]*`/g, '').replace(/<!--.*?-->/, '');
    expect(outsideCode).not.toMatch(/:\/\/|www\.|@|mailto:/i);
    for (const word of text.split(' ')) expect(markdown.split(word)).toHaveLength(6);
  });

  it.each([
    '_www.evil.example',
    '__www.evil.example',
    '1http://evil.example',
    '_https://evil.example/x',
    '9_mailto:x',
    '-WWW.evil.example',
  ])('hazard 36: finds an address behind an underscore or a digit: %s', (text) => {
    const outsideCode = renderMarkdown(pageOf(text))
      .replace(/`[^`]*`/g, '')
      .replace(/<!--.*?-->/, '');
    expect(outsideCode).not.toMatch(/:\/\/|www\.|mailto:/i);
  });

  it('hazard 36: lets dollar signs be no maths', () => {
    const markdown = renderMarkdown(pageOf('$x^2$ and $$y$$ and $\\href{javascript:x}{y}$'));
    expect(markdown).not.toMatch(/(?<!\\)\$/);
    expect(markdown).toContain('\\$x^2\\$ and \\$\\$y\\$\\$');
  });
});
