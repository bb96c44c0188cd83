import { type Artifact, DATASET_SCOPE, type Fact, indexFacts } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { collectorFacts } from './facts.ts';
import { SECTIONS } from './sections.ts';

let count = 0;
function fact(kind: Fact['kind'], metric: string, value: Fact['value'], labels: Record<string, string> = {}, scope = DATASET_SCOPE): Fact {
  const id = `f${(++count).toString(16).padStart(16, '0')}`;
  const rest = { unit: null, n: null, interval: null, formula: 'count', inputs: [], sources: [{ inventory: 'all' }] };
  return { id, kind, metric, value, labels, scope, claim: `${metric} is so.`, statistic: 'count', class: 'measured', ...rest };
}

const total = fact('count', 'artifact_count', 100);
const csv = fact('count', 'artifact_count', 60, { kind: 'csv' });
const json = fact('count', 'artifact_count', 5, { kind: 'json' });
const deep = fact('count', 'artifact_count', 3, { folder: 'a/b' });
const latest = fact('modification', 'modified', '2025-01-01T00:00:00Z');
const gap = fact('gap', 'expected_folder', 0, { folder: 'reports' });
const failed = fact('failure', 'failed_records', 3);
const failedHere = fact('failure', 'failed_records', 3, {}, 'a.csv');
const series = fact('series', 'ttft_s', 5, {}, 'a.csv');
const artifacts: Artifact[] = [];
const view = { ...indexFacts([series, failedHere, failed, deep, json, csv, gap, latest, total]), artifacts };
const chosen = (id: string) => collectorFacts(view, { id });

describe('collectorFacts', () => {
  it('covers the whole before its parts, the larger ones first, and leaves out what lies deep and what was measured', () =>
    expect(chosen('coverage')).toEqual([total, csv, json]));

  it('tells modifications in their section, and in no other', () => {
    expect(chosen('modifications')).toEqual([latest]);
    expect(chosen('gaps')).not.toContain(latest);
  });

  it('tells gaps and failures, those of the whole dataset first', () => {
    expect(chosen('gaps')).toHaveLength(3);
    expect(chosen('gaps').indexOf(failed)).toBeLessThan(chosen('gaps').indexOf(failedHere));
    expect(chosen('gaps')).toContain(gap);
  });

  it('knows its sections alone', () => expect(() => chosen('summary')).toThrow('no section "summary"'));
});

describe('the collector’s duties', () => {
  it('stay below 250 words', () => expect(SECTIONS.reduce((sum, { words }) => sum + words, 0)).toBeLessThan(250));
});
