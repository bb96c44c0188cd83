import type { Measurement, Reading } from '@chimera/shared/domain';
import fc from 'fast-check';
import { expect } from 'vitest';
import { readArtifact } from '../../packages/formats/src/read-artifact.ts';

/** What is put in the place of a value: other types, prototype keys, numbers that no double holds, bare words. */
const STRANGE = [
  'null',
  '"x"',
  '""',
  '[]',
  '{}',
  '[[1]]',
  '{"__proto__": 1}',
  '{"__proto__": {"mean": 1}}',
  '1e999',
  '9'.repeat(400),
  '-1',
  '0',
  'NaN',
  'Infinity',
  'true',
  '"1.5"',
  '[null, {}, "x", 3]',
];
const STRANGE_KEYS = ['"__proto__"', '"constructor"', '"toString"', '""'];
/** What is put anywhere in a text. */
const PIECES = [
  '',
  '-',
  'nan',
  'inf',
  '1e999',
  '9'.repeat(21),
  '|',
  ',',
  '\n',
  '"',
  '__proto__',
  '[N/A]',
  ' ± ',
  '±',
  ':',
  '=',
  '0',
  '{',
  '\0',
];

/**
 * Reads a text in some thousand broken versions: each value and key exchanged for strange ones, pieces taken out, doubled, or put
 * anywhere. A version may be refused, but never because the reader failed; its numbers are numbers and have pointers.
 */
export function expectNoFaultWhenMangled(path: string, text: string): void {
  const faults = new Set<string>();
  for (const versions of [withStrangeValues(text), withPiecesMoved(text), withAllNumbersStrange(text)])
    for (const version of versions) for (const fault of faultsOf(readingOf(path, version))) faults.add(fault);
  expect([...faults]).toEqual([]);
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(12), fc.constantFrom(...PIECES), (at, length, piece) => {
      expect(faultsOf(readingOf(path, text.slice(0, at) + piece + text.slice(at + length)))).toEqual([]);
    }),
    { numRuns: 600 },
  );
}

/** Reads a text cut off at any byte: it yields no other number than the whole one, with the same labels, n and mark. */
export function expectNoOtherNumberWhereCut(path: string, text: string): void {
  const shown = (one: Measurement): string => JSON.stringify(one);
  const bytes = new TextEncoder().encode(text);
  const whole = readArtifact({ path, bytes });
  expect(whole).toMatchObject({ status: 'read' });
  const told = new Set(measurementsOf(whole).map(shown));
  expect(told.size).toBeGreaterThan(0);
  const faults: string[] = [];
  for (let end = 0; end < bytes.length; end += 1) {
    const reading = readArtifact({ path, bytes: bytes.subarray(0, end) });
    const others = measurementsOf(reading).map(shown);
    for (const fault of [...faultsOf(reading), ...others.filter((one) => !told.has(one))]) faults.push(`cut at ${end}: ${fault}`);
  }
  expect(faults).toEqual([]);
}

function readingOf(path: string, text: string): Reading {
  return readArtifact({ path, bytes: new TextEncoder().encode(text) });
}

function measurementsOf(reading: Reading): readonly Measurement[] {
  return reading.status === 'read' ? reading.measurements : [];
}

function faultsOf(reading: Reading): string[] {
  if (reading.status === 'refused') return reading.reason.includes('fault of its own') ? [reading.reason] : [];
  return reading.measurements
    .filter(({ value, pointer }) => !Number.isFinite(value) || pointer === '')
    .map((one) => `no number, or without a pointer: ${JSON.stringify(one)}`);
}

/** Every value as JSON has it, and every key, in turn is exchanged for each strange one. */
function* withStrangeValues(text: string): Generator<string> {
  for (const { index, 0: token } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g)) {
    const behind = text.slice(index + token.length);
    for (const other of /^\s*:/.test(behind) ? STRANGE_KEYS : STRANGE) yield text.slice(0, index) + other + behind;
  }
}

/** Some sixty pieces of any kind, brackets and words too, in turn are exchanged, taken out, and doubled. */
function* withPiecesMoved(text: string): Generator<string> {
  const tokens = [...text.matchAll(/"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?|\b(?:true|false|null)\b|[{}[\],:]|[^\s"{}[\],:]+/g)];
  const step = Math.max(1, Math.floor(tokens.length / 60));
  for (const [at, { index, 0: token }] of tokens.entries()) {
    if (at % step !== 0) continue;
    const [before, behind] = [text.slice(0, index), text.slice(index + token.length)];
    const other = STRANGE[(at / step) % STRANGE.length] ?? '';
    yield* [before + other + behind, before + behind, before + token.repeat(2) + behind];
  }
}

function* withAllNumbersStrange(text: string): Generator<string> {
  for (const other of STRANGE) yield text.replace(/-?\d+(?:\.\d+)?/g, () => other);
}
