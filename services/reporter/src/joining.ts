import { type Documents, tellProgress } from '@chimera/shared/bus';
import { ATTRIBUTES, type Dependencies, noTracer, SPANS, traced } from '@chimera/shared/service';
import { analysesOf, type Current, decideJoin, evolveJoin, isOutdated, type Join, type JoinDecision } from '@chimera/shared/store';
import { createAges } from './ages.ts';
import type { Preparing } from './preparing.ts';
import type { Printer } from './printer.ts';
import type { Standing } from './standing.ts';

/** The join with what it is printed from. */
type Ground = (join: Join) => Join;

/**
 * Agents write into joins, and only ingest says what is current: so a report of the current inventory is made from the evidence that
 * ingest names, whatever a join says.
 */
function groundOf(current: Current | null): Ground {
  if (current === null) return (join) => join;
  const { inventory } = current;
  return (join) => (join.run.inventory === inventory.inventory ? { ...join, inventory } : join);
}

/** What became of a look at a join: it needs no further look until an event comes, or it may need one as time passes. */
export type Advance = 'rests' | 'waits';

/**
 * Brings a join as far as it can be brought: prints when it is due, and sees that what was printed lies in its
 * folder. The printed revision is committed by compare-and-set before any file is written: of two processes that
 * print at once one wins, and both write its report.
 */
export function createJoining(
  deps: Dependencies,
  stores: { joins: Documents<Join>; current: Documents<Current> },
  parts: { printer: Printer; preparing: Preparing; standing: Standing; limits: Parameters<typeof decideJoin>[2] },
): { advance(runId: string, dataset: string): Promise<Advance> } {
  const { joins, current } = stores;
  const ages = createAges(deps.clock);
  const { tracer = noTracer } = deps;

  async function commit(join: Join, { revision, missing }: Extract<JoinDecision, { act: 'print' }>): Promise<Join | null> {
    const report = await parts.printer.assemble(join, revision, missing);
    const committed = await joins.change(
      join.run.id,
      (known) => known && evolveJoin(known, { type: 'printed', revision, analyses: analysesOf(join), report }),
    );
    if (committed?.printed.report === report) {
      const { dataset, inventory, id } = join.run;
      deps.logger.info({ dataset, inventory, run: id, revision, missing }, 'report printed');
      await parts.printer.count(report);
    }
    return committed;
  }

  async function print(join: Join, decision: Extract<JoinDecision, { act: 'print' }>): Promise<Join | null> {
    const { run } = join;
    tellProgress(deps.bus, run.id, { dataset: run.dataset, stage: 'printing' });
    try {
      return await commit(join, decision);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      tellProgress(deps.bus, run.id, { dataset: run.dataset, stage: 'failed', note: `the report could not be printed: ${reason}` });
      throw error;
    }
  }

  /** The join as it is once what is due of it is printed, and lies in its folder. */
  async function bring(join: Join, ground: Ground): Promise<Join | null> {
    const decision = decideJoin(join, (agent) => ages.of(join, agent), parts.limits);
    if (decision.act !== 'print') return settled(ground(join));
    return printing(join, decision, async () => {
      const now = await print(ground(join), decision);
      return now && settled(ground(now));
    });
  }

  async function settled(join: Join): Promise<Join> {
    const written = await parts.standing.settle(join);
    if (written) tellProgress(deps.bus, join.run.id, { dataset: join.run.dataset, stage: 'printed' });
    return join;
  }

  /**
   * Prints in the trace of the inventory: under the message that made the report due, or, where it is due by time or after a restart,
   * under what the join remembers. The analyses come from several branches of that trace, so they are links.
   */
  function printing<T>(join: Join, { revision, missing }: Extract<JoinDecision, { act: 'print' }>, work: () => Promise<T>): Promise<T> {
    const { id, dataset } = join.run;
    const { traceparent } = join.inventory;
    const links = Object.values(join.traces ?? {});
    const attributes = { [ATTRIBUTES.run]: id, [ATTRIBUTES.missing]: missing };
    // Opened long before the message that made the report due.
    const opened = { parent: traceparent, links, attributes, startedAt: Date.parse(join.openedAt) };
    tracer.start(SPANS.joinAnalyses.name, opened).end();
    const told = { ...attributes, [ATTRIBUTES.dataset]: dataset, [ATTRIBUTES.revision]: revision };
    return traced(tracer, SPANS.printReport.name, { parent: tracer.current() ?? traceparent, links, attributes: told }, work);
  }

  return {
    async advance(runId, dataset) {
      const join = await joins.get(runId);
      if (join === null) {
        parts.preparing.ended(runId, null);
        return 'rests';
      }
      const now = await current.get(dataset);
      if (isOutdated(join.run, now)) {
        // Nobody works on it any more. What was printed of it stays, and its join, by which it is current again at once
        // when the dataset goes back to this inventory.
        if (join.printed.revision === 0) await joins.delete(runId);
        else await parts.standing.settle(join);
        parts.preparing.ended(runId, join);
        return 'rests';
      }
      const ground = groundOf(now);
      const brought = await parts.preparing.standBack(() => bring(join, ground));
      if (brought === null) return 'rests';
      if (brought.printed.revision === 0) {
        parts.preparing.awaits(ground(brought));
        return 'waits';
      }
      ages.forget(runId);
      parts.preparing.ended(runId, brought);
      return 'rests';
    },
  };
}
