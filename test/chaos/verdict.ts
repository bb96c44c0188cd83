import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createReadings, divide, folderBucket, type IngestSettings } from '@chimera/ingest';
import { DeadLettered, ReportPublished, subjectToken } from '@chimera/shared/bus';
import { type Evidence, OUTPUT_MARKER, Report } from '@chimera/shared/domain';
import { CURRENT_BUCKET, Current, inOnePiece, inventoryId, JOINS_BUCKET, Join, sha256 } from '@chimera/shared/store';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { takeInventory } from '../../services/ingest/src/inventory.ts';
import { ReportEntry } from '../../services/reporter/src/report-index.ts';
import type { Fleet } from '../support/fleet.ts';
import { until } from '../support/wait.ts';
import { type Ear, messagesOf } from './ear.ts';

/** What an undisturbed taking of a dataset gives. */
export type Expected = { dataset: string; evidence: Evidence; bytes: Buffer };

/** Takes the inventories of a bucket as it lies there, with nothing but the reading itself: no service, no NATS. */
export async function expectedOf(bucket: string, mode: IngestSettings['CHIMERA_DATASETS'] = 'bucket'): Promise<Expected[]> {
  const readings = createReadings({ workFolder: join(bucket, '..') });
  const all = folderBucket(bucket);
  try {
    const found: Expected[] = [];
    for (const { dataset, folder, entries } of divide((await all.scan()).entries, mode)) {
      const { evidence, evidenceBytes } = await takeInventory({
        dataset,
        bucket,
        entries,
        limits: {},
        read: (entry) => all.read(folder === '' ? entry : { ...entry, path: `${folder}/${entry.path}` }),
        readings,
        firstSeen: () => null,
        now: () => 0,
      });
      // Reckoned once more by hand: the id is a promise, and this is what it promises.
      const files = entries.map(({ path }) => ({ path, sha256: sha256(readFileSync(join(bucket, folder, path))) }));
      if (evidence.inventory !== inventoryId(dataset, files)) throw new Error(`The inventory of ${dataset} is not that of its files.`);
      found.push({ dataset, evidence, bytes: Buffer.from(inOnePiece(evidenceBytes)) });
    }
    return found;
  } finally {
    await readings.close();
  }
}

// A message that was tried in vain four times waits for a minute, and one whose process died for half of one.
const REST_GUARD_MS = 150_000;

type Paper = { folder: string; report: Report | null; marked: ReportEntry | null };

/** The report folders of a dataset. */
export function papersOf(home: string, dataset: string): Paper[] {
  const root = join(home, 'reports', subjectToken(dataset));
  if (!existsSync(root)) return [];
  return readdirSync(root).map((run) => {
    const folder = join(root, run);
    const json = join(folder, 'report.json');
    const marker = join(folder, OUTPUT_MARKER);
    const line = existsSync(marker) ? readFileSync(marker, 'utf8').split('\n')[1] : '';
    return {
      folder,
      report: existsSync(json) ? Report.parse(JSON.parse(readFileSync(json, 'utf8'))) : null,
      marked: line ? ReportEntry.parse(JSON.parse(line)) : null,
    };
  });
}

/** What is not yet as it would be had nothing ever gone wrong; empty once it is. */
export async function unfinished(fleet: Fleet, connection: NatsConnection, expected: readonly Expected[]): Promise<string[]> {
  const faults: string[] = [];
  const kvm = new Kvm(jetstream(connection));
  const [current, joins, index] = [await kvm.open(CURRENT_BUCKET), await kvm.open(JOINS_BUCKET), await kvm.open('chimera_reports')];
  for (const { dataset, evidence, bytes } of expected) {
    const say = (what: string) => faults.push(`${dataset}: ${what}`);
    const now = Current.safeParse((await current.get(subjectToken(dataset)))?.json()).data;
    if (now?.inventory.inventory !== evidence.inventory) {
      say(`the current inventory is ${now?.inventory.inventory.slice(0, 12)}, that of the bucket ${evidence.inventory.slice(0, 12)}`);
      continue;
    }
    if (now.inventory.evidence !== sha256(bytes)) say('the current evidence is not that of an undisturbed run');
    const papers = papersOf(fleet.home, dataset);
    const mine = papers.filter(({ report }) => report?.inventory === evidence.inventory);
    if (mine.length !== 1) say(`the current inventory has ${mine.length} reports`);
    for (const paper of papers)
      faults.push(...(await faultsOf(paper, evidence.inventory, index)).map((what) => `${dataset}: ${paper.folder}: ${what}`));
    for (const { folder, report } of mine) {
      if (!readFileSync(join(folder, 'evidence.json')).equals(bytes)) say('evidence.json is not that of an undisturbed run');
      if (report) faults.push(...contentFaults(report, evidence).map((what) => `${dataset}: ${what}`));
      const join_ = Join.safeParse((await joins.get(report?.run ?? '-'))?.json()).data;
      if (join_ === undefined) say('the join of the current run is gone');
      else if (Object.values(join_.parts).some(({ state }) => state !== 'done')) say('an analysis never came');
    }
  }
  return faults;
}

