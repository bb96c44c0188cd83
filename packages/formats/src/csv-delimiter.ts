import { CsvCells } from './csv-cells.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Rows that a guess looks at. */
const SAMPLE = 50;

/** Characters in which a delimiter must turn up to be tried. */
const HEAD = 16_384;

/** What a spreadsheet writes above a table to say what separates its cells. */
const TOLD = /^sep=([,;\t|])[ \t]*[;,]*\r?\n/i;

/** Whether the first line of a text says no more than what separates the cells below it. */
export function tellsDelimiter(text: string): boolean {
  return TOLD.test(text.slice(0, 20));
}

/**
 * Finds what separates the cells: the character by which most rows have as many cells as the first.
 * @param text lines end with LF, CRLF or CR
 * @param preferred tried first, as a `.tsv` prefers the tab
 * @param maxColumns a row is not looked at beyond so many cells
 * @returns the delimiter; the preferred one where no character makes two columns
 */
export function guessDelimiter(text: string, preferred: string, maxColumns: number): string {
  const head = text.slice(0, HEAD);
  const [, told] = TOLD.exec(head) ?? [];
  if (told !== undefined) return told;
  const candidates = [preferred, ...DELIMITERS.filter((other) => other !== preferred)].filter((delimiter) => head.includes(delimiter));
  const [only] = candidates;
  if (only === undefined || candidates.length === 1) return only ?? preferred;
  let best = { delimiter: preferred, share: -1, columns: 1 };
  for (const delimiter of candidates) {
    const widths = sampleWidths(text, delimiter, maxColumns);
    const columns = widths[0] ?? 1;
    if (columns < 2) continue;
    const share = widths.filter((width) => width === columns).length / widths.length;
    if (share > best.share || (share === best.share && columns > best.columns)) best = { delimiter, share, columns };
  }
  return best.columns > 1 ? best.delimiter : (belowTitles(text, candidates, maxColumns) ?? preferred);
}

/** The character by which half of the rows at least, and two, have as many cells as the row below some lines without it. */
function belowTitles(text: string, candidates: readonly string[], maxColumns: number): string | null {
  for (const delimiter of candidates) {
    const widths = sampleWidths(text, delimiter, maxColumns);
    const columns = widths.find((width) => width > 1);
    const rows = widths.filter((width) => width === columns).length;
    if (columns !== undefined && rows >= 2 && rows * 2 >= widths.length) return delimiter;
  }
  return null;
}

/** How many cells the first rows have, blank ones and comments apart; counted, because a wrong delimiter may make millions. */
function sampleWidths(text: string, delimiter: string, maxColumns: number): number[] {
  const widths: number[] = [];
  const cells = new CsvCells(text, delimiter);
  let width = 0;
  let blank = true;
  let comment = false;
  let rows = 0;
  while (rows < SAMPLE && width <= maxColumns && cells.next()) {
    if (width === 0) comment = text[cells.start] === '#';
    blank &&= cells.isBlank();
    width += 1;
    if (!cells.last) continue;
    // A last row without a line's end may be cut: it must not have a say, unless there is no other.
    if (!blank && !comment && !(cells.atEnd && widths.length > 0)) widths.push(width);
    rows += 1;
    width = 0;
    blank = true;
  }
  if (width > maxColumns) widths.push(width);
  return widths;
}
