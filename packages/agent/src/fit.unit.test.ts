import { estimatePromptTokens } from '@chimera/ollama';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASSUMED_CONTEXT, answerTokens, type Context, fitRepair, fitSection, type Room } from './fit.ts';
import { MOST_FACTS } from './rank-facts.ts';
import { AGENT, factOf, SUMMARY } from './testing.ts';

const asked = (tokens: number): Context => ({ tokens, by: 'asked' });
const room = (context: Context, rest: Partial<Room> = {}): Room => ({ context, options: {}, scale: 1, ...rest });
const facts = Array.from({ length: 40 }, (_, i) => factOf(i + 1));

function fitted(tokens: number, rest: Partial<Room> = {}, some = facts) {
  const found = fitSection(AGENT, SUMMARY, some, room(asked(tokens), rest));
  if ('reason' in found) throw new Error(found.reason);
  return found;
}

describe('fitSection', () => {
  it('takes the first facts, as many as one section is shown, where there is room', () => {
    const { facts: shown, leftOut, numPredict } = fitted(8_192);
    expect([...shown.values()]).toEqual(facts.slice(0, MOST_FACTS));
    expect([...shown.keys()].slice(0, 2)).toEqual(['F1', 'F2']);
    expect(leftOut).toEqual([]);
    expect(numPredict).toBe(answerTokens(SUMMARY));
  });

  it('names the facts that were chosen and do not fit, and cuts none', () => {
    const { facts: shown, leftOut, prompt } = fitted(1_200);
    expect(shown.size).toBeGreaterThan(0);
    expect(leftOut).toEqual(facts.slice(shown.size, MOST_FACTS).map(({ id }) => id));
    for (const fact of shown.values()) expect(prompt[1].content).toContain(fact.claim);
    for (const fact of facts.slice(shown.size)) expect(prompt[1].content).not.toContain(fact.claim);
  });

  it('leaves a fact out that alone would fill the room, and goes on with the others', () => {
    const large = factOf(99, { claim: 'words '.repeat(2_000) });
    const { facts: shown, leftOut } = fitted(2_048, {}, [large, ...facts.slice(0, 3)]);
    expect([...shown.values()]).toEqual(facts.slice(0, 3));
    expect(leftOut).toEqual([large.id]);
  });

  it('makes no prompt where the smallest does not fit, says why, and says what would fit', () => {
    const unfit = fitSection(AGENT, SUMMARY, facts, room(asked(256)));
    if (!('reason' in unfit)) throw new Error('It fits.');
    expect(unfit.reason).toMatch(
      /^The smallest prompt for "Summary" needs about \d+ tokens of context with its answer, and num_ctx 256 was asked for: num_ctx 1024 would fit\.$/,
    );
    expect(unfit.leftOut).toEqual(facts.slice(0, MOST_FACTS).map(({ id }) => id));
    expect(fitSection(AGENT, SUMMARY, facts, room(asked(1_024)))).not.toHaveProperty('reason');
    expect(fitSection(AGENT, SUMMARY, [factOf(1, { claim: 'word '.repeat(9_000) })], room(ASSUMED_CONTEXT))).toMatchObject({
      reason: expect.stringContaining('4096 are what a server gives by default: num_ctx 16384 would fit'),
    });
  });

  it('makes no prompt without a fact', () =>
    expect(fitSection(AGENT, SUMMARY, [], room(ASSUMED_CONTEXT))).toEqual({
      reason: 'No fact of this dataset bears on the section, so the model was not asked.',
      leftOut: [],
    }));

  it('lists first what the agent lists first, whatever its rank', () => {
    const agent = {
      ...AGENT,
      listsFirst: ({ metric }: { metric: string }, { id }: { id: string }) => id === SUMMARY.id && metric === 'column_3',
    };
    const found = fitSection(agent, SUMMARY, facts.slice(0, 4), room(ASSUMED_CONTEXT));
    expect('facts' in found && [...found.facts.values()].map(({ metric }) => metric)).toEqual([
      'column_3',
      'column_1',
      'column_2',
      'column_4',
    ]);
  });

  it('grants the answer what the profile allows, as far as the context holds it', () => {
    expect(fitted(8_192, { options: { num_predict: 50 } }).numPredict).toBe(50);
    const { estimate, numPredict } = fitted(2_048, { options: { num_predict: 100_000 } });
    expect(numPredict).toBe(2_048 - estimate);
    expect(fitted(2_048, { options: { num_predict: -1 } }).numPredict).toBe(2_048 - fitted(2_048).estimate);
  });

  it('shows fewer facts once an estimate was too low', () =>
    expect(fitted(1_300, { scale: 1.2 }).facts.size).toBeLessThan(fitted(1_300).facts.size));

  it('never makes a prompt whose estimate and answer go beyond the context', () => {
    const words = fc.string({ unit: 'binary', maxLength: 300 });
    const fact = fc.record({ claim: words.map((text) => `It is ${text}`), label: words, n: fc.option(fc.nat()) });
    const context = fc.integer({ min: 64, max: 6_000 });
    const predict = fc.option(fc.integer({ min: -2, max: 4_000 }), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(fact, { maxLength: 40 }),
        context,
        predict,
        fc.double({ min: 1, max: 2, noNaN: true }),
        (some, tokens, num_predict, scale) => {
          const ranked = some.map(({ claim, label, n }, i) => factOf(i, { claim, labels: { label }, n }));
          const options = num_predict === undefined ? {} : { num_predict };
          const found = fitSection(AGENT, SUMMARY, ranked, room(asked(tokens), { options, scale }));
          if ('reason' in found) return;
          expect(found.estimate).toBe(Math.ceil(estimatePromptTokens(found.prompt) * scale));
          expect(found.estimate + found.numPredict).toBeLessThanOrEqual(tokens);
          expect(found.numPredict).toBeGreaterThan(0);
          expect(found.facts.size + found.leftOut.length).toBe(Math.min(ranked.length, MOST_FACTS));
        },
      ),
    );
  });
});

describe('fitRepair', () => {
  const faulty = [
    { item: { text: 'It is 5 in {{F20}}.', mitigation: null, facts: ['F20'], kind: null, faults: [] }, faults: ['holds the numeral "5"'] },
  ];

  it('keeps the names of the facts, and those first that the sentences rest on', () => {
    const { facts: shown } = fitted(8_192);
    const found = fitRepair(AGENT, SUMMARY, shown, faulty, room(asked(780)));
    expect(found?.facts.get('F20')).toBe(shown.get('F20'));
    expect(found?.facts.size).toBeLessThan(shown.size);
    expect((found?.estimate ?? 0) + (found?.numPredict ?? 0)).toBeLessThanOrEqual(780);
  });

  it('gives up where nothing fits', () => expect(fitRepair(AGENT, SUMMARY, fitted(8_192).facts, faulty, room(asked(256)))).toBeNull());
});
