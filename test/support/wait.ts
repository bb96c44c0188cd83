// As long as the slowest machine may take, and shorter than a test may.
const GUARD_MS = 60_000;

/** A promise to be settled from outside. */
export type Signal<T> = { promise: Promise<T>; resolve(value: T): void };

export function signal<T = void>(): Signal<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  return { promise, resolve };
}

/** Collects values and lets a test wait for as many as it needs; the deadline is a guard, not an expectation. */
export type Recorder<T> = {
  all: T[];
  add(value: T): void;
  /** Resolves with all values once there are `n` of them; rejects with what came when there are not within the guard. */
  count(n: number, guardMs?: number): Promise<T[]>;
};

export function recorder<T>(): Recorder<T> {
  const all: T[] = [];
  const waiting = new Set<() => void>();
  return {
    all,
    add(value) {
      all.push(value);
      for (const look of waiting) look();
    },
    count(n, guardMs = GUARD_MS) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${all.length} of ${n} came within ${guardMs} ms: ${JSON.stringify(all).slice(0, 1_000)}`));
        }, guardMs);
        const look = () => {
          if (all.length < n) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve([...all]);
        };
        waiting.add(look);
        look();
      });
    },
  };
}

/** Looks again and again until `look` returns a value other than null or false: for states that announce themselves to nobody. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false> | T | null | false,
  guardMs = GUARD_MS,
  everyMs = 25,
): Promise<T> {
  const deadline = performance.now() + guardMs;
  for (;;) {
    const value = await look();
    if (value !== null && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`${what} did not come within ${guardMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
