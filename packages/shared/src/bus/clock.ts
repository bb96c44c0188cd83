/** Time and chance, handed in so that a simulation can play them; the system's are `systemClock`. */
export type Clock = {
  /** epoch milliseconds: for what people read; may jump */
  now(): number;
  /** milliseconds that only grow: for measuring how long something takes */
  elapsed(): number;
  /** Resolves after so many milliseconds, or at once when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls again and again; returns how to end that. */
  every(ms: number, act: () => void): () => void;
  /** a number in [0, 1), for jitter only */
  random(): number;
};

export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener('abort', end, { once: true });
    });
  },
  every(ms, act) {
    const timer = setInterval(act, ms);
    return () => clearInterval(timer);
  },
  random: Math.random,
};

/** What a promise gives, or an error after so many milliseconds; the promise itself goes on. */
export async function within<R>(clock: Clock, ms: number, promise: Promise<R>, late: () => Error): Promise<R> {
  const done = new AbortController();
  const timeout = clock.sleep(ms, done.signal).then(() => {
    if (!done.signal.aborted) throw late();
    return null as never;
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    done.abort(null); // without a reason one is made, with a stack
  }
}
