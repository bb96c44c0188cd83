import type { Clock } from '@chimera/shared/bus';
import type { Run } from '@chimera/shared/domain';
import { runOf } from '@chimera/shared/store';
import { makeRun, type RunMeans } from './arrangement.ts';
import type { CampaignFile } from './campaign-file.ts';
import { type Decision, decide, grownPlan } from './decisions.ts';
import { type DueRun, dueRuns } from './due.ts';
import { entryOf, type JournalEntry, knownDigests } from './entry.ts';
import type { Journal } from './journal.ts';
import type { RunOutcome } from './outcome.ts';
import { type PlannedRun, planOf } from './plan.ts';
import { createRehearsal, type Rehearsal } from './rehearsal.ts';
import { secondsLeft } from './time-left.ts';
import { createWarmUp, NotReady, type WarmUp } from './warm-up.ts';

/** How far a campaign is: `done` of `total` runs need no further try. */
export type Standing = { done: number; total: number; secondsLeft: number | null };

export type CampaignProgress =
  | { kind: 'begins'; due: DueRun; standing: Standing }
  | { kind: 'tried'; due: DueRun; entry: JournalEntry; standing: Standing }
  | { kind: 'put off'; due: DueRun; reason: string; standing: Standing }
  /** nothing is left but runs whose servers are away: they are waited for */
  | { kind: 'waits'; servers: string[]; seconds: number; standing: Standing }
  /** the results were looked at: `reason` says what is undecided, null where nothing is */
  | { kind: 'looked'; reason: string | null; added: number };

export type CampaignParts = Omit<RunMeans, 'clock'> & {
  file: CampaignFile;
  journal: Journal;
  clock: Clock;
  /** of the dataset, for the ids of runs */
  dataset: string;
  inventory: string;
  /** whether runs are added while something is undecided */
  untilDecided: boolean;
  signal: AbortSignal;
  onProgress(progress: CampaignProgress): void;
  /** Stores what a try said, before the journal knows of it. */
  keep(run: Run, attempt: number, outcome: RunOutcome): Promise<void>;
  /** Told of each try once it is in the journal; the next one begins when it returns. */
  afterRun(run: Run, entry: JournalEntry): Promise<void>;
};

/** How a campaign ended: its plan with what was added, and what the last look said; null without one. */
export type CampaignEnd = { planned: PlannedRun[]; decision: Decision | null };

/** What goes before a run. */
type Ready = { warmUp: WarmUp; rehearsal: Rehearsal };

/** For so long, looking so often, servers that are away are waited for before the runs that need them are excluded. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 2_000;
/** How often one run is put off at most: a server may answer, and be busy or go away whenever it has something to do. */
const MOST_PUT_OFF = PATIENCE_MS / LOOK_MS;

/**
 * Makes the runs of a campaign that its journal does not have, one after the other: first each run once, then what was excluded by an
 * accident again. A run whose server cannot be reached is put off; those that are left at the end are excluded, with the reason. Each
 * try is in the journal before the next begins, so that whatever ends this costs one try at most.
 * @throws the signal's reason; JournalFault; what `keep` and `afterRun` throw; whatever is no fault of a server or a model
 */
export async function runCampaign(parts: CampaignParts): Promise<CampaignEnd> {
  const { file, journal, servers, signal } = parts;
  const warmUp = createWarmUp(servers, modelsOf(file));
  let { planned, decision } = planNow(parts);
  const ready: Ready = { warmUp, rehearsal: createRehearsal(warmUp, parts) };
  for (;;) {
    await makeDue(parts, planned, ready);
    signal.throwIfAborted();
    const grown = planNow(parts);
    const added = grown.planned.length - planned.length;
    if (parts.untilDecided) parts.onProgress({ kind: 'looked', reason: reasonOf(parts, planned, grown), added });
    ({ planned, decision } = grown);
    if (dueRuns(planned, journal.entries(), file.attempts).length === 0) return { planned, decision };
  }
}

function planNow({ file, journal, untilDecided }: CampaignParts): CampaignEnd {
  return untilDecided ? grownPlan(file, journal.entries()) : { planned: planOf(file), decision: null };
}

/** Why runs were added after a look at those of `planned`, or why none were. */
function reasonOf({ file, journal }: CampaignParts, planned: readonly PlannedRun[], { decision }: CampaignEnd): string | null {
  const look = Math.max(...planned.map((run) => run.look)) + 1;
  return (decision ?? decide(file, planned, journal.entries(), look)).reason;
}

function modelsOf({ profiles }: CampaignFile): string[] {
  return [...new Set(profiles.flatMap(({ profile }) => Object.values(profile.agents).flatMap((agent) => agent?.model ?? [])))];
}

