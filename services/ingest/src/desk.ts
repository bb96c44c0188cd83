import { EmptyInventory } from '@chimera/evidence';
import { type Documents, subjectToken } from '@chimera/shared/bus';
import type { Dependencies } from '@chimera/shared/service';
import { type Current, fenced, type LeaseKeeper, leastToken, StaleLease } from '@chimera/shared/store';
import { type Bucket, Unstable } from './bucket.ts';
import type { IngestSettings } from './config.ts';
import type { DatasetListing } from './dataset.ts';
import type { Entry } from './entry.ts';
import type { RememberedHistory } from './history-taking.ts';
import type { Readings } from './readings.ts';
import { afterTaking, decide, disturbed, hold, look, type Settling } from './settling.ts';
import type { Spread } from './spread.ts';
import { ingestDataset, type Taken } from './taking.ts';

/** What a look at one dataset came to: when to look again (ms), or null when only a change or the next full look is of interest. */
export type Look = { againMs: number | null };

type Parts = {
  current: Documents<Current>;
  bucket: Bucket;
  readings: Readings;
  leases: LeaseKeeper;
  spread?: ((folder: string) => Spread) | undefined;
};
type Memory = {
  settling: Settling | null;
  /** the inventory that was published last, by this process */
  published: string | null;
  /** another process holds the lease: it is asked for again from time to time, and nothing is read until then */
  standby: boolean;
  /** the token that was written to the current inventory */
  fence: number | null;
  /** files that looked cut off when they were taken: a slow copy may still fill them without touching size or time */
  suspects: ReadonlySet<string>;
  suspectedUntilMs: number;
  /** since when (monotonic ms) there is something to take in; null: there is nothing, or another process takes it in */
  dueMs: number | null;
  /** the trace in which that was first tried to be taken in */
  trace: { dueMs: number; traceparent: string | null } | null;
};

// A copy that takes longer touches its file.
const SUSPECT_MS = 900_000;

/**
 * Looks after the datasets of a bucket: waits until each is quiet, takes it in under its lease, puts off what is
 * still being written. discovered → stable → read → published, for each file; nothing is forgotten before it is.
 */
