import { allDuties, NOTHING_TO_ASK } from '@chimera/agent';
import {
  AGENT_NAMES,
  type Analysis,
  CAMPAIGN_FIELDS,
  type Call,
  type CampaignField,
  type CampaignRun,
  type Section,
} from '@chimera/shared/domain';
import type { RunOutcome } from './outcome.ts';
import { MOST_LOOKS, type PlannedRun } from './plan.ts';
import { SLACK_MS, spanOf, together, union } from './spans.ts';

/**
 * What one try measured, by the fields of a campaign. What cannot be told is absent, never zero: a sum over calls stands there only
 * where every call tells its part.
 */
export function measuredOf({ look }: Pick<PlannedRun, 'look'>, outcome: RunOutcome): CampaignRun['measured'] {
  const analyses = AGENT_NAMES.flatMap((name) => outcome.analyses[name] ?? []);
  const calls = analyses.flatMap((one) => one.calls);
  const outputTokens = sum(calls.map((call) => call.outputTokens));
  const values: Record<CampaignField, number | null> = {
    wall_clock: outcome.wallSeconds,
    output_token_throughput: ratio(outputTokens, outcome.wallSeconds),
    time_per_output_token: ratio(sum(calls.map(writingSeconds)), outputTokens),
    time_to_first_token: firstOf(calls)?.timeToFirstTokenSeconds ?? null,
    load_duration: sum(calls.map((call) => call.loadSeconds)),
    output_tokens: outputTokens,
    prompt_tokens: sum(calls.map((call) => call.promptTokens)),
    server_seconds: serverSeconds(calls),
    energy: energyOf(calls),
    sentences_survived: survived(analyses),
    duties_fulfilled: fulfilled(analyses),
    repairs: analyses.length === 0 ? null : calls.filter((call) => call.repair).length,
    // All looks that are allowed count once one was taken: how many there will be must not depend on what they show.
    look: look === 0 ? 0 : MOST_LOOKS - 1,
  };
  const told = Object.entries(values).flatMap(([field, value]) =>
    value === null ? [] : [[field, { value, unit: CAMPAIGN_FIELDS[field as CampaignField].unit }] as const],
  );
  return Object.fromEntries(told);
}

/**
 * How long a call's answer was written, as the server says; null where it says longer than the whole call took. The replay server may
 * say so: it names the times of the model that it plays, at whatever speed.
 */
function writingSeconds({ evalSeconds, wallSeconds, replay }: Call): number | null {
  return evalSeconds !== null && evalSeconds > wallSeconds * CLOCKS_APART && !replay ? null : evalSeconds;
}

/** Two clocks that measure one call may differ by so much. */
const CLOCKS_APART = 1.05;

function sum(parts: readonly (number | null)[]): number | null {
  let total = 0;
  for (const part of parts) {
    if (part === null) return null;
    total += part;
  }
  return parts.length === 0 ? null : total;
}

function ratio(of: number | null, to: number | null): number | null {
  return of === null || to === null || to <= 0 ? null : of / to;
}

/**
 * The call that was put first. Of several that were put to its server at once it is the one that was answered first: a server that
 * works at one call at a time may take either, and the other waits for all of its answer.
 */
function firstOf(calls: readonly Call[]): Call | null {
  const [first, ...others] = calls.toSorted((a, b) => spanOf(a).from - spanOf(b).from);
  if (first === undefined) return null;
  const answeredMs = (call: Call) => spanOf(call).from + (call.timeToFirstTokenSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
  const atOnce = others.filter((call) => call.server === first.server && spanOf(call).from <= spanOf(first).from + SLACK_MS);
  return atOnce.reduce((best, call) => (answeredMs(call) < answeredMs(best) ? call : best), first);
}

/** The seconds in which a server had at least one call to answer, of all servers together: two calls at once do not cost twice. */
function serverSeconds(calls: readonly Call[]): number | null {
  const asked = calls.filter((call) => !call.stored);
  if (asked.length === 0) return null;
  const servers = Map.groupBy(asked, (call) => call.server);
  return [...servers.values()].reduce((total, ofOne) => total + union(ofOne), 0);
}

/**
 * The energy of all calls. What a call tells is that of all GPUs of its node while it ran; where two calls of one node overlap, both
 * tell that of the other too, and what they cost together cannot be had from them: it is absent.
 */
function energyOf(calls: readonly Call[]): number | null {
  const nodes = Map.groupBy(calls, (call) => call.gpu?.node ?? '');
  const apart = [...nodes.values()].every((ofOne) => !together(ofOne));
  return apart ? sum(calls.map((call) => call.gpu?.energyJoules ?? null)) : null;
}

function survived(analyses: readonly Analysis[]): number | null {
  const count = (tell: (account: Analysis['account']) => number) => analyses.reduce((total, { account }) => total + tell(account), 0);
  return ratio(
    count(({ kept, repaired }) => kept + repaired),
    count(({ written }) => written),
  );
}

const LEAST: ReadonlyMap<string, number> = new Map(allDuties.sections.map(({ id, least }) => [id, least]));

/**
 * The share of sections in which as many sentences as the duty asks for at least are the model's own; one of a section that no duty
 * of ours names. A section on which no fact bears is nobody's duty: the model was not asked.
 */
function fulfilled(analyses: readonly Analysis[]): number | null {
  const sections = analyses.flatMap((one) => one.sections).filter(({ reason }) => reason !== NOTHING_TO_ASK);
  const done = sections.filter((section) => byModel(section) >= (LEAST.get(section.id) ?? 1));
  return ratio(done.length, sections.length);
}

function byModel({ sentences }: Section): number {
  return sentences.filter(({ by }) => by === 'model').length;
}
