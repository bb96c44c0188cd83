import { type CanonicalMetric, METRICS } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, candidateOf } from './candidates.ts';
import type { SampledGroup } from './groups.ts';
import { Ranking } from './ranking.ts';
import { inOneGo } from './steps.ts';
import type { MeasuredConfiguration } from './studies.ts';
import { StudyBook } from './study-book.ts';

type Drawn = { scope: number; labels: Record<string, string>; values: (number | null)[]; n: number; statistic: string };

const METRICS_HERE: CanonicalMetric[] = ['output_token_throughput', 'time_to_first_token', 'accuracy'];

const drawn: fc.Arbitrary<Drawn> = fc.record({
  scope: fc.integer({ min: 0, max: 400 }),
  labels: fc.oneof(
    fc.record({ model: fc.constantFrom('a', 'b'), num_gpu: fc.constantFrom('1', '2', '3') }),
    fc.record({ model: fc.constantFrom('a', 'b') }),
    fc.constant({}),
  ),
  values: fc.tuple(
    fc.option(fc.integer({ min: 1, max: 9 }), { freq: 9 }),
    fc.option(fc.integer({ min: 0, max: 4 }), { freq: 9 }),
    fc.option(fc.integer({ min: 0, max: 4 }), { freq: 1 }),
  ),
  n: fc.integer({ min: 1, max: 6 }),
  statistic: fc.constantFrom('value', 'value', 'mean'),
});

function groupOf(metric: CanonicalMetric, value: number, { scope, labels, n, statistic }: Drawn): SampledGroup {
  const path = `f${scope}.csv`;
  const set = { metric, statistic, labels, values: Float64Array.of(value), n: null, first: 'line 2' };
  return {
    key: `${metric}\0${JSON.stringify(labels)}\0${statistic}\0${path}`,
    values: Float64Array.from({ length: n }, () => value),
    digest: null,
    members: [{ path, sha256: 'a'.repeat(64), set: set as never }],
    repeats: [],
    configuration: `${JSON.stringify(labels)}\0${path}`,
    group: {
      ...{ derived: [], labels, metric, n, over: 'runs', pattern: path, runs: [], samples: n, scope: path, statistic },
      ...{ sources: [{ path, pointer: 'line 2', sha256: 'a'.repeat(64) }], unit: METRICS[metric].unit },
    } as SampledGroup['group'],
  };
}

function configurationOf(one: Drawn): MeasuredConfiguration | null {
  const metrics = new Map<CanonicalMetric, SampledGroup>();
  for (const [i, metric] of METRICS_HERE.entries()) {
    const value = one.values[i] ?? null;
    if (value !== null) metrics.set(metric, groupOf(metric, value, one));
  }
  const [first] = metrics.values();
  const { labels } = one;
  return first ? { key: first.configuration, labels, derived: [], scope: first.group.scope, metrics, outputTokens: null } : null;
}

/** Configurations by their keys: no two have the same. */
function configurationsOf(all: readonly Drawn[]): Map<string, MeasuredConfiguration> {
  return new Map(all.flatMap((one) => configurationOf(one) ?? []).map((one) => [one.key, one]));
}

const step = fc.record({ come: fc.array(drawn, { maxLength: 400, size: 'max' }), gone: fc.integer({ min: 1, max: 40 }) });

/** Does the steps, and gives what went, what came and what is there after each. */
function walk(
  steps: readonly { come: readonly Drawn[]; gone: number }[],
  visit: (gone: MeasuredConfiguration[], come: MeasuredConfiguration[], there: MeasuredConfiguration[]) => void,
): void {
  const there = new Map<string, MeasuredConfiguration>();
  for (const { come, gone } of steps) {
    const fresh = configurationsOf(come);
    const leaving = [...there.values()].filter(({ key }, i) => i % gone === 0 || fresh.has(key));
    for (const { key } of leaving) there.delete(key);
    for (const [key, one] of fresh) there.set(key, one);
    visit(leaving, [...fresh.values()], [...there.values()]);
  }
}

describe('StudyBook', () => {
  it('says after any changes what it says of the same configurations anew', () => {
    const factsOf = (book: StudyBook) =>
      inOneGo(book.facts())
        .map((fact) => JSON.stringify(fact))
        .sort();
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        const book = new StudyBook();
        walk(steps, (gone, come, there) => {
          inOneGo(book.update(gone, come));
          const anew = new StudyBook();
          inOneGo(anew.update([], [...there].reverse()));
          expect(factsOf(book)).toEqual(factsOf(anew));
        });
      }),
      { numRuns: 15 },
    );
  });
});

describe('Ranking', () => {
  it('says after any changes of all candidates what each of them, asked by itself, comes to', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), (steps) => {
        const ranking = new Ranking('output_token_throughput');
        walk(steps, (gone, come, there) => {
          inOneGo(ranking.update(gone, come));
          const all = there.flatMap((one): Candidate[] => [candidateOf(one, 'output_token_throughput') ?? []].flat());
          const values = all.map(({ value }) => value).sort((a, b) => b - a);
          expect(ranking.size).toBe(all.length);
          expect(ranking.best(all.length).map(({ value }) => value)).toEqual(values);
          expect(ranking.best(3)).toEqual(ranking.best(all.length).slice(0, 3));
          expect(ranking.worst?.value).toBe(values.at(-1));
          expect(ranking.fewestRuns).toBe(Math.min(...all.map(({ runs }) => runs)));
          const few = ranking.best(all.length).filter(({ runs }) => runs < 4);
          expect(ranking.few(20)).toEqual({ n: few.length, best: few.slice(0, 20) });
          for (const [at, metric] of (['time_to_first_token', 'accuracy'] as const).entries()) {
            const own = there.filter(({ metrics }) => metrics.has('output_token_throughput'));
            const medians = own
              .map(({ metrics }) => metrics.get(metric))
              .flatMap((group) => (group?.group.statistic === 'value' ? [group.values[0] ?? Number.NaN] : []));
            expect(ranking.weighed(at, 'value')).toEqual({
              n: medians.length,
              least: Math.min(...medians),
              greatest: Math.max(...medians),
            });
          }
          const points = all.map(({ value, weighed }) => [value, ...[-1, 1].map((sign, at) => sign * (weighed[at] ?? Number.NaN))]);
          const used = [0, 1, 2].filter((i) => points.every((point) => !Number.isNaN(point[i])));
          const isBeaten = (one: number[], by: number[]) =>
            used.every((i) => (by[i] ?? 0) >= (one[i] ?? 0)) && used.some((i) => (by[i] ?? 0) > (one[i] ?? 0));
          expect(ranking.front).toBe(points.filter((one) => !points.some((by) => isBeaten(one, by))).length);
        });
      }),
      { numRuns: 40 },
    );
  });
});
