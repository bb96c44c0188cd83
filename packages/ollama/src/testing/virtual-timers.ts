import type { ReplayTimers } from '../replay/timers.ts';

/** A clock in the hands of a test: `at` is its time in milliseconds. */
export interface TestTimers extends ReplayTimers {
  at: number;
}

/** Time that passes only by being waited for. */
export function virtualTimers(): TestTimers {
  const timers: TestTimers = {
    at: 0,
    now: () => timers.at,
    wait: async (ms, signal) => {
      signal.throwIfAborted();
      timers.at += ms;
    },
  };
  return timers;
}

/** Time that stands still until a test moves it; no wait takes any. */
export function heldTimers(): TestTimers {
  const timers: TestTimers = {
    at: 0,
    now: () => timers.at,
    wait: async (_, signal) => {
      signal.throwIfAborted();
      await new Promise((resolve) => setImmediate(resolve)); // an answer without end lets others have their turn
      signal.throwIfAborted();
    },
  };
  return timers;
}
