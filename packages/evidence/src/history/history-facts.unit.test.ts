import { type Arrival, Fact, type Group, type HistoryEntry, indexFacts } from '@chimera/shared/domain';
import { sha256 } from '@chimera/shared/store';
import { describe, expect, it } from 'vitest';
import { inOneGo } from '../steps.ts';
import { fingerprintOf } from './contents.ts';
import { HistoryBook } from './history-book.ts';
import { historyFacts } from './history-facts.ts';
import { isHeld, levelChanges, presentChanges, statedStatistic, steadyLevels } from './history-outlook.ts';

const hash = (of: number | string) => `${of}f`.padEnd(64, '0');
const jitter = (i: number) => ((i * 7) % 5) / 10 - 0.2;
const sourceOf = (name: string, night: number) => ({ path: `${name}.json`, sha256: sha256(`${name} ${night}`), pointer: '/x' });

type Row = { name: string; metric?: string; statistic?: string; unit?: string; values: readonly number[] };

const arrivalOf = (
  { name, metric = 'output_token_throughput', statistic = 'value', unit = 'tok/s', values }: Row,
  night: number,
): Arrival => ({
  ...{ metric, statistic, unit, labels: { model: name }, derived: [], pattern: `${name}.json`, value: values[night] ?? 0, n: 3 },
  contents: [fingerprintOf(sourceOf(name, night))],
  sources: [sourceOf(name, night)],
});

/** The facts of the last of so many nights, on each of which every row brought a value in a file of its own; `there`: rows whose files are. */
function factsOf(rows: readonly Row[], nights: number, there: readonly Row[] = rows) {
  const book = new HistoryBook();
  for (let i = 0; i < nights; i++) {
    const arrivals = rows.filter(({ values }) => i < values.length).map((row) => arrivalOf(row, i));
    const takenAt = `2026-11-${String(i + 1).padStart(2, '0')}T06:00:00.000Z`;
    const one: HistoryEntry = {
      ...{ schema: 'chimera.history/v1', dataset: 'nightly', inventory: hash(i + 1), sequence: i + 1, takenAt },
      ...{ after: i === 0 ? null : hash(i), evidence: hash('e'), arrivals },
    };
    book.add(one);
  }
  const groups = there.map((row): Group => {
    const { metric, statistic, unit, labels, derived, pattern } = arrivalOf(row, 0);
    const sources = row.values.map((_, i) => sourceOf(row.name, i));
    return { ...{ metric, statistic, unit, labels, derived, pattern, sources }, over: 'runs', scope: pattern, runs: [1], n: 1, samples: 1 };
  });
  const upTo = book.newest();
  if (upTo === null) throw new Error('There are nights.');
  const facts = inOneGo(historyFacts(book, { dataset: 'nightly', upTo, groups }));
  for (const fact of facts) expect(Fact.parse(fact)).toEqual(fact);
  expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
  return indexFacts(facts);
}

const stepped = (n: number, at: number, from: number, to: number) => Array.from({ length: n }, (_, i) => (i < at ? from : to) + jitter(i));

