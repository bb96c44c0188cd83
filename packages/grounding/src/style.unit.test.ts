import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { styleFaults } from './style.ts';

const faultsOf = (sentence: string) => styleFaults([sentence]).map(({ fault }) => fault);

describe('styleFaults', () => {
  it.each([
    'The median of **time to first token** is {{F1}}, and that of `réunion/Übung.csv` is {{F2|ms|2}}.',
    'The wait (Δt, σ or µs) is not stated; it "may" differ.',
    'Of {{F1}} artifacts, {{F2}} could be read.',
    '**CSV**: last modified {{F3}}.',
    '**What it costs**: num_gpu `80` has {{F4}} the best request latency of its study.',
    'Keep `todo/{value}/[insert] what?.csv` apart from the others.',
    'Choose num_gpu `80`, if you want throughput more than a short wait.',
    'Quality matters!',
    'The given prompt length of a request is {{F1}}.',
    'Here the files disagree, and sure signs of noise are there.',
    'Let throughput be weighed against the wait.',
    'None of the files in `чертёж/данные.csv` states a unit.',
    'The screen has 24" and nothing else.',
    'Results (see the evidence)',
    'Certainty is not to be had from so few runs.',
  ])('finds no fault with: %s', (sentence) => expect(faultsOf(sentence)).toEqual([]));

  it.each([
    ['Скорость выросла вдвое.', 'another script'],
    ['The throughput 提高了 again.', 'another script'],
    ['It is fast, λόγος says.', 'another script'],
    ['It is\u200b fast.', 'cannot be seen'],
    ['It is \ud800 fast.', 'cannot be seen'],
    ['It is fast 🚀.', 'emoji'],
    ["Okay, here's the analysis.", 'opens like a chat'],
    ['Okay.', 'opens like a chat'],
    ['Sure! The throughput is {{F1}}.', 'opens like a chat'],
    ['**Certainly**, the throughput is {{F1}}.', 'opens like a chat'],
    ['Here is a summary of the facts.', 'opens like a chat'],
    ['Here are the revised sentences.', 'opens like a chat'],
    ["I've analysed the data.", 'opens like a chat'],
    ["Let's look at throughput.", 'opens like a chat'],
    ['Hello, this is the report.', 'opens like a chat'],
    ['As requested, the wait is {{F1}}.', 'opens like a chat'],
    ['Assistant: the wait is {{F1}}.', 'opens like a chat'],
    ['Would you like me to go on?', 'talks to its reader'],
    ['The wait is {{F1}}; let me know what else matters.', 'talks to its reader'],
    ['I hope this helps.', 'opens like a chat'],
    ['Well measured, and hope this helps.', 'talks to its reader'],
    ['Feel free to ask.', 'talks to its reader'],
    ['As an AI language model, this cannot be told.', 'talks to its reader'],
    ['If you have any further questions, ask.', 'talks to its reader'],
    ['If you’d like to discuss the numbers, ask.', 'talks to its reader'],
    ['What does the throughput show?', 'asks a question'],
    ['Is it fast? It is.', 'asks a question'],
    ['What does "it" show?"', 'asks a question'],
    ['Key Performance Findings**', '** without its partner'],
    ['The **wait is {{F1}}.', '** without its partner'],
    ['The wait of `a.csv is {{F1}}.', 'a backtick without'],
    ['The wait (of all is {{F1}}.', '"(" without'],
    ['The wait] is {{F1}}.', '"]" without'],
    ['The wait (of [all) of it] is {{F1}}.', 'without its partner'],
    ['The "wait is {{F1}}.', 'quotation mark'],
    ['The “wait is {{F1}}.', '"“" without'],
    ['The *wait* is {{F1}}.', 'asterisk'],
    ['The __wait__ is {{F1}}.', 'underscores'],
    ['The **** wait is {{F1}}.', 'around nothing'],
    ['## Findings', 'is a heading'],
    ['Performance findings:', 'is a heading'],
    ['**Performance findings:**', 'is a heading'],
    ['**Performance findings**', 'a heading in bold'],
    ['- The wait is {{F1}}.', 'mark of a list'],
    ['1. The wait is {{F1}}.', 'mark of a list'],
    ['The wait is [insert value here].', 'placeholder'],
    ['The wait is [X].', 'placeholder'],
    ['TODO say what the wait is.', 'placeholder'],
    ['The wait is TBD.', 'placeholder'],
    ['The wait is XX ms.', 'placeholder'],
    ['The wait is X.XX ms.', 'placeholder'],
    ['The wait is {value}.', 'placeholder'],
    ['The wait of <model name> is long.', 'placeholder'],
    ['The wait is ____ here.', 'placeholder'],
    ['The wait is %s.', 'placeholder'],
    ['The wait is $WAIT.', 'placeholder'],
    ['Lorem ipsum dolor sit amet.', 'placeholder'],
    ['The wait is NaN.', 'placeholder'],
    ['The wait is the the the wait.', 'stutters'],
    ['It is good and it is good and it is good and it is good and it is good.', 'in circles'],
    ['The wait is {{F1}}', 'full stop'],
    ['The wait of the model is', 'full stop'],
    ['The wait is {{F1}},', 'full stop'],
    ['The wait is long...', 'trails off'],
    ['The wait is long…', 'trails off'],
    ['The wait is longer than.', 'before its end'],
    ['', 'has no words'],
    ['** **', 'has no words'],
    ['…', 'has no words'],
  ])('finds: %s', (sentence, fault) => expect(faultsOf(sentence).join('; ')).toContain(fault));

  it('names sentences that say the same words again, whatever type and punctuation do to them', () => {
    const faults = styleFaults([
      'The wait is {{F1}}.',
      'The **wait** is {{ F1 }}!',
      'The wait is {{F2}}.',
      'Quality is not told.',
      'quality is not told.',
    ]);
    expect(faults).toEqual([
      { index: 1, fault: 'repeats an earlier sentence' },
      { index: 4, fault: 'repeats an earlier sentence' },
    ]);
  });

  it('names each fault of a sentence', () => {
    const faults = faultsOf('Okay, would you like [insert name] to 提高了 (it?');
    expect(faults).toHaveLength(6);
  });

  it('never throws, whatever a model writes, and gives every fault a place', () => {
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('**', '`', '(', '{{F1}}', '[insert', '"', '\n', '.', '?', ':'));
    fc.assert(
      fc.property(fc.array(fc.array(piece).map((pieces) => pieces.join(' '))), (sentences) => {
        for (const { index, fault } of styleFaults(sentences)) {
          expect(sentences[index]).toBeDefined();
          expect(fault).not.toBe('');
        }
      }),
    );
  });

  it.each(['(', '[', '{', '{{', '`', '*', '"', '.', '. ', '<a', '[insert ', 'as an ', 'I ', '…', 'X.', '\u200b', '()', '`\n', '_', '.*'])(
    'reads a long row of %j in one go',
    (piece) => expect(styleFaults([piece.repeat(300_000)]).length).toBeGreaterThan(0),
  );
});
