import { type ReferenceForm, referenceText } from '@chimera/grounding';
import type { Fact, FactIndex, Inline } from '@chimera/shared/domain';

/** Names facts in the order in which a page prints them, and remembers which were printed. */
export type Citations = {
  /** prints a fact's value; its name leads to the evidence */
  cite(fact: Fact, form?: ReferenceForm): Inline;
  /** prints the fact with this id; null where there is none */
  citeId(id: string, form: ReferenceForm): Inline | null;
  /** the facts printed so far, by name */
  printed(): ReadonlyMap<string, Fact>;
};

export function createCitations(facts: FactIndex): Citations {
  const names = new Map<string, string>();
  const cite = (fact: Fact, form: ReferenceForm = 'bare'): Inline => {
    const name = names.get(fact.id) ?? `F${names.size + 1}`;
    names.set(fact.id, name);
    return { type: 'fact', text: referenceText(fact, form), fact: name };
  };
  return {
    cite,
    citeId(id, form) {
      const fact = facts.byId.get(id);
      return fact ? cite(fact, form) : null;
    },
    printed: () => new Map([...names].flatMap(([id, name]) => (facts.byId.has(id) ? [[name, facts.byId.get(id) as Fact] as const] : []))),
  };
}
