import {
  type AgentRecord,
  type Analysis,
  agentsOf,
  type Call,
  type InventoryRef,
  type Observations,
  type Run,
  type RunRecord,
} from '@chimera/shared/domain';
import type { Analyses } from './narrators.ts';
import { energyOf, nodesOf } from './node-use.ts';

export type RecordInput = {
  run: Run;
  inventory: InventoryRef;
  observations: Observations;
  analyses: Analyses;
  missing: RunRecord['missing'];
  version: string;
  /** the trace that it is printed in; null or absent where nothing is traced */
  trace?: string | null;
  /** epoch ms at which assembling began, and now */
  assembledFrom: number;
  now: number;
};

/** What happened in the run, from what each stage measured of itself. */
export function runRecord(input: RecordInput): RunRecord {
  const { inventory, analyses } = input;
  const done = Object.values(analyses);
  const seconds = (fromMs: number, toMs: number) => Math.max(0, (toMs - fromMs) / 1_000);
  const analysis =
    done.length === 0
      ? 0
      : seconds(Math.min(...done.map((a) => Date.parse(a.startedAt))), Math.max(...done.map((a) => Date.parse(a.finishedAt))));
  const report = seconds(input.assembledFrom, input.now);
  // A campaign takes its dataset in once, and prints a run whenever it is asked to: the time between is no part of it.
  const total =
    input.run.ordinal === null ? seconds(Date.parse(inventory.ingest.startedAt), input.now) : inventory.ingest.seconds + analysis + report;
  const agents: RunRecord['agents'] = {};
  for (const agent of agentsOf(input.run.profile)) {
    const one = analyses[agent];
    if (one) agents[agent] = agentRecord(one);
  }
  return {
    printedAt: new Date(input.now).toISOString(),
    takenAt: input.observations.takenAt,
    bucket: input.observations.bucket,
    version: input.version,
    profile: input.run.profile,
    seconds: {
      ingest: inventory.ingest.seconds,
      analysis,
      report,
      total,
    },
    files: inventory.artifacts,
    agents,
    nodes: nodesOf(done.flatMap(({ calls }) => calls)),
    missing: input.missing,
    trace: input.trace ?? null,
  };
}

function agentRecord(analysis: Analysis): AgentRecord {
  const calls = analysis.calls.filter(({ stored }) => !stored);
  const sum = (field: 'totalSeconds' | 'loadSeconds' | 'promptEvalSeconds' | 'evalSeconds' | 'promptTokens' | 'outputTokens') =>
    sumOf(calls, field);
  const [outputTokens, evalSeconds] = [sum('outputTokens'), sum('evalSeconds')];
  return {
    title: analysis.title,
    persona: analysis.persona,
    narrator: analysis.narrator,
    calls: analysis.calls,
    found: analysis.found,
    warnings: analysis.warnings,
    account: analysis.account,
    seconds: Math.max(0, (Date.parse(analysis.finishedAt) - Date.parse(analysis.startedAt)) / 1_000),
    timeToFirstTokenSeconds: calls[0]?.timeToFirstTokenSeconds ?? null,
    totalSeconds: sum('totalSeconds'),
    loadSeconds: sum('loadSeconds'),
    promptEvalSeconds: sum('promptEvalSeconds'),
    evalSeconds,
    promptTokens: sum('promptTokens'),
    outputTokens,
    outputTokensPerSecond: outputTokens !== null && evalSeconds ? outputTokens / evalSeconds : null,
    storedCalls: analysis.calls.length - calls.length,
    ...energyOf(calls),
  };
}

/** The sum over all calls, or null where one call does not say: an absent value is not zero. */
function sumOf(
  calls: readonly Call[],
  field: 'totalSeconds' | 'loadSeconds' | 'promptEvalSeconds' | 'evalSeconds' | 'promptTokens' | 'outputTokens',
): number | null {
  const values = calls.map((call) => call[field]);
  return values.length === 0 || values.some((v) => v === null) ? null : values.reduce<number>((total, v) => total + (v ?? 0), 0);
}
