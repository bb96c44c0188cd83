/**
 * A stretch of lines of a page of Markdown: `start` and `end` are offsets of its first and behind its last character, without the
 * line's end. `code`: nothing in it is markup; `prefix` is what a line behind it begins with to belong where it stands.
 * A fence that is open at the page's end has `unclosed`, which is what would close it.
 */
export type MarkdownBlock =
  | { kind: 'words'; start: number; end: number }
  | { kind: 'code'; start: number; end: number; prefix: string; unclosed?: string };

const LINE = /([^\r\n]*)(\r\n|\n|\r|$)/g;
const FENCE = /^((?:\s*>)*\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?)(`{3,}(?=[^`]*$)|~{3,})/;
const ALONE = /^\s*(?:#{1,6}\s|\||(?:[-*+]|\d{1,9}[.)])\s)/;
const ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s/;
const INDENTED = /^(?: {4}|\t| {1,3}\t)/;
const DEFINITION = /^ {0,3}\[[^\]^][^\]]{0,200}\]:/;

type Fence = { start: number; prefix: string; mark: string };

/**
 * Takes a page apart into words and code, as far as it matters to where a mark may stand: a row, a heading and an item begin a
 * stretch of their own, for no code span goes beyond them. Definitions of links count as code. Never throws; linear in the page.
 */
export function markdownBlocks(page: string): MarkdownBlock[] {
  const scan = new Scan();
  for (const match of page.matchAll(LINE)) {
    const [, text = '', ending = ''] = match;
    scan.read(match.index, text);
    if (ending === '') break;
  }
  return scan.done();
}

class Scan {
  readonly #blocks: MarkdownBlock[] = [];
  #fence: Fence | null = null;
  /** words and code by indentation go on until another line ends them */
  #open: MarkdownBlock | null = null;
  #inList = false;
  #afterBlank = true;
  #end = 0;

  read(start: number, text: string): void {
    const end = start + text.length;
    if (this.#fence !== null) this.#readFenced(this.#fence, text, end);
    else if (text.trim() === '') this.#readBlank();
    else this.#readLine(start, end, text);
    this.#end = end;
  }

  done(): MarkdownBlock[] {
    this.#close();
    if (this.#fence !== null) {
      const { start, prefix, mark } = this.#fence;
      this.#blocks.push({ kind: 'code', start, end: this.#end, prefix, unclosed: prefix + mark });
    }
    return this.#blocks;
  }

  #readFenced({ start, prefix, mark }: Fence, text: string, end: number): void {
    // A quotation ends with its last mark, and the code in it.
    const left = prefix.includes('>') && !/^\s*>/.test(text);
    if (left) {
      this.#fence = null;
      this.#blocks.push({ kind: 'code', start, end: this.#end, prefix });
      if (text.trim() === '') this.#readBlank();
      else this.#readLine(end - text.length, end, text);
      return;
    }
    const closing = text.replace(/^(?:\s*>)*\s*/, '').trimEnd();
    if (!closing.startsWith(mark) || closing.replaceAll(mark[0] ?? '', '') !== '') return;
    this.#fence = null;
    this.#blocks.push({ kind: 'code', start, end, prefix });
  }

  #readBlank(): void {
    // Code by indentation goes on behind a blank line.
    if (this.#open?.kind === 'words') this.#close();
    this.#afterBlank = true;
  }

  #readLine(start: number, end: number, text: string): void {
    const [, lead = '', mark] = FENCE.exec(text) ?? [];
    const afterBlank = this.#afterBlank;
    this.#afterBlank = false;
    if (mark !== undefined) {
      this.#close();
      // Where a list's sign stood, its item goes on with spaces.
      this.#fence = { start, prefix: lead.replace(/[^>\s]/g, ' '), mark };
      return;
    }
    const indented = INDENTED.test(text);
    if (indented && !this.#inList && (this.#open?.kind === 'code' || (this.#open === null && afterBlank))) {
      if (this.#open?.kind === 'code') this.#open.end = end;
      else this.#open = { kind: 'code', start, end, prefix: '' };
      return;
    }
    if (this.#open?.kind === 'code') this.#close();
    if (ITEM.test(text)) this.#inList = true;
    else if (!/^\s/.test(text) && afterBlank) this.#inList = false;
    if (DEFINITION.test(text)) {
      this.#close();
      this.#blocks.push({ kind: 'code', start, end, prefix: '' });
    } else if (this.#open === null || ALONE.test(text)) {
      this.#close();
      this.#open = { kind: 'words', start, end };
      if (/^\s*(?:#|\|)/.test(text)) this.#close();
    } else this.#open.end = end;
  }

  #close(): void {
    if (this.#open !== null) this.#blocks.push(this.#open);
    this.#open = null;
  }
}