describe('historyFacts', () => {
  it('are none of a single inventory, and say how many more are needed of few', () => {
    expect(factsOf([{ name: 'a', values: [1] }], 1).facts).toEqual([]);
    const few = factsOf(
      [
        { name: 'a', values: [1, 2, 3] },
        { name: 'b', values: [1] },
      ],
      3,
    );
    expect(few.facts.map(({ metric, value }) => [metric, value])).toEqual([
      ['history_inventories', 3],
      ['history_inventories_needed', 7],
    ]);
    expect(few.facts[1]?.claim).toBe(
      'Of 3 inventories since 2026-11-01, none of 2 series has 10 that brought new runs: 7 more inventories with new runs of the same configuration are needed before a change can be told.',
    );
    expect(factsOf([{ name: 'a', values: stepped(9, 5, 100, 80) }], 9).facts[1]?.claim).toContain('1 more inventory with new runs');
  });

  it('tell a change with its levels, its inventories and the artifacts that carry what holds now', () => {
    const facts = factsOf(
      [
        { name: 'a', values: stepped(15, 8, 98, 82) },
        { name: 'still', values: stepped(15, 15, 50, 50) },
      ],
      15,
    );
    const [told, ...others] = levelChanges(facts);
    expect(others).toEqual([]);
    expect(told?.fact).toMatchObject({
      kind: 'history',
      metric: 'output_token_throughput',
      labels: { model: 'a' },
      scope: 'a.json',
      unit: 'times',
      n: 15,
    });
    expect(told?.change).toMatchObject({
      verdict: 'worse',
      until: null,
      n: [7, 8],
      broughtBy: { inventory: hash(9), takenAt: '2026-11-09T06:00:00.000Z' },
    });
    expect(told?.change.p).toBeLessThan(0.001);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const values = stepped(15, 8, 98, 82);
    expect(told?.before).toMatchObject({ value: expect.closeTo(mean(values.slice(0, 8)), 9), unit: 'tok/s', n: 8 });
    expect(told?.after).toMatchObject({ value: expect.closeTo(mean(values.slice(8)), 9), unit: 'tok/s', n: 7 });
    expect(told?.fact.value).toBeCloseTo(mean(values.slice(8)) / mean(values.slice(0, 8)), 9);
    expect(told?.since.value).toBe('2026-11-09T06:00:00.000Z');
    expect(told?.fact.sources).toEqual([
      { observation: `inventory ${hash(8)} of 2026-11-08T06:00:00.000Z` },
      { observation: `inventory ${hash(9)} of 2026-11-09T06:00:00.000Z` },
      ...Array.from({ length: 7 }, (_, i) => sourceOf('a', 8 + i)),
    ]);
    expect(told?.before.sources).toEqual([
      { observation: `inventory ${hash(1)} of 2026-11-01T06:00:00.000Z` },
      { observation: `inventory ${hash(8)} of 2026-11-08T06:00:00.000Z` },
    ]);
    expect(presentChanges(facts)).toEqual([told]);
    expect(steadyLevels(facts).map(({ labels, n }) => [labels.model, n])).toEqual([['still', 15]]);
    expect(facts.find('history_changes')?.claim).toBe('1 change of level in 1 series over 15 inventories since 2026-11-01.');
    expect(facts.find('history_series')?.value).toBe(2);
  });

  it('name the level between two changes once, and until when it held', () => {
    const values = [...stepped(8, 8, 98, 98), ...stepped(8, 8, 82, 82), ...stepped(8, 8, 110, 110)];
    const told = levelChanges(factsOf([{ name: 'a', values }], 24));
    expect(told.map(({ change }) => [change.verdict, change.broughtBy.inventory, change.until?.inventory])).toEqual([
      ['worse', hash(9), hash(17)],
      ['better', hash(17), undefined],
    ]);
    expect(told[0]?.after.id).toBe(told[1]?.before.id);
    expect(told[0]?.until?.id).toBe(told[1]?.since.id);
    expect(told[0]?.after.claim).toMatch(
      / was 82 tok\/s in the mean from inventory 9f.* of 2026-11-09 until inventory 17f.* of 2026-11-17, 8 inventories\.$/,
    );
  });

  it('call no level present that no artifact of the inventory holds', () => {
    const here = { name: 'here', values: stepped(15, 8, 98, 82) };
    const gone = { name: 'gone', values: stepped(12, 6, 98, 82) };
    const still = { name: 'still', values: stepped(12, 12, 50, 50) };
    // Of one only the files of an earlier level are left, of another none.
    const facts = factsOf([here, gone, still], 15, [here, { ...gone, values: gone.values.slice(0, 6) }]);
    expect(presentChanges(facts).map(({ fact }) => fact.labels.model)).toEqual(['here']);
    const told = levelChanges(facts).find(({ fact }) => fact.labels.model === 'gone');
    expect(told && [told.change.until, isHeld(told.fact), isHeld(told.after)]).toEqual([null, false, false]);
    expect(told?.fact.claim).toMatch(/, and stayed so for 6 inventories: worse; this inventory counts no runs of that level\.$/);
    expect(told?.after.claim).toMatch(/ was 82 tok\/s in the mean since .*; this inventory counts no runs of that level\.$/);
    const [steady] = steadyLevels(facts);
    expect(steady?.claim).toMatch(/ shows no change since .* in the mean; this inventory counts no runs of that level\.$/);
  });

  it('keep what the files state as p99 apart from the values, and have no ratio from zero', () => {
    const facts = factsOf(
      [
        { name: 'a', metric: 'time_to_first_token', statistic: 'p99', unit: 's', values: stepped(12, 6, 5, 8) },
        { name: 'a', metric: 'time_to_first_token', unit: 's', values: stepped(12, 6, 3, 6) },
        { name: 'a', metric: 'error_rate', unit: 'ratio', values: Array.from({ length: 12 }, (_, i) => (i < 6 ? 0 : 0.25)) },
      ],
      12,
    );
    expect(levelChanges(facts).map(({ fact, after }) => [fact.metric, statedStatistic(after), fact.unit])).toEqual([
      ['error_rate', null, 'ratio'],
      ['time_to_first_token', null, 'times'],
      ['time_to_first_token', 'p99', 'times'],
    ]);
  });

  it('tell the most important of many: worse ones of headline metrics, the newest first; and count the rest', () => {
    const rows: Row[] = [
      { name: 'gpu', metric: 'gpu_utilization', unit: 'ratio', values: stepped(12, 6, 98, 82) },
      ...Array.from({ length: 15 }, (_, i) => ({ name: `better${i}`, values: stepped(12, 6, 82, 98) })),
      ...Array.from({ length: 8 }, (_, i) => ({ name: `worse${i}`, values: stepped(12, 5, 98, 82) })),
      { name: 'newest', values: stepped(12, 8, 98, 90) },
      ...Array.from({ length: 22 }, (_, i) => ({ name: `steady${i}`, values: stepped(12, 12, 50, 50) })),
    ];
    const facts = factsOf(rows, 12);
    const told = levelChanges(facts);
    expect(told.map(({ fact }) => fact.labels.model?.replace(/\d+$/, ''))).toEqual([
      'newest',
      ...Array(8).fill('worse'),
      ...Array(11).fill('better'),
    ]);
    expect(facts.find('history_changes')?.value).toBe(25);
    expect(facts.find('history_changes_not_listed')).toMatchObject({
      value: 5,
      claim: '5 further changes of level are listed by "chimera history nightly" alone.',
    });
    expect(steadyLevels(facts)).toHaveLength(20);
    expect(facts.find('history_series_not_listed')?.value).toBe(2);
  });
});
