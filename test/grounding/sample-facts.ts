import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@chimera/formats';
import { folderBucket, truthOfBucket } from '@chimera/ingest';
import { DATASET_SCOPE, type Evidence, type Fact, type Observations } from '@chimera/shared/domain';
import { ROOT } from '../support/seed.ts';

/** What is known of a folder of artifacts, by default of the samples of the project. */
export async function readArtifacts(folder = join(ROOT, 'samples')): Promise<{ evidence: Evidence; observations: Observations }> {
  const { evidence, observations } = await truthOfBucket(folderBucket(folder), DEFAULT_LIMITS);
  return { evidence, observations };
}

type Wanted = { kind: Fact['kind']; metric: string; statistic?: RegExp; scope?: string; labels?: Record<string, string>; of?: string };

const SWEEP = 'ollama/sweep.csv';
const QUANTS = 'ollama/quantizations.csv';
const THROUGHPUT = 'output_token_throughput';
const FIRST = 'time_to_first_token';

/** Facts of the samples under names that tell a reader what they are, as a prompt names them F1, F2, … */
const WANTED: Record<string, Wanted> = {
  artifacts: { kind: 'count', metric: 'artifact_count', labels: {} },
  read: { kind: 'count', metric: 'artifact_count', labels: { status: 'read' } },
  csv: { kind: 'count', metric: 'artifact_count', labels: { kind: 'csv' } },
  json: { kind: 'count', metric: 'artifact_count', labels: { kind: 'json' } },
  llamaBench: { kind: 'count', metric: 'artifact_count', labels: { folder: 'llama-bench' } },
  numbers: { kind: 'count', metric: 'measurement_count' },
  series: { kind: 'count', metric: 'series_count' },
  quality: { kind: 'count', metric: 'telemetry_series', labels: { telemetry: 'quality' } },
  bytes: { kind: 'size', metric: 'artifact_size', statistic: /^sum$/, labels: {} },
  csvBytes: { kind: 'size', metric: 'artifact_size', statistic: /^sum$/, labels: { kind: 'csv' } },
  newest: { kind: 'modification', metric: 'modified', statistic: /^max$/, labels: {} },
  newestJson: { kind: 'modification', metric: 'modified', statistic: /^max$/, labels: { kind: 'json' } },
  missing: { kind: 'gap', metric: 'missing_folders' },
  noFirst: { kind: 'gap', metric: 'artifacts_without_metric', labels: { metric: FIRST } },
  failed: { kind: 'failure', metric: 'failed_records', scope: DATASET_SCOPE },
  failing: { kind: 'failure', metric: 'artifacts_with_failed_records' },
  sweepOk: { kind: 'failure', metric: 'succeeded_records', scope: SWEEP },
  sweepAll: { kind: 'failure', metric: 'records', scope: SWEEP },
  startOk: { kind: 'failure', metric: 'succeeded_records', scope: 'backends/startup.csv' },
  copies: { kind: 'duplicate', metric: 'duplicate_groups' },
  unitless: { kind: 'doubt', metric: 'series_without_unit' },
  outliers: { kind: 'doubt', metric: 'power', statistic: /outliers/ },
  ratioGpu: { kind: 'comparison', metric: THROUGHPUT, scope: SWEEP, of: '99' },
  ratioEight: { kind: 'comparison', metric: THROUGHPUT, scope: SWEEP, of: 'q4_K_M' },
  ratioFive: { kind: 'comparison', metric: THROUGHPUT, scope: QUANTS, of: 'q4_K_M' },
  ratioCommand: { kind: 'comparison', metric: 'execution_time', of: 'tokenize-new corpus.txt' },
  tie: { kind: 'choice', metric: THROUGHPUT, scope: SWEEP, statistic: /^best/ },
  best: { kind: 'choice', metric: THROUGHPUT, scope: QUANTS, statistic: /^best/ },
  bestCommand: { kind: 'choice', metric: 'execution_time', statistic: /^best/ },
  bestThreads: { kind: 'choice', metric: THROUGHPUT, scope: 'llama-bench/cpu-threads.csv', statistic: /^best/ },
  range: { kind: 'choice', metric: THROUGHPUT, scope: SWEEP, statistic: /^range/ },
  cost: { kind: 'choice', metric: FIRST, scope: QUANTS, statistic: /^cost/ },
  needed: { kind: 'choice', metric: THROUGHPUT, scope: 'llama-bench/cpu-threads.csv', statistic: /^more runs/ },
  eight: { kind: 'group', metric: THROUGHPUT, scope: SWEEP, statistic: /^median$/, labels: { num_ctx: '16384', quantization: 'q8_0' } },
  slow: { kind: 'group', metric: THROUGHPUT, scope: SWEEP, statistic: /^median$/, labels: { num_gpu: '24', quantization: 'q4_K_M' } },
  five: { kind: 'group', metric: THROUGHPUT, scope: QUANTS, statistic: /^median$/, labels: { quantization: 'q5_K_M' } },
  many: { kind: 'group', metric: FIRST, scope: 'telemetry/requests.csv', statistic: /^median$/, labels: { concurrency: '16' } },
  few: { kind: 'group', metric: FIRST, scope: 'telemetry/requests.csv', statistic: /^median$/, labels: { concurrency: '4' } },
  vllmMedian: { kind: 'group', metric: FIRST, scope: 'vllm/serve-rate-16.json', statistic: /median/ },
  vllmMean: { kind: 'group', metric: FIRST, scope: 'vllm/serve-rate-16.json', statistic: /mean/ },
  vllmTail: { kind: 'group', metric: FIRST, scope: 'vllm/serve-rate-16.json', statistic: /p99/ },
  vllmSpeed: { kind: 'group', metric: THROUGHPUT, scope: 'vllm/serve-rate-16.json', statistic: /value/ },
  cold: { kind: 'group', metric: FIRST, scope: SWEEP, labels: { start: 'cold', quantization: 'q8_0', num_gpu: '99' } },
  warm: {
    kind: 'group',
    metric: FIRST,
    scope: SWEEP,
    statistic: /^median$/,
    labels: { start: 'warm', quantization: 'q8_0', num_gpu: '99' },
  },
};

/** The facts that the sentences refer to, by name. @throws where the samples do not have one any more */
export function namedFacts(all: readonly Fact[]): Map<string, Fact> {
  return new Map(
    Object.entries(WANTED).map(([name, wanted]) => {
      const fact = all.find((one) => isWanted(one, wanted));
      if (fact === undefined) throw new Error(`The samples hold no fact for "${name}".`);
      return [name, fact];
    }),
  );
}

function isWanted(fact: Fact, { kind, metric, statistic, scope, labels, of }: Wanted): boolean {
  return (
    fact.kind === kind &&
    fact.metric === metric &&
    (scope === undefined || fact.scope === scope) &&
    (statistic === undefined || statistic.test(fact.statistic)) &&
    (of === undefined || fact.comparison?.of === of) &&
    (labels === undefined ||
      (Object.entries(labels).every(([key, value]) => fact.labels[key] === value) &&
        (kind === 'group' || Object.keys(fact.labels).length === Object.keys(labels).length)))
  );
}
