import { openReportIndex, removeReportFolder, reportFolder, reportKey } from '@chimera/reporter';
import { type NatsBus, subjectToken } from '@chimera/shared/bus';
import { Instant, type Run } from '@chimera/shared/domain';
import {
  BlobDamaged,
  BlobMissing,
  type Blobs,
  CURRENT_BUCKET,
  Current,
  JOINS_BUCKET,
  Join,
  KEPT_REPORT,
  mayGo,
  type PrintedReport,
  type ReportLimits,
  reportsToRemove,
  runOf,
  wholeOf,
} from '@chimera/shared/store';
import { z } from 'zod';
import type { OldLetters } from './letters.ts';
import { createMarking, type Marking } from './marking.ts';
import { currentInventories, type Memory, readMemory } from './memory.ts';

/** Names of stored answers, of a model or of a reader, begin so; they serve nobody but whoever asks the same once more. */
const ANSWERS = ['generation-', 'reading-'];

export type GcOptions = {
  reports: ReportLimits;
  /** of stored answers and dead letters */
  maxAgeMs: number;
  /** blobs that are younger stay, whoever refers to them: somebody may be about to */
  graceMs: number;
  dryRun: boolean;
  /** ms since 1970 */
  now: number;
  /** whose reports are removed */
  home: string;
};

/** What went, or, in a dry run, would go; and what stays. Bytes are those of blobs. */
export type Collected = {
  dryRun: boolean;
  reports: { dataset: string; run: string; openedAt: string; folder: string }[];
  answers: number;
  letters: number;
  blobs: { count: number; bytes: number };
  kept: { reports: number; blobs: number; bytes: number };
};

export type GcParts = { bus: Pick<NatsBus, 'documents'>; blobs: Blobs; letters: OldLetters };

/**
 * Removes superseded reports, stored answers and dead letters that are old enough, then every blob that nothing leads to any more. Each
 * step leaves the store whole, so this may be broken off anywhere and run again: what leads to blobs goes before them, and what leads to
 * blobs is read again before any of them goes.
 */
export async function collect({ bus, blobs, letters }: GcParts, options: GcOptions): Promise<Collected> {
  const { dryRun, now } = options;
  const marking = createMarking(blobs);
  const memory = await readMemory(bus, blobs);
  const printed = await printedReports(memory, blobs);
  const wanted = reportsToRemove(printed, currentInventories(memory), options.reports, now);
  const remover = await createRemover(bus, blobs, options);
  const reports: Collected['reports'] = [];
  for (const report of wanted) {
    if (!dryRun && !(await remover(report))) continue;
    const { dataset, run, at } = report;
    reports.push({ dataset, run, openedAt: new Date(at).toISOString(), folder: reportFolder(options.home, report) });
  }
  const answers = memory.names.filter(
    ({ name, namedAt }) => ANSWERS.some((beginning) => name.startsWith(beginning)) && namedAt < now - options.maxAgeMs,
  );
  const old = await letters.before(now - options.maxAgeMs);
  if (!dryRun) {
    for (const { name } of answers) await forgetAnswer(blobs, name, now - options.maxAgeMs);
    for (const sequence of old) await letters.remove(sequence);
  }
  const left = dryRun ? memory : await readMemory(bus, blobs);
  const reachable = await marking.reachable(left, new Set(dryRun ? wanted.map(({ run }) => run) : []));
  for (const part of await partsThatStay(blobs, marking, left, reachable, options)) reachable.add(part);
  const swept = await sweep(blobs, reachable, now - options.graceMs, dryRun);
  return {
    ...{ dryRun, reports, answers: answers.length, letters: old.length, blobs: swept.gone },
    kept: { reports: printed.length - reports.length, ...{ blobs: swept.kept.count, bytes: swept.kept.bytes } },
  };
}

/**
 * Every printed report that anything remembers. What it is of, the index says where it knows the report: the reporter alone writes that,
 * and whoever writes a join could otherwise have what is current pass for superseded.
 */
