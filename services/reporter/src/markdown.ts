import type { Block, Inline } from '@chimera/shared/domain';

/** Tells a page that Chimera wrote from one that is an artifact. */
export const PAGE_MARKER = 'chimera:report v1';

/** A page as GitHub-flavoured Markdown without raw HTML but for the marker. Ends with a newline. */
export function renderMarkdown(page: readonly Block[]): string {
  const blocks = page.map(blockText);
  return `${[blocks[0] ?? '', `<!-- ${PAGE_MARKER} -->`, ...blocks.slice(1)].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${escapeText(block.text)}`;
    case 'paragraph':
      return blockStart(line(block.line));
    case 'list':
      return block.items.map((item, i) => `${block.ordered ? `${i + 1}.` : '-'} ${blockStart(line(item))}`).join('\n');
    case 'table':
      return [block.head.map(escapeText), block.head.map(() => '---'), ...block.rows.map((row) => row.map((cell) => line(cell, true)))]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n');
    case 'quote':
      return block.text
        .split('\n')
        .map((l) => `> ${blockStart(escapeText(l))}`)
        .join('\n');
    case 'evidence':
      return [
        `###### ${block.name}`,
        blockStart(escapeText(block.claim)),
        block.lines.map((l) => `- ${codeSpan(l, false)}`).join('\n'),
      ].join('\n\n');
  }
}

/** One line of a page as Markdown: what artifacts say in it stays text. */
export function renderLine(inlines: readonly Inline[]): string {
  return line(inlines);
}

function line(inlines: readonly Inline[], inTable = false): string {
  return inlines.map((inline) => inlineText(inline, inTable)).join('');
}

function inlineText(inline: Inline, inTable: boolean): string {
  switch (inline.type) {
    case 'text':
    case 'record':
      return escapeText(inline.text);
    case 'strong':
      return `**${escapeText(inline.text)}**`;
    case 'code':
      return codeSpan(inline.text, inTable);
    case 'fact':
      return `${escapeText(inline.text)} [${inline.fact}](#${inline.fact.toLowerCase()})`;
  }
}

/** What a reader of Markdown may make a link or a mention of by itself, brackets or not. */
// An underscore or a digit before it makes no word of a scheme, as \b would have it.
const LINK =
  /(?:(?<![a-z])[a-z][a-z0-9+.-]{1,20}:\/\/|(?<![\p{L}\p{N}])www\.|(?<![a-z])(?:mailto|xmpp):)[^\s|`]*|[^\s|`@]{0,64}@[^\s|`]+/giu;

/** What every link holds; most words hold none of it. */
const IN_LINKS = /[:@]|www\./i;

/** Words on one line, as they are: no markup, and what would become a link as code. */
function escapeText(text: string): string {
  const oneLine = text.replace(/\s*[\r\n]+\s*/g, ' ');
  if (!IN_LINKS.test(oneLine)) return escapeWords(oneLine);
  let escaped = '';
  let at = 0;
  for (const { 0: link, index } of oneLine.matchAll(LINK)) {
    escaped += escapeWords(oneLine.slice(at, index)) + codeSpan(link, false);
    at = index + link.length;
  }
  return escaped + escapeWords(oneLine.slice(at));
}

// `_` within a word has no effect, and names are full of them. Between two `$` GitHub reads maths.
function escapeWords(text: string): string {
  return text.replace(/[\\`*[\]<>|~$]|&(?=#?\w+;)/g, '\\$&').replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_');
}

/** Keeps the beginning of a block from being read as a heading, a list or a rule. */
export function blockStart(text: string): string {
  return text.replace(/^(\s*)([#+\-=])/, '$1\\$2').replace(/^(\s*\d+)([.)]\s)/, '$1\\$2');
}

/** A code span whose fence is longer than any run of backticks in it. */
function codeSpan(text: string, inTable: boolean): string {
  const oneLine = text.replace(/[\r\n]+/g, ' ');
  const longest = Math.max(0, ...[...oneLine.matchAll(/`+/g)].map((m) => m[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || oneLine === '' || /^ | $/.test(oneLine) ? ' ' : '';
  const content = inTable ? oneLine.replaceAll('|', '\\|') : oneLine;
  return `${fence}${pad}${content}${pad}${fence}`;
}
