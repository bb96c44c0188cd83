import type { Arrival, Group } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { inOneGo } from '../steps.ts';
import { carriersIn, carriersOf } from './carriers.ts';
import { fingerprintOf } from './contents.ts';
import { historyOfSeries, type SeriesHistory } from './history.ts';
import { HistoryBook } from './history-book.ts';

const hash = (of: string) => `${of}f`.padEnd(64, '0');
const sourceOf = (path: string, version: string) => ({ path, sha256: hash(path.length + version), pointer: '/x' });

/** A file for each of some models, versions and metrics; two patterns. */
const groups = ['m', 'n', 'o'].flatMap((model) =>
  ['', '0.1', '0.2'].flatMap((version) =>
    ['output_token_throughput', 'time_to_first_token'].flatMap((metric) =>
      ['a', 'bb'].map((pattern): Group => {
        const labels: Record<string, string> = version === '' ? { model } : { model, engine_version: version };
        return {
          ...{
            metric,
            statistic: 'value',
            unit: 's',
            labels,
            derived: [],
            pattern,
            scope: pattern,
            over: 'runs',
            runs: [1],
            n: 1,
            samples: 1,
          },
          sources: [sourceOf(`${pattern}-${model}-${metric}`, version)],
        };
      }),
    ),
  ),
);

/** The series of inventories that bring some of these groups each, all with a content that the group has, or none of them with it. */
function seriesOf(nights: readonly (readonly Group[])[], isThere: boolean): SeriesHistory[] {
  const book = new HistoryBook();
  for (const [i, some] of nights.entries()) {
    const arrivals = some.map(({ metric, statistic, unit, labels, derived, pattern, sources }): Arrival => {
      const contents = isThere ? sources.map(fingerprintOf) : [i];
      return { metric, statistic, unit, labels, derived, pattern, value: 1, n: 1, contents, sources: [] };
    });
    const inventory = hash(String(i));
    const takenAt = '2026-11-01T00:00:00.000Z';
    book.add({
      schema: 'chimera.history/v1',
      dataset: 'd',
      inventory,
      sequence: i + 1,
      after: null,
      evidence: hash('e'),
      takenAt,
      arrivals,
    });
  }
  const all: SeriesHistory[] = [];
  inOneGo(book.series((one) => all.push(historyOfSeries(one))));
  return all;
}
const sideBySide = seriesOf([groups, groups], true);

describe('carriers', () => {
  it('find the places of each series in its groups alone, where versions tell series apart those of its own', () => {
    const found = sideBySide.map(({ metric, labels, scope }) => [`${scope}-${labels.model}-${metric}`, labels.engine_version ?? '']);
    expect(found).toHaveLength(groups.length);
    const carriers = carriersIn(groups);
    expect(sideBySide.map((one) => carriers.sourcesOf(one))).toEqual(found.map(([path = '', version = '']) => [sourceOf(path, version)]));
  });

  it('find those of all versions where one follows the other, and none of contents that are not there', () => {
    const versions = groups.filter(({ labels, metric, pattern }) => labels.model === 'm' && metric.startsWith('time') && pattern === 'a');
    const following = seriesOf(
      versions.map((one) => [one]),
      true,
    );
    expect(following).toHaveLength(1);
    expect(following.map((one) => carriersIn(groups).sourcesOf(one))).toEqual([versions.flatMap(({ sources }) => sources)]);
    const others = seriesOf([groups, groups], false);
    expect(others.map((one) => carriersIn(groups).holds(one))).toEqual(others.map(() => false));
  });

  it('find the same of a few series', () => {
    const few = sideBySide.filter((_, i) => i % 5 === 0);
    const [of, among] = [inOneGo(carriersOf(few, groups)), carriersIn(groups)];
    expect(few.map((one) => of.sourcesOf(one))).toEqual(few.map((one) => among.sourcesOf(one)));
    expect(few.every((one) => of.holds(one))).toBe(true);
  });
});
