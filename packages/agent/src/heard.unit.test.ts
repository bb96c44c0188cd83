import type { Section } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { factsHeard, heardIn } from './heard.ts';
import { factOf } from './testing.ts';

const facts = [factOf(1), factOf(2), factOf(3)];
const byId = new Map(facts.map((fact) => [fact.id, fact]));
const [one, two, three] = facts.map(({ id }) => id);

function section(...texts: (string | [string, string])[]): Section {
  const sentences = texts.map((text) => {
    const [said, mitigation] = typeof text === 'string' ? [text, null] : text;
    return { text: said, mitigation, kind: 'observation' as const, by: 'template' as const };
  });
  return { id: 's', title: 'S', layout: 'bullets', sentences, reason: null, leftOut: [], template: [] };
}

describe('heardIn', () => {
  it('gives each sentence once, in order, with the facts it refers to in whatever form, those of its mitigation too', () => {
    const heard = heardIn(
      [
        section(`It is {{${two}|bare}} of {{ ${one} }}.`, 'Nothing is missing.'),
        section('Nothing is missing.', [`Risk {{${one}|n}}.`, `Mend {{${three}|ms|2}}.`]),
      ],
      byId,
    );
    expect(heard).toEqual([
      { text: `It is {{${two}|bare}} of {{ ${one} }}.`, mitigation: null, facts: [facts[1], facts[0]] },
      { text: 'Nothing is missing.', mitigation: null, facts: [] },
      { text: `Risk {{${one}|n}}.`, mitigation: `Mend {{${three}|ms|2}}.`, facts: [facts[0], facts[2]] },
    ]);
    expect(factsHeard(heard)).toEqual([facts[1], facts[0], facts[2]]);
  });

  it('leaves a sentence out that refers to what is no fact here: of another inventory, or of the run record', () => {
    const heard = heardIn([section(`{{${one}}} and {{f00000000000000ff}}.`, 'It took {{run:seconds.total}}.', `{{${two}}} stays.`)], byId);
    expect(heard.map(({ text }) => text)).toEqual([`{{${two}}} stays.`]);
  });

  it('takes no more than any agent says', () => {
    const many = Array.from({ length: 500 }, (_, i) => `Sentence ${'x'.repeat(i + 1)}.`);
    expect(heardIn([section(...many)], byId).length).toBeLessThanOrEqual(60);
  });
});
