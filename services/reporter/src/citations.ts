import { type PlainForm, type ReferenceForm, recordPath, referenceText, renderRecord, renderReference } from '@chimera/grounding';
import type { Fact, FactIndex, Inline, RunRecord } from '@chimera/shared/domain';

/** Names facts in the order in which a page prints them, and remembers which were printed. */
export type Citations = {
  /** prints a fact's value; its name leads to the evidence */
  cite(fact: Fact, form?: PlainForm): Inline;
  /** prints what a reference in prose leads to; where that is nothing, or nothing that has this form, words that say so */
  citeId(id: string, form: ReferenceForm): Inline;
  /** the fact by its id, printed as in `cite`; null where it has not been printed so far, or is none */
  citeAgain(id: string): Inline | null;
  /** the name of a fact that is printed here: the next one, where it has none so far */
  nameOf(id: string): string;
  /** the facts printed so far, by name */
  printed(): ReadonlyMap<string, Fact>;
};

const NO_FACT: Inline = { type: 'text', text: '(a value without a fact, left out)' };
const NO_FORM: Inline = { type: 'text', text: '(a value that does not exist in the form asked for, left out)' };

/** @param record the run record, for references to it; null: prose that refers to it prints that there is none */
export function createCitations(facts: FactIndex, record: RunRecord | null): Citations {
  const names = new Map<string, string>();
  const named = (id: string): string => {
    const name = names.get(id) ?? `F${names.size + 1}`;
    names.set(id, name);
    return name;
  };
  const cite = (fact: Fact, form: PlainForm = 'bare'): Inline => ({ type: 'fact', text: referenceText(fact, form), fact: named(fact.id) });
  const citeRecord = (path: string, form: ReferenceForm): Inline => {
    if (record === null) return NO_FACT;
    const rendered = renderRecord(record, path, form);
    return 'fault' in rendered ? NO_FORM : { type: 'record', text: rendered.text, record: path };
  };
  return {
    cite,
    citeId(id, form) {
      const path = recordPath(id);
      if (path !== null) return citeRecord(path, form);
      const fact = facts.byId.get(id);
      if (fact === undefined) return NO_FACT;
      const rendered = renderReference(fact, form);
      return 'fault' in rendered ? NO_FORM : { type: 'fact', text: rendered.text, fact: named(id) };
    },
    citeAgain(id) {
      const fact = facts.byId.get(id);
      return fact !== undefined && names.has(id) ? cite(fact) : null;
    },
    nameOf: named,
    printed: () => new Map([...names].flatMap(([id, name]) => (facts.byId.has(id) ? [[name, facts.byId.get(id) as Fact] as const] : []))),
  };
}
