import type { Group } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf } from './history.ts';
import { historyChangeClaim, historySeriesClaim } from './history-claims.ts';
import type { Snapshot } from './snapshot.ts';

const hash = (of: string) => `${of}f`.padEnd(64, '0');

/** One group of three runs around a value, in a file that only this inventory has, unless `sources` says otherwise. */
const group = (value: number, file: string, more: Partial<Group> = {}): Group => ({
  ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over: 'runs', labels: { model: 'm' }, derived: [] },
  ...{ scope: 'a.json', pattern: 'a.json', runs: [value - 1, value, value + 1], n: 3, samples: 3 },
  sources: [{ path: 'a.json', sha256: hash(file), pointer: '/x' }],
  ...more,
});

/** The snapshots of a dataset, a day apart: inventory 100… of 2026-11-01, 200… of 2026-11-02. */
const days = (all: readonly (readonly Group[])[]): Snapshot[] =>
  all.map((groups, i) => ({
    inventory: hash(`${i + 1}`),
    sequence: i + 1,
    takenAt: `2026-11-${String(i + 1).padStart(2, '0')}T06:00:00.000Z`,
    groups,
  }));

const jitter = (i: number) => ((i * 7) % 5) / 10 - 0.2;
const stepped = (n: number, at: number, from: number, to: number, more: (i: number) => Partial<Group> = () => ({})) =>
  days(Array.from({ length: n }, (_, i) => [group((i < at ? from : to) + jitter(i), `f${i}`, more(i))]));

const claimsOf = (snapshots: readonly Snapshot[], isHeld: boolean | null = true) => {
  const presence = { isHeld, by: 'this inventory' };
  return historyOf(snapshots).map((series) => [
    historySeriesClaim(series, presence),
    ...series.changes.map((change) => historyChangeClaim(series, change, presence)),
  ]);
};

