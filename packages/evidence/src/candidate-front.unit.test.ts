import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrontPart, frontOf } from './candidate-front.ts';
import type { Candidate } from './candidates.ts';
import type { SampledGroup } from './groups.ts';
import type { MeasuredConfiguration } from './studies.ts';

/** A candidate of which only the numbers matter here. */
const candidate = (value: number, weighed: readonly (number | null)[]): Candidate => ({
  configuration: {} as MeasuredConfiguration,
  group: {} as SampledGroup,
  value,
  runs: 1,
  weighed,
});

const frontOfAll = (candidates: readonly Candidate[], size = 7) => {
  const parts: FrontPart[] = [];
  for (let from = 0; from < candidates.length; from += size)
    parts.push(new FrontPart('output_token_throughput', candidates.slice(from, from + size)));
  return frontOf('output_token_throughput', parts);
};

const few = fc.integer({ min: 0, max: 4 });
const numbers = fc.oneof(
  fc.array(fc.tuple(few, fc.constant(null), fc.constant(null)), { minLength: 1, maxLength: 30 }),
  fc.array(fc.tuple(few, few, fc.constant(null)), { minLength: 1, maxLength: 30 }),
  fc.array(fc.tuple(few, few, few), { minLength: 1, maxLength: 30 }),
);

describe('frontOf', () => {
  it('counts the candidates that no other beats: each held against each', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 31 }), (rows, size) => {
        // Throughput and accuracy are better when greater, the time to the first token when less.
        const turned = rows.map(([value, ttft, accuracy]) => [value, ttft === null ? 0 : -ttft, accuracy ?? 0]);
        const beats = (a: number[], b: number[]) => a.every((one, i) => one >= (b[i] ?? 0)) && a.some((one, i) => one > (b[i] ?? 0));
        const expected = turned.filter((one) => !turned.some((other) => beats(other, one))).length;
        const inOrder = [...rows].sort((a, b) => b[0] - a[0] || (a[1] ?? 0) - (b[1] ?? 0) || (b[2] ?? 0) - (a[2] ?? 0));
        const candidates = inOrder.map(([value, ttft, accuracy]) => candidate(value, [ttft, accuracy]));
        expect(frontOfAll(candidates, size)).toBe(expected);
      }),
    );
  });

  it('leaves out what one of them was not measured in', () => {
    expect(frontOfAll([candidate(9, [2, null]), candidate(8, [null, null])], 1)).toBe(1);
  });
});
