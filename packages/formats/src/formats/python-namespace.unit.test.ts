import { describe, expect, it } from 'vitest';
import { namespaceIn, textsInList } from './python-namespace.ts';

const entries = (line: string) => [...(namespaceIn(line) ?? [])];

describe('the arguments that a Python program prints', () => {
  it('are read with texts, numbers, lists and functions', () => {
    expect(entries("Namespace(f=<function A.b at 0x7f>, model='org/a', rate=16.0, none=None, sizes=[1, 2], x={'a, b': (1, 2)})")).toEqual([
      ['f', '<function A.b at 0x7f>'],
      ['model', 'org/a'],
      ['rate', '16.0'],
      ['sizes', '[1, 2]'],
      ['x', "{'a, b': (1, 2)}"],
    ]);
  });

  it('stand behind whatever a program puts before them', () => {
    expect(entries("benchmark_args=Namespace(backend='sglang')")).toEqual([['backend', 'sglang']]);
  });

  it('are not taken from within a text', () => {
    expect(entries(String.raw`Namespace(header='a, model=evil', other='it\'s, rate=9)', n=1)`)).toEqual([
      ['header', 'a, model=evil'],
      ['other', String.raw`it\'s, rate=9)`],
      ['n', '1'],
    ]);
  });

  it('are whole: the last of a cut line is left out', () => {
    expect(entries("Namespace(model='org/a', request_rate=1")).toEqual([['model', 'org/a']]);
    expect(entries("Namespace(model='org/a")).toEqual([]);
  });

  it.each(['', 'Namespace', 'Namespace()', 'Namespace(,,,)', 'Namespace(((((', "Namespace('", ')Namespace('])('are none in %j', (line) => {
    expect(namespaceIn(line)).toBeNull();
  });

  it('come from lists of texts', () => {
    expect(textsInList(`['gpu=H100', "tp=4", 5]`)).toEqual(['gpu=H100', 'tp=4']);
    expect(textsInList('None')).toEqual([]);
  });
});
