import type { Worker } from '@chimera/shared/bus';
import { type Dependencies, runService, type Service } from '@chimera/shared/service';
import { CURRENT_BUCKET, Current, JOINS_BUCKET, Join } from '@chimera/shared/store';
import { type AgentSettings, agentSettings } from './config.ts';
import type { AgentDefinition } from './definition.ts';
import { narrate } from './narrate.ts';
import { plannerConsumer, startPlanner } from './planner.ts';
import { startAgentWorker } from './worker.ts';
import { workerConsumer } from './worker-consumer.ts';

/** Starts an agent: its planner, and a worker for the model of its profile. `speak` is how an analysis comes about. */
export async function startAgent(
  definition: AgentDefinition,
  settings: AgentSettings,
  deps: Dependencies,
  speak: typeof narrate = narrate,
): Promise<Service> {
  const stores = { joins: await deps.bus.documents(JOINS_BUCKET, Join), current: await deps.bus.documents(CURRENT_BUCKET, Current) };
  const mine = settings.profile.agents[definition.name];
  const reconcileMs = settings.values.CHIMERA_RECONCILE_SECONDS * 1_000;
  const consumers = [plannerConsumer(definition.name)];
  const workers: Worker[] = [];
  if (mine) {
    // The worker first: the planner asks how long its queue is.
    workers.push(await startAgentWorker(definition, mine.model, settings, deps, stores, speak));
    consumers.push(workerConsumer(definition.name, mine.model));
  }
  const planner = await startPlanner(definition.name, settings.profile, deps, stores, reconcileMs);
  return {
    name: definition.name,
    loops: [...workers, ...planner.loops],
    consumers,
    notReady: () => [],
    stop: async (deadlineMs) => {
      await Promise.all([...workers, planner].map((one) => one.stop(deadlineMs)));
    },
  };
}

/** Runs an agent as a process of its own. */
export function runAgent(definition: AgentDefinition, defaultPort: number): Promise<void> {
  let parsed: AgentSettings | null = null;
  return runService({
    name: definition.name,
    defaultPort,
    settings: () => {
      parsed = agentSettings(process.env);
      return parsed.values;
    },
    start: async (_, dependencies) => {
      if (parsed === null) throw new Error('The settings are parsed before the service starts.');
      return { service: await startAgent(definition, parsed, dependencies) };
    },
  });
}
