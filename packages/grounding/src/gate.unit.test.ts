import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeSentence } from './gate.ts';

const facts = new Set(['f1', 'f2']);
const names = new Set(['8', 'gemma3', 'gemma3:latest', 'q4_0', 'reports/a.csv', 'ttft_s']);
const judge = (sentence: string) => judgeSentence(sentence, facts, names);

describe('judgeSentence', () => {
  it.each([
    'Throughput is {{f1}} for gemma3:latest.',
    'The **metric** of `reports/a.csv` is {{ f2 }}, and no more.',
    'One of the settings, q4_0, leads.',
    'Nothing can be told about gemma3.',
    'Latency in µs is not stated.',
  ])('lets pass: %s', (sentence) => expect(judge(sentence)).toEqual({ passes: true }));

  it.each([
    ['Throughput is 102 tok/s.', 'numeral "102"'],
    ['Throughput is {{f1}}, about 1.2k.', 'numeral'],
    ['It is １０２ tok/s.', 'numeral'],
    ['It rose by ½.', 'numeral'],
    ['It is ٣ times faster.', 'numeral'],
    ['Speed doubled with {{f1}}.', 'number word'],
    ['There are twelve files.', 'number word'],
    ['A third of them failed.', 'number word'],
    ['It is {{f9}}.', 'no fact it was shown'],
    ['It is {{F1 }.', 'broken reference'],
    ['Use gemma4.', 'numeral'],
    ['See ![x](http://a.b).', 'markup'],
    ['<script>alert()</script>', 'markup'],
    ['Это быстрее.', 'another script'],
    ['`9999 tok/s` is reached.', 'no fact names'],
    ['Usage is high in %.', 'percent'],
    ['It takes {{f1|bare}}.', 'form'],
    ['It is sixfold.', 'number word'],
    ['It reached `8` tokens.', 'reads as a number'],
    ['It is XII times that.', 'number word'],
    ['It is \ud800 fast.', 'half a character'],
  ])('stops: %s', (sentence, reason) => {
    const judgement = judge(sentence);
    expect(judgement).toMatchObject({ passes: false });
    expect(judgement.passes ? '' : judgement.reason).toContain(reason);
  });

  it('never lets a digit pass that no reference and no name holds', () => {
    fc.assert(
      fc.property(fc.lorem(), fc.integer({ min: 0, max: 1e9 }), fc.lorem(), (before, number, after) => {
        expect(judge(`${before} ${number} ${after}`).passes).toBe(false);
      }),
    );
  });
});
