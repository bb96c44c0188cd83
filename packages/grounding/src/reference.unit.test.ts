import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProse, quotedName, referencesIn, visibleName } from './reference.ts';

describe('parseProse', () => {
  it('takes references, names and bold apart', () => {
    expect(parseProse('**Speed** of `a.csv`: {{f1}} to {{f2|bare}}.')).toEqual([
      { type: 'text', text: 'Speed', strong: true },
      { type: 'text', text: ' of ', strong: false },
      { type: 'code', text: 'a.csv' },
      { type: 'text', text: ': ', strong: false },
      { type: 'reference', id: 'f1', form: 'full' },
      { type: 'text', text: ' to ', strong: false },
      { type: 'reference', id: 'f2', form: 'bare' },
      { type: 'text', text: '.', strong: false },
    ]);
  });

  it('leaves an unclosed mark as it is and loses no word', () => {
    expect(parseProse('a ** b')).toEqual([
      { type: 'text', text: 'a ', strong: false },
      { type: 'text', text: '**', strong: false },
      { type: 'text', text: ' b', strong: false },
    ]);
  });
});

describe('quotedName', () => {
  it('hazard 38: can neither close its quotation nor become a reference, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom('', '{{f1}}', '`', '**', '\n'), (name, nasty) => {
        const parts = parseProse(`x ${quotedName(name + nasty)} y`);
        expect(parts.map((p) => p.type)).toEqual(['text', 'code', 'text']);
      }),
    );
  });
});

describe('references', () => {
  it('lists what prose refers to', () =>
    expect(referencesIn('{{a}} {{b|n}} {{a}} {{run:seconds.total}}')).toEqual(['a', 'b', 'run:seconds.total']));

  it.each([
    ['{{f1|ms|2}}', 'f1', { unit: 'ms', digits: 2 }],
    ['{{ f1 | ms }}', 'f1', { unit: 'ms', digits: null }],
    ['{{f1||2}}', 'f1', { unit: null, digits: 2 }],
    ['{{f1|tok/s|0}}', 'f1', { unit: 'tok/s', digits: 0 }],
    ['{{f1|nonsense}}', 'f1', { unit: 'nonsense', digits: null }],
    ['{{f1|ms|-1}}', 'f1', { unit: 'ms', digits: Number.NaN }],
    ['{{f1|ms|1e9}}', 'f1', { unit: 'ms', digits: Number.NaN }],
    ['{{f1|ms|999}}', 'f1', { unit: 'ms', digits: 999 }],
    ['{{f1| bare }}', 'f1', 'bare'],
    ['{{run:agents.insight.calls.0.wallSeconds|ms|1}}', 'run:agents.insight.calls.0.wallSeconds', { unit: 'ms', digits: 1 }],
  ])('reads %s', (prose, id, form) => expect(parseProse(prose)).toEqual([{ type: 'reference', id, form }]));

  it.each(['{{f1|}}', '{{f1||}}', '{{f1|ms|2|3}}', '{{run:a/b}}', '{{f1|m{s}}', '{{}}', '{{f1|`x`}'])(
    'leaves %s as the words it is',
    (prose) => expect(parseProse(prose).every((part) => part.type !== 'reference')).toBe(true),
  );
});

describe('visibleName', () => {
  it('holds no half of a character, also where it was cut', () => {
    expect(visibleName('\ud800x').isWellFormed()).toBe(true);
    expect(visibleName('😀'.repeat(100), 9).isWellFormed()).toBe(true);
  });
});
