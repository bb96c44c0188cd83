import { type Artifact, type Evidence, type Fact, METRICS, type NumberColumn } from '@chimera/shared/domain';
import { sha256 } from '@chimera/shared/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describe as describeArtifact } from './description.ts';
import { MOST_KEPT } from './digest.ts';
import { computeEvidence } from './evidence.ts';
import { EvidenceMemory } from './evidence-memory.ts';
import { type SampleSet, samplesOf } from './samples.ts';
import { inOneGo } from './steps.ts';
import { type Cell, measurementsOf, SMALL, streamed } from './stream/testing.ts';

type Metric = keyof typeof METRICS;
type File = { path: string; samples: readonly SampleSet[] };

const HASH = (n: number) => n.toString(16).padStart(64, '0');

function column(metric: Metric, more: Partial<NumberColumn> = {}): NumberColumn {
  const { unit } = METRICS[metric];
  return { ...{ metric, statistic: 'value', unit, n: null, labels: { model: 'm' }, failed: false, tail: ` column ${metric}` }, ...more };
}

const cellsOf = (values: readonly number[]): Cell[] => values.map((value, i) => ({ column: 0, value, line: i + 2 }));

/** A file that was read as a stream: more than nine values are a digest. */
function large(path: string, values: readonly number[], of: NumberColumn = column('request_latency')): File {
  return { path, samples: streamed([of], cellsOf(values), SMALL).samples };
}

/** The same, read whole. */
function small(path: string, values: readonly number[], of: NumberColumn = column('request_latency')): File {
  return { path, samples: samplesOf(measurementsOf([of], cellsOf(values))) };
}

function evidenceOf(files: readonly File[], memory = new EvidenceMemory()): Evidence {
  const descriptions = files.map(({ path, samples }) => {
    const artifact: Artifact = {
      ...{ path, kind: 'csv', format: 'generic', bytes: 1, sha256: sha256(path), status: 'read', reason: null },
      ...{ warnings: [], measurements: 1, records: 0, failed: [] },
    };
    return inOneGo(describeArtifact(artifact, [], true, samples));
  });
  const expected = { folders: null, kinds: [] };
  return inOneGo(computeEvidence({ dataset: 'bucket', inventory: HASH(0), title: null, descriptions, expected, memory })).evidence;
}

const groupFacts = ({ facts }: Evidence) => facts.filter(({ kind }) => kind === 'group');
const byStatistic = (facts: readonly Fact[]) => Object.fromEntries(facts.map((f) => [f.statistic, f.value]));

const spread = (n: number, middle: number, step = 0.01) =>
  Array.from({ length: n }, (_, i) => middle + (((i * 29) % n) - (n - 1) / 2) * step);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const middle = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
};

