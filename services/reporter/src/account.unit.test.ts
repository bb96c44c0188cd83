import { type Block, type Fact, indexFacts, Report, type Section } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { bodyTextOf } from '../../../test/support/page-judge.ts';
import { callOf, column, reportInput } from '../../../test/support/report-input.ts';
import { agentPage } from './agent-page.ts';
import { renderMarkdown } from './markdown.ts';
import { assembleReport } from './report.ts';
import { pages } from './stated-report.ts';

type By = 'model' | 'template';
const section = (id: string, sentences: readonly [By, string][], more: Partial<Section> = {}): Section => ({
  ...{ id, title: `The ${id}`, layout: 'bullets', reason: null, leftOut: [], template: [] },
  sentences: sentences.map(([by, text]) => ({ text, mitigation: null, kind: 'observation', by })),
  ...more,
});
const files = { 'a.csv': column('lat', 'ms', { model: 'm' }, [1, 2, 3, 4]) };
const medianOf = (facts: readonly Fact[]) => facts.find((f) => f.metric === 'lat' && f.statistic === 'median')?.id ?? '';
const plain = (page: readonly Block[]) => renderMarkdown(page).replace(/\\/g, '');
const accountIn = (markdown: string) => markdown.slice(markdown.lastIndexOf('\n## Account'));

const call = (note: string | null) => callOf({ section: 'counts', promptTokens: 900, estimatedPromptTokens: 700, note });

