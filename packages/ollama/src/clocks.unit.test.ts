import { expect, test } from 'vitest';
import { checkTimeouts } from './clocks.ts';

const good = { connectMs: 5_000, firstTokenMs: 300_000, idleMs: 60_000, totalMs: 900_000 };

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('a clock of %d ms is refused by name', (idleMs) => {
  expect(() => checkTimeouts({ ...good, idleMs })).toThrow(/idleMs is/);
});

test('clocks that a timer can hold are accepted', () => {
  expect(() => checkTimeouts(good)).not.toThrow();
});
