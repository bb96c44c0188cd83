import { computeEvidence, describe as describeArtifact, inOneGo, samplesOf } from '@chimera/evidence';
import { type Artifact, indexFacts, METRICS, type Measurement } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { insightTemplate } from './template.ts';

const HASH = (n: number) => n.toString(16).padStart(64, '0');

function stated(metric: keyof typeof METRICS, concurrency: string, statistic: string, list: readonly number[]): Measurement[] {
  const { unit } = METRICS[metric];
  const labels = { model: 'm', concurrency };
  return list.map((value, i) => ({
    ...{ metric, statistic, value, text: null, unit, n: null, labels, pointer: `/${i}/${metric}`, failed: false },
    over: statistic === 'value' ? ('runs' as const) : ('requests' as const),
  }));
}

/** What the template says of files that hold one load test each, or several of one load. */
function saidOf(files: Record<string, Measurement[]>) {
  const artifacts = Object.entries(files).map(
    ([path, measurements], i): Artifact => ({
      ...{ path, kind: 'json', format: 'vllm-serve', bytes: 1, sha256: HASH(i + 1), status: 'read', reason: null },
      ...{ warnings: [], measurements: measurements.length, records: 0, failed: [] },
    }),
  );
  const descriptions = artifacts.map((artifact) => inOneGo(describeArtifact(artifact, [], true, samplesOf(files[artifact.path] ?? []))));
  const expected = { folders: null, kinds: [] };
  const { facts } = inOneGo(computeEvidence({ dataset: 'bucket', inventory: HASH(0), title: null, descriptions, expected })).evidence;
  const sections = insightTemplate({ ...indexFacts(facts), artifacts });
  return Object.fromEntries(Object.entries(sections).map(([name, sentences]) => [name, sentences.map(({ text }) => text).join(' ')]));
}

const load = (concurrency: string, tps: readonly number[], ttft: number) => [
  ...stated('output_token_throughput', concurrency, 'value', tps),
  ...stated('time_to_first_token', concurrency, 'median', [ttft]),
];

describe('insightTemplate', () => {
  it('knows of first tokens and throughput that files sum up, and says where a study lies', () => {
    const said = saidOf({ 'a/c1.json': load('1', [100], 0.1), 'a/c8.json': load('8', [500], 0.4) });
    expect(said.performance).toMatch(
      /\*\*Time to first token\*\* stands as its files sum it up.*: stated median \{\{[^}]+\}\} in `a\/c1.json`/,
    );
    expect(said.performance).not.toContain('cannot be told');
    expect(said.performance).toContain('For model `m`, ');
    expect(said.recommendations).toContain('Keep **time to first token** for every request, not only its average');
    expect(said.findings).toContain('**What it costs**: concurrency `8` for model `m` has');
    expect(saidOf({ 'a.json': stated('request_latency', '1', 'value', [1]) }).performance).toContain('No file holds a time to first token');
  });

  it('recommends no load because it has the most throughput', () => {
    const runs = (middle: number) => Array.from({ length: 6 }, (_, i) => middle + i / 10);
    const said = saidOf({ 'c1.json': load('1', runs(100), 0.1), 'c8.json': load('8', runs(500), 0.4) });
    expect(said.recommendations).toContain(
      'Choose the load by the wait that users accept: concurrency `8` for model `m` reaches the highest',
    );
    expect(said.recommendations).not.toContain('Choose concurrency');
  });
});
