import { AnalysisRequested, type ConsumerSpec, InventoryPublished, publish, startWorker, subjectToken } from '@chimera/shared/bus';
import type { AgentName, InventoryRef, Profile } from '@chimera/shared/domain';
import { type Dependencies, deliveryObserver, type Loop, startLoop } from '@chimera/shared/service';
import { evolveJoin, isOutdated, type Join, openJoin, runOf } from '@chimera/shared/store';
import type { Stores } from './stores.ts';
import { workerConsumer } from './worker-consumer.ts';

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

export type Planner = {
  loops: readonly { idleMs(): number }[];
  /** how old the oldest current inventory without a report was (seconds) when it was last looked at; 0 where each had one */
  reportLagSeconds(): number;
  stop(deadlineMs: number): Promise<void>;
};

/**
 * Turns each published inventory into one request on the agent's work queue, unless its analysis is there already.
 * The event is a hint: every `reconcileMs`, and after each reconnect, it looks itself at which inventories are
 * current, and asks again for work that no queue holds any more.
 */
export async function startPlanner(
  agent: AgentName,
  profile: Profile,
  deps: Dependencies,
  stores: Stores,
  reconcileMs: number,
  /** told of each inventory as it comes: what the work needs can be prepared while it is asked for */
  announced: (inventory: InventoryRef) => void = () => {},
): Promise<Planner> {
  const { joins, current } = stores;
  const mine = profile.agents[agent];

  let reportLagSeconds = 0;

  /** Plans one inventory; `attemptOf` says which asking this is, or null where none is needed after all. Returns its join; null: it is void. */
  async function plan(inventory: InventoryRef, attemptOf: () => Promise<number | null>): Promise<Join | null> {
    const run = runOf(inventory.dataset, inventory.inventory, profile);
    // An event that comes late, or once more: its inventory is no longer the current one.
    if (isOutdated(run, await current.get(subjectToken(run.dataset)))) return null;
    const at = new Date(deps.clock.now()).toISOString();
    const join = await joins.change(run.id, (known) =>
      known === null ? openJoin(run, inventory, at) : evolveJoin(known, { type: 'opened', inventory, at }),
    );
    if (join === null || join.parts[agent]?.state === 'done') return join;
    const attempt = await attemptOf();
    if (attempt === null) return join;
    // Asked for again by nobody's message, it stays in the trace of its inventory.
    const request = { run, agent, inventory, ...(attempt > 0 ? { attempt } : {}) };
    await publish(deps.bus, AnalysisRequested, request, inventory.traceparent);
    deps.logger.info({ dataset: run.dataset, inventory: run.inventory, run: run.id }, 'analysis requested');
    return join;
  }

  /**
   * The queue tells: what is in it, or being worked at, will come to its end. Asks also for what is printed without this part
   * already: a request that the server forgot comes late, as another revision.
   */
  async function reconcile(): Promise<void> {
    if (mine === undefined) return;
    const attemptOf = async () => {
      const { pending, unacknowledged } = await deps.bus.queue(workerConsumer(agent, mine.model));
      if (pending + unacknowledged > 0) return null;
      // The first asking may have been heard and its outcome forgotten since: its id would be taken for a repetition.
      // Two planners that ask in the same period ask the same.
      return Math.floor(deps.clock.now() / reconcileMs);
    };
    let lag = 0;
    for (const dataset of await current.keys()) {
      const now = await current.get(dataset);
      const join = now && (await plan(now.inventory, attemptOf));
      // Told here too: where no reporter runs, nobody else would.
      if (join?.printed.revision === 0) lag = Math.max(lag, (deps.clock.now() - Date.parse(join.openedAt)) / 1_000);
    }
    reportLagSeconds = lag;
  }

  const worker = await startWorker({
    bus: deps.bus,
    contract: InventoryPublished,
    consumer: plannerConsumer(agent),
    concurrency: 1,
    observe: deliveryObserver(deps.metrics, deps.logger),
    onError: (error) => deps.logger.warn({ err: error }, 'the pull of inventories failed; trying again'),
    handle: async (inventory) => {
      if (mine === undefined) return;
      announced(inventory);
      await plan(inventory, async () => 0);
    },
  });
  const loop: Loop = startLoop({
    clock: deps.clock,
    restMs: reconcileMs,
    turn: reconcile,
    onError: (error) => deps.logger.warn({ err: error }, 'current inventories could not be compared with the requests; trying again'),
  });
  const off = deps.bus.onRenewed(() => loop.nudge());
  return {
    loops: [worker, loop],
    reportLagSeconds: () => reportLagSeconds,
    async stop(deadlineMs) {
      off();
      await Promise.all([worker.stop(deadlineMs), loop.stop(deadlineMs)]);
    },
  };
}
