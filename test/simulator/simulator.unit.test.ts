import { describe, expect, it } from 'vitest';
import { simulateMany } from './many.ts';
import { simulate } from './simulate.ts';

// Only keeps a simulator that hangs from hanging for ever.
const GUARD_MS = 900_000;

describe('the simulator', () => {
  it(
    'hazard 1, 2, 4, 5, 10, 16: finds no promise broken in 10,000 schedules of crashes, lost and late messages, torn files, clock jumps and a NATS that forgets',
    async () => {
      const { schedules, failed } = await simulateMany(1, 10_000);
      expect(failed.map(({ seed, violations }) => `seed ${seed}: ${violations[0]?.what}; npm run simulate -- --seed ${seed}`)).toEqual([]);
      expect(schedules).toBe(10_000);
    },
    GUARD_MS,
  );

  it('plays the same schedule again for the same seed', async () => {
    const [once, again] = [await simulate(7, { trace: true }), await simulate(7, { trace: true })];
    expect(once.trace?.length).toBeGreaterThan(100);
    expect(again.trace).toEqual(once.trace);
  });
});
