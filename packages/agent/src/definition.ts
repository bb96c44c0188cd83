import { type AgentName, agentsOf, type Fact, type Profile, type Section, type Sentence, type SentenceKind } from '@chimera/shared/domain';
import type { View } from './view.ts';

/** One section an agent must write: where it goes, what it must do, and how long it may be. */
export type SectionDuty = {
  id: string;
  title: string;
  layout: Section['layout'];
  /** what its sentences may be; the first is what they mostly are */
  kinds: readonly [SentenceKind, ...SentenceKind[]];
  /** what the model is told */
  duty: string;
  /** sentences (or table rows) at least and at most */
  least: number;
  most: number;
  /** words that a model may write at most, mitigations and printed values counted; the section never falls below its least for it */
  words: number;
  /** the metric of each sentence stands in bold */
  boldMetrics?: true;
};

/** A sentence of the template narrator: prose with references, and for a risk its mitigation. */
export type TemplateSentence = { text: string; mitigation?: string };

/** The template narrator's sentences by section. */
export type Template = Readonly<Record<string, readonly TemplateSentence[]>>;

/** What an agent must say, and from what. */
export type Duties = {
  sections: readonly SectionDuty[];
  /** the facts for one section, the most important first; the model is shown as many of them as its context holds */
  chooseFacts: (view: View, duty: SectionDuty) => Fact[];
  /** whether a fact is listed before the others of its section, whatever its rank */
  listsFirst?: (fact: Fact, duty: SectionDuty) => boolean;
  /** the template narrator's sentences for each section; always at least `least` of each */
  template: (view: View) => Template;
};

/** What makes one agent that agent; the rest is common to both. */
export type AgentDefinition = Duties & {
  name: AgentName;
  title: string;
  /** the persona prompt: what the model gets, word for word */
  persona: string;
  /** what it is and must say where a profile names no other agent; without it, the same as beside another */
  alone?: Duties & { persona: string };
};

/** The agent as it works under a profile: one that is named alone is the single agent, and has all duties, unless it keeps to its own. */
export function definitionFor(definition: AgentDefinition, profile: Profile): AgentDefinition {
  const { alone, ...beside } = definition;
  const keepsOwn = profile.duties === 'own' || agentsOf(profile).length > 1;
  return alone === undefined || keepsOwn ? definition : { ...beside, ...alone };
}

/** The duties of several one after the other: facts, their order and the template's words for each section are those of its owner. */
export function allOf(owners: readonly Duties[]): Duties {
  const ownerOf = (duty: SectionDuty): Duties => {
    const owner = owners.find(({ sections }) => sections.some(({ id }) => id === duty.id));
    if (owner === undefined) throw new Error(`Nobody has a section "${duty.id}".`);
    return owner;
  };
  return {
    sections: owners.flatMap(({ sections }) => sections),
    chooseFacts: (view, duty) => ownerOf(duty).chooseFacts(view, duty),
    listsFirst: (fact, duty) => ownerOf(duty).listsFirst?.(fact, duty) ?? false,
    template: (view) => Object.assign({}, ...owners.map(({ template }) => template(view))),
  };
}

/** A sentence of the template that refers to facts by `{{id}}`. */
export function templateSentence(duty: SectionDuty, words: TemplateSentence): Sentence {
  return { text: words.text, mitigation: words.mitigation ?? null, kind: duty.kinds[0], by: 'template' };
}

/** A section in the template's words alone. `reason` says why no model speaks there; null where none was asked for. */
export function templateSection(duty: SectionDuty, template: Template, reason: string | null, leftOut: readonly string[] = []): Section {
  const sentences = templateSentences(duty, template);
  return { id: duty.id, title: duty.title, layout: duty.layout, sentences, reason, leftOut: [...leftOut], template: [] };
}

/** The template's sentences for a section, as many as it may have. */
export function templateSentences(duty: SectionDuty, template: Template): Sentence[] {
  return (template[duty.id] ?? []).slice(0, duty.most).map((words) => templateSentence(duty, words));
}
