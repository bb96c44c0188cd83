import { type Block, type Inline, numberText, type ReportAccount } from '@chimera/shared/domain';
import type { Citations } from './citations.ts';
import { code, heading, paragraph, record, recordNumber, text } from './inline.ts';
import type { Analyses } from './narrators.ts';

/** Facts left out of a prompt that the page names; report.json has all of them. */
const MOST_NAMED = 10;

/**
 * The account that closes a report: where its numbers come from, what became of the model's sentences, and who wrote what.
 * One line where the template alone spoke. What was withheld stands in report.json, never on the page.
 */
export function accountBlocks(account: ReportAccount, analyses: Analyses, citations: Citations): Block[] {
  const reasons = templateReasons(account, analyses);
  const { all } = account.sentences;
  // One line says it all, unless sections of the template have reasons of their own.
  if (all.written === 0 && reasons.length <= 1)
    return [heading(2, 'Account'), paragraph(...numbers(account), ...templateOnly(reasons)), ...leftOut(account, citations)];
  return [
    heading(2, 'Account'),
    paragraph(...numbers(account)),
    ...(all.written === 0 ? [] : [sentences(account, analyses)]),
    sections(account, analyses),
    ...leftOut(account, citations),
    ...notes(analyses),
  ];
}

function numbers({ numbers: { printed, fromFacts, fromRecord, withoutSource } }: ReportAccount): Inline[] {
  const at = (field: string) => `account.numbers.${field}`;
  const line = [
    text('Above stand '),
    recordNumber(printed, '', at('printed')),
    text(printed === 1 ? ' number or date: ' : ' numbers and dates: '),
    recordNumber(fromFacts, '', at('fromFacts')),
    text(' from facts, '),
    recordNumber(fromRecord, '', at('fromRecord')),
    text(' from the run record'),
  ];
  if (withoutSource > 0)
    line.push(text(', '), recordNumber(withoutSource, '', at('withoutSource')), text(' in words that lead to no source'));
  return [...line, text('.')];
}

type Reason = { words: string; path: string };

/** Why the template spoke though a model was asked for: each reason once, with where report.json's record has it. */
function templateReasons(account: ReportAccount, analyses: Analyses): Reason[] {
  const all = [
    ...Object.entries(analyses).flatMap(([agent, { narrator }]) =>
      narrator.kind === 'template' && narrator.reason !== null ? [{ words: narrator.reason, path: `agents.${agent}.narrator.reason` }] : [],
    ),
    ...account.sections.flatMap(({ reason }, i) => (reason === null ? [] : [{ words: reason, path: `account.sections.${i}.reason` }])),
  ];
  return all.filter(({ words }, i) => all.findIndex((other) => other.words === words) === i);
}

function templateOnly([reason]: readonly Reason[]): Inline[] {
  if (reason === undefined) return [text(" Every sentence is the template narrator's: no model was asked for.")];
  return [text(" Every sentence is the template narrator's ("), record(reason.words, reason.path), text(').')];
}

function sentences({ sentences: { all, ...agents } }: ReportAccount, analyses: Analyses): Block {
  const row = (name: Inline, key: string, tally: typeof all): Inline[][] => {
    const cell = (field: 'written' | 'kept' | 'repaired' | 'withheld') => [
      recordNumber(tally[field], '', `account.sentences.${key}.${field}`),
    ];
    const { written, kept, repaired } = tally;
    const share =
      written === 0 ? text('–') : record(`${numberText((100 * (kept + repaired)) / written)} %`, `account.sentences.${key}.survived`);
    return [[name], cell('written'), cell('kept'), cell('repaired'), cell('withheld'), [share]];
  };
  const rows = (['collector', 'insight'] as const).flatMap((agent) => {
    const tally = agents[agent];
    return tally === undefined ? [] : [row(record(analyses[agent]?.title ?? agent, `agents.${agent}.title`), agent, tally)];
  });
  return {
    type: 'table',
    head: ["Model's sentences of", 'Written', 'Kept as written', 'Repaired', 'Withheld', 'Survived'],
    rows: rows.length > 1 ? [...rows, row(text('all'), 'all', all)] : rows,
  };
}

function sections({ sections: all }: ReportAccount, analyses: Analyses): Block {
  const rows = all.map(({ agent, title, narrator, model, withheld, reason }, i): Inline[][] => {
    const at = (field: string) => `account.sections.${i}.${field}`;
    const spoke: Record<typeof narrator, Inline[]> = {
      model: [code(model ?? '')],
      both: [code(model ?? ''), text(' and template')],
      template: [text('template')],
      nobody: [text('nobody')],
    };
    return [
      [record(analyses[agent]?.title ?? agent, `agents.${agent}.title`)],
      [record(title, at('title'))],
      spoke[narrator],
      [recordNumber(withheld, '', at('withheld'))],
      [reason !== null ? record(reason, at('reason')) : text(narrator === 'template' && withheld > 0 ? 'all it wrote was withheld' : '–')],
    ];
  });
  return { type: 'table', head: ['Agent', 'Section', 'Written by', 'Withheld', 'Why not by the model'], rows };
}

function leftOut({ leftOut: facts }: ReportAccount, citations: Citations): Block[] {
  if (facts.length === 0) return [];
  const named = facts.slice(0, MOST_NAMED).map(({ fact, claim }) => citations.citeAgain(fact) ?? code(claim ?? fact));
  return [
    paragraph(
      text('Facts that were chosen for a section and left out of its prompt, because its context holds no more: '),
      recordNumber(facts.length, '', 'account.leftOut.length'),
      text(' ('),
      ...named.flatMap((inline, i) => [text(i === 0 ? '' : '; '), inline]),
      ...(facts.length > named.length ? [text('; the others are in '), code('report.json')] : []),
      text(').'),
    ),
  ];
}

/** What is to be told of single calls of the model. */
function notes(analyses: Analyses): Block[] {
  const items = Object.entries(analyses).flatMap(([agent, { title, calls }]) =>
    calls.flatMap(({ note }, i): Inline[][] =>
      note === null ? [] : [[record(title, `agents.${agent}.title`), text(': '), record(note, `agents.${agent}.calls.${i}.note`)]],
    ),
  );
  return items.length === 0 ? [] : [paragraph(text('Of the calls:')), { type: 'list', ordered: false, items }];
}
