import { describe, expect, it } from 'vitest';
import type { Fact } from './fact.ts';
import { indexFacts } from './fact-index.ts';

let made = 0;
const fact = (over: Partial<Fact>): Fact => ({
  id: `f${String(made++).padStart(16, '0')}`,
  kind: 'count',
  claim: 'x',
  metric: 'artifact_count',
  statistic: 'count',
  value: 1,
  unit: null,
  n: null,
  interval: null,
  labels: {},
  scope: '/',
  formula: 'x',
  inputs: [],
  sources: [{ inventory: 'all' }],
  class: 'derived',
  ...over,
});

const all = fact({ value: 3 });
const csv = fact({ labels: { kind: 'csv' } });
const csvInFolder = fact({ labels: { kind: 'csv', folder: 'x' } });
const largest = fact({ metric: 'artifact_size', statistic: 'max', kind: 'size' });
const inFile = fact({ metric: 'latency', statistic: 'median', kind: 'series', scope: 'a.csv' });
const index = indexFacts([all, csv, csvInFolder, largest, inFile]);

describe('indexFacts', () => {
  it('finds a fact by exactly its labels', () => {
    expect(index.find('artifact_count')).toBe(all);
    expect(index.find('artifact_count', { kind: 'csv' })).toBe(csv);
    expect(index.find('artifact_count', { folder: 'x', kind: 'csv' })).toBe(csvInFolder);
    expect(index.find('artifact_count', { kind: 'json' })).toBeNull();
    expect(index.find('artifact_count', { folder: 'x' })).toBeNull();
  });

  it('finds by statistic and scope', () => {
    expect(index.find('artifact_size')).toBeNull();
    expect(index.find('artifact_size', {}, 'max')).toBe(largest);
    expect(index.find('latency', {}, 'median')).toBeNull();
    expect(index.find('latency', {}, 'median', 'a.csv')).toBe(inFile);
  });

  it('finds by id and by kind, in the order given', () => {
    expect(index.byId.get(csv.id)).toBe(csv);
    expect(index.byId.get('f0')).toBeUndefined();
    expect(index.ofKind('count')).toEqual([all, csv, csvInFolder]);
    expect(index.ofKind('doubt')).toEqual([]);
  });

  it('hazard 32: takes no label name for another thing', () => {
    expect(index.find('artifact_count', { constructor: 'csv' })).toBeNull();
    expect(indexFacts([]).find('artifact_count')).toBeNull();
  });
});
