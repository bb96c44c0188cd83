/** Lets one place wait for what other places bring about. */
export type Condition = {
  /** Says that something changed: whoever waits looks again. */
  changed(): void;
  /** Resolves with true as soon as `test` holds; with false after `withinMs`, or when the signal aborts. Never rejects. */
  holds(test: () => boolean, withinMs: number): Promise<boolean>;
};

/** Waiting ends at once when `signal` aborts. */
export function createCondition(signal: AbortSignal): Condition {
  const waiting = new Set<() => void>();
  return {
    changed() {
      for (const look of waiting) look();
    },
    holds(test, withinMs) {
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          waiting.delete(look);
          signal.removeEventListener('abort', end);
          resolve(test());
        };
        const look = () => {
          if (test()) end();
        };
        // Timers come before I/O in a turn of the event loop: after a long turn the news may lie there unread.
        const timer = setTimeout(() => setImmediate(end), withinMs);
        waiting.add(look);
        signal.addEventListener('abort', end);
        if (signal.aborted) end();
        else look();
      });
    },
  };
}

/** Resolves after `ms`, or when the signal aborts. Does not keep the process alive. */
export function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms).unref();
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
}
