import { type Command, commandAt } from './console-command.ts';

/** Characters of a line that are looked at. */
const LINE_CHARS = 400;

const HEADING = /^ {0,3}#{1,6}[ \t]/;
const FENCE = /^ {0,3}(?:```|~~~)/;
const QUOTED = /^ {0,3}>/;
/** Another server was started. */
const SERVER = /\bvllm[ \t]+serve\b|\bsglang\.launch_server\b|\btrtllm-serve\b|\bvllm\.entrypoints\b/;

/** The command above one or more results; null where it turns out that it is not theirs. */
export type Above = { command: Command | null };

/** A command that was seen, and what stands around it. */
type Seen = { above: Above; quoted: boolean; headed: boolean; underResult: boolean };

/**
 * Which command is above which result: the only one since the last result; and the one that gave the last result, where several
 * follow it and nothing else stands in between: no heading, no words beside the code, no other server. A command under a heading of
 * its own is that of a result under another one only where it is the only result: `How to run` shows one for all. Where commands
 * stand below their results, none is above its own.
 */
export class Commands {
  readonly #lines: readonly string[];
  #held: Seen | null = null;
  /** the command of the last result, that does not hold any more */
  #left: Seen | null = null;
  /** since the last result */
  #seen = 0;
  /** index of the first line that is not of the last command */
  #behind = 0;
  #next = 0;
  #fenced = false;
  #resultFenced = false;
  /** a result in the section so far */
  #inSection = false;
  /** of the results that have a command */
  readonly #all: Above[] = [];
  /** the first result has none */
  #firstBare: boolean | null = null;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  /** Looks at a line that is of no result. */
  look(index: number): void {
    if (this.#advance(index) || index < this.#behind) return;
    const line = (this.#lines[index] ?? '').slice(0, LINE_CHARS);
    const command = commandAt(this.#lines, index);
    const heading = HEADING.test(line);
    const begins = heading && !this.#fenced;
    if (command !== null) {
      this.#seen += 1;
      this.#behind = index + command.lines;
      this.#left = null;
      const around = { quoted: this.#isQuoted(index), headed: false, underResult: this.#inSection };
      this.#held = this.#seen === 1 ? { above: { command }, ...around } : null;
    } else if (this.#seen > 0) {
      if (begins && this.#held?.underResult === true) this.#held = null;
      if (begins && this.#held !== null) this.#held.headed = true;
    } else if (heading || SERVER.test(line) || (this.#resultFenced && !this.#fenced && /\w/.test(line))) {
      this.#left ??= this.#held;
      this.#held = null;
    }
    if (begins) this.#inSection = false;
  }

  /** The command above a result that begins here; known for certain when the last line was looked at. */
  take(index: number): Above {
    this.#advance(index);
    if (this.#left?.headed === true) this.#left.above.command = null;
    this.#left = null;
    this.#seen = 0;
    this.#resultFenced = this.#fenced;
    if (this.#held !== null && this.#held.quoted !== this.#isQuoted(index)) this.#held = null;
    this.#inSection = true;
    this.#firstBare ??= this.#held === null;
    const above = this.#held?.above ?? { command: null };
    this.#all.push(above);
    return above;
  }

  /** The text ends. */
  end(): void {
    if (this.#firstBare === true && this.#seen > 0) for (const above of this.#all) above.command = null;
  }

  #isQuoted(index: number): boolean {
    return !this.#fenced && QUOTED.test((this.#lines[index] ?? '').slice(0, LINE_CHARS));
  }

  /** Looks for the ends of code up to a line; returns whether the line is one. */
  #advance(index: number): boolean {
    let is = false;
    for (; this.#next <= index; this.#next += 1) {
      is = FENCE.test((this.#lines[this.#next] ?? '').slice(0, LINE_CHARS));
      if (is) this.#fenced = !this.#fenced;
    }
    return is;
  }
}
