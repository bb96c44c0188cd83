import { type Artifact, type Evidence, FACT_KINDS, type Measurement } from '@chimera/shared/domain';
import { canonicalJson, labelsJson } from '@chimera/shared/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Series, seriesOf } from './artifact-series.ts';
import { describe as describeArtifact } from './description.ts';
import { firstsOf } from './duplicates.ts';
import { computeEvidence, EmptyInventory } from './evidence.ts';
import { missingFolders } from './gaps.ts';
import { inOneGo } from './steps.ts';

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

type Row = Series & { path: string };
const series = (path: string, more: Partial<Series> = {}): Row => ({
  path,
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

/** The evidence of these artifacts, with the rows of each among them. */
function computed(artifacts: Artifact[], rows: Row[] = []): { evidence: Evidence; bytes: readonly Uint8Array[] } {
  const firsts = new Set(firstsOf([...artifacts].sort((a, b) => (a.path < b.path ? -1 : 1))));
  const descriptions = artifacts.map((one) => {
    const own = rows.filter(({ path }) => path === one.path).map(({ path: _, ...row }) => row);
    return inOneGo(describeArtifact(one, own, firsts.has(one)));
  });
  const expected = { folders: null, kinds: [] };
  return inOneGo(computeEvidence({ dataset: 'bucket', inventory: HASH(7), title: null, descriptions, expected }));
}
const evidenceOf = (artifacts: Artifact[], rows: Row[] = []) => computed(artifacts, rows).evidence;

describe('computeEvidence', () => {
  it('takes more groups and facts than a call takes arguments', () => {
    const n = 130_000;
    const samples = Array.from({ length: n }, (_, i) => ({
      ...{ metric: 'output_token_throughput', statistic: 'value', over: null, labels: { variant: `v${i}` }, n: null },
      ...{ values: Float64Array.of(i + 1), first: `line ${i + 2}`, last: `line ${i + 2}` },
    }));
    const description = inOneGo(describeArtifact(artifact('sweep.csv'), [], true, samples));
    const expected = { folders: null, kinds: [] };
    const input = { dataset: 'bucket', inventory: HASH(7), title: null, descriptions: [description], expected };
    const { evidence } = inOneGo(computeEvidence(input));
    expect(evidence.groups).toHaveLength(n);
    expect(evidence.facts.filter(({ kind }) => kind === 'group')).toHaveLength(n);
    const best = evidence.facts.find(({ kind, statistic }) => kind === 'choice' && statistic === 'best by median');
    expect(best).toMatchObject({ value: n, labels: { variant: `v${n - 1}` } });
  }, 120_000);

  it('tells a mean that a file states from the one of the values beside it', () => {
    const stated = { statistic: 'mean', n: 1, min: 7, median: 7, mean: 7, stddev: null, p95: 7, max: 7 };
    const { facts } = evidenceOf(
      [artifact('a.json')],
      [series('a.json', { metric: 'score' }), series('a.json', { metric: 'score', ...stated })],
    );
    const means = facts.filter(({ metric, statistic }) => metric === 'score' && statistic.endsWith('mean'));
    expect(means.map(({ statistic, value }) => [statistic, value]).sort()).toEqual([
      ['mean', 2.5],
      ['stated mean', 7],
    ]);
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
    // Alone, it is called as the file calls it.
    const [alone] = evidenceOf([artifact('a.json')], [series('a.json', { metric: 'score', ...stated })]).facts.filter(
      ({ metric }) => metric === 'score',
    );
    expect([alone?.statistic, alone?.value]).toEqual(['mean', 7]);
  });

  it('refuses an inventory of nothing', () => expect(() => evidenceOf([])).toThrow(EmptyInventory));

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
    const once = evidenceOf(artifacts, rows);
    expect(new Set(once.facts.map((f) => f.id)).size).toBe(once.facts.length);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(artifacts, { minLength: artifacts.length }),
        fc.shuffledSubarray(rows, { minLength: rows.length }),
        (a, r) => {
          expect(JSON.stringify(evidenceOf(a, r))).toBe(JSON.stringify(once));
        },
      ),
    );
  });

  it('is written as its canonical JSON, in the one order of facts', () => {
    const path = fc.constantFrom(
      'a.csv',
      'reports/a.csv',
      'reports/b.csv',
      '-x.json',
      '!.json',
      'z/é\u{1f600}.md',
      'a\ud800.csv',
      '"\\n".json',
    );
    const text = fc.constantFrom('ttft_s', 'é', 'tokens_s', '\ud800', '"', 'z');
    const some = fc.uniqueArray(
      fc.record({
        path,
        sha256: fc.constantFrom(HASH(1), HASH(2), HASH(3), null),
        kind: fc.constantFrom('csv' as const, 'markdown' as const, 'json' as const),
        failed: fc.array(fc.record({ pointer: text, reason: text }), { maxLength: 2 }),
        records: fc.integer({ min: 2, max: 5 }),
      }),
      { minLength: 1, selector: (one) => one.path.toWellFormed() },
    );
    const row = fc.record({
      path,
      metric: text,
      unit: fc.constantFrom('s', 'ms', 'tok/s', null),
      labels: fc.constantFrom({}, { '9': 'x', '10': 'y' }, { b: '1', a: '2' }, { model: '\ud800' }),
      n: fc.integer({ min: 1, max: 4 }),
      min: fc.constantFrom(0, 1, 4),
      max: fc.constantFrom(0, 4, 1000),
    });
    const rows = fc.uniqueArray(row, { selector: (r) => canonicalJson([r.path, r.metric, r.unit, r.labels]) });
    fc.assert(
      fc.property(some, rows, (artifacts, given) => {
        const { evidence, bytes } = computed(
          artifacts.map(({ path: at, ...more }) => artifact(at, more)),
          given.map(({ path: at, ...more }) => series(at, more)),
        );
        expect(Buffer.concat(bytes).toString('utf8')).toBe(canonicalJson(evidence));
        const kinds: readonly string[] = FACT_KINDS;
        const keys = evidence.facts.map((f) => [kinds.indexOf(f.kind), f.scope, f.metric, labelsJson(f.labels), f.statistic, f.unit ?? '']);
        for (const [i, key] of keys.entries()) {
          const before = keys[i - 1] ?? key;
          const differs = key.findIndex((part, at) => part !== before[at]);
          expect(differs < 0 || (before[differs] ?? '') < (key[differs] ?? '')).toBe(true);
        }
      }),
    );
  });

  it('counts each kind, folder and size', () => {
    const { facts } = evidenceOf([
      artifact('a/x.csv', { bytes: 1 }),
      artifact('a/b/y.csv', { bytes: 2 }),
      artifact('z.md', { kind: 'markdown', bytes: 4 }),
    ]);
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
    const { facts } = evidenceOf(
      [artifact('a.csv')],
      [series('a.csv', { metric: 'mean_ms', statistic: 'mean' }), series('a.csv', { metric: 'p95_ms', statistic: 'p95' })],
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
    const doubts = (rows: Row[]) =>
      evidenceOf([artifact('a.csv')], rows)
        .facts.filter((f) => f.kind === 'doubt')
        .map((f) => f.statistic);
    expect(doubts(mixed)).toEqual([]);
    expect(doubts([series('a.csv', { max: 100 })])).toEqual(['max over median']);
    expect(doubts([series('a.csv', { min: 1024, median: 1024, max: 1024 })])).toEqual(['constant']);
    expect(doubts([series('a.csv', { min: 0, median: 0, max: 0 })])).toEqual(['zero']);
  });
});

