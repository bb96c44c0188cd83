import { estimatePromptTokens } from '@chimera/ollama';
import type { Fact } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASSUMED_CONTEXT, answerTokens, type Context, fitRepair, fitSection, type Room } from './fit.ts';
import type { Heard } from './heard.ts';
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

  it('asks for as little as the section may have where the context holds no more', () => {
    const whole = fitted(8_192);
    const smallest = fitted(8_192, {}, facts.slice(0, 1)).estimate;
    // Room for the smallest prompt and a short answer, and not for a long one.
    const brief = fitted(smallest + answerTokens(SUMMARY) - 1);
    expect([whole.duty, whole.prompt[1].content]).toEqual([SUMMARY, expect.stringContaining('2 to 4 sentences, at most 60 words')]);
    expect(brief.duty).toMatchObject({ id: 'summary', least: 2, most: 2, words: 30 });
    expect(brief.prompt[1].content).toContain('exactly 2 sentences, at most 30 words');
    expect(brief.numPredict).toBe(answerTokens({ words: 30, most: 2 }));
    expect(brief.facts.size).toBeGreaterThan(0);
    expect(brief.estimate + brief.numPredict).toBeLessThanOrEqual(smallest + answerTokens(SUMMARY) - 1);
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

describe('fitSection with what was heard', () => {
  const own = facts.slice(0, MOST_FACTS);
  const others = Array.from({ length: 20 }, (_, i) => factOf(100 + i));
  const heard: Heard[] = others.map((fact) => ({ text: `It is told of {{${fact.id}}}.`, mitigation: null, facts: [fact] }));
  const fit = (tokens: number, some: readonly Heard[] = heard, ranked: readonly Fact[] = own) => {
    const found = fitSection(AGENT, SUMMARY, ranked, room(asked(tokens)), some);
    if ('reason' in found) throw new Error(found.reason);
    return found;
  };

  it('puts the facts that it refers to first, of a bounded number of sentences, and takes none of the section’s own for it', () => {
    const { facts: shown, heard: said, leftOut, prompt } = fit(16_384);
    expect([...shown.values()]).toEqual([...others.slice(0, 12), ...own]);
    expect(said).toEqual(heard.slice(0, 12));
    expect(leftOut).toEqual([]);
    expect(prompt[1].content).toContain('It is told of {{F1}}.\nIt is told of {{F2}}.');
    expect(prompt[1].content).toContain('F1 | The median of column 100 is so.');
  });

  it('brings no more than so many facts, whole sentences of them', () => {
    const threes = [0, 1, 2, 3, 4, 5].map((i): Heard => {
      const of = others.slice(3 * i, 3 * i + (i === 3 ? 5 : 3));
      return { text: `Told: ${of.map(({ id }) => `{{${id}}}`).join(' ')}.`, mitigation: null, facts: of };
    });
    // Three times three; the fourth, of five, would be too many; the fifth fills it up; nothing is left for the sixth.
    expect(fit(16_384, threes).heard).toEqual([0, 1, 2, 4].map((i) => threes[i]));
  });

  it('brings no fact twice, lists heard facts before what the agent lists first, and shows all that refer to facts shown anyway', () => {
    const many: Heard[] = Array.from({ length: 30 }, (_, i) => {
      const fact = own[i % 6] ?? factOf(1);
      return { text: `${'So '.repeat(i)}{{${fact.id}}}.`, mitigation: null, facts: [fact] };
    });
    const agent = { ...AGENT, listsFirst: ({ metric }: { metric: string }) => metric === 'column_20' };
    const found = fitSection(agent, SUMMARY, own, room(asked(32_768)), many);
    if ('reason' in found) throw new Error(found.reason);
    expect([...found.facts.values()].slice(0, 7)).toEqual([...own.slice(0, 6), own[19]]);
    expect([...found.facts.values()].toSorted((a, b) => Number(a.value) - Number(b.value))).toEqual(own);
    expect(found.heard).toEqual(many);
  });

  it('leaves a sentence out of which a fact is not shown', () => {
    const unknown: Heard = { text: 'Beyond.', mitigation: null, facts: [factOf(999)] };
    const late = [...heard.slice(0, 12), unknown, { text: 'Nothing is missing.', mitigation: null, facts: [] }];
    const { heard: said, prompt } = fit(16_384, late);
    expect(said.map(({ text }) => text).slice(11)).toEqual([late[11]?.text, 'Nothing is missing.']);
    expect(prompt[1].content).not.toContain('Beyond.');
  });

  it('never lets it push out the best fact, and gives it the room of the lesser ones', () => {
    let least = 0;
    for (let tokens = 400; tokens <= 4_096; tokens += 16) {
      const alone = fitSection(AGENT, SUMMARY, own, room(asked(tokens)));
      const found = fitSection(AGENT, SUMMARY, own, room(asked(tokens)), heard);
      expect('reason' in found).toBe('reason' in alone);
      if ('reason' in found) continue;
      least ||= tokens;
      expect([...found.facts.values()]).toContain(own[0]);
    }
    expect(least).toBeGreaterThan(0);
    const tight = [1_200, 1_400, 1_600].map((tokens) => fit(tokens));
    expect(tight.some(({ heard: said, leftOut }) => said.length > 0 && said.length < 12 && leftOut.length > 0)).toBe(true);
    for (const { heard: said, facts: shown } of tight)
      for (const { facts: of } of said) for (const fact of of) expect([...shown.values()]).toContain(fact);
  });

  it('asks nothing for a section that no fact of its own bears on, whatever was heard', () =>
    expect(fitSection(AGENT, SUMMARY, [], room(ASSUMED_CONTEXT), heard)).toMatchObject({ reason: expect.stringContaining('No fact') }));

  it('is what it is without, where nothing was heard', () => {
    for (const tokens of [600, 900, 1_200, 8_192])
      expect(fitSection(AGENT, SUMMARY, own, room(asked(tokens)), [])).toEqual(fitSection(AGENT, SUMMARY, own, room(asked(tokens))));
  });

  it('never makes a prompt beyond the context, and every reference in it is to a fact that it lists', () => {
    const words = fc.string({ unit: 'binary', maxLength: 120 });
    const sentence = fc.record({ words, at: fc.array(fc.nat({ max: 30 }), { maxLength: 3 }) });
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 30 }),
        fc.array(sentence, { maxLength: 30 }),
        fc.integer({ min: 300, max: 6_000 }),
        (claims, said, tokens) => {
          const all = claims.map((claim, i) => factOf(i, { claim: `It is ${claim}` }));
          const told: Heard[] = said.map(({ words, at }) => {
            const of = [...new Set(at.flatMap((i) => all[i] ?? []))];
            return { text: `${words} ${of.map(({ id }) => `{{${id}}}`).join(' ')}`, mitigation: null, facts: of };
          });
          const found = fitSection(AGENT, SUMMARY, all.slice(0, 15), room(asked(tokens)), told);
          if ('reason' in found) return;
          expect(found.estimate).toBe(estimatePromptTokens(found.prompt));
          expect(found.estimate + found.numPredict).toBeLessThanOrEqual(tokens);
          expect(found.facts.size).toBeLessThanOrEqual(MOST_FACTS + 12);
          expect(new Set([...found.facts.values()]).size).toBe(found.facts.size);
          const block = found.prompt[1].content.split('```reported\n')[1]?.split('\n```')[0] ?? '';
          for (const [, name = ''] of block.matchAll(/\{\{(\w+)\}\}/g)) expect(found.facts.has(name)).toBe(true);
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

  it('shows what was heard as far as there is room and its facts are shown', () => {
    const { facts: shown } = fitted(8_192);
    const heard: Heard[] = [1, 2, 20].map((n) => ({
      text: `So {{${factOf(n).id}}}.`,
      mitigation: null,
      facts: [shown.get(`F${n}`) ?? factOf(n)],
    }));
    const wide = fitRepair(AGENT, SUMMARY, shown, faulty, room(asked(8_192)), heard);
    expect(wide?.heard).toEqual(heard);
    expect(wide?.prompt[1].content).toContain('So {{F20}}.');
    const narrow = fitRepair(AGENT, SUMMARY, shown, faulty, room(asked(780)), heard);
    expect(narrow?.facts).toEqual(fitRepair(AGENT, SUMMARY, shown, faulty, room(asked(780)))?.facts);
    for (const { facts: of } of narrow?.heard ?? []) for (const fact of of) expect([...(narrow?.facts.values() ?? [])]).toContain(fact);
    expect((narrow?.estimate ?? 0) + (narrow?.numPredict ?? 0)).toBeLessThanOrEqual(780);
  });

  it('gives up where nothing fits', () => expect(fitRepair(AGENT, SUMMARY, fitted(8_192).facts, faulty, room(asked(256)))).toBeNull());
});