export function createDesk(settings: IngestSettings, deps: Dependencies, parts: Parts, signal: AbortSignal) {
  const memories = new Map<string, Memory>();
  const histories = new Map<string, RememberedHistory>();
  const limits = { quietMs: settings.CHIMERA_SETTLE_SECONDS * 1_000, restlessMs: settings.CHIMERA_RESTLESS_SECONDS * 1_000 };

  const memoryOf = (dataset: string): Memory => {
    const known = memories.get(dataset);
    if (known) return known;
    const fresh: Memory = {
      settling: null,
      published: null,
      standby: false,
      fence: null,
      suspects: new Set(),
      suspectedUntilMs: 0,
      dueMs: null,
      trace: null,
    };
    memories.set(dataset, fresh);
    return fresh;
  };

  /** The token under which this process may write the dataset's inventory; null while another process holds it. */
  async function fenceOf(dataset: string, memory: Memory): Promise<number | null> {
    const key = subjectToken(dataset);
    const token = await parts.leases.hold(key, leastToken(await parts.current.get(key), deps.instance));
    memory.standby = token === null;
    if (token === null || token === memory.fence) return token;
    // Where something is current, the former holder can write nothing from here on, whatever it still believes; where
    // nothing is, it can until the first inventory of the new one.
    await parts.current.change(key, (now) => fenced(now, { token, holder: deps.instance }));
    memory.fence = token;
    deps.logger.info({ dataset, token }, 'this process now takes the dataset in');
    return token;
  }

  async function lookAt(listing: DatasetListing, done: string | null, full: boolean): Promise<Look> {
    const { dataset, entries } = listing;
    const memory = memoryOf(dataset);
    const settling = look(memory.settling, entries, done, deps.clock.elapsed(), limits);
    memory.settling = settling;
    if (entries.length === 0) return emptied(dataset, memory);
    const recheck = full && memory.suspects.size > 0 && deps.clock.elapsed() < memory.suspectedUntilMs;
    if (recheck) memory.settling = { ...settling, taken: null };
    const decision = decide(memory.settling, entries, deps.clock.elapsed(), limits);
    if (decision.act === 'take' || (decision.act === 'wait' && decision.due)) memory.dueMs ??= deps.clock.elapsed();
    else memory.dueMs = null;
    if (decision.act === 'rest') return { againMs: null };
    if (decision.act === 'wait') return { againMs: decision.forMs };
    try {
      const fence = await fenceOf(dataset, memory);
      if (fence === null) {
        memory.dueMs = null;
        return { againMs: null };
      }
      const left = decision.left.map(({ path }) => path);
      if (left.length > 0) deps.logger.warn({ dataset, left }, 'taken in without files that are still being written');
      const taken = await take(listing, memory, { ...decision, fence, again: recheck ? memory.suspects : new Set() });
      if ('cut' in taken) {
        deps.logger.info({ dataset, cut: taken.cut }, 'files look cut off; they are waited for a while');
        return { againMs: limits.quietMs };
      }
      memory.published = taken.inventory.inventory;
      memory.settling = afterTaking(memory.settling, decision.entries);
      memory.dueMs = null;
      return { againMs: left.length > 0 ? limits.quietMs : null };
    } catch (error) {
      return onFault(error, listing, memory);
    }
  }

  /** A bucket that is not mounted looks the same as one that was emptied: what was published stays. */
  function emptied(dataset: string, memory: Memory): Look {
    if (memory.published !== null)
      deps.logger.warn({ dataset }, 'the dataset holds no file any more; its last inventory and report stay as they are');
    memory.published = null;
    memory.dueMs = null;
    if (memory.settling) memory.settling = { ...memory.settling, taken: null };
    return { againMs: null };
  }

  async function take(
    listing: DatasetListing,
    memory: Memory,
    decision: {
      entries: readonly Entry[];
      left: readonly Entry[];
      done: boolean;
      fence: number;
      again: ReadonlySet<string>;
    },
  ): Promise<Taken> {
    let cut: readonly string[] = [];
    const dueMs = memory.dueMs ?? deps.clock.elapsed();
    const trace = memory.trace?.dueMs === dueMs ? memory.trace.traceparent : null;
    const taken = await ingestDataset(settings, deps, parts, {
      dataset: listing.dataset,
      folder: listing.folder,
      ...decision,
      histories,
      signal,
      since: { dueMs, trace },
      onTrace(traceparent) {
        memory.trace = { dueMs, traceparent };
      },
      waitFor(paths) {
        cut = paths;
        if (memory.settling === null || decision.done) return false;
        const untilMs = deps.clock.elapsed() + settings.CHIMERA_CUT_SECONDS * 1_000;
        const { state, held } = hold(memory.settling, paths, untilMs);
        memory.settling = state;
        return held.length > 0 && settings.CHIMERA_CUT_SECONDS > 0;
      },
    });
    if ('inventory' in taken) {
      if (cut.some((path) => !memory.suspects.has(path))) memory.suspectedUntilMs = deps.clock.elapsed() + SUSPECT_MS;
      memory.suspects = new Set(cut);
    }
    return taken;
  }

  function onFault(error: unknown, { dataset, folder, entries }: DatasetListing, memory: Memory): Look {
    if (error instanceof Unstable) {
      const path = folder === '' ? error.path : error.path.slice(folder.length + 1);
      if (memory.settling) memory.settling = disturbed(memory.settling, path, deps.clock.elapsed());
      deps.logger.info({ dataset }, `${error.message} It is read again once it is quiet.`);
      return { againMs: limits.quietMs };
    }
    if (error instanceof StaleLease) {
      deps.logger.warn({ dataset }, error.message);
      parts.leases.drop(subjectToken(dataset));
      memory.fence = null;
      memory.standby = true;
      memory.dueMs = null;
      return { againMs: null };
    }
    if (!(error instanceof EmptyInventory)) throw error;
    deps.logger.warn({ dataset }, error.message);
    if (memory.settling) memory.settling = afterTaking(memory.settling, entries);
    memory.dueMs = null;
    return { againMs: null };
  }

  return {
    lookAt,
    /** How long (ms) the longest of all changes has been waiting to be in an inventory; 0 where there is none. */
    lagMs: () => Math.max(0, ...[...memories.values()].map(({ dueMs }) => (dueMs === null ? 0 : deps.clock.elapsed() - dueMs))),
    /** Looks at datasets of which nothing is listed any more. */
    async lookForGone(listed: ReadonlySet<string>): Promise<void> {
      for (const [dataset, memory] of memories) {
        if (listed.has(dataset)) continue;
        if (memory.published !== null) {
          await parts.readings.forget(dataset);
          histories.delete(dataset);
        }
        await lookAt({ dataset, folder: '', entries: [] }, null, false);
      }
    },
    /** NATS may have come back without its state: the bucket is the truth, so what it no longer knows is taken in again. */
    async reconcile(): Promise<void> {
      for (const [dataset, memory] of memories) {
        if (memory.published === null || memory.settling === null || memory.standby) continue;
        const known = await parts.current.get(subjectToken(dataset));
        if (known?.inventory.inventory === memory.published) continue;
        deps.logger.warn({ dataset }, 'NATS does not know the inventory that was published; it is taken in again');
        memory.settling = { ...memory.settling, taken: null };
      }
    },
    /** Keeps the leases that this process holds, and asks for those that it does not; true if it got one. */
    async renew(): Promise<boolean> {
      let got = false;
      for (const [dataset, memory] of memories) {
        const held = !memory.standby && memory.fence !== null && parts.leases.holds(subjectToken(dataset));
        const fence = await fenceOf(dataset, memory);
        got ||= fence !== null && !held;
      }
      return got;
    },
  };
}
