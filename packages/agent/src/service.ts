import { InventoryRef } from '@chimera/shared/domain';
import { type Dependencies, runService, type Service } from '@chimera/shared/service';
import { CURRENT_BUCKET, JOINS_BUCKET, Join } from '@chimera/shared/store';
import { type AgentSettings, agentSettings } from './config.ts';
import type { AgentDefinition } from './definition.ts';
import { plannerConsumer, startPlanner } from './planner.ts';
import { startAgentWorker, workerConsumer } from './worker.ts';

/** Starts an agent: its planner, and a worker for the model of its profile. */
export async function startAgent(definition: AgentDefinition, settings: AgentSettings, deps: Dependencies): Promise<Service> {
  const stores = { joins: await deps.bus.documents(JOINS_BUCKET, Join), current: await deps.bus.documents(CURRENT_BUCKET, InventoryRef) };
  const mine = settings.profile.agents[definition.name];
  const workers = [await startPlanner(definition.name, settings.profile, deps, stores)];
  const consumers = [plannerConsumer(definition.name)];
  if (mine) {
    workers.push(await startAgentWorker(definition, mine.model, settings, deps, stores));
    consumers.push(workerConsumer(definition.name, mine.model));
  }
  return {
    name: definition.name,
    workers,
    consumers,
    notReady: () => [],
    stop: async (deadlineMs) => {
      await Promise.all(workers.map((worker) => worker.stop(deadlineMs)));
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
