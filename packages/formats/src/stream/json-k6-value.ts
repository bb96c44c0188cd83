import type { Computed } from './json-lines-of.ts';

/** A line of k6 is a point by its value, be it read or only counted: where no double holds it, the line is to be read by itself. */
export const K6_VALUE: Computed = { of: ['/data/value'], tails: [], compute: (numbers) => !Number.isNaN(numbers[0]) };
