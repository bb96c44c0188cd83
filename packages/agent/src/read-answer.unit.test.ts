import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { repairSchema, sectionSchema } from './answer-schema.ts';
import { readAnswer } from './read-answer.ts';
import { RISKS, SUMMARY } from './testing.ts';

const sentence = (text: string) => ({ text, facts: ['F1'], kind: 'observation' });
const answer = (...texts: string[]) => JSON.stringify({ sentences: texts.map(sentence) });
const textsOf = (text: string) => readAnswer(text, SUMMARY).items.map((item) => item.text);

describe('the schema of an answer', () => {
  const valid = (schema: object, value: unknown) =>
    z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;

  it('asks for as many sentences as the duty, and for nothing beside their text', () => {
    const of = (...sentences: unknown[]) => valid(sectionSchema(SUMMARY), { sentences });
    expect(of('It is so.', 'It is told.')).toBe(true);
    expect([of('One.'), of('1', '2', '3', '4', '5'), of('', 'It is told.'), of('One.', sentence('Two.'))]).toEqual(Array(4).fill(false));
  });

  it('asks for a mitigation beside each risk, of at least two, and for exactly as many sentences as are to be mended', () => {
    const risk = { text: 'It may be.', mitigation: 'Mend it.' };
    const { mitigation: _, ...without } = risk;
    expect(valid(sectionSchema(RISKS), { sentences: [risk, risk] })).toBe(true);
    expect(valid(sectionSchema(RISKS), { sentences: [risk] })).toBe(false);
    expect(valid(sectionSchema(RISKS), { sentences: [risk, without] })).toBe(false);
    expect([1, 2, 3].map((count) => valid(repairSchema(RISKS, 2), { sentences: Array(count).fill(risk) }))).toEqual([false, true, false]);
  });

  it('repeats no letter of a text hundreds of times: servers refuse such a grammar', () =>
    expect(JSON.stringify(sectionSchema(RISKS))).not.toContain('maxLength'));
});

describe('readAnswer', () => {
  it('reads sentences with their facts and kinds', () => {
    expect(readAnswer(answer('It is {{F1}}.'), SUMMARY)).toEqual({
      items: [{ text: 'It is {{F1}}.', mitigation: null, facts: ['F1'], kind: 'observation', faults: [] }],
      fault: null,
    });
  });

  it('reads bare sentences, and takes the facts that they refer to as those that they rest on', () => {
    const text = JSON.stringify({ sentences: ['It is {{F1}} and {{ F12 | ms }}.', 'So be it.'] });
    expect(readAnswer(text, SUMMARY).items).toEqual([
      { text: 'It is {{F1}} and {{ F12 | ms }}.', mitigation: null, facts: ['F1', 'F12'], kind: null, faults: [] },
      { text: 'So be it.', mitigation: null, facts: [], kind: null, faults: [] },
    ]);
    const cut = '{"sentences": ["It \\"is\\" [so].", "And it is {nev';
    expect(readAnswer(cut, SUMMARY).items.map(({ text, faults }) => [text, faults])).toEqual([
      ['It "is" [so].', []],
      ['And it is {nev', ['was cut off with the answer']],
    ]);
  });

  it('reads what stands in a fence, and a bare list: not every server keeps to the schema', () => {
    expect(textsOf(`\`\`\`json\n${answer('It is so.')}\n\`\`\``)).toEqual(['It is so.']);
    expect(textsOf(JSON.stringify([sentence('It is so.')]))).toEqual(['It is so.']);
  });

  it('takes the marks of lists off, and writes blanks in one way', () =>
    expect(textsOf(answer('- It is\n so. ', '1. It is  not.', '3 files are there.'))).toEqual([
      'It is so.',
      'It is not.',
      '3 files are there.',
    ]));

  it('ends points of a list and cells of a table with a stop, and no sentence of a paragraph', () => {
    const text = JSON.stringify({ sentences: [{ text: 'Power is missing', mitigation: 'Record it {{F1}}', facts: [], kind: 'risk' }] });
    expect(readAnswer(text, RISKS).items[0]).toMatchObject({ text: 'Power is missing.', mitigation: 'Record it {{F1}}.' });
    expect(textsOf(answer('Power is missing'))).toEqual(['Power is missing']);
  });

  it.each<[string, object, string]>([
    ['without text', { facts: [], kind: 'risk', mitigation: 'x' }, 'has no text'],
    ['without a mitigation', { text: 'It may be.', facts: [], kind: 'risk' }, 'has no mitigation'],
    ['of another kind', { text: 'It may be.', mitigation: 'x', facts: [], kind: 'comparison' }, 'is a comparison'],
    ['without end', { text: 'a'.repeat(900), mitigation: 'x', facts: [], kind: 'risk' }, 'too long'],
  ])('finds a sentence %s', (_, value, fault) =>
    expect(readAnswer(JSON.stringify({ sentences: [value] }), RISKS).items[0]?.faults.join()).toContain(fault),
  );

  it('takes a sentence that does not say what it is, or on which facts it rests, as it is', () =>
    expect(readAnswer('{"sentences":[{"text":"It is so."}]}', SUMMARY).items).toEqual([
      { text: 'It is so.', mitigation: null, facts: [], kind: null, faults: [] },
    ]));

  it('of an answer that was cut off takes the whole sentences, and the last one with that fault', () => {
    const whole = answer('It is "so" [1].', 'It is {not}.', 'And it is nev');
    expect(readAnswer(whole.slice(0, whole.indexOf(' nev') + 4), SUMMARY).items.map(({ text, faults }) => [text, faults])).toEqual([
      ['It is "so" [1].', []],
      ['It is {not}.', []],
      ['And it is nev', ['was cut off with the answer']],
    ]);
  });

  it('of whatever is left of an answer takes only sentences that it holds from end to end, in their order', () => {
    const texts = fc.array(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => `So ${text.replace(/\s+/g, ' ')} it is.`),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(texts, fc.nat(), (written, at) => {
        const whole = answer(...written);
        const items = readAnswer(whole.slice(0, at % whole.length), SUMMARY).items;
        const sound = items.filter(({ faults }) => faults.length === 0).map(({ text }) => text);
        expect(sound).toEqual(textsOf(whole).slice(0, sound.length));
        expect(items.length - sound.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    '',
    'Sure! Here it is.',
    '{"sentences": ',
    '{"sentences":[{"text":"It',
    '[[[',
    '{"sentences":[{"text":"It is.","value":NaN},{"text":"So."}]}',
  ])('cannot use %j', (text) =>
    expect(readAnswer(text, SUMMARY)).toEqual({ items: [], fault: 'answered with something that is not a whole JSON document' }),
  );

  it.each([
    ['{"other": 1}', 'no list of sentences'],
    ['17', 'no list of sentences'],
    ['{"sentences": []}', 'an empty list'],
  ])('cannot use %s: it holds %s', (text, fault) => expect(readAnswer(text, SUMMARY).fault).toContain(fault));
});