/** The folder holds what its index says, in all three spellings, and the right status. */
async function faultsOf({ folder, report, marked }: Paper, current: string, index: Awaited<ReturnType<Kvm['open']>>): Promise<string[]> {
  if (report === null || marked === null) return ['the report is half written'];
  const faults: string[] = [];
  const status = report.inventory === current ? 'current' : 'superseded';
  if (report.status !== status) faults.push(`it says ${report.status} and is ${status}`);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  for (const name of ['report.md', 'report.html'])
    if (/Superseded(\*\*|<\/strong>): the dataset has changed/.test(read(name)) !== (status === 'superseded'))
      faults.push(`${name} does not say ${status}`);
  const entry = ReportEntry.safeParse((await index.get(`${subjectToken(report.dataset)}.${report.run}`))?.json()).data;
  if (JSON.stringify(entry) !== JSON.stringify(marked)) faults.push('its index entry is not what its folder says');
  return faults;
}

/** Every file is read or refused with a reason, and every fact of the page is one of the evidence. */
function contentFaults(report: Report, evidence: Evidence): string[] {
  const facts = new Map(evidence.facts.map((fact) => [fact.id, fact]));
  const faults = evidence.artifacts
    .filter((a) => a.status !== 'read' && !a.reason)
    .map(({ path }) => `${path} is neither read nor refused with a reason`);
  if (report.artifacts.total !== evidence.artifacts.length) faults.push('the report counts other artifacts');
  if (report.record.missing.length > 0) faults.push('the report lacks an analysis');
  const known = Object.values(report.facts).filter(({ id }) => facts.has(id));
  if (known.length === 0) faults.push('the report has no fact of the evidence');
  for (const fact of known) if (!isDeepStrictEqual(facts.get(fact.id), fact)) faults.push(`fact ${fact.id} is not as in the evidence`);
  return faults;
}

/** Every durable has handled and acknowledged everything. */
async function queued(connection: NatsConnection): Promise<string[]> {
  const manager = await jetstreamManager(connection);
  const faults: string[] = [];
  for (const stream of ['chimera_events', 'chimera_work'])
    for await (const { name, num_pending, num_ack_pending } of manager.consumers.list(stream))
      if (num_pending + num_ack_pending > 0) faults.push(`${name} still has ${num_pending} messages, and ${num_ack_pending} under way`);
  return faults;
}

// A look reads every report there is.
const BETWEEN_LOOKS_MS = 250;

/** Waits until everything is as it would be had nothing ever gone wrong; `drained`: and until every message was handled, however long it waits for its next delivery. */
export async function atRest(fleet: Fleet, ear: Ear, expected: readonly Expected[], { drained = true } = {}): Promise<void> {
  let faults: string[] = [];
  const judge = async () => {
    const waiting = drained ? await queued(ear.connection) : [];
    return waiting.length > 0 ? waiting : unfinished(fleet, ear.connection, expected);
  };
  const look = async () => {
    // A server that has just begun may not answer yet.
    faults = await judge().catch((error: Error) => [`it could not be looked at: ${error.message}`]);
    if (faults.length > 0) await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
    return faults.length === 0;
  };
  await until('rest', look, REST_GUARD_MS).catch((error: Error) => {
    throw new Error(`${error.message} What is missing:\n  ${faults.join('\n  ')}`, { cause: error });
  });
}

// What a letter may say where processes and servers were killed.
const EXPLAINED = /given up after \d+ deliveries: the last one found no end, as when its process dies in the middle/;

/** Where NATS was taken away and set back again and again, each try at a message may have met that, on a slow machine. */
const MET_OUTAGES = /given up after \d+ deliveries: timeout$/;

/**
 * What must not have happened on the way, in sentences. `away`: NATS was away for a while, so that whoever was just
 * starting may have ended with a word of it, to be started again; `forgot`: it also lost what it held, so that
 * what it forgot may have been done again.
 */
export async function misdeeds(
  fleet: Fleet,
  ear: Ear,
  { forgot = false, away = forgot }: { forgot?: boolean; away?: boolean } = {},
): Promise<string[]> {
  const faults = [...ear.violations];
  const prints = new Map<string, Set<string>>();
  for (const message of await messagesOf(ear.connection, 'chimera_events', ReportPublished.subjects)) {
    const { run, revision, status, report } = ReportPublished.schema.parse(message);
    if (status === 'current') prints.set(`${run}`, (prints.get(`${run}`) ?? new Set()).add(`${revision} ${report}`));
  }
  if (prints.size === 0) faults.push('no report was ever told of, so nothing is shown');
  if (!forgot) {
    for (const [run, reports] of prints) if (reports.size > 1) faults.push(`run ${run.slice(0, 12)} was printed ${reports.size} times`);
    const told = new Map<string, number>();
    for (const { msg, run, revision } of fleet.logs())
      if (msg === 'report printed') told.set(`${run} ${revision}`, (told.get(`${run} ${revision}`) ?? 0) + 1);
    for (const [run, times] of told) if (times > 1) faults.push(`${times} processes say that they printed run ${run}`);
  }
  for (const message of await messagesOf(ear.connection, 'chimera_dead', DeadLettered.subjects)) {
    const { durable, subject, reason } = DeadLettered.schema.parse(message);
    if (!EXPLAINED.test(reason) && !(forgot && MET_OUTAGES.test(reason)))
      faults.push(`a dead letter of ${durable} on ${subject} has no explanation here: ${reason}`);
  }
  const lines = fleet.logs();
  for (const { name, pid, code, signal, meant } of fleet.exits) {
    const explained = away && code === 1 && lines.some((line) => line.pid === pid && line.level === 'fatal');
    if (!meant && !explained) faults.push(`${name} (process ${pid}) ended by itself with ${signal ?? `code ${code}`}`);
  }
  return faults;
}
