import type { AgentName, Fact, Section, Sentence, SentenceKind } from '@chimera/shared/domain';
import type { View } from './view.ts';

/** One section an agent must write: where it goes, what it must do, and how long it may be. */
export type SectionDuty = {
  id: string;
  title: string;
  layout: Section['layout'];
  kind: SentenceKind;
  /** what the model is told */
  duty: string;
  /** sentences (or table rows) at least and at most */
  least: number;
  most: number;
};

/** A sentence of the template narrator: prose with references, and for a risk its mitigation. */
export type TemplateSentence = { text: string; mitigation?: string };

/** What makes one agent that agent; the rest is common to both. */
export type AgentDefinition = {
  name: AgentName;
  title: string;
  /** the persona prompt: what the model gets, word for word */
  persona: string;
  sections: readonly SectionDuty[];
  /** the facts the model is shown, most important first */
  chooseFacts: (view: View) => Fact[];
  /** the template narrator's sentences for each section; always at least `least` of each */
  template: (view: View) => Readonly<Record<string, readonly TemplateSentence[]>>;
};

/** A sentence that refers to facts by `{{id}}`. */
export function sentence(duty: SectionDuty, words: TemplateSentence, by: Sentence['by']): Sentence {
  return { text: words.text, mitigation: words.mitigation ?? null, kind: duty.kind, by };
}
