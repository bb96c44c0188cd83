import { setImmediate, setTimeout } from 'node:timers/promises';

/** How fast the replay server is. What is left out takes no time and is reported as measured. */
export interface Rates {
  /** output tokens per second of one call; a function is given the number of calls answered at once */
  tokensPerSecond?: number | ((busy: number) => number);
  /** milliseconds a model takes to load: its first call, and each that changes num_ctx or num_gpu */
  loadMs?: number;
  /** milliseconds a prompt takes */
  promptMs?: number;
}

/** Time, handed in so that tests need not wait. `wait` rejects with the signal's reason when that aborts. */
export interface ReplayTimers {
  /** milliseconds of a clock that never goes back */
  now(): number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const realTimers: ReplayTimers = {
  now: () => performance.now(),
  wait: async (ms, signal) => {
    await (ms > 0 ? setTimeout(ms, undefined, { signal }) : setImmediate(undefined, { signal }));
  },
};

/** Durations of one call in nanoseconds, as the last chunk reports them. */
export interface Spent {
  load: number;
  prompt: number;
  output: number;
}

/** Keeps one call to its rates, and its account. */
export interface Pace {
  readonly spent: Spent;
  load(): Promise<void>;
  prompt(): Promise<void>;
  /** to be awaited before each token */
  token(): Promise<void>;
}

/** Starts the account of one call. Where a rate is given it is what is reported; else the time that really passed. */
export function pace(rates: Rates, timers: ReplayTimers, signal: AbortSignal, busy: () => number): Pace {
  const spent: Spent = { load: 0, prompt: 0, output: 0 };
  let due = timers.now();

  /** Waits for a point in time, not a while, so that late timers do not add up. Returns nanoseconds. */
  async function take(ms: number | undefined): Promise<number> {
    const before = timers.now();
    if (ms === undefined) {
      await timers.wait(0, signal);
      due = timers.now();
      return Math.max(1, Math.round((due - before) * 1e6));
    }
    due += ms;
    await timers.wait(Math.max(0, due - timers.now()), signal);
    return Math.round(ms * 1e6);
  }

  return {
    spent,
    async load() {
      if (rates.loadMs !== undefined) spent.load += await take(rates.loadMs);
    },
    async prompt() {
      spent.prompt += await take(rates.promptMs);
    },
    async token() {
      const rate = typeof rates.tokensPerSecond === 'function' ? rates.tokensPerSecond(busy()) : rates.tokensPerSecond;
      spent.output += await take(rate === undefined ? undefined : 1000 / rate);
    },
  };
}
