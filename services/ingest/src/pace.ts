import type { Steps } from '@chimera/evidence';

/** Divides long work into bursts, between which the process renews leases, answers probes and hears that it is to stop. */
export type Pace = {
  /** True when others have waited long enough: a `pause` is due. */
  due(): boolean;
  /** Gives others their turn if it is due. Throws the signal's reason when it is aborted. */
  pause(): Promise<void>;
  /** Does work that can be paused, pausing when it is due. Throws what it throws, and the signal's reason. */
  through<T>(steps: Steps<T>): Promise<T>;
};

// Half of what others may be made to wait: one step more is done after this.
const BURST_MS = 25;

/** `elapsed` in ms; `onPause` is called before each pause. */
export function createPace(elapsed: () => number, onPause: () => void, signal?: AbortSignal): Pace {
  let endsMs = elapsed() + BURST_MS;
  const due = () => elapsed() >= endsMs;
  const pause = async () => {
    if (!due()) return;
    onPause();
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    endsMs = elapsed() + BURST_MS;
  };
  return {
    due,
    pause,
    async through(steps) {
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
        if (due()) await pause();
      }
    },
  };
}
