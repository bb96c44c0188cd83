import { judgeSentence, styleFaults } from '@chimera/grounding';
import type { Sentence } from '@chimera/shared/domain';
import { withBoldMetric } from './bold-metric.ts';
import type { SectionDuty } from './definition.ts';
import type { NamedFacts } from './prompt.ts';
import type { Item } from './read-answer.ts';

/** A sentence of a model with what was found of it: it may be printed where it has no faults. References are to fact ids. */
export type Judged = { item: Item; faults: string[]; sentence: Sentence };

/**
 * Judges the sentences of one section: each on its own facts, and all in their manner.
 * @param facts the facts that the model was shown, by name
 * @param before what stands before them in the agent's prose, with references to fact ids: nothing is said twice
 */
export function judgeItems(items: readonly Item[], duty: SectionDuty, facts: NamedFacts, before: readonly string[]): Judged[] {
  const prose: string[] = [...before];
  const places = new Map<number, { item: number; mitigation: boolean }>();
  for (const [index, { text, mitigation }] of items.entries()) {
    for (const [piece, words] of [text, mitigation].entries()) {
      if (words === null) continue;
      places.set(prose.length, { item: index, mitigation: piece === 1 });
      prose.push(withIds(words, facts));
    }
  }
  const manner = items.map((): string[] => []);
  for (const { index, fault } of styleFaults(prose)) {
    const place = places.get(index);
    if (place) manner[place.item]?.push(place.mitigation ? ofMitigation(fault) : fault);
  }
  return items.map((item, i) => judged(item, duty, facts, manner[i] ?? []));
}

function judged(item: Item, duty: SectionDuty, facts: NamedFacts, manner: readonly string[]): Judged {
  const text = judgeSentence(item.text, facts, item.facts);
  const mitigation = item.mitigation === null ? null : judgeSentence(item.mitigation, facts, item.facts);
  const faults = [
    ...item.faults,
    ...(text.passes || item.text === '' ? [] : text.faults),
    ...(mitigation === null || mitigation.passes ? [] : mitigation.faults.map(ofMitigation)),
    ...manner,
  ];
  const referred = new Set([...item.facts, ...(item.text.match(/(?<=\{\{\s*)F\d+/g) ?? [])]);
  const named = [...facts].flatMap(([name, fact]) => (referred.has(name) ? [fact] : []));
  const said = text.passes ? text.text : item.text;
  return {
    item,
    faults: [...new Set(faults)],
    sentence: {
      text: withIds(duty.boldMetrics ? withBoldMetric(said, named) : said, facts),
      mitigation: mitigation === null ? null : withIds(mitigation.passes ? mitigation.text : (item.mitigation ?? ''), facts),
      kind: item.kind ?? duty.kinds[0],
      by: 'model',
    },
  };
}

function ofMitigation(fault: string): string {
  return `its mitigation ${fault}`;
}

/** References by the names of a prompt as references by fact id, in whatever form; a name that is none stays. */
function withIds(text: string, facts: NamedFacts): string {
  return text.replace(/\{\{\s*(F\d{1,6})\s*((?:\|[^{}\n]{0,60})?)\}\}/g, (whole, name: string, form: string) => {
    const fact = facts.get(name);
    return fact ? `{{${fact.id}${form.trimEnd()}}}` : whole;
  });
}
