import { fullModelName } from '@chimera/ollama';
import { AGENT_NAMES, type AgentName, type Call, type Profile } from '@chimera/shared/domain';
import type { Cell } from './cell.ts';
import type { RunOutcome } from './outcome.ts';
import { spanOf } from './spans.ts';

/** Seconds: a cold start has at least so much of a load; whether the model was there tells the server's list, not this. */
const NO_LOAD = 0.1;
/**
 * Seconds by which a load is longer than what a server names as load where the model is loaded: for the schedule and the prompt's
 * template, 0.02 to 0.08 on a fast machine, and 0.15 to 0.35 of gemma3 on a laptop whose loads take 4 to 7.
 */
const SURE_LOAD = 0.5;
/** Seconds of a try's shortest load that are taken for that: a slower machine names more, and one that loads at each call far more. */
const MOST_ORDINARY = 0.5;

type Asked = { agent: AgentName; call: Call };

/**
 * Why the loads of a try are not those that its start asks for: a sentence, or null. A warm run loads nothing; a cold one loads with
 * its first call on each server. Where the agents ask one server for several models, or for one with other runner options, it may
 * load at each switch: that is what the profile costs there, and no accident.
 */
export function loadFault(
  { start, profile, arrangement }: Pick<Cell, 'start' | 'profile' | 'arrangement'>,
  { analyses, started }: Pick<RunOutcome, 'analyses' | 'started'>,
): string | null {
  if (started !== 'unknown' && started !== start)
    return `The run was to begin ${start}, and the model was ${started === 'warm' ? 'loaded already' : 'not loaded'}.`;
  const asked = AGENT_NAMES.flatMap((agent) =>
    (analyses[agent]?.calls ?? []).filter(({ stored }) => !stored).map((call): Asked => ({ agent, call })),
  );
  for (const ofOne of Map.groupBy(asked, ({ call }) => call.server).values()) {
    const calls = ofOne.sort((a, b) => spanOf(a.call).from - spanOf(b.call).from);
    const switches = new Set(calls.map(({ agent }) => runnerOf(profile, agent))).size > 1;
    // Of agents that begin at once with settings of their own, either may come first: only one of them can find its model loaded.
    const anyFirst = switches && arrangement === 'parallel';
    const fault = start === 'cold' ? coldFault(calls, switches) : anyFirst ? null : warmFault(calls, switches);
    if (fault !== null) return fault;
  }
  return null;
}

function warmFault(calls: readonly Asked[], switches: boolean): string | null {
  const [first] = calls;
  if (first !== undefined && hasLoaded(first, ordinaryOf(calls)))
    return `The run was to begin warm, and its first call at ${first.call.server} loaded the model for ${seconds(first)}.`;
  return switches ? null : loadedAgain(calls, ordinaryOf(calls));
}

function coldFault(calls: readonly Asked[], switches: boolean): string | null {
  const [first] = calls;
  if (first === undefined) return null;
  // Calls that came while the model was being loaded waited for it too, and tell so.
  const end = spanOf(first.call).from + (first.call.loadSeconds ?? 0) * 1_000;
  const opening = calls.filter(({ call }) => spanOf(call).from <= end);
  if (!opening.some(({ call }) => (call.loadSeconds ?? 0) > NO_LOAD))
    return `The run was to begin cold, and its first call at ${first.call.server} did not load the model.`;
  const behind = calls.slice(opening.length);
  return switches ? null : loadedAgain(behind, ordinaryOf(behind));
}

/** A load that nothing in the profile asks for: somebody else's call came between. */
function loadedAgain(calls: readonly Asked[], ordinary: number): string | null {
  const again = calls.find((one) => hasLoaded(one, ordinary));
  if (again === undefined) return null;
  const { server, section } = again.call;
  return `${server} loaded the model again in the middle of the run, for ${seconds(again)} at "${section}" of ${again.agent}: somebody else may have asked it for another one.`;
}

/** Seconds that a server names as load where nothing is loaded, by its shortest of some calls; of one alone nobody can tell. */
function ordinaryOf(calls: readonly Asked[]): number {
  const told = calls.flatMap(({ call }) => call.loadSeconds ?? []);
  return told.length < 2 ? 0 : Math.min(MOST_ORDINARY, ...told);
}

function hasLoaded({ call }: Asked, ordinary: number): boolean {
  return call.loadSeconds !== null && call.loadSeconds > ordinary + SURE_LOAD;
}

/** What a server loads for an agent: equal for two agents that can share it. A negative num_gpu is the server's own choice. */
function runnerOf({ agents }: Profile, agent: AgentName): string {
  const { model, options } = agents[agent] ?? {};
  const { num_ctx, num_gpu = -1 } = options ?? {};
  return JSON.stringify([model == null ? null : fullModelName(model).toLowerCase(), num_ctx ?? null, Math.max(-1, num_gpu)]);
}

function seconds({ call }: Asked): string {
  return `${Number((call.loadSeconds ?? 0).toFixed(3))} s`;
}