/** Makes all runs of a plan that are due; returns once none is. */
async function makeDue(parts: CampaignParts, planned: readonly PlannedRun[], ready: Ready): Promise<void> {
  const { file, journal, signal } = parts;
  /** by the ordinal of the run that was put off */
  const away = new Map<number, NotReady>();
  const times = new Map<number, number>();
  for (;;) {
    signal.throwIfAborted();
    const due = dueRuns(planned, journal.entries(), file.attempts);
    const next = earliest(due.filter(({ run }) => !away.has(run.ordinal)));
    if (next === undefined && away.size === 0) return;
    if (next !== undefined) {
      parts.onProgress({ kind: 'begins', due: next, standing: standingOf(parts, planned) });
      const outcome = await tryOne(parts, next, ready);
      const off = (times.get(next.run.ordinal) ?? 0) + 1;
      if (outcome instanceof NotReady && off > MOST_PUT_OFF) await keepTry(parts, planned, next, neverBegun(parts, outcome), true);
      else if (outcome instanceof NotReady) {
        times.set(next.run.ordinal, off);
        away.set(next.run.ordinal, outcome);
        // Once of each run: a server that stays busy would fill the screen.
        if (off === 1) parts.onProgress({ kind: 'put off', due: next, reason: outcome.message, standing: standingOf(parts, planned) });
      } else await keepTry(parts, planned, next, outcome);
    } else if (!(await oneCameBack(parts, planned, away))) {
      for (const one of due) {
        const reason = away.get(one.run.ordinal);
        if (reason !== undefined) await keepTry(parts, planned, one, neverBegun(parts, reason), true);
      }
      away.clear();
    }
  }
}

function standingOf({ file, journal }: CampaignParts, planned: readonly PlannedRun[]): Standing {
  const due = dueRuns(planned, journal.entries(), file.attempts);
  return { done: planned.length - due.length, total: planned.length, secondsLeft: secondsLeft(due, journal.entries()) };
}

/** Waits a while for servers that are away, and takes runs whose server answers again out of `away`; false where none does. */
async function oneCameBack(parts: CampaignParts, planned: readonly PlannedRun[], away: Map<number, NotReady>): Promise<boolean> {
  const { clock, signal } = parts;
  const urls = [...new Set([...away.values()].map(({ url }) => url))];
  parts.onProgress({ kind: 'waits', servers: urls, seconds: PATIENCE_MS / 1_000, standing: standingOf(parts, planned) });
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
    await clock.sleep(LOOK_MS, signal);
    const answered = await Promise.all(urls.map((url) => answers(parts, url)));
    const back = new Set(urls.filter((_, i) => answered[i]));
    for (const [ordinal, { url }] of away) if (back.has(url)) away.delete(ordinal);
    if (back.size > 0) return true;
  }
  return false;
}

/** First tries come before second ones, whatever their place in the plan. */
function earliest(due: readonly DueRun[]): DueRun | undefined {
  return due.toSorted((a, b) => a.attempt - b.attempt || a.run.ordinal - b.run.ordinal)[0];
}

async function answers({ servers, signal }: CampaignParts, url: string): Promise<boolean> {
  try {
    await servers.find((server) => server.url === url)?.look(signal);
    return true;
  } catch {
    // Why not is told where the run is tried, or excluded.
    signal.throwIfAborted();
    return false;
  }
}

/**
 * One try; NotReady where it could not be begun because a server cannot be reached. Where the warm-up failed otherwise, the run is made
 * all the same and counts nowhere: what its agents met tells more than the warm-up did.
 */
async function tryOne(parts: CampaignParts, due: DueRun, { warmUp, rehearsal }: Ready): Promise<RunOutcome | NotReady> {
  const { cell } = due.run;
  const make = (started: RunOutcome['started']) => makeRun(cell, domainRun(parts, due.run), started, parts, parts.signal);
  await rehearsal(cell, domainRun(parts, due.run), parts.signal);
  try {
    return await make(await warmUp.before(cell, parts.signal));
  } catch (error) {
    if (!(error instanceof NotReady)) throw error;
    if (error.away) return error;
    const outcome = await make('unknown');
    return { ...outcome, fault: outcome.fault ?? `The warm-up failed: ${error.message}` };
  }
}

function neverBegun({ clock }: CampaignParts, { url, message }: NotReady): RunOutcome {
  return { startedAt: clock.now(), wallSeconds: 0, analyses: {}, servers: [url], fault: message, started: 'unknown' };
}

function domainRun({ dataset, inventory }: CampaignParts, { cell, ordinal }: PlannedRun): Run {
  return runOf(dataset, inventory, cell.profile, ordinal);
}

/** Enters a try into the journal. `waited`: its server was waited for, so that another try would find no other. */
async function keepTry(
  parts: CampaignParts,
  planned: readonly PlannedRun[],
  due: DueRun,
  outcome: RunOutcome,
  waited = false,
): Promise<void> {
  const { file, inventory, journal } = parts;
  const { run, attempt } = due;
  const id = domainRun(parts, run);
  await parts.keep(id, attempt, outcome);
  const tried = entryOf({ file, run, attempt, id: id.id, inventory, outcome, digests: knownDigests(journal.entries()) });
  const begun = Object.keys(outcome.analyses).length > 0 ? tried : unmeasured(tried);
  const entry = waited ? { ...begun, again: false } : begun;
  await journal.add(entry);
  parts.onProgress({ kind: 'tried', due, entry, standing: standingOf(parts, planned) });
  await parts.afterRun(id, entry);
}

/** A try that was never begun took no time, and so measured none. */
function unmeasured(entry: JournalEntry): JournalEntry {
  const { look } = entry.line.measured;
  return { ...entry, line: { ...entry.line, measured: look === undefined ? {} : { look } } };
}
