import { type Rates, rateAt } from './rates.ts';
import type { RecordedTimes } from './recorded-answer.ts';
import type { ReplayTimers } from './timers.ts';

/** Durations of one call in nanoseconds, as the last chunk reports them. */
export interface Spent {
  load: number;
  prompt: number;
  output: number;
  /** what its account does not name: the recorded overhead of a recorded call */
  other: number;
}

/** Keeps one call to its rates, and its account. */
export interface Pace {
  readonly spent: Spent;
  prompt(): Promise<void>;
  /** to be awaited before each token */
  token(): Promise<void>;
}

/** Tokens that may go out without a wait: then other calls get their turn. */
const MOST_AT_ONCE = 64;

/** Waits for points in time, not for whiles, so that late timers do not add up. */
function dues(timers: ReplayTimers, signal: AbortSignal) {
  let due = timers.now();
  let atOnce = 0;
  return {
    /** Returns when the next point in time has come, `ms` after the last one; it may have come already. */
    async after(ms: number): Promise<void> {
      due += ms;
      const left = due - timers.now();
      atOnce = left > 0 ? 0 : (atOnce + 1) % MOST_AT_ONCE;
      if (left > 0) await timers.wait(left, signal);
      else if (atOnce === 0) await timers.wait(0, signal);
    },
    /** Gives others a turn; returns how many milliseconds that took. The next point in time counts from here. */
    async turn(): Promise<number> {
      const before = timers.now();
      await timers.wait(0, signal);
      due = timers.now();
      return due - before;
    },
  };
}

const nanoseconds = (ms: number): number => Math.round(ms * 1e6);

/** Starts the account of one call. Where a rate is given it is what is reported; else the time that really passed. */
export function pace(rates: Rates, timers: ReplayTimers, signal: AbortSignal, busy: () => number): Pace {
  const spent: Spent = { load: 0, prompt: 0, output: 0, other: 0 };
  const next = dues(timers, signal);

  async function take(ms: number | undefined): Promise<number> {
    if (ms === undefined) return Math.max(1, nanoseconds(await next.turn()));
    await next.after(ms);
    return nanoseconds(ms);
  }

  return {
    spent,
    async prompt() {
      spent.prompt += await take(rates.promptMs);
    },
    async token() {
      const rate = rates.tokensPerSecond === undefined ? undefined : rateAt(rates.tokensPerSecond, busy());
      spent.output += await take(rate === undefined ? undefined : 1000 / rate);
    },
  };
}

/**
 * The pace of a recorded call, whose answer goes out in `parts`: the first at its recorded time to the first token, the last at its
 * recorded end, and its account as recorded, whatever else the server has to do.
 */
export function recordedPace(times: RecordedTimes, parts: number, timers: ReplayTimers, signal: AbortSignal): Pace {
  const { loadMs, promptMs, outputMs, firstTokenMs, totalMs } = times;
  const spent: Spent = { load: 0, prompt: 0, output: 0, other: 0 };
  const next = dues(timers, signal);
  const step = parts > 1 ? (totalMs - firstTokenMs) / (parts - 1) : 0;
  let first = true;
  return {
    spent,
    async prompt() {
      spent.load = nanoseconds(loadMs);
      spent.prompt = nanoseconds(promptMs);
      spent.output = nanoseconds(outputMs);
      spent.other = Math.max(0, nanoseconds(totalMs) - spent.load - spent.prompt - spent.output);
      if (parts === 0) await next.after(totalMs);
    },
    async token() {
      await next.after(first ? firstTokenMs : step);
      first = false;
    },
  };
}
