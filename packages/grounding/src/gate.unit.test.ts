import type { Fact } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeSentence } from './gate.ts';

function fact(id: number, rest: Partial<Fact>): Fact {
  return {
    id: `f${id.toString(16).padStart(16, '0')}`,
    kind: 'series',
    claim: 'It is so.',
    metric: 'ttft_s',
    statistic: 'median',
    value: 0.5,
    unit: 's',
    n: 5,
    interval: null,
    labels: {},
    scope: 'reports/a.csv',
    formula: 'median(x)',
    inputs: [],
    sources: [{ inventory: 'all' }],
    class: 'measured',
    ...rest,
  };
}

const facts = new Map<string, Fact>([
  ['F1', fact(1, { labels: { model: 'gemma3:latest', family: 'gemma3', quantization: 'q4_0', concurrency: '8' } })],
  ['F2', fact(2, { metric: 'output_token_throughput', value: 102, unit: 'tok/s', labels: { model: 'gemma3:latest' } })],
  ['F4', fact(4, { statistic: 'stated p99', value: 0.9 })],
  ['F5', fact(5, { kind: 'count', metric: 'artifact_count', value: 2, unit: null, n: null, labels: { folder: 'reports' }, scope: '/' })],
  ['F3', fact(3, { kind: 'count', metric: 'artifact_count', value: 28, unit: null, n: null })],
]);
const judge = (sentence: string, named: readonly string[] = []) => judgeSentence(sentence, facts, named);

