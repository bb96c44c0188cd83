import { type AgentName, agentsOf } from '@chimera/shared/domain';
import type { Cell } from './cell.ts';

/** An agent of a run, and the server that it asks. */
export type Asking<S> = { agent: AgentName; server: S };

/**
 * Which server each agent of a cell asks, in the order in which agents begin: all of them the first one, and in `spread` one after the
 * other in turn.
 */
export function askedServers<S>({ profile, arrangement }: Pick<Cell, 'profile' | 'arrangement'>, servers: readonly S[]): Asking<S>[] {
  return agentsOf(profile).map((agent, i) => {
    const server = servers[arrangement === 'spread' ? i % servers.length : 0];
    if (server === undefined) throw new Error('A campaign without a server cannot ask anything.');
    return { agent, server };
  });
}
