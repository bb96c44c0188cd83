import { type Artifact, indexFacts, METRICS, type Measurement } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { describe as describeArtifact } from './description.ts';
import { computeEvidence } from './evidence.ts';
import { candidatesOf, choices, chosenLabels, isByLoad, isInOneFile } from './outlook.ts';
import { samplesOf } from './samples.ts';
import { inOneGo } from './steps.ts';

type Metric = keyof typeof METRICS;
const HASH = (n: number) => n.toString(16).padStart(64, '0');
const around = (middle: number, n = 6) => Array.from({ length: n }, (_, i) => middle + (i - (n - 1) / 2) * 0.1);

function values(metric: Metric, labels: Record<string, string>, list: readonly number[], statistic = 'value'): Measurement[] {
  const { unit } = METRICS[metric];
  return list.map((value, i) => ({ metric, statistic, value, text: null, unit, n: null, labels, pointer: `/${i}`, failed: false }));
}

/** The facts of files, as reports see them. */
function factsOf(files: Record<string, Measurement[]>) {
  const descriptions = Object.entries(files).map(([path, measurements], i) => {
    const artifact: Artifact = {
      ...{ path, kind: 'json', format: 'generic', bytes: 1, sha256: HASH(i + 1), status: 'read', reason: null },
      ...{ warnings: [], measurements: measurements.length, records: 0, failed: [] },
    };
    return inOneGo(describeArtifact(artifact, [], true, samplesOf(measurements)));
  });
  const expected = { folders: null, kinds: [] };
  return indexFacts(
    inOneGo(computeEvidence({ dataset: 'bucket', inventory: HASH(0), title: null, descriptions, expected })).evidence.facts,
  );
}

/** The configurations of the first choice, as a table would show them. */
function tableOf(files: Record<string, Measurement[]>) {
  const facts = factsOf(files);
  const [choice] = choices(facts);
  if (choice === undefined) throw new Error('There is nothing to choose.');
  const rows = candidatesOf(choice, facts).map(({ fact, firstToken }) => [
    fact.scope,
    fact.statistic,
    fact.value,
    firstToken?.value ?? null,
  ]);
  return { choice, facts, rows, own: chosenLabels(choice, facts) };
}

describe('candidatesOf', () => {
  const build = (commit: string, middle: number) => [
    ...values('output_token_throughput', { model: 'm', engine_commit: commit }, around(middle)),
    ...values('output_token_throughput', { model: 'm', engine_commit: commit }, [middle + 0.01], 'mean'),
    ...values('time_to_first_token', { model: 'm', engine_commit: commit }, [2], 'mean'),
    ...values('time_to_first_token', { model: 'm', engine_commit: commit }, [1], 'median'),
  ];

  it('names each configuration once, where files state a mean beside their values', () => {
    const { rows, own } = tableOf({ 'before.json': build('a', 140), 'after.json': build('b', 126) });
    expect(rows).toEqual([
      ['before.json', 'median', expect.closeTo(140, 9), 1],
      ['after.json', 'median', expect.closeTo(126, 9), 1],
    ]);
    expect(own).toEqual([['engine_commit', 'a']]);
  });

  it('names those that are chosen by warm first tokens', () => {
    const gpu = (n: string, ttft: number) => [
      ...values('time_to_first_token', { model: 'm', num_gpu: n, start: 'warm' }, around(ttft)),
      ...values('time_to_first_token', { model: 'm', num_gpu: n, start: 'cold' }, [99]),
    ];
    expect(tableOf({ 'a.csv': [...gpu('1', 4), ...gpu('2', 2)] }).rows.map(([, , value]) => value)).toEqual([
      expect.closeTo(2, 9),
      expect.closeTo(4, 9),
    ]);
  });
});

describe('choices', () => {
  it('have the comparisons of their own work, and no others', () => {
    const of = (labels: Record<string, string>, k: number) => [
      ...values('output_token_throughput', { ...labels, num_gpu: '1' }, around(50 * k)),
      ...values('output_token_throughput', { ...labels, num_gpu: '2' }, around(90 * k)),
    ];
    const facts = factsOf({ 'a.json': [...of({}, 1), ...of({ model: 'x' }, 1.1), ...of({ model: 'y' }, 1.2)] });
    const found = choices(facts).map(({ best, comparisons }) => [best.labels.model, comparisons.map(({ labels }) => labels.model)]);
    expect(found).toHaveLength(3);
    for (const [model, compared] of found) expect(compared).toEqual([model]);
  });

  it('tell what only the load sets apart, and what lies in several files', () => {
    const at = (concurrency: string, value: number) => values('output_token_throughput', { model: 'm', concurrency }, around(value));
    const one = tableOf({ 'a.json': [...at('1', 100), ...at('8', 500)] });
    expect([isByLoad(one.choice, one.facts), isInOneFile(one.choice, one.facts)]).toEqual([true, true]);
    const folders = tableOf({ 'h100/1.json': at('1', 100), 'h100/8.json': at('8', 500), 'a100/8.json': at('8', 300) });
    expect([isByLoad(folders.choice, folders.facts), isInOneFile(folders.choice, folders.facts)]).toEqual([false, false]);
    const settings = tableOf({
      'a.json': [1, 2].flatMap((n) => values('output_token_throughput', { num_gpu: `${n}`, model: 'm' }, around(n))),
    });
    expect(isByLoad(settings.choice, settings.facts)).toBe(false);
  });
});
