import { arrivalsSince, HistoryBook, historyFacts, inOneGo, type Subject } from '@chimera/evidence';
import { type Fact, type Group, indexFacts } from '@chimera/shared/domain';
import { sha256 } from '@chimera/shared/store';
import { describe, expect, it } from 'vitest';
import { change } from './changed-row.ts';
import { drafted } from './draft.ts';
import { rowConfigurations } from './history-configurations.ts';
import { historyTables } from './history-tables.ts';
import { renderMarkdown } from './markdown.ts';

type Row = { metric?: string; statistic?: string; labels?: Record<string, string>; values: readonly number[] };

const groupOf = ({ metric = 'output_token_throughput', statistic = 'value', labels = { model: 'm' }, values }: Row, at: number): Group => ({
  ...{ metric, statistic, unit: metric === 'time_to_first_token' ? 's' : 'tok/s', over: 'runs', labels, derived: [] },
  ...{ scope: 'a.json', pattern: 'a.json', samples: 1, n: 1, runs: [values[at] ?? 0] },
  sources: [{ path: 'a.json', sha256: sha256(`day ${at}`), pointer: '/x' }],
});
const arrivals = (groups: readonly Group[]) => inOneGo(arrivalsSince(groups, [], () => false));

/** What a report knows of so many inventories, a day apart; `there`: what the last of them still holds. */
function subjectOf(rows: readonly Row[], days: number, more: readonly Fact[] = [], there = rows): Subject {
  const book = new HistoryBook();
  for (let i = 0; i < days; i++)
    book.add({
      ...{ schema: 'chimera.history/v1', dataset: 'bucket', inventory: sha256(`${i}`), sequence: i + 1, after: null, evidence: sha256('') },
      takenAt: `2026-11-${String(i + 1).padStart(2, '0')}T06:00:00.000Z`,
      arrivals: arrivals(rows.map((row) => groupOf(row, i))),
    });
  const upTo = book.newest();
  const groups = there.map((row) => groupOf(row, days - 1));
  const facts = upTo === null ? [] : inOneGo(historyFacts(book, { dataset: 'bucket', upTo, groups }));
  return { ...indexFacts([...facts, ...more]), artifacts: [] };
}

const stepped = (n: number, at: number, from: number, to: number) =>
  Array.from({ length: n }, (_, i) => (i < at ? from : to) + ((i * 7) % 5) / 10 - 0.2);
const inventory = (at: number) => sha256(`${at}`).slice(0, 12);

