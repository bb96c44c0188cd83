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
import { InventoryRef, type Run } from '@chimera/shared/domain';
import { type Dependencies, deliveryObserver, type Service } from '@chimera/shared/service';
import { analysesOf, CURRENT_BUCKET, decideJoin, evolveJoin, JOINS_BUCKET, Join, openJoin, runOf } from '@chimera/shared/store';
import type { ReporterSettings } from './config.ts';
import { countReport } from './measure.ts';
import { type Printed, printRun, reprint } from './printing.ts';
import { openReportIndex, type ReportEntry, reportKey } from './report-index.ts';

const INVENTORIES: ConsumerSpec = {
  stream: 'chimera_events',
  durable: 'reporter_inventory',
  filter: InventoryPublished.subjects,
  ackWaitMs: 30_000,
  maxDeliveries: 10,
};
const ANALYSES: ConsumerSpec = {
  stream: 'chimera_events',
  durable: 'reporter_analysis',
  filter: AnalysisCompleted.subjects,
  ackWaitMs: 30_000,
  maxDeliveries: 10,
};

/** Where the reports of a run lie: under CHIMERA_HOME, by dataset and run. */
export function reportFolder(home: string, dataset: string, run: string): string {
  return joinPath(home, 'reports', subjectToken(dataset), run.slice(0, 12));
}

/** True for a run whose dataset has moved on to another inventory; a campaign's runs are bound to theirs. */
function isOutdated(run: Run, current: InventoryRef | null): boolean {
  return run.ordinal === null && current !== null && current.inventory !== run.inventory;
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

  /** One at a time per run in this process; two processes may both print, which has the same effect as one. */
  function inTurn(run: string, work: () => Promise<void>): Promise<void> {
    const turn = (turns.get(run) ?? Promise.resolve()).catch(() => undefined).then(work);
    turns.set(run, turn);
    return turn.finally(() => {
      if (turns.get(run) === turn) turns.delete(run);
    });
  }

  async function advance(runId: string): Promise<void> {
    const join = await joins.get(runId);
    if (join === null) return;
    const now = await current.get(subjectToken(join.run.dataset));
    if (isOutdated(join.run, now)) {
      // Nobody works on it any more; what was printed of it stays, marked superseded.
      await joins.delete(runId);
      return;
    }
    const decision = decideJoin(join, deps.now(), limits);
    if (decision.act === 'wait') return;
    const { run } = join;
    tellProgress(deps.bus, run.id, { dataset: run.dataset, stage: 'printing' });
    const folder = folderOf({ dataset: run.dataset, run: run.id });
    const printed = await printRun(deps, join, decision.revision, decision.missing, now, folder);
    await announce(printed, folder);
    countReport(deps.metrics, printed.report);
    await joins.change(
      run.id,
      (known) => known && evolveJoin(known, { type: 'printed', revision: decision.revision, analyses: analysesOf(join) }),
    );
    deps.logger.info(
      { dataset: run.dataset, inventory: run.inventory, run: run.id, revision: decision.revision, missing: decision.missing, folder },
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

  /** Marks each report of the dataset by whether its inventory is the current one. */
  async function restate(dataset: string): Promise<void> {
    const now = await current.get(subjectToken(dataset));
    if (now === null) return;
    for (const key of await index.keys(`${subjectToken(dataset)}.*`)) {
      const entry = await index.get(key);
      if (entry === null) continue;
      const status = entry.inventory === now.inventory ? 'current' : 'superseded';
      if (status === entry.status) continue;
      await announce(await reprint(deps, entry.report, status, status === 'current' ? null : now.inventory, entry.folder), entry.folder);
      deps.logger.info({ dataset, run: entry.run, status, inventory: entry.inventory }, 'report marked');
    }
  }

  const inventories = await startWorker({
    bus: deps.bus,
    contract: InventoryPublished,
    consumer: INVENTORIES,
    concurrency: 1,
    observe: deliveryObserver(deps.metrics),
    onError: (error) => deps.logger.warn({ err: error }, 'the pull of inventories failed; trying again'),
    async handle(inventory) {
      const run = runOf(inventory.dataset, inventory.inventory, settings.profile);
      if (!isOutdated(run, await current.get(subjectToken(inventory.dataset)))) {
        const at = new Date(deps.now()).toISOString();
        await joins.change(run.id, (known) =>
          known === null ? openJoin(run, inventory, at) : evolveJoin(known, { type: 'opened', inventory, at }),
        );
      }
      await inTurn(`status of ${inventory.dataset}`, () => restate(inventory.dataset));
      await inTurn(run.id, () => advance(run.id));
    },
  });
  const analyses = await startWorker({
    bus: deps.bus,
    contract: AnalysisCompleted,
    consumer: ANALYSES,
    concurrency: 1,
    observe: deliveryObserver(deps.metrics),
    onError: (error) => deps.logger.warn({ err: error }, 'the pull of analyses failed; trying again'),
    async handle({ run, inventory, agent, analysis }) {
      if (isOutdated(run, await current.get(subjectToken(run.dataset)))) return;
      const at = new Date(deps.now()).toISOString();
      await joins.change(run.id, (known) => {
        const join = known ?? openJoin(run, inventory, at);
        return evolveJoin(join, { type: 'done', agent, analysis }) ?? (known === null ? join : null);
      });
      await inTurn(run.id, () => advance(run.id));
    },
  });

  /** Deadlines: a join that nobody touches any more is still printed. */
  async function sweep(): Promise<void> {
    for (const key of await joins.keys()) await inTurn(key, () => advance(key));
  }
  let sweeping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = sweeping
      .then(sweep)
      .catch((error: Error) => deps.logger.warn({ err: error }, 'the sweep for deadlines failed; trying again'));
  }, settings.values.CHIMERA_SWEEP_SECONDS * 1_000);

  return {
    name: 'reporter',
    workers: [inventories, analyses],
    consumers: [INVENTORIES, ANALYSES],
    notReady: () => [],
    async stop(deadlineMs) {
      clearInterval(timer);
      await Promise.all([inventories.stop(deadlineMs), analyses.stop(deadlineMs), sweeping]);
    },
  };
}
