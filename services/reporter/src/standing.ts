import { type Documents, publish, ReportPublished, subjectToken } from '@chimera/shared/bus';
import { ATTRIBUTES, type Dependencies, noTracer, SPANS, traced } from '@chimera/shared/service';
import { type Current, type Join, keepReport } from '@chimera/shared/store';
import type { Printer } from './printer.ts';
import { type ReportEntry, reportKey } from './report-index.ts';

export type Standing = {
  /**
   * Makes a run's folder, its index entry and the word about it agree with the revision its join has committed. `again`: even if the
   * index says that they do. True if anything had to be done.
   */
  settle(join: Join, again?: boolean): Promise<boolean>;
  /** Takes an inventory of a dataset for the current one as long as none is known to be. */
  presume(dataset: string, inventory: string): void;
  /** Marks each report of a dataset by whether its inventory is the current one. One that cannot be marked holds up no other. */
  restate(dataset: string): Promise<void>;
  /** Compares the folders with the index: takes in what the index has lost, writes again what is not whole or says otherwise. */
  recover(): Promise<void>;
};

type Stores = { index: Documents<ReportEntry>; current: Documents<Current>; joins: Documents<Join> };

// The current inventory may change while a folder is written: then it is written once more.
const MOST_TURNS = 10;
// A dataset may have thousands of reports, and the next one waits until all were looked at.
const AT_ONCE = 32;

type Status = Pick<ReportEntry, 'status'> & { supersededBy: string | null };

/** How the report of an inventory stands while `now` is the current one of its dataset. */
function statusUnder(now: string | null, inventory: string): Status {
  if (now === null || now === inventory) return { status: 'current', supersededBy: null };
  return { status: 'superseded', supersededBy: now };
}

/** Keeps what lies in report folders, and whether it is current or superseded, in step with joins and current inventories. */
export function createStanding(
  deps: Dependencies,
  { index, current, joins }: Stores,
  printer: Printer,
  folderOf: (entry: { dataset: string; run: string }) => string,
): Standing {
  const presumed = new Map<string, string>();

  /** The current inventory of a dataset; null where none is known. */
  async function inventoryNow(dataset: string): Promise<string | null> {
    const known = await current.get(subjectToken(dataset));
    return known?.inventory.inventory ?? presumed.get(dataset) ?? null;
  }

  const { tracer = noTracer } = deps;

  const tell = ({ base: _, ...notice }: ReportEntry, parent?: string) => publish(deps.bus, ReportPublished, notice, parent);

  /** Writes until what was written is what should be. `again`: even if the index says that it is. */
  async function state(
    { report: _, ...of }: Omit<ReportEntry, 'report'> & { report?: string },
    join: Join | null,
    again = false,
  ): Promise<boolean> {
    const key = reportKey(of.dataset, of.run);
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const known = await index.get(key);
      const { status, supersededBy } = statusUnder(await inventoryNow(of.dataset), of.inventory);
      // Nobody lets go of an index entry but by removing the report for good, and its join before: what is left here is the memory of it.
      if (known === null && (join === null || (await joins.get(of.run)) === null)) return false;
      const agrees = known?.base === of.base && known.revision === of.revision && known.status === status;
      if (agrees && !(again && turn === 0)) return turn > 0;
      const attributes = { [ATTRIBUTES.dataset]: of.dataset, [ATTRIBUTES.run]: of.run, [ATTRIBUTES.revision]: of.revision };
      const parent = tracer.current() ?? join?.inventory.traceparent;
      await traced(tracer, SPANS.writeReport.name, { parent, attributes }, async () => {
        // Whatever becomes of NATS: from the blob store the report can be found again, and that before anybody is told of it. One that is
        // current again is kept anew, because its join says since when: without NATS the latest is taken for the current one.
        const kept = join ?? (status === 'current' ? await joins.get(of.run) : null);
        const keeping = kept?.printed.report === of.base ? keepReport(deps.blobs, kept) : null;
        keeping?.catch(() => undefined); // told where it is waited for
        const entry = await printer.write({ ...of, status, supersededBy }, join).finally(() => keeping);
        await index.change(key, () => entry);
        if (status === 'superseded' && known?.status !== status) deps.metrics.count('chimera_reports_total', { status });
        await tell(entry, parent ?? undefined);
        deps.logger.info({ dataset: of.dataset, run: of.run, status, revision: of.revision, folder: of.folder }, 'report written');
      });
    }
    throw new Error(`The report of run ${of.run} could not be brought to rest in ${MOST_TURNS} turns: its dataset keeps changing.`);
  }

  async function entries(filter?: string): Promise<ReportEntry[]> {
    const found: (ReportEntry | null)[] = [];
    const keys = await index.keys(filter);
    for (let i = 0; i < keys.length; i += AT_ONCE)
      found.push(...(await Promise.all(keys.slice(i, i + AT_ONCE).map((key) => index.get(key)))));
    return found.filter((entry) => entry !== null);
  }

  /** One that cannot be written holds up no other. */
  async function orSay(entry: ReportEntry, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      deps.logger.error(
        { err: error, dataset: entry.dataset, run: entry.run },
        'the report could not be brought up to date; it is tried again',
      );
    }
  }

  return {
    presume: (dataset, inventory) => void presumed.set(dataset, inventory),
    async settle(join, again) {
      const { run, printed } = join;
      if (printed.report === null) return false;
      const folder = folderOf({ dataset: run.dataset, run: run.id });
      const { dataset, inventory } = run;
      return state(
        { dataset, inventory, run: run.id, revision: printed.revision, base: printed.report, status: 'current', folder },
        join,
        again,
      );
    },
    async restate(dataset) {
      const now = await inventoryNow(dataset);
      for (const entry of await entries(`${subjectToken(dataset)}.*`))
        if (entry.status !== statusUnder(now, entry.inventory).status) await orSay(entry, () => state(entry, null));
    },
    async recover() {
      const known = new Map((await entries()).map((entry) => [entry.folder, entry]));
      for (const { folder, entry: found, whole } of await printer.found()) {
        const entry = known.get(folder);
        if (entry === undefined) {
          if (found === null) continue;
          const entry = (await index.change(reportKey(found.dataset, found.run), (now) => now ?? found)) ?? found;
          // The word about it is forgotten with the index; where it is not, this is a repetition of it.
          await tell(entry);
          deps.logger.warn({ dataset: found.dataset, run: found.run, folder }, 'a report that NATS had forgotten is known again');
        } else if (!whole || found?.report !== entry.report) {
          const join = await joins.get(entry.run);
          // Without its join nothing but its pages could be written, and nothing of it is there: it is being removed.
          if (join === null && found === null) continue;
          deps.logger.warn({ dataset: entry.dataset, run: entry.run, folder }, 'a report is not as it was written; it is written again');
          await orSay(entry, () => state(entry, join?.printed.report === entry.base ? join : null, true));
        }
      }
    },
  };
}
