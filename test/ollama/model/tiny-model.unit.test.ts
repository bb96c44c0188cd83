import { expect, test } from 'vitest';
import { writeGguf } from './gguf.ts';
import { tinyModel } from './tiny-model.ts';
import { tokensOf, vocabulary } from './vocabulary.ts';

test('a GGUF file has its head, its metadata, and its tensors at multiples of 32', () => {
  const file = writeGguf({ a: { type: 'u32', value: 7 }, b: { type: 'string[]', value: ['ü'] }, c: { type: 'bool', value: true } }, [
    { name: 't', shape: [3], data: Float32Array.of(1, 2, 3) },
    { name: 'u', shape: [1, 1], data: Float32Array.of(4) },
  ]);
  expect(file.subarray(0, 4).toString()).toBe('GGUF');
  expect([file.readUInt32LE(4), file.readBigUInt64LE(8), file.readBigUInt64LE(16)]).toEqual([3, 2n, 3n]);
  expect(file.indexOf(Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 0x62, 9, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]))).toBeGreaterThan(0);
  expect(file.byteLength % 32).toBe(0);
  expect([-64, -60, -56, -32].map((at) => file.readFloatLE(file.byteLength + at))).toEqual([1, 2, 3, 4]);
});

test('a tensor whose shape does not fit its data is refused by name', () => {
  expect(() => writeGguf({}, [{ name: 'blk.0', shape: [2, 2], data: Float32Array.of(1) }])).toThrow(/blk\.0 has 1 values/);
});

test('the model is the same each time, and small', () => {
  const [one, two] = [tinyModel(), tinyModel()];
  expect(one.equals(two)).toBe(true);
  expect(one.byteLength).toBeLessThan(1_000_000);
});

test('the vocabulary has every token once, and counts as it says', () => {
  const texts = vocabulary().map(({ text }) => text);
  expect(new Set(texts).size).toBe(texts.length);
  expect([tokensOf(''), tokensOf('a b'), tokensOf('ü\n')]).toEqual([1, 4, 4]);
});