describe('the account of a report', () => {
  it('is one line where no model was asked for, and counts what the page prints', () => {
    const report = assembleReport(
      reportInput({
        files,
        analyses: (facts) => ({ insight: { sections: [section('summary', [['template', `It is {{${medianOf(facts)}}}.`]])] } }),
      }),
    );
    expect(Report.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    const { numbers, sections, leftOut } = report.record.account;
    const above = report.page.slice(
      0,
      report.page.findLastIndex((block) => block.type === 'heading'),
    );
    const cited = JSON.stringify(above).match(/"type":"fact"/g)?.length ?? 0;
    expect(cited).toBeGreaterThan(10);
    expect(numbers).toEqual({ printed: cited + numbers.fromRecord, fromFacts: cited, fromRecord: numbers.fromRecord, withoutSource: 0 });
    // Date and revision; files and four stages; of one agent no number.
    expect(numbers.fromRecord).toBe(7);
    expect(sections).toEqual([
      { agent: 'insight', section: 'summary', title: 'The summary', narrator: 'template', model: null, withheld: 0, reason: null },
    ]);
    expect(leftOut).toEqual([]);
    expect(accountIn(plain(report.page)).trim().split('\n\n')).toEqual([
      '## Account',
      `Above stand ${numbers.printed} numbers and dates: ${cited} from facts, 7 from the run record. Every sentence is the template narrator's: no model was asked for.`,
    ]);
  });

  it('is one line with the reason where the model that was asked for did not speak', () => {
    const narrator = {
      kind: 'template',
      model: 'm:1b',
      digest: null,
      server: null,
      serverVersion: null,
      reason: 'nobody answers',
    } as const;
    const report = assembleReport(
      reportInput({
        files,
        model: 'm:1b',
        analyses: () => ({
          insight: { narrator, sections: [section('summary', [['template', 'All is well.']], { reason: 'nobody answers' })] },
        }),
      }),
    );
    expect(accountIn(plain(report.page))).toContain("Every sentence is the template narrator's (nobody answers).");
    expect(accountIn(plain(report.page))).not.toContain('|');
  });

  const withModel = () =>
    reportInput({
      files,
      model: 'm:1b',
      analyses: (facts) => ({
        collector: {
          sections: [
            section('counts', [
              ['model', 'A.'],
              ['model', 'B.'],
            ]),
          ],
          account: { written: 2, kept: 2, repaired: 0, withheld: [] },
          calls: [call(null), call('the prompt took 900 tokens and not 700')],
        },
        insight: {
          sections: [
            section('summary', [
              ['model', `It is {{${medianOf(facts)}}}.`],
              ['template', 'C.'],
            ]),
            section('findings', [['template', 'E.']]),
            section('risks', [['template', 'D.']], {
              reason: 'the smallest prompt takes 900 tokens of 256',
              leftOut: [
                medianOf(facts),
                ...facts
                  .filter(({ id }) => id !== medianOf(facts))
                  .slice(0, 15)
                  .map(({ id }) => id),
              ],
            }),
          ],
          account: {
            ...{ written: 6, kept: 1, repaired: 1 },
            withheld: ['WITHHELD_ONE 42', 'WITHHELD_TWO <b>', 'WITHHELD_THREE', 'WITHHELD_FOUR'].map((text, i) => ({
              ...{ section: i === 0 ? 'summary' : 'findings', text, reason: `REASON_${i} holds "${text}"` },
            })),
          },
        },
      }),
    });

  it("tells what became of the model's sentences, who wrote which section, and why the template spoke", () => {
    const report = assembleReport(withModel());
    expect(report.record.account.sentences).toEqual({
      all: { written: 8, kept: 3, repaired: 1, withheld: 4, survived: 0.5 },
      collector: { written: 2, kept: 2, repaired: 0, withheld: 0, survived: 1 },
      insight: { written: 6, kept: 1, repaired: 1, withheld: 4, survived: 2 / 6 },
    });
    expect(report.record.account.sections.map(({ section: id, narrator, withheld }) => [id, narrator, withheld])).toEqual([
      ['counts', 'model', 0],
      ['summary', 'both', 1],
      ['findings', 'template', 3],
      ['risks', 'template', 0],
    ]);
    const account = accountIn(plain(report.page));
    expect(account).toContain('| collector | 2 | 2 | 0 | 0 | 100 % |');
    expect(account).toContain('| insight | 6 | 1 | 1 | 4 | 33.33 % |');
    expect(account).toContain('- collector: the prompt took 900 tokens and not 700');
    expect(account.match(/^- /gm)).toHaveLength(1);
    expect(account).toContain('| all | 8 | 3 | 1 | 4 | 50 % |');
    expect(account).toContain('| insight | The summary | `m:1b` and template | 1 | – |');
    expect(account).toContain('| insight | The findings | template | 3 | all it wrote was withheld |');
    expect(account).toContain('| insight | The risks | template | 0 | the smallest prompt takes 900 tokens of 256 |');
  });

  it('names facts that were left out of a prompt: those on the page by their value, others by their claim, ten at most', () => {
    const report = assembleReport(withModel());
    const { leftOut } = report.record.account;
    expect(leftOut).toHaveLength(16);
    expect(leftOut[0]).toMatchObject({ name: expect.stringMatching(/^F\d+$/), claim: expect.any(String), sections: ['insight risks'] });
    const line =
      accountIn(plain(report.page))
        .split('\n\n')
        .find((block) => block.startsWith('Facts')) ?? '';
    expect(line).toMatch(/because its context holds no more: 16 \(2\.5 ms \[F\d+\]\(#f\d+\); /);
    expect(line).toMatch(/; the others are in `report\.json`\)\.$/m);
    expect(line.match(/`[^`]+`|\[F\d+\]\(/g)).toHaveLength(11);
    for (const [, name = ''] of line.matchAll(/\[(F\d+)\]/g)) expect(report.facts).toHaveProperty(name);
  });

  it('keeps what was withheld in report.json, and lets nothing of it onto a page', async () => {
    const input = withModel();
    const report = assembleReport(input);
    const spelt = await pages(report);
    expect(spelt.get('report.json')).toContain('WITHHELD_ONE 42');
    const insight = input.analyses.insight;
    if (insight === undefined) throw new Error('insight speaks in this run');
    const own = renderMarkdown(agentPage(insight, indexFacts(input.evidence.facts), input.record).page);
    for (const page of [spelt.get('report.md'), spelt.get('report.html'), own]) expect(page).not.toMatch(/WITHHELD|REASON_/);
    expect(bodyTextOf(spelt.get('report.html') ?? '')).not.toMatch(/WITHHELD|REASON_/);
  });

  it('lets no reference of prose lead to what was withheld, or to any other words of the record', () => {
    const report = assembleReport(
      reportInput({
        files,
        analyses: () => ({
          insight: {
            sections: [
              section('summary', [
                [
                  'template',
                  'S {{run:agents.insight.account.withheld.0.text}} {{run:agents.insight.persona}} {{run:bucket}} {{run:seconds.ingest|ms}}.',
                ],
              ]),
            ],
            account: { written: 1, kept: 0, repaired: 0, withheld: [{ section: 'summary', text: 'WITHHELD', reason: 'r' }] },
          },
        }),
      }),
    );
    const line = report.page.flatMap((b) => (b.type === 'list' ? b.items : [])).find((items) => items[0]?.text === 'S ') ?? [];
    expect(line.filter(({ type }) => type === 'record')).toEqual([{ type: 'record', text: '250 ms', record: 'seconds.ingest' }]);
    expect(line.filter(({ text }) => text.includes('left out'))).toHaveLength(3);
  });

  it('counts a numeral in words as one without a source, and says so', () => {
    const report = assembleReport(
      reportInput({
        files,
        analyses: () => ({ insight: { sections: [section('summary', [['template', 'p95 of gemma3 is 12.5 or 7.']])] } }),
      }),
    );
    expect(report.record.account.numbers.withoutSource).toBe(2);
    expect(accountIn(plain(report.page))).toContain(', 2 in words that lead to no source.');
  });
});
