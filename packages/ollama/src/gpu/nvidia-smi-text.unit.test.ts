import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GpuFault } from './gpu-fault.ts';
import { parseNvidiaSmi } from './nvidia-smi-text.ts';

const FROM = 'nvidia-smi on box';
const read = (text: string) => parseNvidiaSmi(text, FROM);

test('percent, MiB and watts become a ratio, bytes and watts', () => {
  expect(read('0, GPU-aa, 57, 8021, 24576, 310.25\n1, GPU-bb, 0, 12, 24576, 21.09\n')).toEqual([
    { gpu: 'GPU-aa', utilization: 0.57, memoryBytes: 8021 * 1024 * 1024, powerWatts: 310.25, energyJoules: null },
    { gpu: 'GPU-bb', utilization: 0, memoryBytes: 12 * 1024 * 1024, powerWatts: 21.09, energyJoules: null },
  ]);
});

test.each(['[N/A]', '[Not Supported]', '[Unknown Error]', 'N/A', 'ERR!', '', '-1', '101', '0x10'])(
  'a utilization of "%s" is unknown',
  (text) => {
    expect(read(`0, GPU-aa, ${text}, 1, 2, 3`)).toMatchObject([{ utilization: null, memoryBytes: 1024 * 1024, powerWatts: 3 }]);
  },
);

test('what is not told is null, in every field, and the GPU still stands there', () => {
  const unknown = { gpu: '0', utilization: null, memoryBytes: null, powerWatts: null, energyJoules: null };
  expect(read('0, [N/A], [N/A], [N/A], [N/A], [Not Supported]')).toEqual([unknown]);
});

test('more memory in use than there is, is no measurement', () => {
  expect(read('0, GPU-aa, 1, 3000, 2000, 3')).toMatchObject([{ memoryBytes: null }]);
  expect(read('0, GPU-aa, 1, 3000, [N/A], 3')).toMatchObject([{ memoryBytes: 3000 * 1024 * 1024 }]);
});

test('Windows line ends are line ends', () => {
  expect(read('0, GPU-aa, 1, 2, 3, 4\r\n1, GPU-bb, 1, 2, 3, 4\r\n')).toHaveLength(2);
});

test.each([
  ['', 'lists no GPU'],
  ['No devices were found\n', '"No devices were found"'],
  ['0, GPU-aa, 1, 2, 3, 4\nUnable to determine the device handle for GPU1: GPU is lost.\n', '"Unable to determine'],
  ['0, GPU-aa, 1, 2, 3, 4\n0, GPU-aa, 1, 2, 3, 4\n', 'one GPU twice'],
])('%j is a fault that says what was printed, where, and what to do', (text, part) => {
  expect(() => read(text)).toThrow(GpuFault);
  expect(() => read(text)).toThrow(part);
  expect(() => read(text)).toThrow(/^nvidia-smi on box .*Run it there by hand/s);
});

test('whatever is printed gives readings in range or a fault', () => {
  const field = fc.oneof(fc.string({ maxLength: 8 }), fc.float().map(String), fc.constantFrom('0', '[N/A]', ' 12 '));
  const line = fc.array(field, { minLength: 5, maxLength: 7 }).map((fields) => fields.join(','));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
      try {
        for (const { utilization, memoryBytes, powerWatts } of read(lines.join('\n'))) {
          expect(utilization === null || (utilization >= 0 && utilization <= 1)).toBe(true);
          expect(memoryBytes === null || memoryBytes >= 0).toBe(true);
          expect(powerWatts === null || powerWatts >= 0).toBe(true);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(GpuFault);
      }
    }),
  );
});
