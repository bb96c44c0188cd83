import { computeEvidence, describe as describeArtifact, inOneGo, modificationFacts, samplesOf, seriesOf } from '@chimera/evidence';
import {
  type Analysis,
  type Artifact,
  type Call,
  type Evidence,
  type Fact,
  type Measurement,
  OBSERVATIONS_SCHEMA,
  type Profile,
} from '@chimera/shared/domain';
import type { ReportInput } from '../../services/reporter/src/report.ts';
import { type RecordInput, runRecord } from '../../services/reporter/src/run-record.ts';

const AT = '2026-03-04T05:06:07.000Z';
const hash = (n: number) => n.toString(16).padStart(64, '0');

export type Given = {
  title?: string;
  files: Record<string, Measurement[]>;
  /** path → reason */
  refused?: Record<string, string>;
  /** what every artifact that was read has beside its numbers */
  warnings?: string[];
  failed?: string;
  unsettled?: Record<string, string>;
  /** null: no model is asked for */
  model?: string | null;
  /** who takes part, and how; left out: both agents, with the model */
  agents?: Profile['agents'];
  analyses: (facts: readonly Fact[]) => Partial<Record<'collector' | 'insight', Partial<Analysis>>>;
};

/** Measurements of a column, in a unit; a run each. */
export function column(metric: string, unit: string | null, labels: Record<string, string>, values: readonly number[]): Measurement[] {
  return values.map((value, i) => ({
    ...{ metric, statistic: 'value', value, text: null, unit, n: null, labels, failed: false },
    pointer: `line ${i + 2} column ${metric}`,
  }));
}

/** A call that was answered at once. */
export function callOf(more: Partial<Call> = {}): Call {
  return {
    ...{ model: 'm:1b', server: 'http://127.0.0.1:1', startedAt: AT, outcome: 'stop', section: 'summary', repair: false },
    ...{ timeToFirstTokenSeconds: 0.5, wallSeconds: 1, slotWaitSeconds: 0, queueSeconds: 0, loadSeconds: 0, promptEvalSeconds: 0.5 },
    ...{ evalSeconds: 0.5, totalSeconds: 1, promptTokens: 700, estimatedPromptTokens: 900, outputTokens: 30, outputTokensPerSecond: 60 },
    ...{ gaps: null, truncated: null, digest: null, serverVersion: null, gpuShare: null, gpu: null, stored: false, replay: false },
    ...{ transcript: null, note: null },
    ...more,
  };
}

/** What the reporter makes a report of, from files as a reader gives them and analyses as agents do. */
export function reportInput(given: Given): ReportInput {
  const evidence = evidenceOf(given);
  const modified = new Map(evidence.artifacts.map(({ path }) => [path, AT]));
  const facts = [...evidence.facts, ...modificationFacts(evidence.artifacts, modified)];
  const model = given.model ?? null;
  const alike = { model, options: {} };
  const profile: Profile = { name: 'default', agents: given.agents ?? { collector: alike, insight: alike } };
  const made = given.analyses(facts);
  const analyses = Object.fromEntries(
    (['collector', 'insight'] as const).flatMap((agent) =>
      made[agent] === undefined ? [] : [[agent, analysisOf(agent, made[agent], profile.agents[agent]?.model ?? null)]],
    ),
  );
  const inventory: ReportInput['inventory'] = {
    ...{ dataset: 'bucket', inventory: hash(0), generation: 1, evidence: hash(1), observations: hash(2), measurements: hash(3) },
    ...{ artifacts: evidence.artifacts.length, refused: Object.keys(given.refused ?? {}).length },
    ingest: { startedAt: AT, finishedAt: AT, seconds: 0.25 },
  };
  const observations: ReportInput['observations'] = {
    ...{ schema: OBSERVATIONS_SCHEMA, dataset: 'bucket', inventory: hash(0), bucket: '/data/bucket', takenAt: AT, modified: [] },
    facts: facts.filter(({ id }) => !evidence.facts.some((f) => f.id === id)),
    unsettled: Object.entries(given.unsettled ?? {}).map(([path, reason]) => ({ path, reason })),
  };
  const run: ReportInput['run'] = { id: hash(4), dataset: 'bucket', inventory: hash(0), profile, ordinal: null };
  const at: Pick<RecordInput, 'missing' | 'version' | 'assembledFrom' | 'now'> = {
    missing: [],
    version: '0.1.0',
    assembledFrom: Date.parse(AT),
    now: Date.parse(AT) + 1_500,
  };
  const record = runRecord({ run, inventory, observations, analyses, ...at });
  return { run, inventory, evidence, observations, analyses, record, revision: 1, status: 'current', supersededBy: null };
}

function evidenceOf({ title, files, refused = {}, warnings = [], failed }: Given): Evidence {
  const read = Object.entries(files).map(([path, measurements], i): [Artifact, Measurement[]] => [
    {
      ...{ path, kind: 'csv', format: 'generic', bytes: 1, sha256: hash(i + 10), status: 'read', reason: null, warnings },
      ...{ measurements: measurements.length, records: 9, failed: failed === undefined ? [] : [{ pointer: failed, reason: failed }] },
    },
    measurements,
  ]);
  const not = Object.entries(refused).map(([path, reason]): [Artifact, Measurement[]] => [
    {
      ...{ path, kind: 'unknown', format: 'unknown', bytes: 1, sha256: null, status: 'refused', reason },
      ...{ warnings: [], measurements: 0, records: 0, failed: [] },
    },
    [],
  ]);
  const descriptions = [...read, ...not].map(([artifact, own]) => inOneGo(describeArtifact(artifact, seriesOf(own), true, samplesOf(own))));
  const expected = { folders: null, kinds: [] };
  return inOneGo(computeEvidence({ dataset: 'bucket', inventory: hash(0), title: title ?? null, descriptions, expected })).evidence;
}

function analysisOf(agent: 'collector' | 'insight', made: Partial<Analysis>, model: string | null): Analysis {
  return {
    ...{ schema: 'chimera.analysis/v1', run: hash(4), inventory: hash(0), agent, title: agent, persona: `You are ${agent}.` },
    profile: { model, options: {} },
    narrator: { kind: model === null ? 'template' : 'model', model, digest: null, server: null, serverVersion: null, reason: null },
    sections: [],
    account: { written: 0, kept: 0, repaired: 0, withheld: [] },
    found: [],
    warnings: [],
    calls: [],
    ...{ startedAt: AT, finishedAt: AT },
    ...made,
  };
}
