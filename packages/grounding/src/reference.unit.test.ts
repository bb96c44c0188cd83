import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProse, quotedName, referencesIn, referenceText } from './reference.ts';

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

describe('referenceText', () => {
  const series = { id: 'f1', kind: 'series', value: 101.98, unit: 'tok/s', n: 5 } as const;
  it('prints value, unit and n', () => {
    expect(referenceText(series, 'full')).toBe('102.0 tok/s (n = 5)');
    expect(referenceText(series, 'bare')).toBe('102.0 tok/s');
    expect(referenceText(series, 'n')).toBe('5');
    expect(referenceText({ ...series, kind: 'count', value: 101, unit: null }, 'full')).toBe('101');
  });
  it('lists what prose refers to', () => expect(referencesIn('{{a}} {{b|n}} {{a}}')).toEqual(['a', 'b']));
});
