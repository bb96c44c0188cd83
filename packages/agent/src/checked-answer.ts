import { judgeSentence, namesOf } from '@chimera/grounding';
import type { Analysis, Section, Sentence } from '@chimera/shared/domain';
import type { ModelAnswer } from './answer-schema.ts';
import { type AgentDefinition, type SectionDuty, sentence, type TemplateSentence } from './definition.ts';
import type { NamedFacts } from './prompt.ts';

type Checked = { sections: Section[]; account: Analysis['account'] };

/**
 * Keeps the model's sentences that pass the gate, their `F12` turned into fact ids. One that fails is withheld and
 * counted, and the template's sentence for that duty stands in its place; a section never falls below its least.
 */
export function checkAnswer(
  definition: AgentDefinition,
  answer: ModelAnswer,
  facts: NamedFacts,
  template: Readonly<Record<string, readonly TemplateSentence[]>>,
): Checked {
  const known = new Set(facts.keys());
  const names = new Set([...facts.values()].flatMap(namesOf));
  const account: Analysis['account'] = { written: 0, kept: 0, withheld: [] };

  const sections = definition.sections.map((duty): Section => {
    const spare = [...(template[duty.id] ?? [])];
    const sentences: Sentence[] = [];
    for (const { text, mitigation } of answer[duty.id] ?? []) {
      account.written++;
      const reason = [text, ...(mitigation === undefined ? [] : [mitigation])]
        .map((words) => judgeSentence(words, known, names))
        .find((j) => !j.passes);
      if (reason === undefined || reason.passes) {
        account.kept++;
        sentences.push(
          sentence(
            duty,
            { text: withIds(text, facts), ...(mitigation === undefined ? {} : { mitigation: withIds(mitigation, facts) }) },
            'model',
          ),
        );
        continue;
      }
      account.withheld.push({ section: duty.id, text: mitigation === undefined ? text : `${text} / ${mitigation}`, reason: reason.reason });
      const standIn = spare.shift();
      if (standIn) sentences.push(sentence(duty, standIn, 'template'));
    }
    while (sentences.length < duty.least && spare.length > 0) sentences.push(sentence(duty, spare.shift() as TemplateSentence, 'template'));
    return sectionOf(duty, sentences.slice(0, duty.most));
  });
  return { sections, account };
}

/** The template narrator's analysis: every section from the template, nothing withheld. */
export function templateSections(definition: AgentDefinition, template: Readonly<Record<string, readonly TemplateSentence[]>>): Section[] {
  return definition.sections.map((duty) =>
    sectionOf(
      duty,
      (template[duty.id] ?? []).slice(0, duty.most).map((words) => sentence(duty, words, 'template')),
    ),
  );
}

function sectionOf(duty: SectionDuty, sentences: Sentence[]): Section {
  return { id: duty.id, title: duty.title, layout: duty.layout, sentences };
}

function withIds(text: string, facts: NamedFacts): string {
  return text.replace(/\{\{\s*(F\d+)\s*\}\}/g, (whole, name: string) => {
    const fact = facts.get(name);
    return fact ? `{{${fact.id}}}` : whole;
  });
}