async function printedReports(memory: Memory, blobs: Blobs): Promise<PrintedReport[]> {
  const found = new Map<string, PrintedReport>();
  for (const [run, { dataset, inventory, base }] of memory.entries)
    found.set(run, { run, dataset, inventory, at: memory.joins.has(run) || memory.kept.get(run) ? null : await printedAt(blobs, base) });
  const joins = [...[...memory.kept.values()].flatMap((one) => (one === null ? [] : [one.join])), ...memory.joins.values()];
  for (const { run, openedAt, printed } of joins) {
    const known = found.get(run.id);
    if (printed.revision === 0 || (known === undefined && !isRun(run))) continue;
    const { dataset, inventory } = known ?? run;
    found.set(run.id, { run: run.id, dataset, inventory, at: Math.max(known?.at ?? 0, Date.parse(openedAt)) });
  }
  return [...found.values()];
}

/** Whether a run's id is that of its inventory: another one may be so made that its folder is that of a report. */
function isRun({ id, dataset, inventory, profile, ordinal }: Run): boolean {
  return runOf(dataset, inventory, profile, ordinal).id === id;
}

const Printed = z.object({ record: z.object({ printedAt: Instant }) });

/** When a report was printed whose join nobody has any more; null where it cannot be read. */
async function printedAt(blobs: Blobs, base: string): Promise<number | null> {
  try {
    return Date.parse(Printed.parse(JSON.parse(Buffer.from(await blobs.get(base)).toString('utf8'))).record.printedAt);
  } catch (error) {
    if (error instanceof BlobMissing || error instanceof BlobDamaged || error instanceof z.ZodError || error instanceof SyntaxError)
      return null;
    throw error;
  }
}

/**
 * Removes one report: first what a reporter would bring it back by, last the index entry, by which this is found again where it was
 * broken off, and by whose absence a reporter that has just seen the join knows that it is gone. False where the report is current by now, or was printed anew.
 */
async function createRemover({ documents }: GcParts['bus'], blobs: Blobs, { now, home }: GcOptions) {
  const current = await documents(CURRENT_BUCKET, Current);
  const joins = await documents(JOINS_BUCKET, Join);
  const index = await openReportIndex({ documents });
  return async ({ run, dataset, inventory }: PrintedReport): Promise<boolean> => {
    const known = await current.get(subjectToken(dataset));
    if (known === null || known.inventory.inventory === inventory) return false;
    const name = `${KEPT_REPORT}${run}`;
    if (!(await blobs.unname(name, now)) && (await blobs.named(name)) !== null) return false;
    await joins.delete(run);
    await removeReportFolder(reportFolder(home, { dataset, run }));
    await index.delete(reportKey(dataset, run));
    return true;
  };
}

/**
 * Forgets a stored answer. An analysis that has just taken it refers to its blob from now on, so the blob counts as stored anew and
 * stays for another grace.
 */
async function forgetAnswer(blobs: Blobs, name: string, before: number): Promise<void> {
  const blob = await blobs.named(name);
  try {
    if (blob !== null) await blobs.put(await blobs.get(blob));
  } catch (error) {
    if (!(error instanceof BlobMissing || error instanceof BlobDamaged)) throw error;
  }
  await blobs.unname(name, before);
}

/**
 * What the blobs consist of that lie in parts of others: of those that something leads to, and of those that were stored just now.
 * Of the others, what says where they lie is taken away.
 */
async function partsThatStay(
  blobs: Blobs,
  marking: Marking,
  { names }: Memory,
  reachable: ReadonlySet<string>,
  { now, graceMs, dryRun }: GcOptions,
): Promise<string[]> {
  const found: string[] = [];
  for (const { name, namedAt } of names) {
    const id = wholeOf(name);
    if (id === null) continue;
    const parts = await marking.partsOf(id);
    const before = now - graceMs;
    const goes = !reachable.has(id) && namedAt < before && (dryRun || (await blobs.unname(name, before)));
    if (!goes) found.push(...parts);
  }
  return found;
}

type Sum = { count: number; bytes: number };

async function sweep(blobs: Blobs, reachable: ReadonlySet<string>, before: number, dryRun: boolean): Promise<{ gone: Sum; kept: Sum }> {
  const gone = { count: 0, bytes: 0 };
  const kept = { count: 0, bytes: 0 };
  for await (const blob of blobs.list()) {
    const goes = mayGo(blob, reachable, before) && (dryRun || (await blobs.remove(blob.id, before)));
    const sum = goes ? gone : kept;
    sum.count++;
    sum.bytes += blob.bytes;
  }
  return { gone, kept };
}