/** As Markdown, with the ids of facts for their names. */
const page = (subject: Subject, dataset = 'bucket') =>
  renderMarkdown(drafted((cites) => historyTables(subject, dataset, cites)).made).replace(/ \[f[0-9a-f]+\]\(#f[0-9a-f]+\)/g, '');
const firstRow = (subject: Subject) =>
  drafted((cites) => change(subject, cites))
    .made.map(({ text }) => text)
    .join('');
const cells = (markdown: string) => markdown.split('\n').filter((line) => line.startsWith('| `'));

describe('historyTables', () => {
  it('are none where there is no history, as in a report of a folder', () => {
    expect(drafted((cites) => historyTables(subjectOf([], 0), 'bucket', cites)).made).toEqual([]);
    expect(page(subjectOf([{ values: [1] }], 1))).toBe(page(subjectOf([], 0)));
    expect(firstRow(subjectOf([], 0))).toBe('Nothing to compare with: no baseline was given, and no earlier inventory is known.');
  });

  it('say how many more inventories are needed', () => {
    expect(page(subjectOf([{ values: stepped(4, 2, 1, 2) }], 4))).toContain(
      'Inventories so far: 4. 6 more that bring new runs of a configuration are needed before it can be told whether its level changed.',
    );
  });

  it('say what was and is, which inventory brought it when, and until when it held', () => {
    const values = [...stepped(8, 8, 98, 98), ...stepped(8, 8, 82, 82), ...stepped(8, 8, 110, 110)];
    const markdown = page(subjectOf([{ values }], 24));
    expect(cells(markdown)).toEqual(
      [
        `| \`output_token_throughput\` | 98.01 tok/s | 81.99 tok/s | 0.8365 times | \`${inventory(8)}\` | 2026-11-09 06:00:00 UTC | 2026-11-17 06:00:00 UTC | worse |`,
        `| \`output_token_throughput\` | 81.99 tok/s | 109.9 tok/s | 1.341 times | \`${inventory(16)}\` | 2026-11-17 06:00:00 UTC | now | better |`,
      ].map((line) => expect.stringMatching(asPattern(line))),
    );
  });

  it('have no ratio from zero', () => {
    const errors = Array.from({ length: 12 }, (_, i) => (i < 6 ? 0 : 0.25));
    const [row] = cells(page(subjectOf([{ metric: 'error_rate', values: errors }], 12)));
    expect(row).toMatch(/^\| `error_rate` \| `model=m` \| 0 \S+ \| 0\.25 \S+ \| from zero \| .* \| worse \|$/);
    const [other] = cells(page(subjectOf([{ metric: 'error_rate', values: errors.toReversed() }], 12)));
    expect(other).toMatch(/ \| to zero \| .* \| better \|$/);
  });

  it('say which versions changed, what is not judged, and what never changed', () => {
    const versions = (i: number) => ({ model: 'm', engine_version: i < 6 ? '0.6' : '0.7' });
    const groups = (i: number) => [
      groupOf({ labels: versions(i), values: stepped(12, 6, 98, 82) }, i),
      groupOf({ metric: 'duration', values: stepped(12, 6, 98, 82) }, i),
      groupOf({ metric: 'time_to_first_token', statistic: 'p99', values: stepped(12, 12, 5, 5) }, i),
    ];
    const book = new HistoryBook();
    for (let i = 0; i < 12; i++)
      book.add({
        ...{
          schema: 'chimera.history/v1',
          dataset: 'bucket',
          inventory: sha256(`${i}`),
          sequence: i + 1,
          after: null,
          evidence: sha256(''),
        },
        takenAt: `2026-11-${String(i + 1).padStart(2, '0')}T06:00:00.000Z`,
        arrivals: arrivals(groups(i)),
      });
    const upTo = book.newest();
    if (upTo === null) throw new Error('There are inventories.');
    const markdown = page({ ...indexFacts(inOneGo(historyFacts(book, { dataset: 'bucket', upTo, groups: groups(11) }))), artifacts: [] });
    expect(markdown).toMatch(/\| worse; `engine_version` was `0\.6` and is `0\.7` \|/);
    expect(markdown).toMatch(/`duration` .*\| not judged \|/);
    expect(markdown).toMatch(/Without a change:[\s\S]*\| `time_to_first_token` `p99` \| .* s \| 12 \| 2026-11-01 06:00:00 UTC \|/);
  });

  it('name the labels that all rows share once, and in each row what sets it apart', () => {
    const of = (num_ctx: string) => ({ model: 'm', engine: 'vllm', num_ctx });
    const rows = [
      { labels: of('4096'), values: stepped(12, 6, 98, 82) },
      { labels: of('8192'), values: stepped(12, 6, 98, 82) },
      { labels: of('4096'), metric: 'time_to_first_token', values: stepped(12, 12, 5, 5) },
    ];
    const markdown = page(subjectOf(rows, 12));
    expect(markdown.match(/`m`/g)).toHaveLength(1);
    expect(markdown).toContain('All rows are of engine `vllm`, model `m`.\n');
    expect(cells(markdown)).toEqual([
      expect.stringMatching(/^\| `output_token_throughput` \| `num_ctx=(4096|8192)` \| /),
      expect.stringMatching(/^\| `output_token_throughput` \| `num_ctx=(4096|8192)` \| /),
      expect.stringMatching(/^\| `time_to_first_token` \| `num_ctx=4096` \| /),
    ]);
  });

  it('name nothing once that a row has not, and the file where only it sets a row apart', () => {
    const rows = [
      { labels: { model: 'm' }, values: stepped(12, 6, 98, 82) },
      { labels: {}, metric: 'time_to_first_token', values: stepped(12, 12, 5, 5) },
    ];
    const markdown = page(subjectOf(rows, 12));
    expect(markdown).not.toContain('All rows');
    expect(cells(markdown)).toEqual([
      expect.stringMatching(/^\| `output_token_throughput` \| `model=m` \| /),
      expect.stringMatching(/^\| `time_to_first_token` \| `a\.json` \| /),
    ]);
    const files = ['a.json', 'b.json'].map((scope) => ({ scope, labels: { model: 'm' } }));
    const { shared, cell } = rowConfigurations(files);
    expect(shared.map(({ text }) => text).join('')).toBe('All rows are of model m.');
    expect(files.map((fact) => cell?.(fact).map(({ text }) => text))).toEqual([['a.json'], ['b.json']]);
    const others = [...files, { scope: 'c.json', labels: { model: 'n' } }];
    const apart = rowConfigurations(others).cell;
    expect(
      others.map((fact) =>
        apart?.(fact)
          .map(({ text }) => text)
          .join(''),
      ),
    ).toEqual(['model=m in a.json', 'model=m in b.json', 'model=n']);
  });

  it('name the command that lists the rest, with the dataset as a shell takes it', () => {
    const rows = Array.from({ length: 21 }, (_, i) => ({ labels: { model: `m${i}` }, values: stepped(12, 12, 98, 98) }));
    for (const [series, shown] of [
      [21, 10],
      [11, 10],
      [10, 10],
    ] as const) {
      const markdown = page(subjectOf(rows.slice(0, series), 12), 'two words');
      expect(cells(markdown)).toHaveLength(shown);
      expect(markdown.includes("are listed by `chimera history 'two words'`.")).toBe(series > shown);
    }
  });

  it('say of what is no longer there that it is not', () => {
    const rows = [{ values: stepped(12, 6, 98, 82) }, { metric: 'time_to_first_token', values: stepped(12, 12, 5, 5) }];
    const markdown = page(subjectOf(rows, 12, [], []));
    expect(cells(markdown)).toEqual([
      expect.stringMatching(/^\| `output_token_throughput` .* \| no runs in this inventory \| worse \|$/),
      expect.stringMatching(/^\| `time_to_first_token` .* UTC; no runs in this inventory \|$/),
    ]);
  });

  it('name what a file calls its labels as it is, and never as markup', () => {
    const labels = { 'model](http://x)': '<img src=x> | `a`' };
    const markdown = page(subjectOf([{ labels, values: stepped(12, 6, 98, 82) }], 12));
    const [row = ''] = cells(markdown);
    expect(row.replace(/`+[^`]*`+/g, '')).not.toMatch(/<img|\]\(/);
    expect(row.split(/(?<!\\)\|/)).toHaveLength(11);
  });
});

describe('the first screen', () => {
  it('says which inventory brought the present level of a headline metric, the worse first', () => {
    const rows = [
      { values: stepped(12, 5, 82, 98) },
      { metric: 'time_to_first_token', values: stepped(12, 8, 3, 6) },
      { metric: 'duration', values: stepped(12, 8, 3, 6) },
      { metric: 'accuracy', values: [...stepped(8, 4, 3, 6), ...stepped(8, 0, 6, 3)] },
    ];
    expect(firstRow(subjectOf(rows, 12))).toMatch(
      new RegExp(
        `^Not compared with the inventory before: .* Worse since inventory ${inventory(8)} of 2026-11-09 06:00:00 UTC: time to first token of model m is .* s in the mean, .* times the level before\\. Better since inventory ${inventory(5)} of 2026-11-06 06:00:00 UTC: output token throughput of model m is .* tok/s in the mean, .* times the level before\\.$`,
      ),
    );
  });

  it('says that a level of a single inventory may be an outlier, and nothing of one that the inventory does not hold', () => {
    const rows = [{ values: [...stepped(19, 19, 98, 98), 20] }];
    expect(firstRow(subjectOf(rows, 20))).toMatch(/ times the level before \(a single inventory, which may be an outlier\)\.$/);
    expect(firstRow(subjectOf(rows, 20, [], []))).not.toContain('since inventory');
  });

  it('names one statistic of a metric, so that another metric is not crowded out', () => {
    const slower = ['mean', 'median', 'p99'].map((statistic) => ({
      metric: 'time_to_first_token',
      statistic,
      values: stepped(12, 6, 3, 9),
    }));
    const row = firstRow(subjectOf([...slower, { values: stepped(12, 6, 98, 82) }], 12));
    expect(row.match(/Worse since/g)).toHaveLength(2);
    expect(row).toMatch(/Worse since .*: mean time to first token .* Worse since .*: output token throughput /);
  });

  it('says nothing of a level that has passed', () => {
    const values = [...stepped(10, 10, 98, 98), ...stepped(10, 10, 82, 82), ...stepped(10, 10, 98, 98)];
    const row = firstRow(subjectOf([{ values }], 30));
    expect(row.match(/since inventory/g)).toHaveLength(1);
    expect(row).toContain(`Better since inventory ${inventory(20)}`);
  });
});

/** The means are compared to three digits: they are computed elsewhere. */
function asPattern(line: string): RegExp {
  return new RegExp(`^${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\d+\\\.\d+(?= (?:tok|times))/g, '[\\d.]+')}$`);
}
