import type { Block, Inline } from '@chimera/shared/domain';

/**
 * The page as people may see it: no control character, no direction mark, nothing invisible and no half of a character in any
 * text, whatever it was made from. So Markdown, HTML and JSON print the very same texts. Done twice, the same.
 */
export function visiblePage(page: readonly Block[]): Block[] {
  return page.map(visibleBlock);
}

/** As for `visiblePage`. */
export function visibleLine(line: readonly Inline[]): Inline[] {
  return line.map((inline) => ({ ...inline, text: visible(inline.text) }));
}

function visibleBlock(block: Block): Block {
  switch (block.type) {
    case 'heading':
      return { ...block, text: visible(block.text) };
    case 'paragraph':
      return { ...block, line: visibleLine(block.line) };
    case 'list':
      return { ...block, items: block.items.map(visibleLine) };
    case 'table':
      return { ...block, head: block.head.map(visible), rows: block.rows.map((row) => row.map(visibleLine)) };
    case 'quote':
      return { ...block, text: block.text.split(/\r?\n/).map(visible).join('\n') };
    case 'evidence':
      return { ...block, claim: visible(block.claim), lines: block.lines.map(visible) };
  }
}

/** On one line, with a sign for each character that cannot be seen. */
function visible(text: string): string {
  return PLAIN.test(text) ? text : shown(text);
}

/** Most texts are nothing but signs that everybody sees. */
const PLAIN = /^[ -~]*$/;

function shown(text: string): string {
  return text
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '\u{FFFD}')
    .toWellFormed();
}
