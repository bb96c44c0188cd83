import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Table } from '../table.ts';
import { limitedTo, printedLabels } from './lm-eval-labels.ts';
import { scoreMeaning } from './scores.ts';

const FIRST = new Set(['Tasks', 'Task', 'Groups']);

/** Whether columns are those of the table that the harness prints when it is done. */
export function isLmEvalTable(columns: readonly string[]): boolean {
  return FIRST.has(columns[0] ?? '') && ['Version', 'Metric', 'Value', 'Stderr'].every((name) => columns.includes(name));
}

/** Reads the tables of a page: that of groups repeats rows of that of tasks, which are read once. */
export function readLmEvalTables(extract: Extract, tables: readonly Table[]): void {
  const read = new Set<string>();
  let given: Readonly<Record<string, string>> = {};
  for (const table of tables) {
    const own = printedLabels(table.above?.at(-1) ?? '', extract);
    // The table of groups stands below that of tasks, and is of the same call.
    if (own !== null || table.columns[0] !== 'Groups') given = own ?? {};
    if (own?.limit !== undefined)
      extract.warnings.add(
        'limited runs',
        `line ${table.line}: ${limitedTo(own.limit)} were asked: a limited run compares with nothing else`,
        1,
      );
    readTable(extract, table, { read, given });
  }
}

/** A task's name: those of a group are moved to the right behind a dash. */
function nameOf(cell: string | undefined): string {
  return (cell ?? '').replace(/^[ \u00a0-]{1,40}/, '').trim();
}

type Page = { /** tasks that were read */ read: Set<string>; given: Readonly<Record<string, string>> };

function readTable(extract: Extract, { columns, rows }: Table, { read, given }: Page): void {
  const isGroups = columns[0] === 'Groups';
  const elsewhere = new Set(read);
  // The arrow that says which way is better stands under no name, behind the metric.
  const arrow = /^column \d+$/.test(columns[columns.indexOf('Metric') + 1] ?? '') ? columns.indexOf('Metric') + 1 : -1;
  let task = '';
  let version = '';
  for (const { line, cells } of rows) {
    const at = (column: string): string => (cells[columns.indexOf(column)] ?? '').trim();
    // A task of several scores is named on the first of its rows only.
    const own = nameOf(cells[0]);
    if (own !== '') [task, version] = [own, at('Version')];
    if (task === '' || (isGroups && elsewhere.has(task))) continue;
    read.add(task);
    const labels: Record<string, string> = { tool: 'lm-eval', ...given };
    // A group was asked no question of its own, so it has no number of examples.
    if (isGroups || (own !== '' && columns.includes('n-shot') && at('n-shot') === '')) labels.aggregate = 'yes';
    addLabel(labels, 'test', task, extract);
    addLabel(labels, 'task_version', version, extract);
    addLabel(labels, 'num_fewshot', at('n-shot'), extract);
    addLabel(labels, 'score', at('Metric'), extract);
    if (at('Filter') !== 'none') addLabel(labels, 'filter', at('Filter'), extract);
    extract.records += own === '' ? 0 : 1;
    for (const [column, statistic] of [
      ['Value', 'mean'],
      ['Stderr', 'stderr'],
    ] as const) {
      const cell = readCell(at(column));
      const pointer = `line ${line} column ${column}`;
      if (cell.is === 'number' && cell.unit === null)
        addNumber(
          extract,
          new LiteralNumber(at(column)),
          scoreMeaning(at('Metric'), statistic, arrow < 0 || cells[arrow]?.trim() !== '↓'),
          { labels, pointer },
          at('Metric') || 'score',
        );
      else if (cell.is !== 'absent')
        extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(at(column), 40)}" is no number: it was not read`);
    }
  }
}
