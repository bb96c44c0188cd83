import type { AgentName, Analysis } from '@chimera/shared/domain';

/** What became of one try at a run, as whoever ran it hands it over. */
export type RunOutcome = {
  /** epoch milliseconds */
  startedAt: number;
  /** from the start of the first agent to the end of the last */
  wallSeconds: number;
  analyses: Partial<Record<AgentName, Analysis>>;
  /** without credentials, the one that was asked first in time first */
  servers: string[];
  /** why the try was broken off: a sentence; null where it was not */
  fault: string | null;
  /** whether the models were loaded when it began, as the servers told */
  started: 'warm' | 'cold' | 'unknown';
};
