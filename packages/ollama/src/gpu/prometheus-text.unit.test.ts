import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GpuFault } from './gpu-fault.ts';
import { metricLines } from './prometheus-text.ts';

const read = (text: string) => metricLines(text, new Set(['a', 'b:c']), 'The exporter');

test('name, labels and value of the wanted metrics', () => {
  const text = [
    '# HELP a what it is',
    '# TYPE a gauge',
    'a{gpu="0",UUID="GPU-1"} 12.5',
    'a {gpu = "1" , UUID="GPU-2",} 1e3 1717171717000\r',
    'b:c 7',
    'b:c{} +Inf # {trace="x"} 1',
    'other{broken 1',
    '',
  ].join('\n');
  expect(read(text).map(({ name, labels, value }) => [name, Object.fromEntries(labels), value])).toEqual([
    ['a', { gpu: '0', UUID: 'GPU-1' }, '12.5'],
    ['a', { gpu: '1', UUID: 'GPU-2' }, '1e3'],
    ['b:c', {}, '7'],
    ['b:c', {}, '+Inf'],
  ]);
});

test('a longer name is another metric', () => {
  expect(read('ab{x="1"} 2\na_total 3\n')).toEqual([]);
});

test.each(['a{gpu="0" 1', 'a{gpu=0} 1', 'a{gpu="0} 1', 'a{gpu="0"}', 'a', 'a{="0"} 1', 'a{x="1" y="2"} 3'])(
  '%s is a fault that names its line',
  (line) => {
    expect(() => read(`b:c 1\n${line}\n`)).toThrow(GpuFault);
    expect(() => read(`b:c 1\n${line}\n`)).toThrow(/^The exporter .*\(line 2\)/);
  },
);

test('every label value comes back as it was escaped', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const escaped = (text: string): string => text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
      const [line] = read(`a{one="${escaped(one)}",other="${escaped(other)}"} 1`);
      expect(Object.fromEntries(line?.labels ?? [])).toEqual({ one, other });
    }),
  );
});

test('any text is read or is a fault, in time that grows with its length', () => {
  const piece = fc.constantFrom('a', '{', '}', '"', '\\', '=', ',', ' ', '\n', 'x', '1', 'b:c');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      try {
        for (const { value } of read(pieces.join(''))) expect(value).not.toBe('');
      } catch (error) {
        expect(error).toBeInstanceOf(GpuFault);
      }
    }),
    { numRuns: 1_000 },
  );
  expect(() => read(`a{x="${'\\\\'.repeat(2 ** 20)}`)).toThrow(GpuFault);
});
