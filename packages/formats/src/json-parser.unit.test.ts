import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCarefully } from './json-parser.ts';
import { LiteralNumber } from './json-value.ts';

function parse(text: string) {
  const outcome = parseCarefully(text);
  if ('fault' in outcome) throw new Error(outcome.fault.what);
  return outcome;
}

describe('parseCarefully', { timeout: 60_000 }, () => {
  it('parses what the engine parses, to the same value', () => {
    const keys = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__proto__', 'constructor', 'toString', '0', ''));
    const { document } = fc.letrec((tie) => ({
      document: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), fc.dictionary(keys, tie('document')), fc.array(tie('document'))),
    }));
    fc.assert(
      fc.property(document, fc.constantFrom(undefined, 1, '\t', '\r\n'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const mine: unknown = parse(text).value;
        expect(JSON.stringify(mine, (_key, item) => (item instanceof LiteralNumber ? Number(item.literal) : item))).toBe(
          JSON.stringify(JSON.parse(text)),
        );
      }),
    );
  });

  it('takes any escape as the engine does', () => {
    const piece = fc.constantFrom('\\n', '\\u0041', '\\ud83d\\ude00', '\\ud800', '\\/', '\\"', '\\\\', 'a', 'é', '😀', "'");
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = `{"k": "${pieces.join('')}"}`;
        expect(parse(text).value).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps no value of a key that stands twice, and says where', () => {
    const { value, repeated } = parse('{"a": 1, "b": [{"x": 1,\n"x": 1, "y": 2}], "a": 3}');
    expect(value).toEqual({ b: [{ y: 2 }] });
    expect(repeated).toEqual({
      count: 2,
      told: [
        { key: 'x', pointer: '/b/0', offset: 24, decisive: false },
        { key: 'a', pointer: '', offset: 42, decisive: false },
      ],
    });
  });

  it('knows a key however it is written', () => {
    expect(parse('{"ab": 1, "\\u0061b": 2, "__proto__": 1, "__proto__": 2, "c": 3}')).toMatchObject({
      value: { c: 3 },
      repeated: { count: 2 },
    });
    expect(Object.keys(Object(parse('{"__proto__": 1, "__proto__": 2}').value))).toEqual([]);
  });

  it.each([
    ['error', '{"error": "no", "ms": 1, "error": null}'],
    ['success', '{"success": true, "success": false, "ms": 1}'],
    ['model', '{"model": "a", "ms": 1, "model": "b"}'],
    ['batch_size', '{"batch_size": 1, "ms": 1, "batch_size": 2}'],
    ['metadata', '{"metadata": {"error": "x"}, "metadata": {}, "ms": 1}'],
  ])('reads nothing of a record with two of the key %s, which says what it is worth', (key, record) => {
    expect(parse(`[${record}, {"ms": 2}]`)).toMatchObject({
      value: [{}, { ms: 2 }],
      repeated: { told: [{ key, pointer: '/0', decisive: true }] },
    });
  });

  it('reads nothing of a record of which a part does not say whether it failed', () => {
    expect(parse('[{"metadata": {"error": "x", "error": null}, "ms": 1}, {"other": {"error": 1, "error": 2}, "ms": 2}]').value).toEqual([
      {},
      { other: {}, ms: 2 },
    ]);
  });

  it('takes a number at the end of the text for a cut one only where a digit is missing', () => {
    for (const text of ['[-', '[1.', '[1e', '[1e+', `[1.${'0'.repeat(100)}e-`, '[Na', '[-Infin', '{"a": Infinit'])
      expect(parseCarefully(text), text).toMatchObject({ fault: { atEnd: true } });
    for (const text of ['[-]', '[1.]', '[1e]', '[01', '[Nan', '[+1', '[.5'])
      expect(parseCarefully(text), text).toMatchObject({ fault: { atEnd: false } });
  });
});
