import type { Fact } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPage } from './check.ts';
import { createTruth } from './create-truth.ts';
import { sentenceKey } from './sentence-key.ts';

const fact = (claim: string, value: number, unit: string): Fact => ({
  id: 'F1',
  kind: 'group',
  metric: 'energy',
  statistic: 'median',
  unit,
  value,
  claim,
  n: 5,
  interval: null,
  labels: {},
  scope: 'a.csv',
  formula: 'f',
  inputs: [],
  sources: [{ inventory: 'x' }],
  class: 'measured',
});

/** The verdicts on a page whose only fact has that claim. */
function verdicts(page: string, claim: string, value: number, unit: string): string[] {
  const truth = createTruth({ facts: [fact(claim, value, unit)], artifacts: [] });
  return checkPage(page, truth).flatMap((checked) => (checked.claim.kind === 'number' ? [checked.verdict] : []));
}

describe('a sentence that repeats a claim but for', () => {
  it.each([
    ['the prefix of its unit', 'The median energy of a run was 5 mJ.', 'The median energy of a run was 5 MJ.', 5, 'mJ'],
    ['the prefix, without a space', 'The median energy of a run was 5mJ.', 'The median energy of a run was 5MJ.', 5, 'mJ'],
    ['bits and bytes', 'The largest file there is has 5 Mb.', 'The largest file there is has 5 MB.', 5, 'Mb'],
    ['the unit behind a scale', 'The median energy was 5 million mJ.', 'The median energy was 5 million MJ.', 5e6, 'mJ'],
    ['the unit before its number', 'The median energy of a run in mJ was 5.', 'The median energy of a run in MJ was 5.', 5, 'mJ'],
    ['the unit in brackets', 'The median energy (mJ) of a run was 5.', 'The median energy (MJ) of a run was 5.', 5, 'mJ'],
    ['a leading point', 'The median energy of a run was 5 mJ.', 'The median energy of a run was .5 mJ.', 5, 'mJ'],
    ['a minus', 'The median energy of a run was 5 mJ.', 'The median energy of a run was \u22125 mJ.', 5, 'mJ'],
    ['a per cent', 'The share of all the failed runs is 5.', 'The share of all the failed runs is 5 %.', 5, 'runs'],
  ])('%s is not supported by it', (_, claim, page, value, unit) => {
    expect(verdicts(page, claim, value, unit)).not.toContain('supported');
    expect(sentenceKey(page)).not.toBe(sentenceKey(claim));
  });

  it.each([
    ['5 ms', '5 Ms'],
    ['5 kb', '5 kB'],
    ['5 KB', '5 Kb'],
    ['5 B', '5 b'],
    ['5 MB/s', '5 Mb/s'],
    ['5 J per MB', '5 J per Mb'],
    ['5 kWh', '5 kwh'],
    ['5 mJ/token', '5 MJ/token'],
    ['5 ops per ms', '5 ops per Ms'],
    ['(mW) 5', '(MW) 5'],
    ['5 ± 1 mJ', '5 ± 1 MJ'],
    ['5 tok/s', '5 tok s'],
    ['< 5 ms', '5 ms'],
    ['> 5 ms', '< 5 ms'],
    ['≤ 5 ms', '≥ 5 ms'],
    ['~5 ms', '5 ms'],
    ['±5 ms', '5 ms'],
    ['-5 ms', '5 ms'],
    ['5–8 ms', '5 8 ms'],
    ['5:30', '5 30'],
    ['5×', '5'],
    ['5 %', '5'],
    ['$5', '€5'],
    ['10^3', '10 3'],
    ['\uff0d5 ms', '5 ms'],
  ])('%s is no %s', (one, other) => expect(sentenceKey(`It took ${one}.`)).not.toBe(sentenceKey(`It took ${other}.`)));
});

describe('a sentence that repeats a claim', () => {
  it.each([
    ['in other case', 'The median energy was 5 mJ.', 'the Median Energy was 5 mJ'],
    ['with markup and punctuation of its own', 'The median energy, of a run, was 5 mJ.', 'The median `energy` of "a run" was (5 mJ)!'],
    ['with another minus', 'It changed by -5 mJ.', 'It changed by \u22125 mJ.'],
  ])('is found: %s', (_, claim, page) => expect(sentenceKey(page)).toBe(sentenceKey(claim)));

  it('is supported, whatever its number is', () => {
    const claim = 'The median energy of a run was 5 mJ.';
    expect(verdicts(`**The median energy** of a run was 5 mJ. [F1]`, claim, 5, 'mJ')).toEqual(['supported']);
  });
});

it('two sentences of one key have the same numbers with the same signs and units', () => {
  const sign = fc.constantFrom('', '-', '<', '>', '≤', '≥', '~', '±', '+', '.');
  const unit = fc.constantFrom('mJ', 'MJ', 'ms', 'Ms', 'kb', 'kB', 'KB', 'b', 'B', '%', 'x', '×', 'tok/s', 'MB/s', 'Mb/s', '');
  const amount = fc.tuple(sign, fc.constantFrom(5, 50), unit);
  fc.assert(
    fc.property(amount, amount, fc.constantFrom('', ' '), ([sign1, n1, unit1], [sign2, n2, unit2], space) => {
      const sentence = (sign: string, n: number, unit: string) => `It took ${sign}${n}${space}${unit} in all.`;
      const same = sign1 === sign2 && n1 === n2 && unit1 === unit2;
      expect(sentenceKey(sentence(sign1, n1, unit1)) === sentenceKey(sentence(sign2, n2, unit2))).toBe(same);
    }),
  );
});
