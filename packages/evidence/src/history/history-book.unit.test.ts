import type { Arrival, HistoryEntry } from '@chimera/shared/domain';
import { canonicalJson, sha256 } from '@chimera/shared/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOneGo } from '../steps.ts';
import { HistoryBook, type Recorded } from './history-book.ts';
import { historyFacts } from './history-facts.ts';
import type { HistorySeries, Moment } from './snapshot.ts';

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

/** Histories of one configuration in up to three versions. */
const histories = fc
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

describe('HistoryBook', () => {
  it('is the same whatever the order in which entries come, and however often', () => {
    const shuffled = histories.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length })));
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

  it('is the same of entries as they were made and as the store has them', () => {
    const made = Array.from({ length: 12 }, (_, i) => entry(i + 1, [arrival(i < 6 ? 100 : 80, i, { tool: 't', model: 'm', engine: 'e' })]));
    const stored = made.map((one): HistoryEntry => JSON.parse(canonicalJson(one)));
    const told = (entries: readonly HistoryEntry[]) => {
      const book = bookOf(entries);
      const upTo = book.newest();
      return JSON.stringify([seriesIn(book), upTo && inOneGo(historyFacts(book, { dataset: 'bucket', upTo, groups: [] }))]);
    };
    expect(told(stored)).toBe(told(made));
    expect(told(made)).toContain('engine e, model m, tool t');
  });

  it('tells the same whatever it told before', () => {
    const nights = fc.array(fc.tuple(fc.constantFrom('', '0.1', '0.2'), fc.integer({ min: 98, max: 102 }), fc.boolean()), {
      ...{ minLength: 12, maxLength: 40, size: 'max' as const },
    });
    fc.assert(
      fc.property(nights, fc.array(fc.nat(), { maxLength: 6 }), fc.integer({ min: 5, max: 35 }), (all, told, at) => {
        const entries = all.map(([version, value, both], i) => {
          const labels = version === '' ? { model: 'm' } : { model: 'm', engine_version: version };
          const other = both ? [arrival(50, -i - 1, { model: 'other' })] : [];
          return entry(i + 1, [arrival(i < at ? value : value * 2, i, labels), ...other]);
        });
        const facts = (book: HistoryBook, upTo: Moment) =>
          inOneGo(historyFacts(book, { dataset: 'bucket', upTo: book.of(upTo.inventory) as Recorded, groups: [] }));
        const book = new HistoryBook();
        // Entries of others may come late: series change in their middle, too.
        for (const one of entries.toSorted((a, b) => (a.sequence % 4) - (b.sequence % 4))) {
          const added = book.add(one);
          expect(facts(book, added)).toEqual(facts(bookOf(entries.filter(({ inventory }) => book.has(inventory))), added));
        }
        for (const which of told) {
          const upTo = entries[which % entries.length] as HistoryEntry;
          expect(facts(book, upTo)).toEqual(facts(bookOf(entries), upTo));
        }
      }),
      { numRuns: 20 },
    );
  });

  it('tells of short series how many points they have, and shows the others: as when all are shown', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: 12 }), fc.nat(), (all, least, to) => {
        const book = bookOf(all);
        const upTo = book.inventories()[to % all.length] ?? null;
        const shown: HistorySeries[] = [];
        const short: number[] = [];
        inOneGo(book.each((one) => shown.push(one.whole()), upTo, { least, told: (points) => short.push(points) }));
        const every = seriesIn(book, upTo);
        expect(shown).toEqual(every.filter(({ points }) => points.length >= least));
        expect(short.sort()).toEqual(every.flatMap(({ points }) => (points.length < least ? [points.length] : [])).sort());
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
    const source = { path: 'a.json', sha256: hash('a'), pointer: '/x' };
    // The first 48 bits of the SHA-256 of ["<hash>","/x"].
    const content = Number.parseInt(sha256(`["${source.sha256}","/x"]`).slice(0, 12), 16);
    const book = bookOf([entry(1, [arrival(1, content)])]);
    const key = ['output_token_throughput', '{"model":"m"}', 'value', 'a.json'].join('\0');
    const moved = { ...source, path: 'b.json' };
    const other = { ...source, pointer: '/y' };
    expect([book.knows(key, source), book.knows(key, moved), book.knows(key, other), book.knows('another', source)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('keeps sources where asked to, and leaves out what is no metric of this version', () => {
    const entries = [entry(1, [arrival(1, 1), { ...arrival(2, 2), metric: 'metric_of_tomorrow' }])];
    expect(seriesIn(bookOf(entries)).map(({ points }) => points[0]?.sources)).toEqual([[]]);
    expect(seriesIn(bookOf(entries, true)).map(({ points }) => points[0]?.sources)).toEqual([entries[0]?.arrivals[0]?.sources]);
  });
});
