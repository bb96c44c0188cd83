import type { Sentence } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_WITHHELD, assembleSection, NOTHING, together, wordsIn } from './assemble-section.ts';
import type { SectionDuty } from './definition.ts';
import { factOf, RISKS, SUMMARY, TEMPLATE } from './testing.ts';
import type { Fate } from './write-section.ts';

const facts = new Map([factOf(1, { value: 102, unit: 'tok/s' })].map((fact) => [fact.id, fact]));
const [id] = [...facts.keys()];
const sentence = (text: string, mitigation: string | null = null): Sentence => ({ text, mitigation, kind: 'observation', by: 'model' });
const kept = (text: string, mitigation: string | null = null): Fate => ({ outcome: 'kept', sentence: sentence(text, mitigation) });
const repaired = (text: string): Fate => ({ outcome: 'repaired', sentence: sentence(text) });
const withheld: Fate = { outcome: 'withheld', text: 'It is 5.', reason: 'holds the numeral "5"' };

function assembled(fates: Fate[], duty: SectionDuty = SUMMARY, reason: string | null = null, leftOut: string[] = []) {
  const { section, account } = assembleSection(duty, { fates, reason, gone: false, leftOut }, TEMPLATE, facts);
  return { ...section, account, said: section.sentences.map(({ text, by }) => `${by}: ${text}`) };
}

describe('assembleSection', () => {
  it('puts the template’s next sentence where one is withheld, and counts each sentence once', () => {
    const { said, account, reason } = assembled([withheld, kept('It is so.'), withheld, repaired('It is told.')]);
    expect(said).toEqual(['template: Template one.', 'model: It is so.', 'template: Template two.', 'model: It is told.']);
    expect(account).toMatchObject({ written: 4, kept: 1, repaired: 1 });
    expect(account.withheld).toEqual(Array(2).fill({ section: 'summary', text: 'It is 5.', reason: 'holds the numeral "5"' }));
    expect(reason).toBeNull();
  });

  it('drops one for which the template has nothing left, and fulfils the duty from the template where the model wrote too little', () => {
    expect(assembled([withheld, withheld, withheld, withheld, kept('So.')], { ...SUMMARY, most: 9 }).said).toHaveLength(4);
    expect(assembled([kept('So.')]).said).toEqual(['model: So.', 'template: Template one.']);
    expect(assembled([kept('So.', 'Mend it.')], RISKS).sentences.map((one) => one.mitigation)).toEqual(['Mend it.', 'Mend one.']);
  });

  it('is the template’s where no word of the model stands, with the reason', () => {
    expect(assembled([withheld, withheld])).toMatchObject({
      reason: ALL_WITHHELD,
      said: ['template: Template one.', 'template: Template two.', 'template: Template three.'],
      account: { written: 2, kept: 0, repaired: 0 },
    });
    expect(assembled([], SUMMARY, 'It is away.', ['f1'])).toMatchObject({ reason: 'It is away.', leftOut: ['f1'], account: NOTHING });
  });

  it('drops what goes beyond the words of the section from its end, values as they are printed, and counts it', () => {
    const duty = { ...SUMMARY, words: 11 };
    const { said, account } = assembled(
      [kept('The speed reached in all is {{f0000000000000001}}.'), kept('It is so.'), repaired('It is told.')],
      duty,
    );
    expect(said).toEqual(['model: The speed reached in all is {{f0000000000000001}}.', 'model: It is so.']);
    expect(account).toMatchObject({
      written: 3,
      kept: 2,
      repaired: 0,
      withheld: [{ text: 'It is told.', reason: 'goes beyond the 11 words of its section' }],
    });
  });

  it('never falls below its least for the sake of words', () =>
    expect(assembled([kept('a '.repeat(100)), kept('b '.repeat(100)), kept('c.')]).said).toHaveLength(2));

  it('accounts for every sentence, keeps to the duty’s numbers, and withholds nothing that it prints', () => {
    const fate = fc.oneof(
      fc.constant(withheld),
      fc.lorem().map((text) => kept(text)),
      fc.lorem().map((text) => repaired(text)),
    );
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 4 }), fc.integer({ min: 1, max: 40 }), (fates, words) => {
        const { account, sentences } = assembled(fates, { ...SUMMARY, words });
        expect(account.written).toBe(fates.length);
        expect(account.kept + account.repaired + account.withheld.length).toBe(account.written);
        expect(sentences.filter(({ by }) => by === 'model')).toHaveLength(account.kept + account.repaired);
        expect(sentences.length).toBeGreaterThanOrEqual(SUMMARY.least);
        expect(sentences.length).toBeLessThanOrEqual(SUMMARY.most);
      }),
    );
  });
});

describe('wordsIn', () => {
  it('counts words, printed values and mitigations; no marks', () => {
    expect(wordsIn([sentence('**It** is – so.', 'Mend `a b`.')], facts)).toBe(6);
    expect(wordsIn([sentence(`It is {{${id}}}.`)], facts)).toBe('It is 102 tok/s n 5'.split(' ').length);
  });
});

describe('together', () => {
  it('adds two accounts', () =>
    expect(
      together(
        { written: 1, kept: 1, repaired: 0, withheld: [] },
        { written: 2, kept: 0, repaired: 1, withheld: [{ section: 'a', text: 'b', reason: 'c' }] },
      ),
    ).toEqual({
      written: 3,
      kept: 1,
      repaired: 1,
      withheld: [{ section: 'a', text: 'b', reason: 'c' }],
    }));
});
