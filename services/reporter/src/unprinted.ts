import type { Clock } from '@chimera/shared/bus';
import type { Join } from '@chimera/shared/store';

/** The runs of current inventories that have no report yet, by what this process last saw of their joins. */
export type Unprinted = {
  waits(join: Join): void;
  forget(run: string): void;
  runs(): string[];
  /** seconds for which the oldest has been waiting; 0 where none is */
  lagSeconds(): number;
};

/** Counts from when a join was opened, by a clock that may be another host's, and from when it was first seen, by ours: the longer of the two. */
export function createUnprinted(clock: Clock): Unprinted {
  const waiting = new Map<string, { openedAt: number; seenMs: number }>();
  return {
    waits({ run, openedAt }) {
      const at = Date.parse(openedAt);
      if (waiting.get(run.id)?.openedAt !== at) waiting.set(run.id, { openedAt: at, seenMs: clock.elapsed() });
    },
    forget: (run) => void waiting.delete(run),
    runs: () => [...waiting.keys()],
    lagSeconds() {
      const ages = [...waiting.values()].map(({ openedAt, seenMs }) => Math.max(clock.now() - openedAt, clock.elapsed() - seenMs));
      return Math.max(0, ...ages) / 1_000;
    },
  };
}