describe('seriesOf', () => {
  const measurement = (value: number, more: Partial<Measurement> = {}): Measurement => ({
    metric: 'latency_ms',
    statistic: 'value',
    value,
    text: null,
    unit: 'ms',
    n: null,
    labels: {},
    pointer: `line ${value} column latency_ms`,
    failed: false,
    ...more,
  });

  it('hazard 8: leaves out failed records, duplicates of files, and what is no finite number', () => {
    const rows = seriesOf([measurement(1), measurement(3), measurement(0, { failed: true }), measurement(Number.NaN), measurement(1 / 0)]);
    expect(rows).toMatchObject([{ n: 2, min: 1, mean: 2, max: 3, first: 'line 1 column latency_ms', last: 'line 3 column latency_ms' }]);
    expect(seriesOf([measurement(0, { failed: true })])).toEqual([]);
    const facts = (paths: string[]) =>
      evidenceOf(
        paths.map((path) => artifact(path, { sha256: HASH(1), measurements: 5 })),
        paths.flatMap((path) => rows.map((row) => ({ ...row, path }))),
      ).facts.filter((f) => f.kind === 'series');
    expect(facts(['a.csv', 'b.csv']).map((f) => f.scope)).toEqual(facts(['a.csv']).map(() => 'a.csv'));
  });

  it('carries millions of numbers of one artifact', () => {
    const many = 2_000_000;
    function* all() {
      for (let i = 0; i < many; i++) yield measurement(i, { labels: i % 2 === 0 ? EVEN : ODD, pointer: '' });
    }
    const [even, odd, whole] = seriesOf(all());
    expect([even?.n, odd?.n, whole?.n]).toEqual([many / 2, many / 2, many]);
    expect([even?.median, odd?.median, whole?.median]).toEqual([many / 2 - 1, many / 2, (many - 1) / 2]);
  });
  const EVEN = { parity: 'even' };
  const ODD = { parity: 'odd' };
});

describe('missingFolders', () => {
  it('expects the conventional layout only where a part of it is there', () => {
    expect(missingFolders(new Set(['runs']), null)).toEqual([]);
    expect(missingFolders(new Set(['reports']), null)).toEqual(['csv_data', 'artifacts']);
    expect(missingFolders(new Set(['runs']), ['runs', 'quality'])).toEqual(['quality']);
  });
});
