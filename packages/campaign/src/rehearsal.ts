import { definitionFor } from '@chimera/agent';
import { OllamaFailure } from '@chimera/ollama';
import type { Run } from '@chimera/shared/domain';
import type { RunMeans } from './arrangement.ts';
import { askedServers } from './asked-servers.ts';
import type { Cell } from './cell.ts';
import { NotReady, type WarmUp } from './warm-up.ts';

/**
 * Has one section written and thrown away, before the first run of a process: our own code is slower the first time it does something,
 * and the first run would measure that. Where it fails it is left at that: the run behind it tells why.
 */
export async function rehearse(cell: Cell, run: Run, warmUp: WarmUp, means: RunMeans, signal: AbortSignal): Promise<void> {
  const [first] = askedServers(cell, means.servers);
  const profile = first && cell.profile.agents[first.agent];
  if (first === undefined || profile === undefined) return;
  const whole = definitionFor(means.definitions[first.agent], cell.profile);
  const definition = { ...whole, sections: whole.sections.slice(0, 1) };
  try {
    await warmUp.before({ ...cell, start: 'warm' }, signal);
    await first.server.write({ definition, run, profile, ...means.grounds }, { signal, keepTranscript: means.keepTranscript });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof NotReady || error instanceof OllamaFailure)) throw error;
  }
}
