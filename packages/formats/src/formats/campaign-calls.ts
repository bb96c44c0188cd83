import { CAMPAIGN_CALL_COLUMNS, CAMPAIGN_CALL_UNITS, CAMPAIGN_PROFILE, campaignCallMetric, counted } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import { readCell } from '../number-cell.ts';
import type { Row, Table } from '../table.ts';
import { unitFromName } from '../unit-from-name.ts';

/** Columns without which a table is none of a campaign's calls. */
const NEEDED = ['ordinal', 'attempt', 'outcome', CAMPAIGN_PROFILE, 'arrangement', 'agent', 'call_outcome'];

const LABEL_COLUMNS = ['arrangement', 'start', CAMPAIGN_PROFILE, 'agent', 'model'];

/** How a call ends that was answered: the reasons that Ollama gives, and `done` where it gave none. */
const ANSWERED: ReadonlySet<string> = new Set(['stop', 'length', 'done']);

/** Whether columns are those of `calls.csv`, of this version or a newer one. */
export function isCallTable(columns: readonly string[]): boolean {
  return NEEDED.every((name) => columns.includes(name));
}

/**
 * Reads the calls of a campaign's runs. Those of runs that do not count are marked failed, and are no failed records: the run is
 * one, in `runs.jsonl`.
 * @throws Refusal where the file holds more numbers than the limits allow
 */
export function readCampaignCalls(extract: Extract, { columns, rows }: Table): void {
  const numbers = numberColumns(columns);
  const labels = new CallLabels(extract);
  const tally = new Tally();
  for (const row of rows) {
    const cellOf = (name: string): string => (row.cells[columns.indexOf(name)] ?? '').trim();
    const counts = cellOf('outcome') === 'measured';
    const reason = counts ? failureOf(cellOf) : null;
    if (counts) extract.records += 1;
    if (reason !== null) extract.fail({ pointer: `line ${row.line}`, reason });
    tally.add(cellOf, counts);
    readRow(extract, row, numbers, { labels: labels.of(cellOf), failed: !counts || reason !== null });
  }
  tally.tell(extract);
}

type CellOf = (name: string) => string;
type NumberColumn = { index: number; column: string; unit: string | null; known: boolean };

/** The columns that may hold numbers: those that are known, and what a newer version may have added. */
function numberColumns(columns: readonly string[]): NumberColumn[] {
  const others: ReadonlySet<string> = new Set(CAMPAIGN_CALL_COLUMNS);
  return columns.flatMap((column, index): NumberColumn[] => {
    const unit = Object.entries(CAMPAIGN_CALL_UNITS).find(([name]) => name === column)?.[1];
    if (unit !== undefined) return [{ index, column, unit, known: true }];
    return others.has(column) ? [] : [{ index, column, unit: unitFromName(column), known: false }];
  });
}

function readRow(
  extract: Extract,
  { line, cells }: Row,
  numbers: readonly NumberColumn[],
  place: { labels: Labels; failed: boolean },
): void {
  for (const { index, column, unit, known } of numbers) {
    const cell = (cells[index] ?? '').trim();
    const read = readCell(cell);
    const pointer = `line ${line} column ${column}`;
    if (read.is === 'number' && read.unit === null) {
      const meaning = { metric: 'own', statistic: 'value', unit, over: 'requests' } as const;
      addNumber(extract, new LiteralNumber(cell), meaning, { ...place, pointer }, campaignCallMetric(column));
    } else if (known && read.is !== 'absent')
      extract.warnings.add('cells that are no numbers', `${pointer}: "${excerpt(cell, 40)}" is no number: it was not read`);
  }
}

/** Why a call within a run that counts has no result; null where it was answered. */
function failureOf(cellOf: CellOf): string | null {
  const outcome = cellOf('call_outcome');
  if (ANSWERED.has(outcome) || readCell(cellOf('output_tokens')).is === 'number') return null;
  const said = outcome === '' ? 'it does not say how it ended' : `it ended with "${excerpt(outcome, 60)}"`;
  return `a call of ${runOf(cellOf)} (${excerpt(cellOf('agent'), 40)}, section ${excerpt(cellOf('section'), 60)}) got no answer: ${said}`;
}

/** `run 17, try 1`. */
function runOf(cellOf: CellOf): string {
  return `run ${excerpt(cellOf('ordinal'), 20)}, try ${excerpt(cellOf('attempt'), 20)}`;
}

/** Labels by what tells calls apart, so that many calls share a few objects. */
class CallLabels {
  readonly #known = new Map<string, Labels>();
  readonly #extract: Extract;

  constructor(extract: Extract) {
    this.#extract = extract;
  }

  of(cellOf: CellOf): Labels {
    const values = LABEL_COLUMNS.map(cellOf);
    const key = JSON.stringify(values);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const labels: Record<string, string> = {};
    for (const [index, name] of LABEL_COLUMNS.entries()) addLabel(labels, name, values[index], this.#extract);
    this.#known.set(key, labels);
    return labels;
  }
}

/** How many runs of which calls do not count are named. */
const NAMED = 5;

/** Counts what is told of all calls in one sentence. */
class Tally {
  readonly #left = new Set<string>();
  #leftCalls = 0;
  #truncated = 0;

  add(cellOf: CellOf, counts: boolean): void {
    if (counts && cellOf('truncated') === 'true') this.#truncated += 1;
    if (counts) return;
    this.#leftCalls += 1;
    this.#left.add(runOf(cellOf));
  }

  tell(extract: Extract): void {
    if (this.#leftCalls > 0) {
      const named = [...this.#left].slice(0, NAMED).join('; ');
      const more = this.#left.size > NAMED ? ` and ${this.#left.size - NAMED} more` : '';
      const calls = `${counted(this.#leftCalls, 'call')} of runs that do not count (${named}${more})`;
      extract.warnings.add('excluded runs', `${calls} ${this.#leftCalls === 1 ? 'is' : 'are'} marked failed; runs.jsonl says why`);
    }
    if (this.#truncated > 0)
      extract.warnings.add('cut prompts', `the server cut the prompt of ${counted(this.#truncated, 'call')} of ${extract.records}`);
  }
}
