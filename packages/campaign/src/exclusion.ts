import { isUnfit, NOTHING_TO_ASK } from '@chimera/agent';
import { FAILURES, fullModelName } from '@chimera/ollama';
import { AGENT_NAMES, type AgentName, type Analysis, agentsOf, type Call, type Section, shortId } from '@chimera/shared/domain';
import { loadFault } from './load-fault.ts';
import type { RunOutcome } from './outcome.ts';
import type { PlannedRun } from './plan.ts';

/** Why a try counts nowhere: a sentence; `again`: whether another try may succeed. */
export type Exclusion = { reason: string; again: boolean };

/**
 * Why a try counts nowhere, or null. Failed is not fast: a try in which a call failed, a section was not written, or the model was
 * not as it was to be when the run began, measures something else than what was asked. What a model wrote badly is no such reason:
 * sentences that were withheld are part of the result.
 * @param context `digests`: of each model, by its name as `digestsOf` has it, what the campaign's first try had
 */
export function exclusionOf(
  { cell }: Pick<PlannedRun, 'cell'>,
  outcome: RunOutcome,
  { digests }: { digests: ReadonlyMap<string, string> },
): Exclusion | null {
  const analyses = agentsOf(cell.profile).map((agent) => ({ agent, analysis: outcome.analyses[agent] ?? null }));
  const there = analyses.flatMap(({ analysis }) => analysis ?? []);
  // What would come again comes first: it is what there is to do something about.
  const lasting = first(there, (one) => unfit(one) ?? cutPrompt(one)) ?? otherDigest(outcome, digests);
  if (lasting !== null) return { reason: lasting, again: false };
  const missing = analyses.find(({ analysis }) => analysis === null);
  const accident =
    outcome.fault ??
    (missing === undefined ? null : `There is no analysis of ${missing.agent}.`) ??
    first(there, (one) => silent(one) ?? unwritten(one) ?? failed(one) ?? storedAnswer(one)) ??
    loadFault(cell, outcome);
  return accident === null ? null : { reason: accident, again: true };
}

/** What a try told of its models' digests, by the model's full name in lower case; the first one that was told stands. */
export function digestsOf({ analyses }: Pick<RunOutcome, 'analyses'>): Map<string, string> {
  const digests = new Map<string, string>();
  for (const { model, digest } of AGENT_NAMES.flatMap((name) => analyses[name]?.calls ?? [])) {
    if (digest !== null && !digests.has(keyOf(model))) digests.set(keyOf(model), digest);
  }
  return digests;
}

function keyOf(model: string): string {
  return fullModelName(model).toLowerCase();
}

function first(analyses: readonly Analysis[], faultOf: (one: Analysis) => string | null): string | null {
  for (const one of analyses) {
    const fault = faultOf(one);
    if (fault !== null) return fault;
  }
  return null;
}

function unfit({ agent, sections }: Analysis): string | null {
  const section = sections.find(({ reason }) => reason !== null && isUnfit(reason));
  return section === undefined ? null : `${agent} could not ask for all of its sections: ${ended(section.reason)}`;
}

function cutPrompt({ agent, calls }: Analysis): string | null {
  const call = calls.find(({ truncated }) => truncated === true);
  return call === undefined
    ? null
    : `The server cut a prompt: ${call.server} took ${call.promptTokens ?? 'some'} tokens of the one for ${sectionOf(agent, call)}, and dropped the rest. Raise num_ctx.`;
}

function otherDigest(outcome: RunOutcome, known: ReadonlyMap<string, string>): string | null {
  const expected = new Map([...digestsOf(outcome), ...known]);
  for (const { model, digest, server } of AGENT_NAMES.flatMap((name) => outcome.analyses[name]?.calls ?? [])) {
    const before = expected.get(keyOf(model));
    if (digest !== null && before !== undefined && digest !== before)
      return `${model} at ${server} is not the model of the campaign's first run: its digest is ${shortId(digest)}, and was ${shortId(before)}.`;
  }
  return null;
}

/** A narrator that is no model, unless because all that a model wrote was withheld. */
function silent({ agent, narrator, account }: Analysis): string | null {
  if (narrator.kind === 'model' || account.written > 0) return null;
  return `No model spoke for ${agent}: ${ended(narrator.reason)}`;
}

function unwritten({ agent, sections, account }: Analysis): string | null {
  const wrote = ({ id }: Section) => account.withheld.some((one) => one.section === id);
  const section = sections.find((one) => one.reason !== null && one.reason !== NOTHING_TO_ASK && !wrote(one));
  return section === undefined ? null : `The model did not write "${section.title}" of ${agent}: ${ended(section.reason)}`;
}

function failed({ agent, calls }: Analysis): string | null {
  const call = calls.find(({ outcome }) => Object.hasOwn(FAILURES, outcome));
  return call === undefined ? null : `A call for ${sectionOf(agent, call)} failed at ${call.server}: ${call.outcome}.`;
}

function storedAnswer({ agent, calls }: Analysis): string | null {
  const call = calls.find(({ stored }) => stored);
  return call === undefined ? null : `The answer for ${sectionOf(agent, call)} was that of an earlier, equal call: nothing was generated.`;
}

function sectionOf(agent: AgentName, { section, repair }: Call): string {
  return `"${section}" of ${agent}${repair ? ' (asked again)' : ''}`;
}

/** A quoted reason as the end of a sentence. */
function ended(reason: string | null): string {
  const text = reason ?? 'no reason is told';
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
