import { definitionFor } from '@chimera/agent';
import { OllamaFailure } from '@chimera/ollama';
import type { Run } from '@chimera/shared/domain';
import type { RunMeans } from './arrangement.ts';
import { askedServers } from './asked-servers.ts';
import type { Cell } from './cell.ts';
import { NotReady, type WarmUp } from './warm-up.ts';

/** Before a run is begun: has one section written and thrown away, unless that was done. Throws the signal's reason. */
export type Rehearsal = (cell: Cell, run: Run, signal: AbortSignal) => Promise<void>;

/** A model that writes none of its sections is not asked for one before every run. */
const MOST_FAILED = 3;

/**
 * A rehearsal for the first run of a process: our own code is slower the first time it does something, and that run would measure it.
 * Where it fails it is left at that, since the run behind it tells why, and the next run has one; also where its server was away.
 */
export function createRehearsal(warmUp: WarmUp, means: RunMeans): Rehearsal {
  let done = false;
  let failed = 0;
  return async (cell, run, signal) => {
    if (done || failed >= MOST_FAILED) return;
    try {
      done = await rehearse(cell, run, warmUp, means, signal);
      if (!done) failed += 1;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof NotReady || error instanceof OllamaFailure)) throw error;
      if (!(error instanceof NotReady && error.away)) failed += 1;
    }
  };
}

/** On the first server, which every run asks; whether a model wrote. */
async function rehearse(cell: Cell, run: Run, warmUp: WarmUp, means: RunMeans, signal: AbortSignal): Promise<boolean> {
  const [first] = askedServers(cell, means.servers);
  const profile = first && cell.profile.agents[first.agent];
  if (first === undefined || profile === undefined) return true;
  const whole = definitionFor(means.definitions[first.agent], cell.profile);
  const definition = { ...whole, sections: whole.sections.slice(0, 1) };
  await warmUp.before({ ...cell, arrangement: 'serial', start: 'warm' }, signal);
  const input = { definition, run, profile, ...means.grounds };
  const { narrator } = await first.server.write(input, { signal, keepTranscript: means.keepTranscript });
  return narrator.kind === 'model';
}
