import type { Clock } from '@chimera/shared/bus';
import type { AgentName } from '@chimera/shared/domain';
import { type Join, writtenAge } from '@chimera/shared/store';

// Times in a join come from clocks of several hosts, and clocks jump, by an hour where somebody erred about summer time.
const ALLOWANCE_SECONDS = 3 * 3_600;

/**
 * How many seconds a part of a join has been as it is. Counted by this process' own steady clock since it first saw
 * it so; what was before that is known only by written times, which count with an allowance for clocks that jump.
 */
export function createAges(clock: Clock): { of(join: Join, agent: AgentName): number; forget(run: string): void } {
  const seen = new Map<string, Map<AgentName, { state: string; sinceMs: number }>>();
  return {
    of(join, agent) {
      const parts = seen.get(join.run.id) ?? new Map<AgentName, { state: string; sinceMs: number }>();
      seen.set(join.run.id, parts);
      const state = JSON.stringify([join.openedAt, join.parts[agent]]);
      const known = parts.get(agent);
      const sight = known?.state === state ? known : { state, sinceMs: clock.elapsed() };
      parts.set(agent, sight);
      return Math.max((clock.elapsed() - sight.sinceMs) / 1_000, writtenAge(join, agent, clock.now()) - ALLOWANCE_SECONDS);
    },
    forget: (run) => void seen.delete(run),
  };
}