describe('groups of a digest', () => {
  const values = spread(40, 5);

  it('count the file as one run of so many samples, and say what all of them come to', () => {
    const evidence = evidenceOf([large('a.csv', values)]);
    expect(evidence.groups).toEqual([
      expect.objectContaining({ scope: 'a.csv', over: 'samples', samples: 40, n: 1, runs: [expect.closeTo(middle(values), 12)] }),
    ]);
    const facts = groupFacts(evidence);
    const sorted = [...values].sort((a, b) => a - b);
    const mean = sum(values) / 40;
    expect(byStatistic(facts)).toEqual({
      median: expect.closeTo(middle(values), 12),
      min: sorted[0],
      max: sorted[39],
      mean: expect.closeTo(mean, 12),
      stddev: expect.closeTo(Math.sqrt(sum(values.map((one) => (one - mean) ** 2)) / 39), 12),
      // (n - 1) p = 37.05
      p95: expect.closeTo((sorted[37] ?? 0) * 0.95 + (sorted[38] ?? 0) * 0.05, 12),
    });
    for (const { n, runs, interval, claim } of facts) {
      expect({ n, runs, interval }).toEqual({ n: 40, runs: 1, interval: null });
      expect(claim).toContain('over 40 samples of 1 run.');
    }
    expect(facts.find(({ statistic }) => statistic === 'mean')?.formula).toBe('compensated sum of the samples over n');
    expect(evidence.facts.filter(({ kind }) => kind === 'doubt')).toEqual([]);
  });

  it('keep what the file says of its values: each run counts, or each request is one', () => {
    const of = (over: 'runs' | 'requests') => evidenceOf([large('a.csv', values, column('request_latency', { over }))]);
    const [runs] = of('runs').groups;
    expect(runs).toMatchObject({ over: 'runs', samples: 40, n: 40, runs: [...values].sort((a, b) => a - b) });
    expect(groupFacts(of('runs'))[0]?.claim).toContain('over 40 samples.');
    expect(of('requests').groups[0]).toMatchObject({ over: 'requests', samples: 40, n: 1 });
    expect(groupFacts(of('requests'))[0]?.claim).toContain('over 40 requests of 1 run.');
  });

  it('count each of several files as a run, and claim no quantile of all', () => {
    const other = spread(30, 6);
    const few = [7, 8, 9, 7.5];
    const evidence = evidenceOf([large('run-1.csv', values), large('run-2.csv', other), small('run-3.csv', few)]);
    const medians = [values, other, few].map(middle);
    expect(evidence.groups).toEqual([
      expect.objectContaining({
        scope: 'run-*.csv',
        over: 'samples',
        samples: 74,
        n: 3,
        runs: medians.map((one) => expect.closeTo(one, 12)),
      }),
    ]);
    const all = [...values, ...other, ...few];
    const facts = groupFacts(evidence);
    expect(byStatistic(facts)).toEqual({
      'median of run medians': expect.closeTo(medians[1] ?? 0, 12),
      min: Math.min(...all),
      max: Math.max(...all),
      mean: expect.closeTo(sum(all) / 74, 12),
    });
    expect(facts[0]).toMatchObject({ n: 74, runs: 3, claim: expect.stringContaining('over 74 samples of 3 runs.') });
  });

  it('are of samples where what files call their runs comes down to one of each', () => {
    const of = column('request_latency', { over: 'runs' });
    const { groups } = evidenceOf([large('run-1.csv', values, of), large('run-2.csv', spread(30, 6), of)]);
    expect(groups[0]).toMatchObject({ over: 'samples', samples: 70, n: 2 });
  });

  it('say of stated means their extent, and the middle of those of one file', () => {
    const of = column('request_latency', { statistic: 'mean' });
    const one = evidenceOf([large('a.csv', values, of)]);
    expect(one.groups[0]).toMatchObject({ over: null, samples: 40, n: 40 });
    expect(byStatistic(groupFacts(one))).toEqual({
      'median of stated mean': expect.closeTo(middle(values), 12),
      'min of stated mean': Math.min(...values),
      'max of stated mean': Math.max(...values),
    });
    expect(groupFacts(one)[0]?.claim).toContain('as its 40 runs state it');
    const two = evidenceOf([large('run-1.csv', values, of), large('run-2.csv', spread(30, 6), of)]);
    expect(groupFacts(two).map(({ statistic }) => statistic)).toEqual(['max of stated mean', 'min of stated mean']);
  });

  it('take numbers that another file repeats once, as a digest or one by one', () => {
    const files = [large('run-1.csv', values), large('run-2.csv', [...values].reverse())];
    const evidence = evidenceOf(files);
    expect(evidence.groups[0]).toMatchObject({ samples: 40, n: 1, scope: 'run-1.csv' });
    const [duplicate] = evidence.facts.filter(({ metric }) => metric === 'repeated_numbers');
    expect(duplicate).toMatchObject({
      scope: 'run-2.csv',
      labels: { repeats: 'run-1.csv' },
      formula: expect.stringContaining('extent, mean'),
    });
    expect(evidenceOf([large('run-1.csv', values), small('run-2.csv', values)]).groups[0]).toMatchObject({ samples: 40, n: 1 });
    // Another shape of the same numbers: a group of its own, and a twin.
    const twins = evidenceOf([large('a.csv', values), small('b.json', values)]);
    expect(twins.groups.map(({ scope }) => scope)).toEqual(['a.csv']);
    expect(
      evidenceOf([
        large('run-1.csv', values),
        large(
          'run-2.csv',
          values.map((one) => one + 1e-6),
        ),
      ]).groups[0],
    ).toMatchObject({ n: 2 });
  });

  it('contradict a stated mean that is not theirs', () => {
    const stated = (value: number): File => {
      const of = [column('request_latency'), column('request_latency', { statistic: 'mean', tail: ' column mean' })];
      return { path: 'a.csv', samples: streamed(of, [...cellsOf(values), { column: 1, value, line: 99 }], SMALL).samples };
    };
    const conflicts = (value: number) => evidenceOf([stated(value)]).facts.filter(({ kind }) => kind === 'conflict');
    expect(conflicts(sum(values) / 40)).toEqual([]);
    expect(conflicts(10)).toEqual([expect.objectContaining({ value: expect.closeTo(2, 9), n: 40 })]);
  });

  it('are chosen from by their medians, those of one run each undecided', () => {
    const file = (model: string, at: number) =>
      large(`${model}.csv`, spread(40, at), column('output_token_throughput', { labels: { num_gpu: model, model: 'm' } }));
    const { facts } = evidenceOf([file('1', 100), file('2', 120)]);
    const best = facts.find(({ statistic }) => statistic === 'best by median');
    expect(best).toMatchObject({ value: expect.closeTo(120, 9), n: 40, comparison: { verdict: 'not enough samples', n: [1, 1] } });
  });

  it('give no two facts one id, and depend on no order of the files', () => {
    const of = fc.record({
      metric: fc.constantFrom<Metric>('request_latency', 'output_token_throughput', 'time_to_first_token'),
      statistic: fc.constantFrom('value', 'value', 'mean', 'p99'),
      labels: fc.constantFrom<Record<string, string>>({ model: 'a' }, { model: 'b' }, { model: 'a', num_gpu: '1' }),
      tail: fc.constantFrom(' column a', ' column b'),
    });
    const over = fc.constantFrom<Partial<NumberColumn>>({}, { over: 'runs' }, { over: 'requests' });
    const list = fc.array(fc.constantFrom(-1, 0, 1, 2, 3.5, 4), { minLength: 1, maxLength: 14 });
    const file = fc.record({ of: fc.tuple(of, over), list, isLarge: fc.boolean() });
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('run-1.csv', 'run-2.csv', 'run-3.csv', 'a.csv', 'b/c.json'), file, { maxKeys: 5 }),
        (all) => {
          fc.pre(Object.keys(all).length > 0);
          const files = Object.entries(all).map(
            ([
              path,
              {
                of: [own, more],
                list: numbers,
                isLarge,
              },
            ]) => (isLarge ? large : small)(path, numbers, column(own.metric, { ...own, ...more })),
          );
          expect(evidenceOf([...files].reverse())).toEqual(evidenceOf(files));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are the same when they are remembered', () => {
    const memory = new EvidenceMemory();
    const files = [large('run-1.csv', values), large('run-2.csv', spread(30, 6)), small('run-3.csv', [7, 8])];
    expect(evidenceOf(files, memory)).toEqual(evidenceOf(files, memory));
    expect(evidenceOf(files.slice(0, 1), memory)).toEqual(evidenceOf(files.slice(0, 1)));
  });
});

describe('samples of a file that is read whole', () => {
  it('become the digest that a stream gives, where they are as many', () => {
    const values = Array.from({ length: MOST_KEPT + 1 }, (_, i) => 1 + ((i * 7919) % 100_003) / 128);
    const of = column('request_latency');
    const [whole] = small('a.csv', values).samples;
    const [stream] = large('a.csv', values).samples;
    expect(whole).toEqual(stream);
    expect(whole?.values).toHaveLength(0);
    const few = small('a.csv', values.slice(1), of).samples[0];
    expect([few?.values.length, few?.digest]).toEqual([MOST_KEPT, undefined]);
  });
});
