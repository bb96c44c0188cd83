import { referencesIn } from '@chimera/grounding';
import type { Fact, Section } from '@chimera/shared/domain';

/** One sentence that another agent has said, as it was checked, with the facts that it refers to. */
export type Heard = { text: string; mitigation: string | null; facts: readonly Fact[] };

/** So many sentences bring facts of their own into a section; those behind them are shown where theirs stand there anyway. */
export const HEARD_WITH_FACTS = 12;
/** A report of an agent has far fewer. */
const MOST_HEARD = 60;

/**
 * The sentences of an agent's sections in their order, each once. One that refers to something else than a fact of this inventory, to a
 * value of the run record for instance, is left out: no model could refer to it.
 * @param facts by id
 */
export function heardIn(sections: readonly Section[], facts: ReadonlyMap<string, Fact>): Heard[] {
  const heard = new Map<string, Heard>();
  for (const { text, mitigation } of sections.flatMap(({ sentences }) => sentences)) {
    const ids = [...new Set([...referencesIn(text), ...referencesIn(mitigation ?? '')])];
    const known = ids.flatMap((id) => facts.get(id) ?? []);
    const key = JSON.stringify([text, mitigation]);
    if (known.length === ids.length && !heard.has(key)) heard.set(key, { text, mitigation, facts: known });
  }
  return [...heard.values()].slice(0, MOST_HEARD);
}

/** The facts that sentences refer to, in the order of their first mention. */
export function factsHeard(heard: readonly Heard[]): Fact[] {
  return [...new Set(heard.flatMap(({ facts }) => facts))];
}
