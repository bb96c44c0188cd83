import { REPORTS_BUCKET, ReportEntry } from '@chimera/reporter';
import type { NatsBus } from '@chimera/shared/bus';
import {
  type Blobs,
  CURRENT_BUCKET,
  Current,
  JOINS_BUCKET,
  Join,
  KEPT_REPORT,
  KeptReportFault,
  keptReport,
  type StoredName,
} from '@chimera/shared/store';
import { z } from 'zod';
import { CommandFailed } from '../usage-error.ts';

/** All that NATS and the blob store know and that leads to blobs. */
export type Memory = {
  current: Current[];
  joins: Map<string, Join>;
  /** printed reports by run, as the index has them */
  entries: Map<string, ReportEntry>;
  /** joins by run, as the blob store keeps them, and the blob of each; null where what is kept cannot be read */
  kept: Map<string, { blob: string; join: Join } | null>;
  /** all other names */
  names: StoredName[];
};

/** What gc needs of a bus: the KV buckets. */
export type Buckets = Pick<NatsBus, 'documents'>;

/**
 * Reads everything that leads to blobs. What cannot be read is no reason to take its blobs for waste: throws CommandFailed then, and
 * where NATS knows of no dataset at all, as after its state was wiped.
 */
export async function readMemory(bus: Buckets, blobs: Blobs): Promise<Memory> {
  // Names first: what is named while the rest is read is younger than any grace, and what NATS has is read after it.
  const kept: Memory['kept'] = new Map();
  const names: StoredName[] = [];
  for await (const one of blobs.names()) {
    if (!one.name.startsWith(KEPT_REPORT)) names.push(one);
    else kept.set(one.name.slice(KEPT_REPORT.length), null);
  }
  for (const run of kept.keys()) {
    const found = await keptReport(blobs, run).catch(orUnreadable);
    if (found === null) kept.delete(run);
    else if (found !== 'unreadable') kept.set(run, found);
  }
  const joins = await allOf(bus, JOINS_BUCKET, Join);
  const entries = await allOf(bus, REPORTS_BUCKET, ReportEntry);
  // The current inventories last: one that becomes current meanwhile is among those that its join leads to, or among these.
  const current = await allOf(bus, CURRENT_BUCKET, Current);
  if (current.length === 0)
    throw new CommandFailed(
      'This NATS knows of no dataset: its state is empty, or it is another server. Nothing is removed: name the right one with --nats, or let the services take in the bucket first.',
    );
  return {
    current,
    joins: new Map(joins.map((join) => [join.run.id, join])),
    entries: new Map(entries.map((entry) => [entry.run, entry])),
    kept,
    names,
  };
}

/** One whose blob is gone or damaged says nothing any more; one of another version does, to others. */
function orUnreadable(error: unknown): 'unreadable' {
  if (!(error instanceof KeptReportFault)) throw error;
  if (error.cause instanceof z.ZodError) throw new CommandFailed(`${error.message} Nothing is removed.`, { cause: error });
  return 'unreadable';
}

/** Every document of a bucket; throws CommandFailed for one that this version does not read. */
async function allOf<T>(bus: Buckets, bucket: string, schema: { parse(value: unknown): T }): Promise<T[]> {
  const documents = await bus.documents<unknown>(bucket, { parse: (value) => value });
  const found: T[] = [];
  for (const key of await documents.keys()) {
    const value = await documents.get(key);
    if (value === null) {
      // Gone meanwhile, or no JSON at all.
      if ((await documents.keys(key)).length === 0) continue;
      throw unreadable(bucket, key, 'it is no JSON');
    }
    try {
      found.push(schema.parse(value));
    } catch (error) {
      throw unreadable(bucket, key, (error as Error).message.replace(/\s+/g, ' ').slice(0, 300));
    }
  }
  return found;
}

function unreadable(bucket: string, key: string, why: string): CommandFailed {
  return new CommandFailed(
    `${key} in the KV bucket ${bucket} cannot be read by this version (${why}). Nothing more is removed, because nobody knows what it refers to: run the version of Chimera that the services have.`,
  );
}

/** The current inventory of each dataset. */
export function currentInventories(memory: Pick<Memory, 'current'>): Map<string, string> {
  return new Map(memory.current.map(({ inventory }) => [inventory.dataset, inventory.inventory]));
}
