import { type Canary, isCanary } from './canary.ts';
import { createCondition } from './condition.ts';
import type { OpenWatch } from './directory-watch.ts';

/** One watch, from its beginning to its first fault. */
export type LiveWatch = {
  /** Resolves with false when the watch has not begun everywhere within this time. Throws its fault. */
  begun(withinMs: number): Promise<boolean>;
  /** Writes the canary and says whether the watch noticed within this time. Throws the watch's fault, or what writing throws. */
  answers(canary: Canary, withinMs: number): Promise<boolean>;
  /** Nothing is called back any more. Idempotent; may reject. */
  close(): Promise<void>;
};

/** Begins a watch. `onHint` is not called for canaries, `onFault` at most once. Throws when watching cannot even begin. */
export function beginWatch(options: {
  folder: string;
  openWatch: OpenWatch;
  /** ends all waiting */
  signal: AbortSignal;
  onHint: () => void;
  onFault: (error: Error) => void;
}): LiveWatch {
  const news = createCondition(options.signal);
  let isReady = false;
  let isClosed = false;
  let fault: Error | null = null;
  let awaited: string | null = null;

  const watch = options.openWatch(options.folder, {
    onReady() {
      isReady = true;
      news.changed();
    },
    onChange(name) {
      if (isClosed) return;
      if (name === null || !isCanary(name)) return options.onHint();
      if (awaited === null || !name.endsWith(awaited)) return;
      awaited = null;
      news.changed();
    },
    onFault(error) {
      if (isClosed || fault !== null) return;
      fault = error;
      options.onFault(error);
      news.changed();
    },
  });

  async function until(test: () => boolean, withinMs: number): Promise<boolean> {
    await news.holds(() => fault !== null || test(), withinMs);
    if (fault !== null) throw fault;
    return test();
  }

  return {
    begun: (withinMs) => until(() => isReady, withinMs),
    async answers(canary, withinMs) {
      awaited = canary.name;
      await canary.write();
      return until(() => awaited === null, withinMs);
    },
    close() {
      isClosed = true;
      return watch.close();
    },
  };
}
