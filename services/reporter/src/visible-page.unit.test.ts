import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visibleLine, visiblePage } from './visible-page.ts';

describe('visiblePage', () => {
  it.each([
    ['a\u001b[31mb', 'a\u{FFFD}[31mb'],
    ['a\r\n\tb', 'a b'],
    ['\u202egnp.exe', '\u{FFFD}gnp.exe'],
    ['half \ud83d', 'half \u{FFFD}'],
    [' 1 2 ', ' 1 2 '],
    ['zero\u200bwidth', 'zero\u{FFFD}width'],
  ])('shows %j as %j', (text, shown) => expect(visibleLine([{ type: 'text', text }])).toEqual([{ type: 'text', text: shown }]));

  it('keeps the lines of a quotation, and changes nothing when done twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = visiblePage([
          { type: 'quote', text: `a\n${text}` },
          { type: 'table', head: [text], rows: [[[{ type: 'record', text, record: 'x' }]]] },
          { type: 'evidence', name: 'F1', claim: text, lines: [text] },
        ]);
        expect(visiblePage(once)).toEqual(once);
        expect(JSON.stringify(once)).not.toMatch(/\\u[0-9a-f]{4}|\\[trbf]/);
        expect(once[0]).toMatchObject({ text: expect.stringMatching(/^a\n/) });
      }),
    );
  });
});
