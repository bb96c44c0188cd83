import { changesBetween } from '@chimera/evidence';
import type { Group } from '@chimera/shared/domain';
import { describe, expect, it } from 'vitest';
import { repeats } from '../../../test/support/benchmarks.ts';
import { comparisonOf, countsOf } from './comparison.ts';
import { comparisonListing } from './comparison-listing.ts';
import { comparisonPage } from './comparison-page.ts';

const group = (labels: Record<string, string>, runs: readonly number[], more: Partial<Group> = {}): Group => ({
  ...{
    metric: 'output_token_throughput',
    statistic: 'value',
    unit: 'tok/s',
    over: 'runs',
    derived: [],
    scope: 'a.json',
    pattern: more.scope ?? 'a.json',
    labels,
  },
  ...{ runs: [...runs].sort((a, b) => a - b), n: runs.length, samples: runs.length },
  sources: [{ path: 'a.json', sha256: 'a'.repeat(64), pointer: '/x' }],
  ...more,
});
const between = (now: Group[], then: Group[]) => changesBetween({ name: 'new', groups: now }, { name: 'old', groups: then });

describe('comparisonOf', () => {
  it('names labels that all have apart, versions as caveats, and what only follows from a path as derived', () => {
    const labels = (concurrency: string, engine_commit: string) => ({ model: 'm', concurrency, engine_commit });
    const side = (commit: string) =>
      ['1', '8'].map((concurrency) => group(labels(concurrency, commit), repeats(100, 8), { derived: ['concurrency'] }));
    const { common, rows, caveats } = comparisonOf(between(side('b'), side('a')));
    expect(common).toBe('model m');
    expect(rows.map(({ configuration }) => configuration)).toEqual(['concurrency 1 (derived)', 'concurrency 8 (derived)']);
    expect(caveats).toEqual(['engine_commit was a and is b']);
  });

  it('counts a caveat that some have', () => {
    const then = [group({ model: 'm', engine_commit: 'a' }, [1]), group({ model: 'o', engine_commit: 'a' }, [1])];
    const now = [group({ model: 'm', engine_commit: 'a' }, [1]), group({ model: 'o', engine_commit: 'b' }, [1])];
    expect(comparisonOf(between(now, then)).caveats).toEqual(['engine_commit was a and is b (in 1 of 2)']);
  });

  it('tells no ratio where there is none', () => {
    const errors = (runs: number[]) => group({ model: 'm' }, runs, { metric: 'error_rate', unit: 'ratio' });
    const [row] = comparisonOf(between([errors([0.5, 0.5, 0.5, 0.5])], [errors([0, 0, 0, 0])])).rows;
    expect(row).toMatchObject({ before: '0 ratio (n = 4)', after: '0.5 ratio (n = 4)', change: '–', interval: '–' });
  });

  it.each([
    [90, '-10 %'],
    [112.5, '+12.5 %'],
    [100.25, '+0.25 %'],
    [100.001, '0 %'],
    [100, '0 %'],
    [300, '+200 %'],
  ])('writes the change from 100 to %d as %s', (value, change) => {
    expect(comparisonOf(between([group({ model: 'm' }, [value])], [group({ model: 'm' }, [100])])).rows[0]?.change).toBe(change);
  });
});

describe('a long comparison', () => {
  const labels = (i: number) => ({ model: 'm', num_ctx: `${1024 + i}` });
  const many = Array.from({ length: 60 }, (_, i) => i);
  const then = many.map((i) => group(labels(i), repeats(100, 8)));
  const changes = between(
    many.map((i) => group(labels(i), repeats(i < 45 ? 80 + i / 100 : 100, 8, i))),
    then,
  );

  it('is cut on a terminal, but never what got worse, and is whole as Markdown', () => {
    expect(countsOf(changes)).toMatchObject({ worse: 45, 'no difference shown': 15 });
    const rowsOf = (lines: string[], verdict: string) => lines.filter((line) => line.startsWith(verdict)).length;
    const lines = [...comparisonListing(comparisonOf(changes))];
    expect([rowsOf(lines, 'worse'), rowsOf(lines, 'no difference shown')]).toEqual([45, 15]);
    // The largest difference first.
    expect(lines.find((line) => line.startsWith('worse'))).toMatch(/ num_ctx 1024 .* -20 % /);
    const calm = between(then, then);
    const cut = [...comparisonListing(comparisonOf(calm))];
    expect(rowsOf(cut, 'no difference shown')).toBe(40);
    expect(cut).toContain('… and 20 further rows; --markdown and --json give them all');
    const table = comparisonPage(comparisonOf(calm)).find((block) => block.type === 'table');
    expect(table?.rows).toHaveLength(60);
  });
});
