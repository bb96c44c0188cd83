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

type Line = { start: number; text: string };

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const HEADING = /^ {0,3}(#{1,6})\s/;
// These two are for lines without white space at either end.
const BOLD_HEADING = /^(?:\*\*|__)(?=\S)[^*_]*[^*_\s](?:\*\*|__)\s*:?$/;
const ITEM = /^(\s*)([-*+•]|\d{1,3}[.)])\s+/;
const RULE_ROW = /^(?:\|\s*)?(?::?-{2,}:?\s*\|\s*)+:?-*:?$/;
const RULE = /^\s*(?:[-*_]\s*){3,}$/;
const KEYED = /^\s*(?:\*\*|__)[^*_:]{1,40}:?(?:\*\*|__):?\s/;
const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;

const BARE = /^[`"']?-?\d+(?:\.\d+)?[`"']?$/;
const LONGEST_CAPTION = 200;
// Longer than any paragraph or frame that a person writes.
const LONGEST_PIECE = 3_000;
const LONGEST_FRAME = 1_000;
const MOST_CELLS = 64;

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

class Scanner {
  readonly #stretches: Stretch[] = [];
  #headings: { level: number; title: string }[] = [];
  #items: { indent: number; text: string }[] = [];
  #lead = '';
  /** within a fence that holds a page */
  #whole = false;
  #fence: { mark: string; prose: boolean } | null = null;
  #open: { kind: 'paragraph' | 'item'; lines: Line[] } | null = null;
  /** the short paragraph before a table, which often says what is in it */
  #caption = '';
  #table: { head: string[]; rows: number } | null = null;

  read(line: Line): void {
    if (this.#readFence(line)) return;
    // Nobody writes a row or a heading that long.
    if (line.text.length > LONGEST_PIECE && line.text.trim() !== '') {
      this.#table = null;
      this.#readLine(line);
      return;
    }
    const unquoted = line.text.replace(/^(?:\s*>)+\s?/, (mark) => ' '.repeat(mark.length));
    const of = { start: line.start, text: unquoted };
    const bare = unquoted.trim();
    if (bare === '') this.#blank();
    else if (isRow(bare)) this.#readRow(of);
    else {
      this.#table = null;
      this.#readText(of);
    }
  }

  #readText(of: Line): void {
    if (RULE.test(of.text)) {
      this.#close();
      return;
    }
    const heading = HEADING.exec(of.text);
    const item = ITEM.exec(of.text);
    if (heading) this.#readHeading(of, (heading[1] ?? '#').length);
    else if (item) this.#readItem(of, (item[1] ?? '').length, item[0].length);
    else if (BOLD_HEADING.test(of.text.trim())) this.#readHeading(of, 7);
    else this.#readLine(of);
  }

  #readLine(of: Line): void {
    const broken = KEYED.test(of.text) || /(?: {2}|\\)$/.test(this.#open?.lines.at(-1)?.text ?? '');
    // Lines such as `**Date:** …` stand for themselves, as does what follows a hard break.
    if (this.#open?.kind === 'paragraph' && broken) this.#close();
    if (this.#open) this.#open.lines.push(of);
    else this.#open = { kind: 'paragraph', lines: [of] };
  }

  done(): Stretch[] {
    this.#close();
    // What is said below a table is said of the table as well.
    let note = '';
    for (const stretch of [...this.#stretches].reverse()) {
      if (stretch.kind === 'cell') stretch.note = note;
      else note = stretch.kind === 'heading' && stretch.text.length < 40 ? '' : stretch.text.slice(0, LONGEST_CAPTION);
    }
    return this.#stretches;
  }

  #readFence(line: Line): boolean {
    const [, mark = '', info = ''] = FENCE.exec(line.text) ?? [];
    if (this.#fence) {
      if (mark.startsWith(this.#fence.mark) && info.trim() === '') this.#fence = null;
      else if (this.#fence.prose) this.#readFenced(line);
      return true;
    }
    if (mark === '') return false;
    // A page that was put into a fence as a whole is read as if it were not.
    if (/^\s*(?:markdown|md)\s*$/i.test(info)) {
      this.#whole = true;
      return true;
    }
    if (this.#whole && info.trim() === '') {
      this.#whole = false;
      return true;
    }
    this.#close();
    // A fence without a language often holds a listing of results, one with a language holds a program.
    this.#fence = { mark: mark.slice(0, 3), prose: /^\s*(?:te?xt|console|output|plain)?\s*$/i.test(info) };
    return true;
  }

  #readFenced(line: Line): void {
    const { text } = line;
    if (text.trim() === '') this.#lead = '';
    else if (/^\s*[{}[\]"'<]/.test(text) || /[;{}]\s*$/.test(text)) return;
    else {
      const indent = /^\s*/.exec(text)?.[0].length ?? 0;
      while ((this.#items.at(-1)?.indent ?? -1) >= indent) this.#items.pop();
      this.#push('code', line.start, text);
      this.#items.push({ indent, text: text.trim() });
    }
  }

  #blank(): void {
    const isText = this.#open?.kind === 'paragraph';
    const last =
      this.#open?.lines
        .map((l) => l.text)
        .join(' ')
        .trim() ?? '';
    this.#close();
    if (last !== '') this.#lead = last.endsWith(':') ? last : '';
    if (last !== '' || this.#table !== null) this.#caption = isText && last.length <= LONGEST_CAPTION ? blanked(last).trim() : '';
    this.#table = null;
  }

  #readHeading({ start, text }: Line, level: number): void {
    this.#close();
    this.#items = [];
    this.#lead = '';
    while ((this.#headings.at(-1)?.level ?? 0) >= level) this.#headings.pop();
    const body = text.replace(/^\s*#*\s*(?:\*\*|__)?\s*(?:\d+(?:\.\d+)*[.)]?\s+)?/, (mark) => ' '.repeat(mark.length));
    this.#push('heading', start, body);
    this.#caption = '';
    this.#headings.push({ level, title: body.trim().slice(0, LONGEST_FRAME) });
  }

  #readItem({ start, text }: Line, indent: number, mark: number): void {
    this.#close();
    while ((this.#items.at(-1)?.indent ?? -1) >= indent) this.#items.pop();
    this.#open = { kind: 'item', lines: [{ start: start + mark, text: text.slice(mark) }] };
    this.#itemIndent = indent;
  }
  #itemIndent = 0;

  #readRow({ start, text }: Line): void {
    this.#close();
    if (RULE_ROW.test(text.trim())) return;
    const cells = cellsOf(text);
    if (this.#table === null) {
      this.#table = { head: cells.map((cell) => blankedFrame(cell.text)), rows: 0 };
      return;
    }
    this.#table.rows++;
    const { head } = this.#table;
    const words = cells.slice(0, MOST_CELLS).map((cell) => blankedFrame(cell.text));
    const settings = words.map((word, k) => (BARE.test(word) ? `${head[k] ?? ''}: ${word.replace(/[`"']/g, '')}` : null));
    const all = rowFrame(words, settings, -1);
    for (const [i, cell] of cells.entries()) {
      const frame = i < words.length ? rowFrame(words, settings, i) : all;
      this.#push('cell', start + cell.at, cell.text, { column: head[i] ?? '', ...frame });
    }
  }

  #close(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const first = open.lines[0];
    if (first === undefined) return;
    let text = '';
    for (const line of open.lines) text += ' '.repeat(Math.max(0, line.start - first.start - text.length)) + line.text;
    const isItem = open.kind === 'item';
    this.#push(open.kind, first.start, text);
    if (isItem) this.#items.push({ indent: this.#itemIndent, text: blankedFrame(text) });
    else {
      this.#items = [];
      this.#lead = text.trimEnd().endsWith(':') ? blanked(text).trim() : '';
    }
  }

  /** A stretch that is far longer than any a person reads is read in pieces: each claim is judged by all that its piece names. */
  #push(
    kind: Stretch['kind'],
    start: number,
    text: string,
    cell: { column: string; row: string; settings: string } = { column: '', row: '', settings: '' },
  ): void {
    const parents = [
      this.#lead,
      ...(kind === 'cell' ? [this.#caption] : []),
      ...(kind === 'item' || kind === 'code' ? this.#items.map((item) => item.text) : []),
    ];
    const common = {
      kind,
      headings: this.#headings.map((heading) => heading.title),
      depth: this.#headings.at(-1)?.level ?? 0,
      parents: parents.filter((parent) => parent !== '').map((parent) => parent.slice(0, LONGEST_FRAME)),
      note: '',
      ...cell,
    };
    const words = blanked(text);
    for (let at = 0; at < words.length; ) {
      const end = pieceEnd(words, at);
      this.#stretches.push({ ...common, start: start + at, text: words.slice(at, end) });
      at = end;
    }
  }
}

/** Where a piece ends that begins at `at`: at the end of the text, or at white space near the longest that a piece may be. */
function pieceEnd(text: string, at: number): number {
  const most = at + LONGEST_PIECE;
  if (text.length <= most) return text.length;
  const space = at + text.slice(at, most + 1).lastIndexOf(' ');
  return space > at + LONGEST_PIECE / 2 ? space : most;
}

function isRow(bare: string): boolean {
  return (bare.length > 1 && bare.startsWith('|') && bare.endsWith('|')) || RULE_ROW.test(bare);
}

/** The cells of a row beside the one at `own`, and the settings among them; no longer than a frame may be. */
function rowFrame(words: readonly string[], settings: readonly (string | null)[], own: number): { row: string; settings: string } {
  const others = (some: readonly (string | null)[], separator: string) =>
    some
      .filter((word, k) => k !== own && word !== null)
      .join(separator)
      .slice(0, LONGEST_FRAME);
  return { row: others(words, ' | '), settings: others(settings, ', ') };
}

/** What frames other text, without markup and no longer than a frame may be. */
function blankedFrame(text: string): string {
  return blanked(text).trim().slice(0, LONGEST_FRAME);
}

function cellsOf(row: string): { at: number; text: string }[] {
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

const URL_TARGET = /(?<=\])\([^()\s]{0,2000}(?:\s+"[^"]{0,300}")?\)/g;
const BARE_URL = /\b(?:https?|ftp|file|mailto|s3):[^\s<>"')\]]+/gi;
const HTML_TAG = /<\/?[a-z][^<>]{0,400}>/gi;
const CODE_OR_EMPHASIS = /(?<!`)(`+)[^`\n]+?\1|\*{1,3}|(?<![\p{L}\p{N}])_{1,3}(?=\S)|(?<=\S)_{1,3}(?![\p{L}\p{N}])|~~/gu;

/** The same text, as long, with a space for each character of markup: emphasis, the targets of links, addresses, tags. */
function blanked(text: string): string {
  const blank = (found: string) => ' '.repeat(found.length);
  const plain = text.replace(URL_TARGET, blank).replace(BARE_URL, blank).replace(HTML_TAG, blank);
  // What stands in code is what it is: `results_*.json` holds no emphasis.
  return plain.replace(CODE_OR_EMPHASIS, (found) => (found.startsWith('`') ? found : blank(found)));
}
