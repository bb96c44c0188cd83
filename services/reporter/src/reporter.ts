import { join as joinPath } from 'node:path';
import { AnalysisCompleted, type ConsumerSpec, InventoryPublished, startWorker, subjectToken } from '@chimera/shared/bus';
import type { InventoryRef } from '@chimera/shared/domain';
import { type Dependencies, deliveryObserver, type Service, startLoop } from '@chimera/shared/service';
import { CURRENT_BUCKET, Current, evolveJoin, isOutdated, JOINS_BUCKET, Join, openJoin, runOf } from '@chimera/shared/store';
import type { ReporterSettings } from './config.ts';
import { createJoining } from './joining.ts';
import { createPreparing } from './preparing.ts';
import { folderPrinter, type Printer } from './printer.ts';
import { createRecall } from './recall.ts';
import { openReportIndex } from './report-index.ts';
import { createStanding } from './standing.ts';
import { createTurns } from './turns.ts';
import { createUnprinted } from './unprinted.ts';

const INVENTORIES: ConsumerSpec = {
  stream: 'chimera_events',
  durable: 'reporter_inventory',
  filter: InventoryPublished.subjects,
  ackWaitMs: 10_000,
  maxDeliveries: 10,
};
const ANALYSES: ConsumerSpec = {
  stream: 'chimera_events',
  durable: 'reporter_analysis',
  filter: AnalysisCompleted.subjects,
  ackWaitMs: 10_000,
  maxDeliveries: 10,
};

/** The durables of the reporter: their names are their identities. */
export const REPORTER_CONSUMERS = [INVENTORIES, ANALYSES] as const;

/** Where reports go: who writes them, and the folder of each. */
export type Press = { printer: Printer; folderOf: (entry: { dataset: string; run: string }) => string };

/** Where the reports of a home lie. */
export function reportsFolder(home: string): string {
  return joinPath(home, 'reports');
}

/** The folder of a run's report under CHIMERA_HOME. */
export function reportFolder(home: string, { dataset, run }: { dataset: string; run: string }): string {
  return joinPath(reportsFolder(home), subjectToken(dataset), run.slice(0, 12));
}

/** Reports under CHIMERA_HOME, by dataset and run. */
export function homePress(home: string, deps: Dependencies): Press {
  return { printer: folderPrinter(deps, reportsFolder(home)), folderOf: (entry) => reportFolder(home, entry) };
}

