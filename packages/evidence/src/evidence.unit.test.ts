import type { Artifact } from '@chimera/shared/domain';
import type { SeriesRow } from '@chimera/shared/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeEvidence, EmptyInventory } from './evidence.ts';
import { missingFolders } from './gaps.ts';

const HASH = (n: number) => n.toString(16).padStart(64, '0');

const artifact = (path: string, more: Partial<Artifact> = {}): Artifact => ({
  path,
  kind: 'csv',
  format: 'generic',
  bytes: 10,
  sha256: HASH(path.length),
  status: 'read',
  reason: null,
  warnings: [],
  measurements: 0,
  records: 0,
  failed: [],
  ...more,
});

const series = (path: string, more: Partial<SeriesRow> = {}): SeriesRow => ({
  path,
  sha256: HASH(1),
  metric: 'latency_ms',
  statistic: 'value',
  unit: 'ms',
  labels: {},
  n: 4,
  min: 1,
  median: 2,
  mean: 2.5,
  stddev: 1,
  p95: 4,
  max: 4,
  first: 'line 2 column latency_ms',
  last: 'line 5 column latency_ms',
  ...more,
});

const input = (artifacts: Artifact[], rows: SeriesRow[] = []) => ({
  dataset: 'bucket',
  inventory: HASH(7),
  title: null,
  artifacts,
  series: rows,
  expected: { folders: null, kinds: [] },
});

describe('computeEvidence', () => {
  it('refuses an inventory of nothing', () => expect(() => computeEvidence(input([]))).toThrow(EmptyInventory));

  it('is the same whatever the order of its input, and no two facts share an id', () => {
    const artifacts = [
      artifact('reports/a.csv', { sha256: HASH(1) }),
      artifact('reports/b.csv', { sha256: HASH(1), bytes: 10 }),
      artifact('c.json', { kind: 'json', records: 3, failed: [{ pointer: '/0', reason: 'no' }] }),
      artifact('d.bin', { kind: 'unknown', status: 'refused', reason: 'binary', sha256: null }),
    ];
    const rows = [
      series('reports/a.csv'),
      series('reports/a.csv', { unit: 's' }),
      series('reports/a.csv', { metric: 'x', unit: null, n: 1 }),
      series('reports/a.csv', { metric: 'y', labels: { model: 'm' } }),
      series('reports/a.csv', { metric: 'y', labels: { model: 'n' } }),
      series('reports/a.csv', { metric: 'y' }),
      series('c.json', { metric: '/*/mean_ms', statistic: 'mean' }),
    ];
    const once = computeEvidence(input(artifacts, rows));
    expect(new Set(once.facts.map((f) => f.id)).size).toBe(once.facts.length);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(artifacts, { minLength: artifacts.length }),
        fc.shuffledSubarray(rows, { minLength: rows.length }),
        (a, r) => {
          expect(JSON.stringify(computeEvidence(input(a, r)))).toBe(JSON.stringify(once));
        },
      ),
    );
  });

  it('counts each kind, folder and size', () => {
    const { facts } = computeEvidence(
      input([artifact('a/x.csv', { bytes: 1 }), artifact('a/b/y.csv', { bytes: 2 }), artifact('z.md', { kind: 'markdown', bytes: 4 })]),
    );
    const value = (metric: string, labels: object, statistic = 'count') =>
      facts.find((f) => f.metric === metric && f.statistic === statistic && JSON.stringify(f.labels) === JSON.stringify(labels))?.value;
    expect(value('artifact_count', {})).toBe(3);
    expect(value('artifact_count', { kind: 'csv' })).toBe(2);
    expect(value('artifact_count', { folder: 'a' })).toBe(2);
    expect(value('artifact_count', { folder: 'a/b' })).toBe(1);
    expect(value('artifact_size', {}, 'sum')).toBe(7);
    expect(value('artifact_size', {}, 'median')).toBe(2);
  });

  it('never averages averages, nor takes percentiles of percentiles', () => {
    const { facts } = computeEvidence(
      input(
        [artifact('a.csv')],
        [series('a.csv', { metric: 'mean_ms', statistic: 'mean' }), series('a.csv', { metric: 'p95_ms', statistic: 'p95' })],
      ),
    );
    expect(
      facts
        .filter((f) => f.kind === 'series')
        .map((f) => f.statistic)
        .sort(),
    ).toEqual(['max of mean', 'max of p95', 'median of mean', 'median of p95', 'min of mean', 'min of p95']);
  });

  it('takes a mixture for no outlier, and says what is constant', () => {
    const mixed = [
      series('a.csv', { labels: { pooled: '2 configurations' }, max: 100 }),
      series('a.csv', { labels: { model: 'm' }, max: 3 }),
      series('a.csv', { labels: { model: 'n' }, max: 3 }),
    ];
    const doubts = (rows: SeriesRow[]) =>
      computeEvidence(input([artifact('a.csv')], rows))
        .facts.filter((f) => f.kind === 'doubt')
        .map((f) => f.statistic);
    expect(doubts(mixed)).toEqual([]);
    expect(doubts([series('a.csv', { max: 100 })])).toEqual(['max over median']);
    expect(doubts([series('a.csv', { min: 1024, median: 1024, max: 1024 })])).toEqual(['constant']);
    expect(doubts([series('a.csv', { min: 0, median: 0, max: 0 })])).toEqual(['zero']);
  });
});

describe('missingFolders', () => {
  it('expects the conventional layout only where a part of it is there', () => {
    expect(missingFolders([artifact('runs/a.csv')], null)).toEqual([]);
    expect(missingFolders([artifact('reports/a.csv')], null)).toEqual(['csv_data', 'artifacts']);
    expect(missingFolders([artifact('runs/a.csv')], ['runs', 'quality'])).toEqual(['quality']);
  });
});
