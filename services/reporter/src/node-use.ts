import type { Call, GpuUse, NodeUse } from '@chimera/shared/domain';
import { overTime, type Span } from './over-time.ts';

/** A call whose node was sampled. */
type Sampled = Call & { gpu: GpuUse };

/** What the GPUs of each node did during the calls of a run; an answer taken from an earlier call counts nowhere. */
export function nodesOf(calls: readonly Call[]): NodeUse[] {
  return [...byNode(calls.filter(isSampled))].map(([node, here]) => nodeUse(node, here));
}

/**
 * The energy of the nodes during the calls that tell it and how many tokens they generated, and the tokens of one joule; null where
 * none tells.
 */
export function energyOf(calls: readonly Call[]): { energyJoules: number | null; tokensPerJoule: number | null } {
  const told = calls
    .filter(isSampled)
    .filter(({ gpu, outputTokens }) => gpu.energyJoules !== null && gpu.energyJoules > 0 && outputTokens !== null);
  if (told.length === 0) return { energyJoules: null, tokensPerJoule: null };
  const energyJoules = sum([...byNode(told).values()].map(joulesOf));
  return { energyJoules, tokensPerJoule: sum(told.map(({ outputTokens }) => outputTokens ?? 0)) / energyJoules };
}

function nodeUse(node: string, calls: readonly [Sampled, ...Sampled[]]): NodeUse {
  const uses = calls.map(({ gpu }) => gpu);
  const mean = (field: 'utilization' | 'powerWatts') => {
    const told = calls.flatMap((call) => (call.gpu[field] === null ? [] : [spanOf(call, call.gpu[field])]));
    return told.length === 0 ? null : overTime(told).mean;
  };
  const memory = uses.flatMap(({ memoryBytes }) => memoryBytes ?? []);
  const withEnergy = calls.filter(({ gpu }) => gpu.energyJoules !== null);
  const { seconds, overlapping } = overTime(calls.map((call) => spanOf(call, 0)));
  return {
    ...{ node, source: calls[0].gpu.source, gpus: Math.max(...uses.map(({ gpus }) => gpus)), calls: calls.length },
    ...{ samples: sum(uses.map(({ samples }) => samples)), seconds, overlapping },
    utilization: mean('utilization'),
    memoryBytes: memory.length === 0 ? null : Math.max(...memory),
    powerWatts: mean('powerWatts'),
    energyJoules: withEnergy.length === 0 ? null : joulesOf(withEnergy),
    tokensPerJoule: energyOf(calls).tokensPerJoule,
  };
}

/** The energy of one node during some calls there. */
function joulesOf(calls: readonly Sampled[]): number {
  const lasting = calls.filter(({ wallSeconds }) => wallSeconds > 0);
  const instant = calls.filter(({ wallSeconds }) => wallSeconds <= 0);
  const { mean, seconds } = overTime(lasting.map((call) => spanOf(call, (call.gpu.energyJoules ?? 0) / call.wallSeconds)));
  return mean * seconds + sum(instant.map(({ gpu }) => gpu.energyJoules ?? 0));
}

function spanOf({ startedAt, wallSeconds }: Call, value: number): Span {
  const from = Date.parse(startedAt) / 1_000;
  return { from, to: from + wallSeconds, value };
}

function byNode(calls: readonly Sampled[]): Map<string, [Sampled, ...Sampled[]]> {
  const nodes = new Map<string, [Sampled, ...Sampled[]]>();
  for (const call of calls) {
    const known = nodes.get(call.gpu.node);
    if (known === undefined) nodes.set(call.gpu.node, [call]);
    else known.push(call);
  }
  return nodes;
}

function isSampled(call: Call): call is Sampled {
  return call.gpu !== null && !call.stored;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
