import type { Analysis, Block, FactIndex, Inline, ReportAccount, Section } from '@chimera/shared/domain';
import type { Citations } from './citations.ts';
import type { Analyses } from './narrators.ts';

type Tally = ReportAccount['sentences']['all'];

/** What a page of a report is built on, counted over the page as it stands. */
export function accountOf(page: readonly Block[], analyses: Analyses, facts: FactIndex, citations: Citations): ReportAccount {
  const { collector, insight } = analyses;
  const done = [collector, insight].filter((analysis) => analysis !== undefined);
  return {
    numbers: numbersOn(page),
    sentences: {
      all: tally(done),
      ...(collector === undefined ? {} : { collector: tally([collector]) }),
      ...(insight === undefined ? {} : { insight: tally([insight]) }),
    },
    sections: done.flatMap((analysis) => analysis.sections.map((section) => sectionAccount(analysis, section))),
    leftOut: leftOut(done, facts, citations),
  };
}

/** The pieces of a page that stand in lines: all but headings, quotations and evidence. */
function inlinesOf(page: readonly Block[]): Inline[] {
  return page.flatMap((block) => {
    if (block.type === 'paragraph') return block.line;
    if (block.type === 'list') return block.items.flat();
    return block.type === 'table' ? block.rows.flat(2) : [];
  });
}

/** A number with or without a unit, or a date, as the run record's are printed; a name that holds digits is none. */
const NUMBER = /^-?\d[\d,]*(?:\.\d+)?(?:e[+-]\d+)?(?: \S+)?$|^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/;
/** A numeral that is no part of a word: `p95` is a name. */
const NUMERAL = /(?<![\p{L}\p{N}_])\p{N}[\p{N}.,]*/gu;

function numbersOn(page: readonly Block[]): ReportAccount['numbers'] {
  const inlines = inlinesOf(page);
  const fromFacts = inlines.filter((i) => i.type === 'fact').length;
  const fromRecord = inlines.filter((i) => i.type === 'record' && NUMBER.test(i.text)).length;
  const words = inlines.filter((i) => i.type === 'text' || i.type === 'strong');
  const withoutSource = words.reduce((n, { text }) => n + (text.match(NUMERAL)?.length ?? 0), 0);
  return { printed: fromFacts + fromRecord + withoutSource, fromFacts, fromRecord, withoutSource };
}

function tally(analyses: readonly Analysis[]): Tally {
  const sum = (count: (account: Analysis['account']) => number) => analyses.reduce((total, { account }) => total + count(account), 0);
  const [written, kept, repaired] = [sum((a) => a.written), sum((a) => a.kept), sum((a) => a.repaired)];
  const survived = written === 0 ? null : (kept + repaired) / written;
  return { written, kept, repaired, withheld: sum((a) => a.withheld.length), survived };
}

function sectionAccount(analysis: Analysis, { id, title, sentences, reason }: Section): ReportAccount['sections'][number] {
  const spoke = new Set(sentences.map(({ by }) => by));
  const narrator = spoke.size === 2 ? 'both' : ([...spoke][0] ?? 'nobody');
  return {
    agent: analysis.agent,
    section: id,
    title,
    narrator,
    model: spoke.has('model') ? analysis.narrator.model : null,
    withheld: analysis.account.withheld.filter(({ section }) => section === id).length,
    reason,
  };
}

/** Each fact once, in the order in which sections lack them. */
function leftOut(analyses: readonly Analysis[], facts: FactIndex, citations: Citations): ReportAccount['leftOut'] {
  const names = new Map([...citations.printed()].map(([name, { id }]) => [id, name]));
  const sections = new Map<string, string[]>();
  for (const { agent, sections: some } of analyses)
    for (const { id, leftOut } of some) for (const fact of leftOut) sections.set(fact, [...(sections.get(fact) ?? []), `${agent} ${id}`]);
  return [...sections].map(([fact, of]) => ({
    fact,
    name: names.get(fact) ?? null,
    claim: facts.byId.get(fact)?.claim ?? null,
    sections: [...new Set(of)],
  }));
}
