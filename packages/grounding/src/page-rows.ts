/** The line between the head of a table and its rows. */
export const RULE_ROW = /^(?:\|\s*)?(?::?-{2,}:?\s*\|\s*)+:?-*:?$/;

/** Whether a line is a row of a table. */
export function isRow(bare: string): boolean {
  return (bare.length > 1 && bare.startsWith('|') && bare.endsWith('|')) || RULE_ROW.test(bare);
}

/** The cells of a row, each with its place in it; a bar in code ends none. */
export function cellsOf(row: string): { at: number; text: string }[] {
  const cells: { at: number; text: string }[] = [];
  const first = row.indexOf('|') + 1;
  let at = first;
  let inCode = false;
  for (let i = first; i <= row.length; i++) {
    const character = row[i];
    if (character === '`') inCode = !inCode;
    if (character !== undefined && (character !== '|' || inCode)) continue;
    if (i > at || character === '|') cells.push({ at, text: row.slice(at, i) });
    at = i + 1;
    inCode = false;
  }
  return cells.filter((cell, i) => i < cells.length - 1 || cell.text.trim() !== '');
}
