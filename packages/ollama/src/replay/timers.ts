import { setImmediate, setTimeout } from 'node:timers/promises';

/** Time, handed in so that tests need not wait. */
export interface ReplayTimers {
  /** milliseconds of a clock that never goes back */
  now(): number;
  /** Resolves not before so many milliseconds; rejects with an AbortError when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** No wait is shorter: many servers at high rates wake seldom, and what fell due meanwhile goes out together. Milliseconds. */
const LEAST_WAIT = 4;
/** The longest that Node's timers take. */
const LONGEST_WAIT = 2 ** 31 - 1;

export const realTimers: ReplayTimers = {
  now: () => performance.now(),
  wait: async (ms, signal) => {
    const whole = Math.min(LONGEST_WAIT, Math.max(LEAST_WAIT, Math.ceil(ms)));
    await (ms > 0 ? setTimeout(whole, undefined, { signal }) : setImmediate(undefined, { signal }));
  },
};

/** Timers whose time passes `speed` times as fast: what waits by them ends sooner, and measures what it would have taken. */
export function scaledTimers(timers: ReplayTimers, speed: number): ReplayTimers {
  if (speed === 1) return timers;
  return { now: () => timers.now() * speed, wait: (ms, signal) => timers.wait(ms / speed, signal) };
}
