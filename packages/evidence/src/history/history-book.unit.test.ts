import type { Arrival, HistoryEntry } from '@chimera/shared/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOneGo } from '../steps.ts';
import { HistoryBook } from './history-book.ts';
import { historyFacts } from './history-facts.ts';
import type { HistorySeries } from './snapshot.ts';

const hash = (of: number | string) => `${of}f`.padEnd(64, '0');

const arrival = (value: number, content: number, labels: Record<string, string> = { model: 'm' }): Arrival => ({
  ...{ metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', labels, derived: [], pattern: 'a.json', value, n: 3 },
  contents: [content],
  sources: [{ path: 'a.json', sha256: hash(`a${content}`), pointer: '/x' }],
});

const entry = (sequence: number, arrivals: Arrival[], more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ schema: 'chimera.history/v1', dataset: 'bucket', inventory: hash(sequence), sequence, evidence: hash('e') },
  after: sequence === 1 ? null : hash(sequence - 1),
  takenAt: `2026-11-${String(sequence).padStart(2, '0')}T06:00:00.000Z`,
  arrivals,
  ...more,
});

function bookOf(entries: readonly HistoryEntry[], keepsSources = false): HistoryBook {
  const book = new HistoryBook({ keepsSources });
  for (const one of entries) book.add(one);
  return book;
}

function seriesIn(book: HistoryBook, upTo = book.newest()): HistorySeries[] {
  const all: HistorySeries[] = [];
  inOneGo(book.series((one) => all.push(one), upTo));
  return all;
}

describe('HistoryBook', () => {
  it('is the same whatever the order in which entries come, and however often', () => {
    const entries = fc
      .array(fc.array(fc.tuple(fc.constantFrom('', '0.1', '0.2'), fc.integer({ min: 1, max: 99 })), { maxLength: 3 }), {
        minLength: 1,
        maxLength: 20,
      })
      .map((all) =>
        all.map((some, i) =>
          entry(
            i + 1,
            [...new Map(some)].map(([version, value]) =>
              arrival(value, i, version === '' ? { model: 'm' } : { model: 'm', engine_version: version }),
            ),
          ),
        ),
      );
    const shuffled = entries.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length })));
    fc.assert(
      fc.property(shuffled, ([all, some]) => {
        const [inOrder, otherwise] = [bookOf(all), bookOf([...some, ...all])];
        expect(otherwise.inventories()).toEqual(inOrder.inventories());
        expect(seriesIn(otherwise)).toEqual(seriesIn(inOrder));
        const upTo = inOrder.newest();
        const facts = (book: HistoryBook) => upTo && inOneGo(historyFacts(book, { dataset: 'bucket', upTo, groups: [] }));
        expect(facts(otherwise)).toEqual(facts(inOrder));
      }),
    );
  });

  it('orders by places, not by clocks; two of one place by time', () => {
    const late = entry(1, [arrival(1, 1)], { takenAt: '2026-12-31T00:00:00.000Z' });
    const twice = [
      entry(2, [arrival(3, 3)], { inventory: hash('b'), takenAt: '2026-01-02T00:00:00.000Z' }),
      entry(2, [arrival(2, 2)], { takenAt: '2026-01-01T00:00:00.000Z' }),
    ];
    const [series] = seriesIn(bookOf([...twice, late]));
    expect(series?.points.map(({ value }) => value)).toEqual([1, 2, 3]);
  });

  it('tells what was known up to an inventory, as if no later one had come', () => {
    const entries = Array.from({ length: 15 }, (_, i) => entry(i + 1, [arrival(i < 7 ? 100 : 80, i)]));
    const book = bookOf(entries);
    for (const upTo of book.inventories()) expect(seriesIn(book, upTo)).toEqual(seriesIn(bookOf(entries.slice(0, upTo.sequence))));
  });

  it('knows contents again, by series', () => {
    const book = bookOf([entry(1, [arrival(1, 77)])]);
    const key = ['output_token_throughput', '{"model":"m"}', 'value', 'a.json'].join('\0');
    expect([book.knows(key, 77), book.knows(key, 78), book.knows('another', 77)]).toEqual([true, false, false]);
  });

  it('keeps sources where asked to, and leaves out what is no metric of this version', () => {
    const entries = [entry(1, [arrival(1, 1), { ...arrival(2, 2), metric: 'metric_of_tomorrow' }])];
    expect(seriesIn(bookOf(entries)).map(({ points }) => points[0]?.sources)).toEqual([[]]);
    expect(seriesIn(bookOf(entries, true)).map(({ points }) => points[0]?.sources)).toEqual([entries[0]?.arrivals[0]?.sources]);
  });
});
