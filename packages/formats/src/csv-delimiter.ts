import { csvRows, isBlank } from './csv-rows.ts';

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** Rows that a guess looks at. */
const SAMPLE = 50;

/** A wrong delimiter makes cells as long as lines: that is no reason to refuse the file. */
const UNLIMITED = { maxColumns: Number.POSITIVE_INFINITY, maxCellChars: Number.POSITIVE_INFINITY };

/** Characters in which a delimiter must turn up to be tried. */
const HEAD = 16_384;

/**
 * Finds what separates the cells: the character by which most rows have as many cells as the first.
 * @param text lines end with LF
 * @param preferred tried first, as a `.tsv` prefers the tab
 * @returns the delimiter; the preferred one where no character makes two columns
 */
export function guessDelimiter(text: string, preferred: string): string {
  const head = text.slice(0, HEAD);
  const candidates = [preferred, ...DELIMITERS.filter((other) => other !== preferred)].filter((delimiter) => head.includes(delimiter));
  const [only] = candidates;
  if (only === undefined || candidates.length === 1) return only ?? preferred;
  let best = { delimiter: preferred, share: -1, columns: 1 };
  for (const delimiter of candidates) {
    const rows = csvRows(text, delimiter, UNLIMITED, SAMPLE).filter((row) => !isBlank(row) && !row.cells[0]?.startsWith('#'));
    const columns = rows[0]?.cells.length ?? 1;
    if (columns < 2) continue;
    const share = rows.filter((row) => row.cells.length === columns).length / rows.length;
    if (share > best.share || (share === best.share && columns > best.columns)) best = { delimiter, share, columns };
  }
  return best.delimiter;
}
