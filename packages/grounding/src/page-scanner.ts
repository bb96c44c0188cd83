import type { Stretch } from './page.ts';
import { blankedFrame, LONGEST_FRAME, rowFrame } from './page-frames.ts';
import { blanked } from './page-markup.ts';
import { cellsOf, isRow, RULE_ROW } from './page-rows.ts';

type Line = { start: number; text: string };

const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/;
const HEADING = /^ {0,3}(#{1,6})\s/;
// These two are for lines without white space at either end.
const BOLD_HEADING = /^(?:\*\*|__)(?=\S)[^*_]*[^*_\s](?:\*\*|__)\s*:?$/;
const ITEM = /^(\s*)([-*+•]|\d{1,3}[.)])\s+/;
const RULE = /^\s*(?:[-*_]\s*){3,}$/;
const KEYED = /^\s*(?:\*\*|__)[^*_:]{1,40}:?(?:\*\*|__):?\s/;
const BARE = /^[`"']?-?\d+(?:\.\d+)?[`"']?$/;
const LONGEST_CAPTION = 200;
// Longer than any paragraph or frame that a person writes.
const LONGEST_PIECE = 3_000;
const MOST_CELLS = 64;

/** Reads a page line by line, and keeps what frames the next one. */
export class Scanner {
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
