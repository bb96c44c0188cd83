import {
  type Arrangement,
  type Artifact,
  CAMPAIGN_FIELDS,
  CAMPAIGN_RUN_SCHEMA,
  type CampaignField,
  type CampaignRun,
  campaignMetric,
  type Evidence,
  type Fact,
  type Measurement,
  type Start,
} from '@chimera/shared/domain';
import { seriesOf } from '../artifact-series.ts';
import { describe } from '../description.ts';
import { computeEvidence } from '../evidence.ts';
import { samplesOf } from '../samples.ts';
import { inOneGo } from '../steps.ts';
import type { CampaignCell } from './cells.ts';

const HASH = (n: number) => n.toString(16).padStart(64, '0');

/** The labels of a run of these tests. */
export function labelsOf(profile: string, arrangement: Arrangement, more: Record<string, string> = {}, start: Start = 'warm') {
  return {
    ...{ campaign_profile: profile, arrangement, start, agents: 'collector, insight', engine: 'ollama', engine_version: '0.13.0' },
    ...{ model: 'gemma3:latest', quantization: 'Q4_K_M', num_gpu: 'default', num_ctx: '4096', server: 'http://a:1' },
    ...{ context_in_force: '4096', layers_on_gpu: '35', ...more },
  };
}

/** A cell with these wall clocks and, of other fields, these values. */
export function cellOf(
  labels: Record<string, string>,
  wall: readonly number[],
  values: CampaignCell['values'] = {},
  looks = 1,
): CampaignCell {
  const { campaign_profile: profile = '', arrangement, start } = labels;
  return {
    profile,
    arrangement: arrangement as Arrangement,
    start: start as Start,
    labels,
    looks,
    values: { wall_clock: wall, ...values },
  };
}

/** The lines of runs.jsonl that a campaign writes for the runs of cells, one after the other. */
export function runsOfCells(cells: readonly CampaignCell[]): CampaignRun[] {
  return cells.flatMap(({ profile, arrangement, start, labels, values }) =>
    (values.wall_clock ?? []).map((_, i): CampaignRun => {
      const fields = Object.entries(values) as [CampaignField, readonly number[]][];
      const own = fields.filter(([, all]) => all[i] !== undefined);
      return {
        ...{ schema: CAMPAIGN_RUN_SCHEMA, campaign: 'c', ordinal: i + 1, repeat: i + 1, attempt: 1, run: HASH(1), inventory: HASH(2) },
        ...{
          profile,
          arrangement,
          start,
          agents: ['collector', 'insight'],
          servers: ['http://a:1'],
          startedAt: '2026-01-01T00:00:00.000Z',
        },
        ...{ outcome: 'measured', reason: null, labels: { ...labels }, warnings: [] },
        measured: Object.fromEntries(own.map(([field, all]) => [field, { value: all[i] ?? 0, unit: CAMPAIGN_FIELDS[field].unit }])),
      };
    }),
  );
}

/** What a reader reads of such lines. */
export function measurementsOf(runs: readonly CampaignRun[]): Measurement[] {
  return runs.flatMap(({ labels, measured, outcome }, i) =>
    (Object.entries(measured) as [CampaignField, { value: number; unit: string }][]).map(
      ([field, { value, unit }]): Measurement => ({
        ...{ metric: campaignMetric(field), statistic: 'value', value, text: null, unit, n: null, over: 'runs', labels },
        ...{ pointer: `line ${i + 1} /measured/${field}/value`, failed: outcome === 'excluded' },
      }),
    ),
  );
}

export type File = { path: string; measurements: readonly Measurement[] };

/** The evidence of files, with their series too. */
export function evidenceOf(files: readonly File[]): Evidence {
  const descriptions = files.map(({ path, measurements }, i) => {
    const artifact: Artifact = {
      ...{ path, kind: 'jsonl', format: 'campaign', bytes: 1, sha256: HASH(i + 1), status: 'read', reason: null },
      ...{ warnings: [], measurements: measurements.length, records: 0, failed: [] },
    };
    return inOneGo(describe(artifact, seriesOf(measurements), true, samplesOf(measurements)));
  });
  const expected = { folders: null, kinds: [] };
  return inOneGo(computeEvidence({ dataset: 'bucket', inventory: HASH(0), title: null, descriptions, expected })).evidence;
}

/** The evidence of the runs of these cells. */
export function evidenceOfCells(cells: readonly CampaignCell[]): Evidence {
  return evidenceOf([{ path: 'results/runs.jsonl', measurements: measurementsOf(runsOfCells(cells)) }]);
}

/** Values evenly around a middle, in all `width` of it apart. */
export function around(middle: number, width: number, n = 8): number[] {
  return Array.from({ length: n }, (_, i) => middle * (1 + (i / Math.max(1, n - 1) - 0.5) * width));
}

/** Normal values by the polar method, from a uniform generator (Marsaglia's xorshift, 32 bits) that is no part of what is tested. */
export function normals(seed: number): (n: number, mean: number, deviation: number) => number[] {
  let state = seed >>> 0 || 1;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const normal = (): number => {
    for (;;) {
      const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1];
      const s = x * x + y * y;
      if (s > 0 && s < 1) return x * Math.sqrt((-2 * Math.log(s)) / s);
    }
  };
  return (n, mean, deviation) => Array.from({ length: n }, () => mean + deviation * normal());
}

/** Wall clocks in seconds, of which the third is the median; the two do not overlap. */
export const SERIAL = [22.0, 22.4, 22.8, 23.2, 23.6];
export const PARALLEL = [26.5, 26.8, 27.1, 27.4, 27.7];
const five = (value: number) => Array.from({ length: 5 }, (_, i) => value + i / 1000);

const own = {
  ...{ output_tokens: five(2000), prompt_tokens: five(3000), server_seconds: five(22), load_duration: [0, 0, 0, 0, 0] },
  ...{ sentences_survived: five(0.9), duties_fulfilled: [1, 1, 1, 1, 1], repairs: [0, 0, 1, 0, 0], look: [0, 0, 0, 0, 0] },
};
/** A campaign of one profile, whose second slot slows it down. */
export const SLOWED = [
  cellOf(labelsOf('a', 'serial'), SERIAL, { ...own, output_token_throughput: five(85) }),
  cellOf(labelsOf('a', 'parallel'), PARALLEL, { ...own, output_token_throughput: five(78) }),
];
export const ofKind = ({ facts }: Evidence, kind: Fact['kind']) => facts.filter((f) => f.kind === kind);
/** What the facts of a campaign claim of one metric. */
export const claims = (evidence: Evidence, metric: string) =>
  ofKind(evidence, 'campaign').flatMap((f) => (f.metric === metric ? [f.claim] : []));
