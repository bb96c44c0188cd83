import { type AgentDefinition, definitionFor, type Grounds, type SoleServer, type WriteOptions } from '@chimera/agent';
import { OllamaFailure } from '@chimera/ollama';
import type { Clock } from '@chimera/shared/bus';
import { type AgentName, type Analysis, type Arrangement, agentsOf, type Run, type Section } from '@chimera/shared/domain';
import { askedServers } from './asked-servers.ts';
import type { Cell } from './cell.ts';
import type { RunOutcome } from './outcome.ts';

/** What all runs of a campaign are made with. The grounds are warm: see `warmGrounds`. */
export type RunMeans = {
  servers: readonly SoleServer[];
  definitions: Readonly<Record<AgentName, AgentDefinition>>;
  grounds: Grounds;
  clock: Pick<Clock, 'now' | 'elapsed'>;
  keepTranscript: WriteOptions['keepTranscript'];
};

/** What one side of a run came to: its analysis, or why there is none; `fault` ends the other side too. */
type Side = { analysis: Analysis | null; fault: string | null };

type Write = (agent: AgentName, signal: AbortSignal, heard?: readonly Section[]) => Promise<Side>;

/** What is left to do of an analysis that is there: GPUs tell of a call after it. No part of the run's time. */
type Rest = Promise<void>[];

/**
 * Makes one run: its agents write as the cell's arrangement says. The wall clock begins before the first analysis and ends after the
 * last, by a clock that only grows. Where one side fails, the other is broken off or not begun: the run counts nowhere then.
 * @throws the signal's reason; whatever is no fault of a server or a model
 */
export async function makeRun(
  cell: Cell,
  run: Run,
  started: RunOutcome['started'],
  means: RunMeans,
  outer: AbortSignal,
): Promise<RunOutcome> {
  outer.throwIfAborted();
  const { clock } = means;
  const asking = askedServers(cell, means.servers);
  const sides: Partial<Record<AgentName, Side>> = {};
  const rest: Rest = [];
  const write: Write = async (agent, signal, heard) => {
    const side = await writeSide(cell, run, agent, means, { signal, rest, ...(heard === undefined ? {} : { heard }) });
    sides[agent] = side;
    return side;
  };
  const [startedAt, beganMs] = [clock.now(), clock.elapsed()];
  await WAYS[cell.arrangement](agentsOf(cell.profile), write, outer);
  const wallSeconds = (clock.elapsed() - beganMs) / 1_000;
  await Promise.all(rest);
  outer.throwIfAborted();
  const there = asking.filter(({ agent }) => sides[agent] !== undefined);
  return {
    startedAt,
    wallSeconds,
    analyses: Object.fromEntries(there.flatMap(({ agent }) => (sides[agent]?.analysis ? [[agent, sides[agent].analysis]] : []))),
    servers: [...new Set(there.map(({ server }) => server.url))],
    fault: there.map(({ agent }) => sides[agent]?.fault ?? null).find((fault) => fault !== null) ?? null,
    started,
  };
}

type Way = (agents: readonly AgentName[], write: Write, outer: AbortSignal) => Promise<void>;

const WAYS: Readonly<Record<Arrangement, Way>> = {
  serial: (agents, write, outer) => inTurn(agents, write, outer, false),
  handoff: (agents, write, outer) => inTurn(agents, write, outer, true),
  parallel: atOnce,
  spread: atOnce,
  alone: (agents, write, outer) => inTurn(agents, write, outer, false),
};

/** One after the other; `hands`: each hears what the one before it said. */
async function inTurn(agents: readonly AgentName[], write: Write, outer: AbortSignal, hands: boolean): Promise<void> {
  let said: readonly Section[] | undefined;
  for (const agent of agents) {
    const { analysis, fault } = await write(agent, outer, hands ? said : undefined);
    if (fault !== null) return;
    said = analysis?.sections;
  }
}

async function atOnce(agents: readonly AgentName[], write: Write, outer: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([outer, over.signal]);
  const sides = agents.map(async (agent) => {
    try {
      if ((await write(agent, signal)).fault !== null) over.abort(new OtherSideFailed());
    } catch (error) {
      if (over.signal.aborted && !outer.aborted) return; // broken off by the other side, whose fault is told
      over.abort(new OtherSideFailed());
      throw error;
    }
  });
  const ended = await Promise.allSettled(sides);
  outer.throwIfAborted();
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

class OtherSideFailed extends Error {
  override name = 'OtherSideFailed';
  constructor() {
    super('The other agent of the run failed.');
  }
}

async function writeSide(
  cell: Cell,
  run: Run,
  agent: AgentName,
  { servers, definitions, grounds, keepTranscript }: RunMeans,
  { signal, rest, heard }: { signal: AbortSignal; rest: Rest; heard?: readonly Section[] },
): Promise<Side> {
  const server = askedServers(cell, servers).find((one) => one.agent === agent)?.server;
  const profile = cell.profile.agents[agent];
  if (server === undefined || profile === undefined) throw new Error(`The profile ${cell.name} has no ${agent}.`);
  const definition = definitionFor(definitions[agent], cell.profile);
  const input = { definition, run, profile, ...grounds, ...(heard === undefined ? {} : { heard }) };
  try {
    const analysis = await server.write(input, { signal, keepTranscript, afterwards: (late) => rest.push(late) });
    return { analysis, fault: silence(analysis) };
  } catch (error) {
    if (signal.aborted || !(error instanceof OllamaFailure)) throw error;
    return { analysis: null, fault: `${agent} could not be asked: ${error.message}` };
  }
}

/** Why an analysis is none of a model's, in a sentence; null where a model wrote, well or badly. */
function silence({ agent, narrator, account }: Analysis): string | null {
  if (narrator.kind === 'model' || account.written > 0) return null;
  const reason = narrator.reason ?? 'no reason is told';
  return `No model spoke for ${agent}: ${reason}${/[.!?]$/.test(reason) ? '' : '.'}`;
}
