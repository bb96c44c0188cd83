import { describe, expect, it } from 'vitest';
import { contradicted, supported } from './judgement.ts';
import { ofOtherInventories } from './other-inventories.ts';
import { stretchesOf } from './page.ts';
import type { Place } from './place.ts';

/** The verdicts, after the fact, of a contradiction in each stretch of a page that holds the words. */
function verdicts(page: string, words: string, judgement = contradicted('the artifacts say otherwise', ['f1'])): string[] {
  const stretches = stretchesOf(page).filter(({ text }) => text.includes(words));
  return stretches.map((stretch) => ofOtherInventories(judgement, { stretch } as Place).verdict);
}

describe('a number of other inventories', () => {
  it.each([
    'Output token throughput was 99.96 tok/s in earlier inventories.',
    'It fell to 88 tok/s, 99.96 tok/s before, with inventory `388391a4d4a4` of 2026-11-22.',
    '**Worse since** inventory `388391a4d4a4`: the throughput is 99.96 tok/s in the mean.',
    '99.96 tok/s (n = 12) against the previous inventory 82e8524ffa6c.',
  ])('is not refuted by the artifacts of today: %s', (page) => expect(verdicts(page, '99.96')).toEqual(['unsupported']));

  it.each(['The throughput was 99.96 tok/s before.', 'The inventory holds 99.96 tok/s.', 'Of 101 artifacts, 99.96 tok/s.'])(
    'is not just any number: %s',
    (page) => expect(verdicts(page, '99.96')).toEqual(['contradicted']),
  );

  it('is known by the tables of a report, and by no others', () => {
    const table = (heading: string, column: string) => `### ${heading}\n\n| Metric | ${column} |\n| --- | --- |\n| rate | 99.96 tok/s |\n`;
    expect(verdicts(table('History', 'Before'), '99.96')).toEqual(['unsupported']);
    expect(verdicts(table('Changes', 'Now over before'), '99.96')).toEqual(['unsupported']);
    expect(verdicts(table('History', 'Median'), '99.96')).toEqual(['contradicted']);
    expect(verdicts(table('Throughput', 'Before'), '99.96')).toEqual(['contradicted']);
  });

  it('stays supported where the artifacts bear it out', () => {
    expect(verdicts('It is 99.96 tok/s since inventory `388391a4d4a4`.', '99.96', supported('a fact says so', ['f1']))).toEqual([
      'supported',
    ]);
  });
});
