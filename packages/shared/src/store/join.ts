import { z } from 'zod';
import { InventoryRef } from '../domain/inventory.ts';
import { AGENT_NAMES, AgentName, agentsOf } from '../domain/profile.ts';
import { Run } from '../domain/run.ts';
import { Instant, Sha256 } from '../domain/text.ts';

/** The KV bucket of joins; the key is the run's id. */
export const JOINS_BUCKET = 'chimera_joins';

/** One agent's part: waiting, begun (its deadline counts from `at`), or done with the blob of its analysis. */
export const JoinPart = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('waiting') }),
  z.strictObject({ state: z.literal('begun'), at: Instant }),
  z.strictObject({ state: z.literal('done'), analysis: Sha256 }),
]);
export type JoinPart = z.infer<typeof JoinPart>;

/**
 * What is waited for before a run is printed. `printed` holds the last revision and the analyses it was made
 * from (null for one that was missing) and the blob of that report; revision 0 is none, with no blob. Whoever comes
 * first defines a revision: what others made of it meanwhile is never seen. A join whose inventory is no longer the current one
 * is deleted: its work is void.
 */
export const Join = z.object({
  run: Run,
  inventory: InventoryRef,
  openedAt: Instant,
  parts: z.partialRecord(AgentName, JoinPart),
  /** the spans of the analyses that are there, where they were traced; beside the parts, so that services of two versions work side by side */
  traces: z.partialRecord(AgentName, z.string()).optional().catch(undefined),
  printed: z.strictObject({
    revision: z.int().nonnegative(),
    analyses: z.partialRecord(AgentName, Sha256.nullable()),
    report: Sha256.nullable(),
  }),
});
export type Join = z.infer<typeof Join>;

/** A join as it is opened: every agent of the profile is waited for. */
export function openJoin(run: Run, inventory: InventoryRef, at: string): Join {
  const parts: Join['parts'] = {};
  for (const agent of agentsOf(run.profile)) parts[agent] = { state: 'waiting' };
  return { run, inventory, openedAt: at, parts, printed: { revision: 0, analyses: {}, report: null } };
}

export type JoinEvent =
  /** the dataset has come to this inventory: for the first time, or back to it */
  | { type: 'opened'; inventory: InventoryRef; at: string }
  | { type: 'begun'; agent: AgentName; at: string }
  | { type: 'done'; agent: AgentName; analysis: string; traceparent?: string | null }
  | { type: 'printed'; revision: number; analyses: Join['printed']['analyses']; report: string };

/**
 * The join after an event, or null where the event changes nothing: events may come twice and in any order.
 * An agent's first analysis counts: a second one, from work that was done twice, would print the same run again.
 */
export function evolveJoin(join: Join, event: JoinEvent): Join | null {
  switch (event.type) {
    case 'opened':
      return event.inventory.generation > join.inventory.generation ? reopened(join, event.inventory, event.at) : null;
    case 'begun': {
      const part = join.parts[event.agent];
      if (part === undefined || part.state === 'done') return null;
      // The deadline counts from the first beginning: a redelivery must not put it off.
      if (part.state === 'begun' && part.at <= event.at) return null;
      return { ...join, parts: { ...join.parts, [event.agent]: { state: 'begun', at: event.at } } };
    }
    case 'done': {
      const part = join.parts[event.agent];
      if (part === undefined || part.state === 'done') return null;
      return {
        ...join,
        parts: { ...join.parts, [event.agent]: { state: 'done', analysis: event.analysis } },
        ...(event.traceparent ? { traces: { ...join.traces, [event.agent]: event.traceparent } } : {}),
      };
    }
    case 'printed':
      // What was assembled from other analyses than those that are here now is void: the server may have forgotten some.
      if (event.revision !== join.printed.revision + 1 || !sameAnalyses(event.analyses, analysesOf(join))) return null;
      return { ...join, printed: { revision: event.revision, analyses: event.analyses, report: event.report } };
  }
}

function sameAnalyses(a: Join['printed']['analyses'], b: Join['printed']['analyses']): boolean {
  return AGENT_NAMES.every((agent) => (a[agent] ?? null) === (b[agent] ?? null));
}

/** Waits anew for what is not there yet: the deadlines of the first time are long past. */
function reopened(join: Join, inventory: InventoryRef, at: string): Join {
  const parts: Join['parts'] = {};
  for (const agent of agentsOf(join.run.profile))
    parts[agent] = join.parts[agent]?.state === 'done' ? join.parts[agent] : { state: 'waiting' };
  return { ...join, inventory, openedAt: at, parts };
}

/** The analyses that are there, by agent; null for those that are not. */
export function analysesOf(join: Join): Join['printed']['analyses'] {
  const analyses: Join['printed']['analyses'] = {};
  for (const agent of agentsOf(join.run.profile)) {
    const part = join.parts[agent];
    analyses[agent] = part?.state === 'done' ? part.analysis : null;
  }
  return analyses;
}

/** What should happen to a join now. */
export type JoinDecision = { act: 'wait' } | { act: 'print'; revision: number; missing: AgentName[] };

/** How many seconds a part has been as it is, by the times that are written in the join; those of several clocks. */
export function writtenAge(join: Join, agent: AgentName, now: number): number {
  const part = join.parts[agent];
  return (now - Date.parse(part?.state === 'begun' ? part.at : join.openedAt)) / 1_000;
}

/**
 * Decides: prints when every part is done, or when each missing one is past its deadline (`begunSeconds` after work
 * on it began, `waitingSeconds` after opening if none did), or anew when an analysis came after printing. Nothing is
 * ever waited for without end. `ageOf`: how many seconds a part has been as it is.
 */
export function decideJoin(
  join: Join,
  ageOf: (agent: AgentName) => number,
  limits: { begunSeconds: number; waitingSeconds: number },
): JoinDecision {
  const analyses = analysesOf(join);
  const missing = agentsOf(join.run.profile).filter((agent) => analyses[agent] === null);
  const next = join.printed.revision + 1;
  if (join.printed.revision > 0) {
    const news = agentsOf(join.run.profile).some((agent) => analyses[agent] !== null && analyses[agent] !== join.printed.analyses[agent]);
    return news ? { act: 'print', revision: next, missing } : { act: 'wait' };
  }
  const late = (agent: AgentName) => ageOf(agent) > (join.parts[agent]?.state === 'begun' ? limits.begunSeconds : limits.waitingSeconds);
  return missing.every(late) ? { act: 'print', revision: next, missing } : { act: 'wait' };
}
