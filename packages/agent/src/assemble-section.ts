import { parseProse, renderReference } from '@chimera/grounding';
import type { Analysis, Fact, Section, Sentence } from '@chimera/shared/domain';
import { type SectionDuty, type Template, templateSection, templateSentence, templateSentences } from './definition.ts';
import type { Fate, Written } from './write-section.ts';

export type Account = Analysis['account'];

/** Of nothing written. */
export const NOTHING: Account = { written: 0, kept: 0, repaired: 0, withheld: [] };

/**
 * The section that is printed. A sentence of the model stands; in the place of one withheld stands the next sentence of the
 * template, as long as it has one, and the section never falls below its least. What goes beyond the section's words is dropped from
 * the end, and withheld where the model wrote it. Where nothing of the model stands, the section is the template's, with the reason.
 * @param facts by id: printed values are words too
 */
export function assembleSection(
  duty: SectionDuty,
  written: Written,
  template: Template,
  facts: ReadonlyMap<string, Fact>,
): { section: Section; account: Account } {
  const spare = [...(template[duty.id] ?? [])];
  const lines: { sentence: Sentence; fate: Fate | null }[] = [];
  const fates = [...written.fates];
  for (const fate of written.fates) {
    if (fate.outcome !== 'withheld') lines.push({ sentence: fate.sentence, fate });
    else standIn();
  }
  while (lines.length < duty.least && spare.length > 0) standIn();
  while (
    lines.length > duty.least &&
    wordsIn(
      lines.map(({ sentence }) => sentence),
      facts,
    ) > duty.words
  ) {
    const last = lines.pop()?.fate;
    if (last && last.outcome !== 'withheld') fates[fates.indexOf(last)] = tooMuch(last.sentence, duty);
  }
  const account = accountOf(duty, fates);
  if (account.kept + account.repaired > 0) {
    const sentences = lines.map(({ sentence }) => sentence);
    const { id, title, layout } = duty;
    const { leftOut } = written;
    return { section: { id, title, layout, sentences, reason: null, leftOut, template: templateSentences(duty, template) }, account };
  }
  return { section: templateSection(duty, template, written.reason ?? ALL_WITHHELD, written.leftOut), account };

  function standIn(): void {
    const next = spare.shift();
    if (next && lines.length < duty.most) lines.push({ sentence: templateSentence(duty, next), fate: null });
  }
}

export const ALL_WITHHELD = 'Every sentence that the model wrote here was withheld.';

/** Both accounts together. */
export function together(a: Account, b: Account): Account {
  return {
    written: a.written + b.written,
    kept: a.kept + b.kept,
    repaired: a.repaired + b.repaired,
    withheld: [...a.withheld, ...b.withheld],
  };
}

function accountOf(duty: SectionDuty, fates: readonly Fate[]): Account {
  const count = (outcome: Fate['outcome']) => fates.filter((fate) => fate.outcome === outcome).length;
  return {
    written: fates.length,
    kept: count('kept'),
    repaired: count('repaired'),
    withheld: fates.flatMap((fate) => (fate.outcome === 'withheld' ? [{ section: duty.id, text: fate.text, reason: fate.reason }] : [])),
  };
}

function tooMuch({ text, mitigation }: Sentence, { words }: SectionDuty): Fate {
  return {
    outcome: 'withheld',
    text: mitigation === null ? text : `${text} / ${mitigation}`,
    reason: `goes beyond the ${words} words of its section`,
  };
}

/** How many words some sentences have once their values are printed; signs alone are none. */
export function wordsIn(sentences: readonly Sentence[], facts: ReadonlyMap<string, Fact>): number {
  const printed = (prose: string) =>
    parseProse(prose)
      .map((part) => {
        if (part.type !== 'reference') return part.text;
        const fact = facts.get(part.id);
        const rendered = fact === undefined ? null : renderReference(fact, part.form);
        return rendered === null || 'fault' in rendered ? part.id : rendered.text;
      })
      .join('');
  const wordsOf = (prose: string) => printed(prose).match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
  return sentences.reduce((sum, { text, mitigation }) => sum + wordsOf(text) + wordsOf(mitigation ?? ''), 0);
}
