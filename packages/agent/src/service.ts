import type { Worker } from '@chimera/shared/bus';
import type { InventoryRef } from '@chimera/shared/domain';
import { type Dependencies, runService, type Service } from '@chimera/shared/service';
import { CURRENT_BUCKET, Current, JOINS_BUCKET, Join } from '@chimera/shared/store';
import { type AgentSettings, agentSettings } from './config.ts';
import type { AgentDefinition } from './definition.ts';
import { watchGpus } from './gpu-watch.ts';
import { readGrounds, warmGrounds } from './grounds.ts';
import { beginCounting, countServers } from './measure.ts';
import { narrate } from './narrate.ts';
import { plannerConsumer, startPlanner } from './planner.ts';
import { type AgentServers, openServers } from './servers/agent-servers.ts';
import { startAgentWorker } from './worker.ts';
import { workerConsumer } from './worker-consumer.ts';

export type AgentMeans = {
  /** how an analysis comes about */
  speak?: typeof narrate;
  /** whether it is found out on first use how many calls at once a server is worth; where not, one is assumed */
  findOut?: boolean;
  /** false: no server is ever asked, and messages are taken as they come */
  ollama?: boolean;
};

/** Starts an agent: its planner, and a worker for the model of its profile. */
export async function startAgent(
  definition: AgentDefinition,
  settings: AgentSettings,
  deps: Dependencies,
  { speak = narrate, findOut = true, ollama = true }: AgentMeans = {},
): Promise<Service> {
  const stores = { joins: await deps.bus.documents(JOINS_BUCKET, Join), current: await deps.bus.documents(CURRENT_BUCKET, Current) };
  const mine = settings.profile.agents[definition.name];
  const model = mine?.model ?? null;
  const reconcileMs = settings.values.CHIMERA_RECONCILE_SECONDS * 1_000;
  const grounds = readGrounds(deps.blobs);
  const consumers = [plannerConsumer(definition.name)];
  const workers: Worker[] = [];
  beginCounting(deps.metrics, definition.name);
  let servers: AgentServers | null = null;
  if (mine) {
    if (model !== null && ollama) {
      servers = await openServers(definition.name, { ...mine, model }, settings, deps, { findOut, gpus: watchGpus(deps) });
      await deps.bus.consumer(workerConsumer(definition.name, model));
    }
    // The worker first: the planner asks how long its queue is.
    workers.push(await startAgentWorker({ definition, model, settings, deps, stores, speak, servers, grounds }));
    consumers.push(workerConsumer(definition.name, model));
  }
  /** Reads beforehand what the work will need; whatever fails then is met again, and told, where it is needed. */
  const prepare = (inventory: InventoryRef) => {
    const ready = grounds(inventory).then((read) => warmGrounds(definition, settings.profile, read));
    ready.catch((error: unknown) => deps.logger.debug({ err: error }, 'an inventory could not be read beforehand'));
  };
  const planner = await startPlanner(definition.name, settings.profile, deps, stores, reconcileMs, prepare);
  return {
    name: definition.name,
    loops: [...workers, ...planner.loops],
    consumers,
    notReady: () => [],
    notes: () => servers?.pool.notes() ?? [],
    sample() {
      deps.metrics.set('chimera_report_lag_seconds', {}, planner.reportLagSeconds());
      if (servers) countServers(deps.metrics, servers.pool.loads());
    },
    stop: async (deadlineMs) => {
      await Promise.all([...workers, planner].map((one) => one.stop(deadlineMs)));
      await servers?.close();
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