/** Joins the analyses of each run, prints its report, and marks reports of older inventories superseded. */
export async function startReporter(
  settings: ReporterSettings,
  deps: Dependencies,
  press = homePress(settings.values.CHIMERA_HOME, deps),
): Promise<Service> {
  const joins = await deps.bus.documents(JOINS_BUCKET, Join);
  const current = await deps.bus.documents(CURRENT_BUCKET, Current);
  const index = await openReportIndex(deps.bus);
  const { CHIMERA_JOIN_TIMEOUT, CHIMERA_JOIN_WAIT, CHIMERA_SWEEP_SECONDS, CHIMERA_RECONCILE_SECONDS } = settings.values;
  const limits = { begunSeconds: CHIMERA_JOIN_TIMEOUT, waitingSeconds: CHIMERA_JOIN_WAIT };
  const standing = createStanding(deps, { index, current, joins }, press.printer, press.folderOf);
  const preparing = createPreparing(deps, press.printer);
  const joining = createJoining(deps, { joins, current }, { printer: press.printer, preparing, standing, limits });
  const inTurn = createTurns();
  /** joins that wait for nothing but a new event */
  const resting = new Set<string>();
  const unprinted = createUnprinted(deps.clock);
  const recall = createRecall(deps, { joins, current, press, standing, inTurn, alive: () => loop.alive(), ended: () => stopping });
  /** how often NATS may have forgotten what was printed, and how often of these all that is kept was compared since */
  const lapses = { seen: 1, mended: 0 };
  let reconcileAt = 0;
  let stopping = false;

  async function advance(run: string, dataset: string): Promise<void> {
    // What is printed already is not printed anew because nobody has come to it yet.
    if (lapses.mended < lapses.seen) await recall.one(run);
    if ((await joining.advance(run, subjectToken(dataset))) !== 'rests') return;
    resting.add(run);
    unprinted.forget(run);
  }

  /** Opens the join of a dataset's current inventory; of another one there is nothing to open. */
  async function open(inventory: InventoryRef): Promise<string> {
    const run = runOf(inventory.dataset, inventory.inventory, settings.profile);
    if (isOutdated(run, await current.get(subjectToken(inventory.dataset)))) return run.id;
    resting.delete(run.id);
    const at = new Date(deps.clock.now()).toISOString();
    const join = await joins.change(run.id, (known) =>
      known === null ? openJoin(run, inventory, at) : evolveJoin(known, { type: 'opened', inventory, at }),
    );
    if (join?.printed.revision === 0) unprinted.waits(join);
    return run.id;
  }

  const inventories = await startWorker({
    bus: deps.bus,
    contract: InventoryPublished,
    consumer: INVENTORIES,
    concurrency: 1,
    observe: deliveryObserver(deps.metrics, deps.logger),
    onError: (error) => deps.logger.warn({ err: error }, 'the pull of inventories failed; trying again'),
    async handle(inventory) {
      const run = await open(inventory);
      await inTurn(inventory.dataset, async () => {
        await standing.restate(inventory.dataset);
        await advance(run, inventory.dataset);
      });
    },
  });
  const analyses = await startWorker({
    bus: deps.bus,
    contract: AnalysisCompleted,
    consumer: ANALYSES,
    concurrency: 1,
    observe: deliveryObserver(deps.metrics, deps.logger),
    onError: (error) => deps.logger.warn({ err: error }, 'the pull of analyses failed; trying again'),
    async handle({ run, inventory, agent, analysis }, { traceparent }) {
      resting.delete(run.id);
      if (isOutdated(run, await current.get(subjectToken(run.dataset)))) return;
      const at = new Date(deps.clock.now()).toISOString();
      await joins.change(run.id, (known) => {
        const join = known ?? openJoin(run, inventory, at);
        return evolveJoin(join, { type: 'done', agent, analysis, traceparent }) ?? (known === null ? join : null);
      });
      await inTurn(run.dataset, () => advance(run.id, run.dataset));
    },
  });

  /** Events are hints, and NATS may have forgotten anything: what is current, joined, printed and on disk is compared. */
  async function reconcile(): Promise<void> {
    resting.clear();
    await standing.recover();
    if (lapses.mended < lapses.seen) {
      const { seen } = lapses;
      try {
        await recall.all();
        lapses.mended = seen;
      } catch (error) {
        // It holds up nobody: what is about to be printed is looked for by itself.
        deps.logger.warn({ err: error }, 'what the blob store keeps of printed reports could not be compared; it is tried again');
      }
    }
    for (const key of await current.keys()) {
      const now = await current.get(key);
      if (now === null || stopping) continue;
      const { dataset } = now.inventory;
      await open(now.inventory);
      await inTurn(dataset, () => standing.restate(dataset));
    }
    reconcileAt = deps.clock.elapsed() + CHIMERA_RECONCILE_SECONDS * 1_000;
  }

  /** Deadlines: a join that nobody touches any more is still printed; one that cannot be holds up no other. */
  async function sweep(): Promise<void> {
    if (deps.clock.elapsed() >= reconcileAt) await reconcile();
    const waiting = unprinted.runs();
    const keys = await joins.keys();
    // Void, and taken away by whoever looked first.
    for (const run of waiting) if (!keys.includes(run)) unprinted.forget(run);
    for (const key of keys) {
      if (stopping) return;
      if (resting.has(key)) continue;
      loop.alive();
      try {
        const join = await joins.get(key);
        if (join) await inTurn(join.run.dataset, () => advance(key, join.run.dataset));
      } catch (error) {
        deps.logger.error({ err: error, run: key }, 'a join could not be looked at; it is tried again');
      }
    }
  }
  const loop = startLoop({
    clock: deps.clock,
    restMs: CHIMERA_SWEEP_SECONDS * 1_000,
    turn: sweep,
    onError: (error) => deps.logger.warn({ err: error }, 'the sweep for deadlines failed; trying again'),
  });
  const offRenewal = deps.bus.onRenewed(() => {
    reconcileAt = 0;
    lapses.seen++;
    loop.nudge();
  });

  return {
    name: 'reporter',
    loops: [inventories, analyses, loop],
    consumers: [INVENTORIES, ANALYSES],
    notReady: () => [],
    sample: () => deps.metrics.set('chimera_report_lag_seconds', {}, unprinted.lagSeconds()),
    async stop(deadlineMs) {
      stopping = true;
      offRenewal();
      preparing.stop();
      await Promise.all([inventories.stop(deadlineMs), analyses.stop(deadlineMs), loop.stop(deadlineMs)]);
    },
  };
}
