import { join as joinPath } from 'node:path';
import {
  AnalysisCompleted,
  type ConsumerSpec,
  InventoryPublished,
  publish,
  ReportPublished,
  startWorker,
  subjectToken,
  tellProgress,
} from '@chimera/shared/bus';
import { InventoryRef } from '@chimera/shared/domain';
import { type Dependencies, deliveryObserver, type Service } from '@chimera/shared/service';
import { analysesOf, CURRENT_BUCKET, decideJoin, evolveJoin, isOutdated, JOINS_BUCKET, Join, openJoin, runOf } from '@chimera/shared/store';
import type { ReporterSettings } from './config.ts';
import { countReport } from './measure.ts';
import { type Printed, printRun, reprint } from './printing.ts';
import { openReportIndex, type ReportEntry, reportKey } from './report-index.ts';

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

/** Where the reports of a run lie: under CHIMERA_HOME, by dataset and run. */
export function reportFolder(home: string, dataset: string, run: string): string {
  return joinPath(home, 'reports', subjectToken(dataset), run.slice(0, 12));
}

/** Joins the analyses of each run, prints its report, and marks reports of older inventories superseded. */
export async function startReporter(
  settings: ReporterSettings,
  deps: Dependencies,
  folderOf = (entry: { dataset: string; run: string }) => reportFolder(settings.values.CHIMERA_HOME, entry.dataset, entry.run),
): Promise<Service> {
  const joins = await deps.bus.documents(JOINS_BUCKET, Join);
  const current = await deps.bus.documents(CURRENT_BUCKET, InventoryRef);
  const index = await openReportIndex(deps.bus);
  const limits = { begunSeconds: settings.values.CHIMERA_JOIN_TIMEOUT, waitingSeconds: settings.values.CHIMERA_JOIN_WAIT };
  const turns = new Map<string, Promise<void>>();
  /** joins that wait for nothing but a new event */
  const resting = new Set<string>();
  const stop = new AbortController();
  let wake = () => {};

  /** One at a time per dataset in this process, so that printing and marking never cross. */
  function inTurn(dataset: string, work: () => Promise<void>): Promise<void> {
    const turn = (turns.get(dataset) ?? Promise.resolve()).catch(() => undefined).then(work);
    turns.set(dataset, turn);
    return turn.finally(() => {
      if (turns.get(dataset) === turn) turns.delete(dataset);
    });
  }

  async function advance(runId: string): Promise<void> {
    const join = await joins.get(runId);
    if (join === null) return;
    const { run } = join;
    if (isOutdated(run, await current.get(subjectToken(run.dataset)))) {
      // Nobody works on it any more. What was printed of it stays, and its join, by which it is current again at once
      // when the dataset goes back to this inventory.
      if (join.printed.revision === 0) await joins.delete(runId);
      else resting.add(runId);
      return;
    }
    const decision = decideJoin(join, deps.clock.now(), limits);
    if (decision.act === 'wait') {
      if (join.printed.revision > 0) resting.add(runId);
      return;
    }
    tellProgress(deps.bus, run.id, { dataset: run.dataset, stage: 'printing' });
    const folder = folderOf({ dataset: run.dataset, run: run.id });
    try {
      const printed = await printRun(deps, join, decision.revision, decision.missing, folder);
      await announce(printed, folder);
      countReport(deps.metrics, printed.report);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      tellProgress(deps.bus, run.id, { dataset: run.dataset, stage: 'failed', note: `the report could not be printed: ${reason}` });
      throw error;
    }
    await joins.change(
      run.id,
      (known) => known && evolveJoin(known, { type: 'printed', revision: decision.revision, analyses: analysesOf(join) }),
    );
    const { inventory } = run;
    deps.logger.info(
      { dataset: run.dataset, inventory, run: run.id, revision: decision.revision, missing: decision.missing, folder },
      'report printed',
    );
    tellProgress(deps.bus, run.id, { dataset: run.dataset, stage: 'printed', note: folder });
  }

  async function announce({ report, blob }: Printed, folder: string): Promise<void> {
    const { dataset, inventory, run, revision, status } = report;
    const entry: ReportEntry = { dataset, inventory, run, revision, status, report: blob, folder };
    await index.change(reportKey(dataset, run), () => entry);
    await publish(deps.bus, ReportPublished, entry);
  }

  /** Marks each report of the dataset by whether its inventory is the current one. One that cannot be marked holds up no other. */
  async function restate(dataset: string): Promise<void> {
    const now = await current.get(subjectToken(dataset));
    if (now === null) return;
    for (const key of await index.keys(`${subjectToken(dataset)}.*`)) {
      const entry = await index.get(key);
      if (entry === null) continue;
      const status = entry.inventory === now.inventory ? 'current' : 'superseded';
      if (status === entry.status) continue;
      try {
        await announce(await reprint(deps, entry.report, status, status === 'current' ? null : now.inventory, entry.folder), entry.folder);
        deps.logger.info({ dataset, run: entry.run, status, inventory: entry.inventory }, 'report marked');
      } catch (error) {
        deps.logger.error({ err: error, dataset, run: entry.run }, `the report could not be marked ${status}`);
      }
    }
  }

  const inventories = await startWorker({
    bus: deps.bus,
    contract: InventoryPublished,
    consumer: INVENTORIES,
    concurrency: 1,
    observe: deliveryObserver(deps.metrics, deps.logger),
    onError: (error) => deps.logger.warn({ err: error }, 'the pull of inventories failed; trying again'),
    async handle(inventory) {
      const run = runOf(inventory.dataset, inventory.inventory, settings.profile);
      if (!isOutdated(run, await current.get(subjectToken(inventory.dataset)))) {
        resting.delete(run.id);
        const at = new Date(deps.clock.now()).toISOString();
        await joins.change(run.id, (known) =>
          known === null ? openJoin(run, inventory, at) : evolveJoin(known, { type: 'opened', inventory, at }),
        );
      }
      await inTurn(inventory.dataset, async () => {
        await restate(inventory.dataset);
        await advance(run.id);
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
    async handle({ run, inventory, agent, analysis }) {
      resting.delete(run.id);
      if (isOutdated(run, await current.get(subjectToken(run.dataset)))) return;
      const at = new Date(deps.clock.now()).toISOString();
      await joins.change(run.id, (known) => {
        const join = known ?? openJoin(run, inventory, at);
        return evolveJoin(join, { type: 'done', agent, analysis }) ?? (known === null ? join : null);
      });
      await inTurn(run.dataset, () => advance(run.id));
    },
  });

  /** Deadlines: a join that nobody touches any more is still printed; one that cannot be holds up no other. */
  async function sweep(): Promise<void> {
    for (const key of await joins.keys()) {
      if (stop.signal.aborted) return;
      // Printed and complete: only an event can change it, and events advance it themselves.
      if (resting.has(key)) continue;
      try {
        const join = await joins.get(key);
        if (join) await inTurn(join.run.dataset, () => advance(key));
      } catch (error) {
        deps.logger.error({ err: error, run: key }, 'a join could not be looked at; it is tried again');
      }
    }
  }
  const sweeping = (async () => {
    while (!stop.signal.aborted) {
      await sweep().catch((error: Error) => deps.logger.warn({ err: error }, 'the sweep for deadlines failed; trying again'));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, settings.values.CHIMERA_SWEEP_SECONDS * 1_000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (stop.signal.aborted) wake();
      });
    }
  })();

  return {
    name: 'reporter',
    workers: [inventories, analyses],
    consumers: [INVENTORIES, ANALYSES],
    notReady: () => [],
    async stop(deadlineMs) {
      stop.abort();
      wake();
      await Promise.all([inventories.stop(deadlineMs), analyses.stop(deadlineMs), sweeping]);
    },
  };
}
