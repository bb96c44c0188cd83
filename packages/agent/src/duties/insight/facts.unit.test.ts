import { computeEvidence, describe as describeArtifact, inOneGo, samplesOf } from '@chimera/evidence';
import { type Artifact, indexFacts, METRICS, type Measurement } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { insightFacts, isOfCollector } from './facts.ts';
import { SECTIONS } from './sections.ts';

const HASH = (n: number) => n.toString(16).padStart(64, '0');

function runs(metric: keyof typeof METRICS, concurrency: string, list: readonly number[]): Measurement[] {
  const { unit } = METRICS[metric];
  const labels = { model: 'm', concurrency };
  return list.map((value, i) => ({
    ...{ metric, statistic: 'value', value, text: null, unit, n: null, labels, pointer: `/${i}/${metric}`, failed: false },
    over: 'runs' as const,
  }));
}

/** A dataset of two configurations that did the same work, each in a file of its own; a run of the second failed. */
function viewOf(values: Record<string, readonly number[]>) {
  const artifacts = Object.keys(values).map(
    (concurrency, i): Artifact => ({
      ...{ path: `c${concurrency}.json`, kind: 'json', format: 'vllm-serve', bytes: 1, sha256: HASH(i + 1), status: 'read', reason: null },
      ...{ warnings: [], measurements: 12, records: 6, failed: i === 0 ? [] : [{ pointer: '/0', reason: 'refused' }] },
    }),
  );
  const descriptions = artifacts.map((artifact, i) => {
    const [concurrency = '', list = []] = Object.entries(values)[i] ?? [];
    const first = runs(
      'time_to_first_token',
      concurrency,
      list.map((value) => value / 1_000),
    );
    return inOneGo(describeArtifact(artifact, [], true, samplesOf([...runs('output_token_throughput', concurrency, list), ...first])));
  });
  const expected = { folders: null, kinds: [] };
  const { facts } = inOneGo(computeEvidence({ dataset: 'bucket', inventory: HASH(0), title: null, descriptions, expected })).evidence;
  return { ...indexFacts(facts), artifacts };
}

const around = (middle: number) => Array.from({ length: 6 }, (_, i) => middle + i / 10);
const shown = viewOf({ 1: around(100), 8: around(500) });
const few = viewOf({ 1: [100], 8: [500] });
const chosen = (view: ReturnType<typeof viewOf>, id: string) => insightFacts(view, { id });
const firstOf = (view: ReturnType<typeof viewOf>, id: string, test: (metric: string, kind: string) => boolean) => {
  const found = chosen(view, id).findIndex(({ metric, kind }) => test(metric, kind));
  return found < 0 ? Number.POSITIVE_INFINITY : found;
};

describe('insightFacts', () => {
  it.each(SECTIONS.map(({ id }) => id))('shows the collector’s foremost facts with every section: %s', (id) => {
    for (const view of [shown, few]) {
      const facts = chosen(view, id);
      expect(new Set(facts.map((fact) => fact.id)).size).toBe(facts.length);
      expect(facts.slice(0, 4).filter(isOfCollector).length).toBeGreaterThanOrEqual(3);
      expect(facts.length).toBeGreaterThan(4);
    }
  });

  it('begins with what each section is about', () => {
    const isRate = (metric: string, kind: string) => metric === 'output_token_throughput' && kind === 'group';
    const isFailure = (_: string, kind: string) => kind === 'failure';
    const isChoice = (_: string, kind: string) => kind === 'choice' || kind === 'comparison';
    expect(firstOf(shown, 'performance', isRate)).toBeLessThan(firstOf(shown, 'performance', isFailure));
    expect(firstOf(shown, 'risks', isFailure)).toBeLessThan(firstOf(shown, 'risks', isRate));
    for (const id of ['summary', 'findings', 'recommendations'])
      expect(firstOf(shown, id, isChoice)).toBeLessThan(firstOf(shown, id, isRate));
  });

  it('tells of too few runs where risks are, before what was measured', () => {
    const isNeeded = (fact: { statistic: string }) => fact.statistic.startsWith('more runs needed');
    const place = (id: string) => chosen(few, id).findIndex(isNeeded);
    expect(place('risks')).toBeGreaterThanOrEqual(0);
    expect(place('risks')).toBeLessThan(firstOf(few, 'risks', (_, kind) => kind === 'group'));
    expect(chosen(shown, 'risks').some(isNeeded)).toBe(false);
  });

  it('knows its sections alone', () => expect(() => chosen(few, 'coverage')).toThrow('no section "coverage"'));
});

describe('insight’s duties', () => {
  it('are 300 to 400 words, three recommendations, at least two risks, and findings with their metrics in bold', () => {
    expect(SECTIONS.reduce((sum, { words }) => sum + words, 0)).toBe(400);
    const of = (id: string) => SECTIONS.find((duty) => duty.id === id);
    expect(of('recommendations')).toMatchObject({ least: 3, most: 3, kinds: ['recommendation'], layout: 'numbered' });
    expect(of('risks')?.least).toBeGreaterThanOrEqual(2);
    expect(of('findings')).toMatchObject({ boldMetrics: true });
  });
});
