import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayGo, type PrintedReport, reportsToRemove } from './retention.ts';

const DAY = 86_400_000;
const NOW = 1_000 * DAY;
const report = (run: string, inventory: string, days: number | null, dataset = 'bucket'): PrintedReport => ({
  ...{ run, dataset, inventory, at: days === null ? null : NOW - days * DAY },
});
const going = (
  reports: PrintedReport[],
  limits: Parameters<typeof reportsToRemove>[2],
  current: Record<string, string> = { bucket: 'now' },
) => reportsToRemove(reports, new Map(Object.entries(current)), limits, NOW).map(({ run }) => run);

describe('reportsToRemove', () => {
  const reports = [report('c', 'now', 500), report('a', 'old', 200), report('b', 'older', 300), report('d', 'young', 10)];

  it('takes superseded reports that are too old, the oldest first', () => {
    expect(going(reports, { maxAgeMs: 90 * DAY, newest: null })).toEqual(['b', 'a']);
    expect(going(reports, { maxAgeMs: 200 * DAY, newest: null })).toEqual(['b']);
  });

  it('keeps the newest of each dataset', () => {
    expect(going(reports, { maxAgeMs: null, newest: 1 })).toEqual(['b', 'a']);
    expect(going(reports, { maxAgeMs: null, newest: 0 })).toEqual(['b', 'a', 'd']);
    expect(going([...reports, report('e', 'x', 400, 'other')], { maxAgeMs: null, newest: 1 }, { bucket: 'now', other: 'y' })).toEqual([
      'b',
      'a',
    ]);
  });

  it('takes only what neither limit keeps', () => {
    expect(going(reports, { maxAgeMs: 250 * DAY, newest: 1 })).toEqual(['b']);
    expect(going(reports, { maxAgeMs: 90 * DAY, newest: 2 })).toEqual(['b']);
    expect(going(reports, { maxAgeMs: 90 * DAY, newest: 3 })).toEqual([]);
  });

  it('keeps what may be current, and what is of an age that nobody knows', () => {
    expect(going(reports, { maxAgeMs: null, newest: 0 }, {})).toEqual([]);
    expect(going([report('a', 'old', null)], { maxAgeMs: 0, newest: 0 })).toEqual([]);
  });

  it('never takes a current report, and takes no more where a limit is wider', () => {
    const some = fc.array(
      fc.record({
        run: fc.uuid(),
        dataset: fc.constantFrom('a', 'b', 'c'),
        inventory: fc.constantFrom('1', '2', '3'),
        at: fc.option(fc.integer({ min: 0, max: NOW })),
      }),
    );
    const limit = fc.option(fc.nat(20));
    fc.assert(
      fc.property(some, limit, limit, (found, days, newest) => {
        const current = new Map([
          ['a', '1'],
          ['b', '2'],
        ]);
        const maxAgeMs = days === null ? null : days * 50 * DAY;
        const gone = reportsToRemove(found, current, { maxAgeMs, newest }, NOW);
        for (const one of gone) {
          expect(current.get(one.dataset)).toBeDefined();
          expect(current.get(one.dataset)).not.toBe(one.inventory);
        }
        const wider = reportsToRemove(
          found,
          current,
          { maxAgeMs: maxAgeMs === null ? null : maxAgeMs * 2, newest: (newest ?? 0) + 1 },
          NOW,
        );
        expect(gone.map(({ run }) => run)).toEqual(expect.arrayContaining(wider.map(({ run }) => run)));
      }),
    );
  });
});

describe('mayGo', () => {
  it('lets go what nothing leads to and nobody stored lately', () => {
    const blob = { id: 'x', bytes: 1, storedAt: 100 };
    expect(mayGo(blob, new Set(), 101)).toBe(true);
    expect(mayGo(blob, new Set(), 100)).toBe(false);
    expect(mayGo(blob, new Set(['x']), 101)).toBe(false);
  });
});