describe('judgeSentence', () => {
  it.each([
    'Throughput is {{F2}} for gemma3:latest.',
    'The **metric** of `reports/a.csv` is {{F2}}, and no more.',
    'One of the settings, q4_0, leads.',
    'Nothing can be told about gemma3.',
    'Latency in µs is not stated.',
    'The wait is {{F1|ms|2}}.',
    'The wait is {{F1||2}}.',
    'The p99 of ttft_s is {{F4}}.',
    'The folder `reports/` holds {{F5}} artifacts.',
  ])('lets pass: %s', (sentence) => expect(judge(sentence)).toEqual({ passes: true, text: sentence }));

  it('writes references in one way, and a value that stands as a named fact prints it as one', () => {
    expect(judge('It is {{ F2 }}.')).toEqual({ passes: true, text: 'It is {{F2}}.' });
    expect(judge('It is 102 tok/s here.', ['F2'])).toEqual({ passes: true, text: 'It is {{F2}} here.' });
    for (const sentence of ['It is 1102 tok/s.', 'It is 102 tok/sec.', 'It is -102 tok/s.', 'It is 102 ms.', 'It is 28.'])
      expect(judge(sentence, ['F2', 'F3'])).toMatchObject({ passes: false });
    expect(judge('It is 102 tok/s.', ['F1'])).toMatchObject({ passes: false });
  });

  it.each([
    ['Throughput is 102 tok/s.', 'numeral "102"'],
    ['Throughput is {{F1}}, about 1.2k.', 'numeral'],
    ['It is １０２ tok/s.', 'numeral'],
    ['It rose by ½.', 'numeral'],
    ['It is ٣ times faster.', 'numeral'],
    ['Speed doubled with {{F1}}.', 'number word'],
    ['There are twelve files.', 'number word'],
    ['A third of them failed.', 'number word'],
    ['It is {{F9}}.', 'no fact it was shown'],
    ['It took {{run:seconds.total}}.', 'no fact it was shown'],
    ['It is {{F1 }.', 'broken reference'],
    ['Use gemma4.', 'numeral'],
    ['See ![x](http://a.b).', 'markup'],
    ['<script>alert()</script>', 'markup'],
    ['Это быстрее.', 'another script'],
    ['`9999 tok/s` is reached.', 'no fact names'],
    ['Usage is high in %.', 'percent'],
    ['It takes {{F1|bare}}.', 'form'],
    ['It takes {{F1|GB}}.', 'cannot be printed'],
    ['It takes {{F1|ms|99}}.', 'cannot be printed'],
    ['It is sixfold.', 'number word'],
    ['It reached `8` tokens.', 'reads as a number'],
    ['It is XII times that.', 'number word'],
    ['It is \ud800 fast.', 'half a character'],
    ['The p95 of it is so.', 'numeral'],
    ['Throughput is {{F1}}.', 'speaks of throughput'],
    ['There are {{F3}} JSON files.', 'speaks of json'],
  ])('stops: %s', (sentence, reason) => {
    const judgement = judge(sentence);
    expect(judgement).toMatchObject({ passes: false });
    expect(judgement.passes ? '' : judgement.faults.join()).toContain(reason);
  });

  it.each([
    ...[
      '-{{F1}}',
      '±{{F1}}',
      '− {{F1}}',
      'minus {{F1}}',
      '{{F3}}{{F5}}',
      '{{F3}}.{{F5}}',
      '{{F3}}**{{F5}}**',
      '1{{F3}}',
      'x{{F3}}',
      '`q4_0`{{F3}}',
    ],
    ...['{{F3}}k', '**{{F3}}**k', '{{F1}}×', '{{F1}} × {{F3}}', '{{F1}}/s', '{{F1}} / {{F3}}', '{{F3}} %', '{{F3}}-fold', '{{F1}},{{F3}}'],
    ...['{{F3}} ms', '{{F3}} k', '{{F3}} (ms)', '{{F3}} percentage points', '{{F2}} per second', '{{F3}} tokens per second', "{{F3}}'000"],
  ])('stops what touches a reference and makes another value of it: %s', (touching) => {
    expect(judge(`It comes to ${touching}.`)).toMatchObject({ passes: false });
  });

  it.each([
    '({{F3}})',
    '"{{F3}}"',
    '– {{F3}}',
    '{{F3}}, which is so',
    '{{F3}}; so it is',
    '**{{F3}}**',
    '{{F3}} – as told',
    '{{F3}}: that',
  ])('lets stand beside a reference what changes nothing of it: %s', (beside) =>
    expect(judge(`It comes to ${beside}.`)).toMatchObject({ passes: true }),
  );

  it.each([
    ...[
      'quadrupled',
      'a fourth',
      'a seventh',
      'a ninth',
      'a hundredth',
      'a thousandth',
      'a trillion',
      'elevenfold',
      'thousandfold',
      'twenty-fold',
    ],
    ...[
      'orders of magnitude',
      'a couple of runs',
      'severalfold',
      'several times faster',
      'twentyfive',
      'per cent',
      'one millisecond',
      'trebled',
    ],
    ...[
      '_two_',
      'tw\u00adelve',
      'twe\u0301lve',
      'ｔｗｏ',
      'tw\u200bo',
      'twø',
      'tẇo',
      'tw**o**',
      'halv\u0435d',
      'tωelve',
      'ᴛᴡᴏ',
      'ΤΕΝ',
      'hал\u0444',
    ],
  ])('stops an amount in words, however it is spelt or disguised: %s', (amount) => {
    expect(judge(`It is ${amount} here.`)).toMatchObject({ passes: false });
  });

  it.each([
    'No two runs are alike.',
    'The wait (Δt, μs or µs) is not stated.',
    'Café is a word.',
    'Repeat it several times.',
    'All requests succeeded.',
  ])('finds no amount in: %s', (sentence) => expect(judge(sentence)).toMatchObject({ passes: true }));

  it('takes no amount for a name because a label has it for its value, and quotes none that states a value', () => {
    const labels = {
      share: 'half',
      note: 'about 900 tok/s',
      rise: 'twice as fast',
      load: 'up by 12 %',
      tps: 'tps=900tok/s',
      gpu: 'NVIDIA H100-80GB',
      model: 'Llama 3 8B',
    };
    const named = new Map([['F1', fact(1, { labels, scope: 'runs/10 ms.csv' })]]);
    const passes = (sentence: string) => judgeSentence(sentence, named, []).passes;
    for (const sentence of [
      'It is half as fast.',
      'It is `about 900 tok/s`.',
      'It is `twice as fast`.',
      'It is `up by 12 %`.',
      'It is `tps=900tok/s`.',
    ])
      expect(passes(sentence), sentence).toBe(false);
    for (const sentence of ['It is of `Llama 3 8B`.', 'See `runs/10 ms.csv`.']) expect(passes(sentence), sentence).toBe(true);
  });

  it('names every fault of a sentence, and a fact that it rests on and was not shown', () => {
    const judgement = judge('It is {{F9}}, or 5, or twelve.', ['F1', 'F7']);
    expect(judgement).toEqual({
      passes: false,
      faults: [
        'refers to F9, which is no fact it was shown',
        'holds the numeral "5", which refers to no fact',
        'holds the number word "twelve", which refers to no fact',
        'names F7, which is no fact it was shown',
      ],
    });
  });

  it('never lets a digit pass that no reference and no name holds', () => {
    fc.assert(
      fc.property(fc.lorem(), fc.integer({ min: 0, max: 1e9 }), fc.lorem(), (before, number, after) => {
        expect(judge(`${before} ${number} ${after}`).passes).toBe(false);
      }),
    );
  });
});
