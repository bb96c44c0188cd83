import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import { textLines } from './printed-text.ts';

const mean = { statistic: 'mean', over: 'repetitions' } as const;

/** The unit of a column whose cells state it: `900.11 ms`, `1.12 s`. */
const IN_CELL = 'as its cell states it';

/** Columns of the table on the terminal. */
export const CONSOLE_FIELDS: FieldTable = {
  'avg time': { metric: 'own', unit: IN_CELL, ...mean, note: 'of a whole test' },
  power: { metric: 'power', unit: IN_CELL, ...mean },
  vram: { metric: 'own', unit: IN_CELL, statistic: 'value' },
  'pp t/s': { metric: 'prompt_token_throughput', unit: 'tok/s', ...mean },
  'tg t/s': { metric: 'output_token_throughput', unit: 'tok/s', ...mean },
  'pp t/s/watt': { metric: 'own', unit: 'tok/s/W', ...mean },
  'tg t/s/watt': { metric: 'own', unit: 'tok/s/W', ...mean },
  ttft: { metric: 'time_to_first_token', unit: IN_CELL, ...mean },
};

const HEADER = /^\|[ \t]{1,40}test \|[ \t]{1,40}run number \|.{1,400}\bpp t\/s \|.{1,200}\bttft[ \t]{0,40}\|[ \t]{0,40}$/;
const SOME = new RegExp(HEADER.source.replace(/\$$/, String.raw`\r?$`), 'm');
const BORDER = /^\+-{3,400}\+$/;
const TEST = /^pp(\d{1,9})\+tg(\d{1,9})$/;
// What moves the cursor, where a terminal was written down.
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]{0,20}[A-Za-z]`, 'g');

/** Whether a text holds the table that localscore prints as it runs. */
export function isScoreConsole(text: string): boolean {
  return text.includes('run number') && SOME.test(text.replace(ESCAPES, ''));
}

type Row = { line: number; cells: ReadonlyMap<string, string> };

/**
 * Reads the tables of a text. A row is printed again and again while its test runs: the one counts behind which another test, or the
 * table's end, stands.
 */
export function readScoreConsole(extract: Extract, text: string): void {
  let columns: readonly string[] = [];
  let above: string[] = [];
  let given: Labels = {};
  let last: Row | null = null;
  const finish = (): void => {
    if (last !== null) readRow(extract, last, given);
    last = null;
  };
  for (const { line, text: raw, ended } of textLines(text)) {
    const own = raw.replace(ESCAPES, '').trim();
    if (HEADER.test(own)) {
      finish();
      columns = cellsOf(own);
      given = labelsAbove(extract, above);
      above = [];
    } else if (BORDER.test(own)) {
      if (ended) finish();
      columns = [];
    } else if (columns.length === 0) above = own.startsWith('|') && own.endsWith('|') ? [...above, own.slice(1, -1).trim()].slice(-2) : [];
    else if (own.startsWith('|') && ended) {
      const cells = cellsOf(own);
      if (cells.length !== columns.length || !TEST.test(cells[0] ?? '')) continue;
      const row: Row = { line, cells: new Map(columns.map((column, index) => [column, cells[index] ?? ''])) };
      if (last !== null && row.cells.get('test') !== (last as Row).cells.get('test')) finish();
      last = row;
    }
  }
  if (last === null) return;
  extract.warnings.endsInside();
  extract.warnings.add('last test', `line ${(last as Row).line}: the table may go on where the text ends: its last test was not read`);
}

function cellsOf(row: string): string[] {
  return row
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}

/** The two lines in the box above a table: `<accelerator> - 23.6 GiB` and `<model> - <quantization>`. */
function labelsAbove(extract: Extract, above: readonly string[]): Labels {
  const labels: Record<string, string> = { tool: 'localscore' };
  const [, accelerator] = /^(\S.{0,200}) - \d{1,6}\.\d GiB$/.exec(above.at(-2) ?? '') ?? [];
  if (accelerator === undefined) return labels;
  const [, model, quantization] = /^(\S.{0,200}?) - (\S.{0,60})$/.exec(above.at(-1) ?? '') ?? [];
  // Whether it is a GPU or the processor the box does not say.
  addLabel(labels, 'accelerator', accelerator, extract);
  addLabel(labels, 'model', model, extract);
  addLabel(labels, 'quantization', quantization, extract);
  return labels;
}

function readRow(extract: Extract, { line, cells }: Row, given: Labels): void {
  const test = cells.get('test') ?? '';
  const [, prompt, output] = TEST.exec(test) ?? [];
  const labels: Record<string, string> = { ...given, test };
  addLabel(labels, 'prompt_length', prompt, extract);
  addLabel(labels, 'output_length', output, extract);
  extract.records += 1;
  const [, run, runs] = /^(\d{1,6})\/(\d{1,6})$/.exec(cells.get('run number') ?? '') ?? [];
  const [, done, all] = /^(\d{1,12}) \/ (\d{1,12})$/.exec(cells.get('tokens processed') ?? '') ?? [];
  const failed = run === undefined || run !== runs || done !== all;
  if (failed) extract.fail({ pointer: `line ${line}`, reason: `the test did not end ("${excerpt(test, 40)}")` });
  for (const [column, meaning] of Object.entries(CONSOLE_FIELDS)) {
    const cell = cells.get(column) ?? '';
    if (cell !== '')
      addCell(extract, cell, meaning, column, {
        labels,
        failed,
        n: failed ? null : Number(runs),
        pointer: `line ${line} column ${column}`,
      });
  }
}

type Place = { labels: Labels; failed: boolean; n: number | null; pointer: string };

function addCell(extract: Extract, cell: string, meaning: FieldMeaning, column: string, place: Place): void {
  const read = readCell(cell);
  // 0 is written where nothing was measured, and a rate by no power is none.
  if (read.is === 'absent' || (read.is === 'number' && read.value === 0)) return;
  if (read.is === 'number' && (read.unit !== null) === (meaning.unit === IN_CELL)) {
    const value = read.text === null ? read.value : new LiteralNumber(read.text);
    addNumber(extract, value, { ...meaning, unit: read.unit ?? meaning.unit }, place, column);
  } else {
    extract.warnings.add(
      'cells that are no numbers',
      `${place.pointer}: "${excerpt(cell, 40)}" is no number in a unit that is known: it was not read`,
    );
  }
}
