import { type Fact, indexFacts } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { bodyTextOf, faultsOf } from '../../../test/support/page-judge.ts';
import { column, reportInput } from '../../../test/support/report-input.ts';
import { agentPage } from './agent-page.ts';
import { renderMarkdown } from './markdown.ts';
import { assembleReport } from './report.ts';
import { pages } from './stated-report.ts';

const NASTY: [string, string][] = [
  ['a script', '<script>alert(1)</script>'],
  ['a picture that calls home', '"><img src="http://example.org/p.gif" onerror=alert(1)>'],
  ['a drawing that runs', '<svg/onload=alert(1)>'],
  ['a link in Markdown', '[x](javascript:alert(1)) ![y](http://example.org/?q=1)'],
  ['a bare address', 'http://example.org/a www.example.org a@example.org @someone'],
  ['an end to everything', '</title></style></span></a></td></table>--><!--'],
  ['a table and a heading', 'a | b |\n| --- |\n# F1\n###### F2'],
  ['references', '{{F1}} {{run:seconds.total}} `{{f1|ms|2}}'],
  ['code that ends', '`` ` ``` <b>'],
  ['invisible characters', 'a\u202e\u0000\u001b[31m\u200b\ufeff\ud800b'],
  ['entities', '&lt;script&gt;&#60;b&#62;&amp;lt;'],
];

/** The text in each place where a stranger's words come onto a page. */
async function reportOf(text: string) {
  const input = reportInput({
    title: text,
    files: {
      [`dir/${text}.csv`]: [
        ...column(`lat ${text}`, 'ms', { model: text, [`label ${text}`]: text }, [1, 2, 3, 400]),
        ...column('time_to_first_token', 's', { model: text }, [0.1, 0.2, 0.3]),
        ...column('output_token_throughput', 'tok/s', { model: 'm', [text]: '1' }, [10, 11, 12, 13, 14]),
        ...column('output_token_throughput', 'tok/s', { model: 'm', [text]: '2' }, [20, 21, 22, 23, 24]),
      ],
      [`${text}/b.csv`]: column(text, text, {}, [5, 5, 5]),
    },
    refused: { [`bad ${text}`]: `it says ${text}` },
    warnings: [`a warning: ${text}`],
    failed: text,
    unsettled: { [`new ${text}`]: 'still growing' },
    model: text,
    analyses: (facts: readonly Fact[]) => ({
      insight: {
        persona: `Persona\n${text}`,
        narrator: { kind: 'template', model: text, digest: null, server: text, serverVersion: text, reason: `the server said ${text}` },
        sections: [
          {
            ...{
              id: 'summary',
              title: `Title ${text}`,
              layout: 'paragraph',
              reason: `because ${text}`,
              leftOut: facts.map(({ id }) => id),
              template: [],
            },
            sentences: [{ text: `It is {{${facts[0]?.id}}}. ${text}`, mitigation: null, kind: 'observation', by: 'template' }],
          },
          {
            ...{ id: 'risks', title: 'Risks', layout: 'risks', reason: null, leftOut: [], template: [] },
            sentences: [{ text, mitigation: text, kind: 'risk', by: 'model' }],
          },
        ],
        account: { written: 2, kept: 1, repaired: 0, withheld: [{ section: 'risks', text: `WITHHELD ${text}`, reason: text }] },
      },
    }),
  });
  const report = assembleReport(input);
  const { insight } = input.analyses;
  const own = insight === undefined ? '' : renderMarkdown(agentPage(insight, indexFacts(input.evidence.facts), input.record).page);
  return { report, own, spelt: await pages(report) };
}

describe('a page on which strangers have their say', () => {
  it.each(NASTY)(
    'hazard 35, 36: holds nothing but its own markup in HTML, whatever name, label, column, reason or title is %s',
    async (_, text) => {
      const { spelt } = await reportOf(text);
      const html = spelt.get('report.html') ?? '';
      expect(faultsOf(html)).toEqual([]);
      // In tags and attributes there is no address at all, but for places on the page.
      expect((html.slice(html.indexOf('<body>')).match(/<[^>]*>/g) ?? []).join('')).not.toMatch(/http|javascript:|alert|data:/);
      expect(bodyTextOf(html)).not.toMatch(/WITHHELD|[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
    },
  );

  it.each(NASTY)(
    'hazard 36, 38: stays the page it is in Markdown, whatever name, label, column, reason or title is %s',
    async (_, text) => {
      const { report, spelt, own } = await reportOf(text);
      for (const markdown of [spelt.get('report.md') ?? '', own]) {
        const [, ...lines] = markdown.split('\n');
        const outsideCode = lines.map((line) => line.replace(/(?<![`\\])(`+)(?!`).*?(?<!`)\1(?!`)/g, '')).join('\n');
        expect(outsideCode.replace('<!-- chimera:report v1 -->', '')).not.toMatch(
          /(?<!\\)<[a-z!/]|(?<!\\)!\[|(?<!\\)\]\((?!#f\d+\))|:\/\/|www\.|@/i,
        );
        expect(markdown).not.toMatch(/WITHHELD|[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u);
      }
      // Every heading is one of the page's own, and each fact has its own.
      const headings = (spelt.get('report.md') ?? '').split('\n').filter((line) => /^ {0,3}#/.test(line));
      expect(headings).toHaveLength(report.page.filter(({ type }) => type === 'heading' || type === 'evidence').length);
      expect(headings.filter((line) => /^###### F\d+$/.test(line))).toHaveLength(Object.keys(report.facts).length);
      // A table's rows have its columns.
      const tables = report.page.flatMap((block) =>
        block.type === 'table' ? [block.head.length, ...block.rows.map((row) => row.length)] : [],
      );
      const rows = (spelt.get('report.md') ?? '').split('\n').filter((line) => /^\|(?! ---)/.test(line));
      expect(rows).toHaveLength(tables.length);
    },
  );

  it.each(NASTY)('hazard 38: prints no value that an artifact asked for by a reference of its own: %s', async (_, text) => {
    const { report } = await reportOf(text);
    const asked = report.page
      .flatMap((b) => (b.type === 'paragraph' ? b.line : []))
      .filter((i) => i.type === 'record' && i.record === 'seconds.total');
    // In prose of an agent a reference is one: it was checked before it came here. In a name it never is.
    const prose = text.includes('{{run:seconds.total}}') ? 1 : 0;
    expect(asked).toHaveLength(prose);
  });
});
