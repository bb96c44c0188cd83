import { Scanner } from './page-scanner.ts';

/**
 * A stretch of a page that is read as one: a paragraph, an item of a list, a heading, a cell of a table. `start` and `end` are offsets
 * into the page; `text` is as long as that, with markup blanked. The rest is what frames it.
 */
export type Stretch = {
  kind: 'paragraph' | 'item' | 'heading' | 'cell' | 'code';
  start: number;
  text: string;
  /** titles in force, the outermost first */
  headings: readonly string[];
  /** how deep the innermost of these is: 1 for the title of a page, 7 for a line in bold, 0 for none */
  depth: number;
  /** the lines that an item hangs under, and the line that leads in a list or table: the nearest last */
  parents: readonly string[];
  /** of a cell: its column's heading, and the other cells of its row */
  column: string;
  row: string;
  /** of a cell: the settings of its row, each with its column's heading: `num_gpu: 40, temperature: 0.4` */
  settings: string;
  /** of a cell: how the text below the table begins */
  note: string;
};

const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;

/** Takes a page of Markdown or plain text apart. Never throws, is linear in the text; what it cannot read is a paragraph. */
export function stretchesOf(page: string): Stretch[] {
  const text = page.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ' '));
  const scanner = new Scanner();
  let start = 0;
  for (const line of text.split('\n')) {
    scanner.read({ start, text: line });
    start += line.length + 1;
  }
  return scanner.done();
}