describe('historyOf', () => {
  it('says what fell when, which inventory brought it, and since when it is so', () => {
    const [series, ...others] = historyOf(stepped(15, 8, 98, 82));
    expect(others).toEqual([]);
    expect(series).toMatchObject({ metric: 'output_token_throughput', labels: { model: 'm' }, scope: 'a.json', needed: 0 });
    expect(series?.points).toHaveLength(15);
    expect(series?.points[0]).toMatchObject({ value: 97.8, n: 3, sequence: 1, sources: [{ sha256: hash('f0') }] });
    const [change] = series?.changes ?? [];
    expect(series?.changes).toHaveLength(1);
    expect(change).toMatchObject({ verdict: 'worse', until: null, before: { n: 8 }, after: { n: 7 } });
    expect([change?.last.sequence, change?.broughtBy.sequence]).toEqual([8, 9]);
    expect(change?.ratio).toBeCloseTo(82 / 98, 2);
  });

  it('says it in words', () => {
    expect(claimsOf(stepped(15, 8, 98, 82))).toEqual([
      [
        'output token throughput of model m in a.json is 82 tok/s in the mean since inventory 9f0000000000 of 2026-11-09, 7 inventories; 1 change over 15 inventories with new runs, since inventory 1f0000000000 of 2026-11-01.',
        'output token throughput of model m in a.json fell from 98 to 82 tok/s (0.8367 times) with inventory 9f0000000000 of 2026-11-09, and is so since, 7 inventories: worse.',
      ],
    ]);
  });

  it('says of a level whose files are gone that it was so, and of one that nobody knows of that', () => {
    const [[series, change] = []] = claimsOf(stepped(15, 8, 98, 82), false);
    expect(series).toMatch(/ was 82 tok\/s in the mean since .*; this inventory counts no runs of that level\.$/);
    expect(change).toMatch(/, and stayed so for 7 inventories: worse; this inventory counts no runs of that level\.$/);
    const [[other, unknown] = []] = claimsOf(stepped(15, 8, 98, 82), null);
    expect(other).toMatch(/ was 82 tok\/s in the mean since .*; whether this inventory counts runs of that level is not known\.$/);
    expect(unknown).toMatch(/, and stayed so for 7 inventories: worse; whether this inventory counts runs of that level is not known\.$/);
  });

  it('says until when a level was so, and that one inventory may be an outlier', () => {
    const up = days([...Array(10).fill(50), ...Array(9).fill(80), 20].map((value: number, i) => [group(value + jitter(i), `f${i}`)]));
    const [claims = []] = claimsOf(up);
    expect(claims[1]).toMatch(
      /rose from 50 to 79\.99 tok\/s \(1\.600 times\) with inventory 11f0+ of 2026-11-11, and stayed so for 9 inventories, until inventory 20f0+ of 2026-11-20: better\.$/,
    );
    expect(claims[2]).toMatch(/ with inventory 20f0+ of 2026-11-20, and is so since, 1 inventory only, which may be an outlier: worse\.$/);
  });

  it('goes on where only a version changes, and says that it did', () => {
    const history = stepped(14, 7, 98, 82, (i) => ({ labels: { model: 'm', engine_version: i < 7 ? '0.6.1' : '0.7.0' } }));
    const [series] = historyOf(history);
    expect(series?.labels).toEqual({ model: 'm' });
    expect(series?.changes[0]?.versions).toEqual([{ name: 'engine_version', before: '0.6.1', now: '0.7.0' }]);
    expect(claimsOf(history)[0]?.[1]).toMatch(/7 inventories: worse; engine_version was 0\.6\.1 and is 0\.7\.0\.$/);
    const unstated = stepped(14, 7, 98, 82, (i) => ({ labels: i < 7 ? { model: 'm' } : { model: 'm', engine_version: '0.7.0' } }));
    expect(claimsOf(unstated)[0]?.[1]).toMatch(/; engine_version was not stated and is 0\.7\.0\.$/);
  });

  it('keeps versions apart that are measured side by side', () => {
    const version = (engine_version: string) => ({ labels: { model: 'm', engine_version } });
    const both = days(Array.from({ length: 12 }, (_, i) => [group(98, `a${i}`, version('1')), group(82, `b${i}`, version('2'))]));
    expect(historyOf(both).map(({ labels, points, changes }) => [labels.engine_version, points.length, changes.length])).toEqual([
      ['1', 12, 0],
      ['2', 12, 0],
    ]);
  });

  it('goes on over an inventory in which a version gives way to the next, as where the results of two nights come at once', () => {
    const of = (i: number, commit: number) =>
      group((commit < 7 ? 98 : 82) + jitter(i), `f${i} ${commit}`, { labels: { model: 'm', commit: `c${10 + commit}` } });
    const nights = Array.from({ length: 16 }, (_, i) => (i % 5 === 4 ? [] : i % 5 === 0 && i > 0 ? [of(i, i - 1), of(i, i)] : [of(i, i)]));
    const [series, ...others] = historyOf(days(nights)).toSorted((a, b) => b.points.length - a.points.length);
    expect(series?.labels).toEqual({ model: 'm' });
    expect(series?.points.map(({ sequence }) => sequence - 1)).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 10, 11, 12, 13, 15]);
    expect(series?.changes).toMatchObject([{ broughtBy: { sequence: 8 }, verdict: 'worse' }]);
    expect(others.map(({ labels, points }) => [labels.commit, points.length])).toEqual([
      ['c14', 1],
      ['c19', 1],
      ['c24', 1],
    ]);
  });

  it('goes on where the runs of an earlier version are still there', () => {
    const of = (i: number) => group((i < 6 ? 98 : 82) + jitter(i), `f${i}`, { labels: { engine_version: i < 6 ? '1' : '2' } });
    const piledUp = (i: number): Group[] => (i < 6 ? [of(i)] : [of(5), of(i)]);
    const [series, ...others] = historyOf(days(Array.from({ length: 12 }, (_, i) => piledUp(i))));
    expect(others).toEqual([]);
    expect(series?.points).toHaveLength(12);
    expect(series?.changes[0]?.broughtBy.sequence).toBe(7);
  });

  it('counts only inventories that brought runs: what stands there as before is no new measurement', () => {
    const untouched = days([...Array(9).fill('old'), ...Array(6).fill('new')].map((file) => [group(file === 'old' ? 98 : 82, file)]));
    const [series] = historyOf(untouched);
    expect(series?.points.map(({ sequence }) => sequence)).toEqual([1, 10]);
    expect(series).toMatchObject({ changes: [], needed: 8 });
    expect(claimsOf(untouched)).toEqual([
      ['output token throughput of model m in a.json: 2 inventories with new runs; 8 more are needed before a change can be told.'],
    ]);
  });

  it('takes of runs that pile up those that an inventory added', () => {
    const values = [98, 97, 98.5, 97.5, 98, 97, 82, 81.5, 82, 82.5, 81];
    const files = values.map((value, i) => ({ value, source: { path: `r${i}.json`, sha256: hash(`f${i}`), pointer: '/x' } }));
    const nightly = days(
      values.map((_, i) => {
        const there = files.slice(0, i + 1);
        const runs = there.map(({ value }) => value).sort((a, b) => a - b);
        return [group(0, '', { runs, n: runs.length, samples: runs.length, sources: there.map(({ source }) => source) })];
      }),
    );
    const [series] = historyOf(nightly);
    expect(series?.points.map(({ value, n }) => [value, n])).toEqual(values.map((value) => [value, 1]));
    expect(series?.changes.map(({ broughtBy }) => broughtBy.sequence)).toEqual([7]);
  });

  it('judges by the direction of the metric, and not what is below the noise floor or has no direction', () => {
    const verdictOf = (metric: string, to: number) =>
      historyOf(stepped(14, 7, 98, to, () => ({ metric, unit: 's' })))[0]?.changes[0]?.verdict;
    expect(verdictOf('time_to_first_token', 82)).toBe('better');
    expect(verdictOf('time_to_first_token', 120)).toBe('worse');
    expect(verdictOf('time_to_first_token', 97)).toBeNull();
    expect(verdictOf('duration', 82)).toBeNull();
    const claim = (metric: string, to: number) => claimsOf(stepped(14, 7, 98, to, () => ({ metric, unit: 's' })))[0]?.[1];
    expect(claim('time_to_first_token', 97)).toMatch(/7 inventories; under 2 %, clocks and temperature move as much\.$/);
    expect(claim('duration', 82)).toMatch(/7 inventories\.$/);
  });

  it('has no ratio from zero, and still a direction', () => {
    const errors = (value: number): Partial<Group> => ({ metric: 'error_rate', unit: 'ratio', runs: [value], n: 1, samples: 1 });
    const history = days(Array.from({ length: 12 }, (_, i) => [group(0, `f${i}`, errors(i < 6 ? 0 : 0.25))]));
    expect(historyOf(history)[0]?.changes).toMatchObject([{ ratio: null, verdict: 'worse' }]);
    expect(claimsOf(history)[0]?.[1]).toContain('error rate of model m in a.json rose from 0 to 0.25 ratio with inventory 7f');
  });

  it('says where nothing changed, names the statistic, and leaves out what is no metric of the registry', () => {
    const still = days(
      Array.from({ length: 12 }, (_, i) => [
        group(0.5, `f${i}`, {
          metric: 'time_to_first_token',
          statistic: 'p99',
          unit: 's',
          labels: {},
          runs: [0.5 + jitter(i) / 100],
          n: 1,
        }),
        group(3, `g${i}`, { metric: 'tokens_of_its_own' }),
      ]),
    );
    expect(claimsOf(still)).toEqual([
      [
        'p99 time to first token in a.json shows no change since inventory 1f0000000000 of 2026-11-01, over 12 inventories with new runs: 0.4998 s in the mean.',
      ],
    ]);
  });

  it('has nothing to say of nothing', () => expect([historyOf([]), historyOf(days([[], []]))]).toEqual([[], []]));

  it('is the same in whatever order the snapshots and their groups come', () => {
    const names = ['__proto__', 'model', 'engine_version', 'z'];
    const snapshots = fc
      .array(fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 1, max: 9 })), { maxLength: 4 }), {
        minLength: 1,
        maxLength: 14,
      })
      .map((all) =>
        days(
          all.map((groups, i) =>
            [...new Map(groups)].map(([name, value], j) => group(value, `f${i}${j}`, { labels: Object.fromEntries([[name, 'x']]) })),
          ),
        ),
      );
    fc.assert(
      fc.property(snapshots, (all) => {
        const turned = all.toReversed().map((snapshot) => ({ ...snapshot, groups: snapshot.groups.toReversed() }));
        expect(JSON.stringify(historyOf(turned))).toBe(JSON.stringify(historyOf(all)));
        for (const [claim] of claimsOf(all)) expect(claim).toContain('a.json');
      }),
    );
  });
});
