import {
  AnalysisRequested,
  type ConsumerSpec,
  InventoryPublished,
  publish,
  startWorker,
  subjectToken,
  type Worker,
} from '@chimera/shared/bus';
import type { AgentName, Profile } from '@chimera/shared/domain';
import { type Dependencies, deliveryObserver } from '@chimera/shared/service';
import { evolveJoin, isOutdated, openJoin, runOf } from '@chimera/shared/store';
import type { Stores } from './stores.ts';

/** The durable of an agent's planner: its name is its identity. */
export function plannerConsumer(agent: AgentName): ConsumerSpec {
  return {
    stream: 'chimera_events',
    durable: `${agent}_planner`,
    filter: InventoryPublished.subjects,
    ackWaitMs: 10_000,
    maxDeliveries: 10,
  };
}

/** Turns each published inventory into one request on the agent's work queue, unless its analysis is there already. */
export function startPlanner(agent: AgentName, profile: Profile, deps: Dependencies, stores: Stores): Promise<Worker> {
  const { joins, current } = stores;
  return startWorker({
    bus: deps.bus,
    contract: InventoryPublished,
    consumer: plannerConsumer(agent),
    concurrency: 1,
    observe: deliveryObserver(deps.metrics, deps.logger),
    onError: (error) => deps.logger.warn({ err: error }, 'the pull of inventories failed; trying again'),
    async handle(inventory) {
      if (profile.agents[agent] === undefined) return;
      const run = runOf(inventory.dataset, inventory.inventory, profile);
      // An event that comes late, or once more: its inventory is no longer the current one.
      if (isOutdated(run, await current.get(subjectToken(run.dataset)))) return;
      const at = new Date(deps.clock.now()).toISOString();
      const join = await joins.change(run.id, (known) =>
        known === null ? openJoin(run, inventory, at) : evolveJoin(known, { type: 'opened', inventory, at }),
      );
      if (join?.parts[agent]?.state === 'done') return;
      await publish(deps.bus, AnalysisRequested, { run, agent, inventory });
      deps.logger.info({ dataset: run.dataset, inventory: run.inventory, run: run.id }, 'analysis requested');
    },
  });
}
