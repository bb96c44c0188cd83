import type { Clock } from '../bus/clock.ts';

export type Loop = {
  /** Asks for a turn at once, or right after the one that is under way. */
  nudge(): void;
  /** A sign of life from within a long turn. */
  alive(): void;
  /** milliseconds (monotonic) since the last sign of life */
  idleMs(): number;
  /** Ends after the turn that is under way, or leaves it behind at the deadline: it may wait for a server that is gone. */
  stop(deadlineMs: number): Promise<void>;
};

/** Takes a turn, rests, takes the next: until it is stopped. A turn that throws is told of and followed by the next. */
export function startLoop(options: {
  clock: Clock;
  /** the rest between two turns, in milliseconds; a function where it changes */
  restMs: number | (() => number);
  turn: () => Promise<void>;
  onError: (error: Error) => void;
}): Loop {
  const { clock, restMs } = options;
  let stopping = false;
  let nudged = false;
  let resting = false;
  let rest = new AbortController();
  let aliveAt = clock.elapsed();

  const running = (async () => {
    while (!stopping) {
      aliveAt = clock.elapsed();
      nudged = false;
      await options.turn().catch(options.onError);
      aliveAt = clock.elapsed();
      rest = new AbortController();
      resting = true;
      if (!nudged && !stopping) await clock.sleep(typeof restMs === 'number' ? restMs : restMs(), rest.signal);
      resting = false;
    }
  })();

  return {
    nudge() {
      nudged = true;
      rest.abort();
    },
    alive() {
      aliveAt = clock.elapsed();
    },
    // Resting is no lifelessness, however long the rest is.
    idleMs: () => (resting ? 0 : clock.elapsed() - aliveAt),
    async stop(deadlineMs) {
      stopping = true;
      rest.abort();
      const ended = new AbortController();
      await Promise.race([running, clock.sleep(deadlineMs, ended.signal)]);
      ended.abort();
    },
  };
}
