import { isRuler, plainCell, splitRow } from '../markdown-row.ts';

/** How wide the header of a tool's table may be: of what is wider no line is looked at. */
export type HeaderLimits = { chars: number; columns: number };

/**
 * Whether a text holds a Markdown table that a tool printed: its header, and a row of dashes below.
 * @param word one that every such header holds
 */
export function holdsTable(text: string, word: string, isHeader: (columns: readonly string[]) => boolean, limits: HeaderLimits): boolean {
  const { chars, columns } = limits;
  // Line by line, and only those that hold the word: no line is looked at twice.
  for (let at = text.indexOf(word); at >= 0; ) {
    const begin = text.lastIndexOf('\n', at) + 1;
    const end = text.indexOf('\n', at);
    if (end < 0) return false;
    const line = end - begin <= chars ? text.slice(begin, end) : '';
    const [below = ''] = text.slice(end + 1, end + 1 + chars).split('\n', 1);
    const piped = line.includes('|') && line.split('|', columns).length < columns;
    if (piped && isRuler(below.trimEnd()) && isHeader(splitRow(line, 0, { maxColumns: columns, maxCellChars: chars }).map(plainCell)))
      return true;
    at = text.indexOf(word, end);
  }
  return false;
}
