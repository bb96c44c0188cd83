/** Characters of a heading, or of a line above a table, that are looked at; a longer line is prose. */
const LONGEST = 120;

/** What an evaluation harness prints above its table: how it was called, which may be long. */
const CALLED = /^\S{1,60} \(.{0,3000}, num_fewshot: \S{1,20}, batch_size: .{1,40}$/;

/** Lines between a table and the one that introduces it. */
const NEAR = 2;

const HEADING = /^ {0,3}(#{1,6})[ \t]/;
/** A line of nothing else below a line of text makes that a heading. */
const UNDERLINE = /^ {0,3}(?:(=+)|-+)[ \t]*$/;
/** A line of nothing but words in bold is used as one, below all others. */
const BOLD = /^ {0,3}(?:\*\*[^*|]{1,116}\*\*|__[^_|]{1,116}__):?[ \t]*$/;
const LEVEL_OF_BOLD = 7;
const FENCE = /^ {0,3}(?:```|~~~)/;

/** What stands above the tables of a Markdown text: the headings of the sections that they are in, and the lines that introduce them. */
export class MarkdownHeadings {
  readonly #lines: readonly string[];
  readonly #onlyHashes: boolean;
  /** by level */
  #open: string[] = [];
  /** index of the next line to be looked at */
  #next = 0;
  #fenced = false;
  /** the line above the next one, where it may be a heading that is underlined */
  #text = '';

  /** @param onlyHashes for what a tool printed, where lines are underlined that are no headings */
  constructor(lines: readonly string[], { onlyHashes = true } = {}) {
    this.#lines = lines;
    this.#onlyHashes = onlyHashes;
  }

  /**
   * @param at index of a table's header; each call asks for a later one
   * @returns the words above it: none in code, whose comments look like headings
   */
  above(at: number): readonly string[] {
    const sections = this.sections(at);
    const own = this.#lines.slice(Math.max(0, at - NEAR), at).findLast((line) => line.trim() !== '') ?? '';
    const introduces = (own.length <= LONGEST || CALLED.test(own)) && !own.includes('|') && !HEADING.test(own);
    return introduces && own !== '' ? [...sections, own.trim()] : sections;
  }

  /**
   * @param at index of a line; each call asks for a later one
   * @returns the headings of the sections that it is in, the outermost first
   */
  sections(at: number): readonly string[] {
    for (; this.#next < at; this.#next += 1) this.#take(this.#lines[this.#next] ?? '');
    return this.#open.filter((text) => text !== '');
  }

  #take(line: string): void {
    const above = this.#text;
    this.#text = '';
    if (FENCE.test(line)) this.#fenced = !this.#fenced;
    else if (!this.#fenced) this.#takeText(line, above);
  }

  /** @param above the line above, where it is one of text */
  #takeText(line: string, above: string): void {
    const level = HEADING.exec(line)?.[1]?.length;
    const underline = above === '' ? null : UNDERLINE.exec(line);
    if (level !== undefined) this.#enter(level, line.trim().slice(level));
    else if (this.#onlyHashes) return;
    else if (underline !== null) this.#enter(underline[1] === undefined ? 2 : 1, above);
    else {
      if (BOLD.test(line)) this.#enter(LEVEL_OF_BOLD, line);
      this.#text = line.includes('|') ? '' : line.trim();
    }
  }

  #enter(level: number, text: string): void {
    const above = Array.from({ length: level - 1 }, (_, index) => this.#open[index] ?? '');
    this.#open = [...above, text.slice(0, LONGEST).trim()];
  }
}
