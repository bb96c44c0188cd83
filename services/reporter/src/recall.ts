import { type Documents, subjectToken } from '@chimera/shared/bus';
import type { Dependencies } from '@chimera/shared/service';
import {
  AnalysisCalls,
  BlobDamaged,
  BlobMissing,
  blobsOfAnalysis,
  blobsOfJoin,
  type Current,
  type Join,
  KEPT_REPORT,
  KeptReportFault,
  keepReport,
  keptReport,
  keptRuns,
} from '@chimera/shared/store';
import type { Press } from './reporter.ts';
import type { Standing } from './standing.ts';

// A store on another host is asked for several at a time.
const AT_ONCE = 16;

type Parts = {
  joins: Documents<Join>;
  current: Documents<Current>;
  press: Press;
  standing: Standing;
  inTurn: (dataset: string, work: () => Promise<void>) => Promise<void>;
  /** called at each step: thousands of reports take a while */
  alive: () => void;
  /** true once nothing more is to be begun */
  ended: () => boolean;
};

export type Recall = {
  /** Compares all reports that are kept; leaves the rest where it is to end. */
  all(): Promise<void>;
  /** Brings one back that is about to be printed, before `all` has come to it. In the turn of its dataset. */
  one(run: string): Promise<void>;
};

/**
 * Brings back what the blob store remembers of printed reports and NATS or this host has forgotten: joins, index entries, folders. So
 * old reports survive where bucket and blobs do. For the start, and for when NATS was away: at other times nothing is forgotten.
 */
export function createRecall(deps: Dependencies, { joins, current, press, standing, inTurn, alive, ended }: Parts): Recall {
  const folderOf = ({ run }: Join) => press.folderOf({ dataset: run.dataset, run: run.id });

  async function keptOf(run: string): Promise<Join | null> {
    try {
      return (await keptReport(deps.blobs, run))?.join ?? null;
    } catch (error) {
      if (!(error instanceof KeptReportFault)) throw error;
      deps.logger.warn({ run }, error.message);
      return null;
    }
  }

  async function kept(): Promise<Map<string, Join>> {
    const runs: string[] = [];
    for await (const run of keptRuns(deps.blobs)) {
      alive();
      if (ended()) break;
      runs.push(run);
    }
    const found = new Map<string, Join>();
    for (let i = 0; i < runs.length && !ended(); i += AT_ONCE) {
      alive();
      for (const join of await Promise.all(runs.slice(i, i + AT_ONCE).map(keptOf))) if (join !== null) found.set(join.run.id, join);
    }
    return found;
  }

  /** Of a dataset of which no inventory is known to be current, that of the latest report was. */
  async function presume(found: Iterable<Join>): Promise<void> {
    const latest = new Map<string, Join>();
    for (const join of found) {
      const { dataset } = join.run;
      if (join.openedAt > (latest.get(dataset)?.openedAt ?? '')) latest.set(dataset, join);
    }
    for (const [dataset, { run }] of latest)
      if ((await current.get(subjectToken(dataset))) === null) standing.presume(dataset, run.inventory);
  }

  /** One of the blobs of which a report was made that cannot be had any more; null where all can. */
  async function missingBlob(join: Join): Promise<string | null> {
    const { blobs, analyses } = blobsOfJoin(join);
    for (const id of blobs) if (!(await canBeHad(id))) return id;
    for (const analysis of analyses) for (const id of blobsOfAnalysis(await readCalls(analysis))) if (!(await canBeHad(id))) return id;
    return null;
  }

  /** Not remembered as the document that it is: it is looked at for its references alone. */
  async function readCalls(analysis: string): Promise<AnalysisCalls> {
    return AnalysisCalls.parse(JSON.parse(Buffer.from(await deps.blobs.get(analysis)).toString('utf8')));
  }

  async function canBeHad(id: string): Promise<boolean> {
    try {
      await deps.blobs.get(id);
      return true;
    } catch (error) {
      if (error instanceof BlobMissing || error instanceof BlobDamaged) return false;
      throw error;
    }
  }

  /** A report that cannot be brought back holds up no other. */
  async function bringBack(join: Join, lies: boolean): Promise<void> {
    const { id, dataset } = join.run;
    alive();
    try {
      const isNews = (known: Join | null) => (known?.printed.revision ?? 0) < join.printed.revision;
      let now = await joins.get(id);
      if (isNews(now)) {
        // Removed since it was looked at.
        if ((await deps.blobs.named(`${KEPT_REPORT}${id}`)) === null) return;
        const missing = await missingBlob(join);
        if (missing !== null) {
          const sentence = `the report cannot be brought back: blob ${missing} of it is missing or damaged; restore it from a backup`;
          return deps.logger.error({ dataset, run: id }, sentence);
        }
        now = await joins.change(id, (known) => (isNews(known) ? join : null));
      }
      if (now !== null && (await standing.settle(now, !lies)))
        deps.logger.warn({ dataset, run: id }, 'a report was brought back from the blob store');
    } catch (error) {
      deps.logger.error({ err: error, dataset, run: id }, 'a report could not be brought back from the blob store');
    }
  }

  /** Reports that were printed before reports were kept. */
  async function keepOthers(found: ReadonlyMap<string, Join>): Promise<void> {
    for (const run of await joins.keys()) {
      alive();
      if (ended()) return;
      if (found.has(run)) continue;
      const join = await joins.get(run);
      if (join !== null && join.printed.revision > 0) await keepReport(deps.blobs, join);
    }
  }

  return {
    async all() {
      const found = await kept();
      if (ended()) return;
      await presume(found.values());
      const lying = new Set((await press.printer.found()).map(({ folder }) => folder));
      for (const join of found.values()) {
        if (ended()) return;
        await inTurn(join.run.dataset, () => bringBack(join, lying.has(folderOf(join))));
      }
      await keepOthers(found);
    },
    async one(run) {
      const join = await keptOf(run);
      // Whether its folder is there, `all` sees to.
      if (join !== null) await bringBack(join, true);
    },
  };
}
