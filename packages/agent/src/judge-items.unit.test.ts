import { describe, expect, it } from 'vitest';
import { withBoldMetric } from './bold-metric.ts';
import { judgeItems } from './judge-items.ts';
import { nameFacts } from './prompt.ts';
import type { Item } from './read-answer.ts';
import { factOf, RISKS, SUMMARY } from './testing.ts';

const [one, two] = [factOf(1, { metric: 'time_to_first_token' }), factOf(2, { metric: 'power', unit: 'W' })];
const facts = nameFacts([one, two]);
const item = (text: string, rest: Partial<Item> = {}): Item => ({ text, mitigation: null, facts: [], kind: null, faults: [], ...rest });
const faultsOf = (...items: Item[]) => judgeItems(items, SUMMARY, facts, []).map(({ faults }) => faults);

describe('judgeItems', () => {
  it('turns the names of facts into their ids, in every form, and takes the model’s word for what a sentence is', () => {
    const [first] = judgeItems([item('It is {{ F1 }} and {{F2||1}}.', { kind: 'comparison' })], SUMMARY, facts, []);
    expect(first).toMatchObject({
      faults: [],
      sentence: { text: `It is {{${one.id}}} and {{${two.id}||1}}.`, mitigation: null, kind: 'comparison', by: 'model' },
    });
    expect(judgeItems([item('It is so.')], SUMMARY, facts, [])[0]?.sentence.kind).toBe('observation');
  });

  it('names the faults of content, of manner and of form together', () =>
    expect(faultsOf(item('Okay, it is 5', { faults: ['has no mitigation'] }))[0]).toEqual([
      'has no mitigation',
      expect.stringContaining('numeral'),
      expect.stringContaining('like a chat'),
      expect.stringContaining('full stop'),
    ]));

  it('judges a mitigation as well, and says that it is one', () => {
    const [risk] = judgeItems([item('It may wait.', { mitigation: 'Wait 5 s' })], RISKS, facts, []);
    expect(risk?.faults).toEqual([
      expect.stringMatching(/^its mitigation holds the numeral/),
      expect.stringMatching(/^its mitigation breaks off/),
    ]);
  });

  it('finds what is said twice: in a section, and after other sections, by facts and not by their names', () => {
    expect(faultsOf(item('It is {{F1}}.'), item('It is {{F1}}.'))).toEqual([[], ['repeats an earlier sentence']]);
    expect(judgeItems([item('It is {{F1}}.')], SUMMARY, facts, [`It is {{${one.id}}}.`])[0]?.faults).toEqual([
      'repeats an earlier sentence',
    ]);
    expect(judgeItems([item('It is {{F1}}.')], SUMMARY, facts, [`It is {{${two.id}}}.`])[0]?.faults).toEqual([]);
  });

  it('sets the metric in bold where the duty asks for it', () =>
    expect(judgeItems([item('The time to first token is {{F1}}.')], { ...SUMMARY, boldMetrics: true }, facts, [])[0]?.sentence.text).toBe(
      `The **time to first token** is {{${one.id}}}.`,
    ));
});

describe('withBoldMetric', () => {
  it.each([
    ['Output token throughput is high.', 'output_token_throughput', '**Output token throughput** is high.'],
    ['Its throughput is high.', 'output_token_throughput', 'Its **throughput** is high.'],
    ['The ttft_s is long.', 'ttft_s', 'The **ttft_s** is long.'],
    ['The **wait**, a time to first token, is long.', 'time_to_first_token', 'The **wait**, a time to first token, is long.'],
    ['See `power` and {{power}}; power counts.', 'power', 'See `power` and {{power}}; **power** counts.'],
    ['Nothing is said.', 'power', 'Nothing is said.'],
    ['A powerful one.', 'power', 'A powerful one.'],
    ['It is a (b.', 'a(b', 'It is a (b.'],
  ])('%s', (text, metric, expected) => expect(withBoldMetric(text, [{ metric }])).toBe(expected));
});
