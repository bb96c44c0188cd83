import { type ErrorColumn, errorColumnWith, saysCode, tellsOfErrors } from '../error-column.ts';
import { isCountText, succeeded } from '../marks.ts';
import type { MarkColumns } from '../row-failure.ts';
import type { Warnings } from '../warnings.ts';

/** What the columns of errors of a stream hold, by its head, and by each row behind it. */
export class CsvErrors {
  /** by column; the context of rows that are read looks at it too */
  readonly columns = new Map<number, ErrorColumn>();
  /** how often that has changed: by then known reasons for failing hold no longer */
  changes = 0;
  #marks: MarkColumns;
  readonly #warnings: Warnings;
  readonly #contradicted = new Set<number>();

  constructor(marks: MarkColumns, warnings: Warnings) {
    this.#marks = marks;
    this.#warnings = warnings;
    for (const { index, errors } of marks) if (errors !== null) this.columns.set(index, errors);
  }

  /** The columns by which rows fail, as far as is known by now. */
  get marks(): MarkColumns {
    return this.#marks;
  }

  /** Whether a column tells of failures, and holds no measurements. */
  tells(index: number): boolean {
    return tellsOfErrors(this.columns.get(index) ?? 'nothing');
  }

  /**
   * Looks at the cells of one more row.
   * @param before called where they change what is known, before they do
   * @returns columns whose numbers were taken for measurements until here, and are none
   */
  look(cells: readonly string[], before: () => void): number[] {
    const lost: number[] = [];
    for (const [index, known] of this.columns) {
      const cell = cells[index] ?? '';
      const next = errorColumnWith(known, cell);
      if (known === 'codes' && isFraction(cell)) this.#tell(index, CODES);
      if (next === known) continue;
      before();
      this.changes += 1;
      this.columns.set(index, next);
      if (known === 'numbers') {
        lost.push(index);
        this.#tell(index, NUMBERS);
      } else if (known === 'flags' && next === 'codes') this.#tell(index, CODES);
    }
    for (const { index, mark, digits } of this.#marks)
      if (mark === 'success' && digits && isCount((cells[index] ?? '').trim())) this.#tell(index, COUNTS);
    if (this.#marks.some(({ index, errors }) => errors !== null && errors !== this.columns.get(index)))
      this.#marks = this.#marks.map((mark) =>
        mark.errors === null ? mark : { ...mark, errors: this.columns.get(mark.index) ?? mark.errors },
      );
    return lost;
  }

  #tell(index: number, what: string): void {
    if (this.#contradicted.has(index)) return;
    this.#contradicted.add(index);
    const name = this.#marks.find((mark) => mark.index === index)?.name ?? '';
    this.#warnings.add('late errors', `column "${name}" ${what}, because the file was read as a stream`);
  }
}

const NUMBERS = 'holds numbers in the first rows and words further down: the numbers above were not taken for errors';
const CODES = 'holds codes of errors in the first rows and other numbers further down: these were taken for errors too';
const COUNTS = 'holds 0 and 1 in the first rows and counts further down: a 0 was taken for a failure';

/** Whether a cell of a column of successes counts them. */
function isCount(cell: string): boolean {
  return isCountText(cell) && succeeded(cell, true) === null;
}

function isFraction(cell: string): boolean {
  return saysCode(cell, 'codes') && !/^\s*[+-]?\d+\s*$/.test(cell);
}
