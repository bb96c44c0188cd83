import type { Command } from './console-command.ts';
import { type Above, Commands } from './console-commands.ts';
import { namespaceIn } from './python-namespace.ts';

/** A line `Mean TTFT (ms):   12.34` of a printed result. */
export type PrintedLine = {
  /** what stands before the colon */
  label: string;
  /** what stands behind it, trimmed */
  value: string;
  /** 1-based; lines end with LF */
  line: number;
};

/** A result as a benchmark prints it, and what the lines before it say of the run. */
export type PrintedBlock = {
  /** of its headline */
  line: number;
  lines: readonly PrintedLine[];
  /** the arguments of the command, where it printed them since the last block */
  settings: ReadonlyMap<string, string>;
  /** the command above it, where the text has one that is its own */
  command: Command | null;
  /** `Traffic request rate: 16.0` and the like, since the last block */
  preface: readonly PrintedLine[];
  /** how it ends: with its last ruler, with the text, or with something else before either */
  end: 'ruler' | 'text' | 'other';
  /** the last line, where the text ends within it: it may be half a number, and is none of the lines */
  cutLine: number | null;
};

const HEADLINE = 'Serving Benchmark Result';
/** Characters behind a headline among which the first line of a result is looked for. */
const NEAR = 2_000;
/** Lines that are of no result, one after another, behind which there is no more of it. */
const STRANGE = 5;
/** Headlines without a result that are looked at: more are a file that was made to be slow. */
const HEADLINES = 1_000;
/** Longest line that may be one of a result. */
const LINE_CHARS = 400;

/** Whether a text holds a printed result: its headline, and soon behind it the number of requests. */
export function holdsBlock(text: string): boolean {
  let tried = 0;
  for (let at = text.indexOf(HEADLINE); at >= 0 && tried < HEADLINES; at = text.indexOf(HEADLINE, at + HEADLINE.length)) {
    tried += 1;
    if (!isHeadline(text, at)) continue;
    const near = text.slice(at, at + NEAR);
    // In JSON that is looked at as text the lines' ends are written as \n: it is no block of lines yet.
    const before = near.slice(0, Math.max(0, near.search(/Successful requests:\s{1,60}\S/)));
    if (before.includes('\n') && !before.includes('\\n')) return true;
  }
  return false;
}

function isHeadline(text: string, at: number): boolean {
  return /=\s?$/.test(text.slice(Math.max(0, at - 2), at)) && /^\s?=/.test(text.slice(at + HEADLINE.length, at + HEADLINE.length + 2));
}

/** The printed results in a text, in their order. */
export function blocksIn(text: string): PrintedBlock[] {
  const blocks: (Omit<PrintedBlock, 'command'> & { above: Above })[] = [];
  const lines = text.split('\n');
  let settings: ReadonlyMap<string, string> = new Map();
  let preface: PrintedLine[] = [];
  const commands = new Commands(lines);
  for (let index = 0; index < lines.length; index += 1) {
    const line = shown(lines[index] ?? '');
    const at = line.indexOf(HEADLINE);
    if (at < 0 || !isHeadline(line, at)) {
      settings = namespaceIn(line) ?? settings;
      commands.look(index);
      const said = prefaceIn(line, index + 1);
      if (said !== null) preface.push(said);
      continue;
    }
    const { last, ...block } = blockFrom(lines, index, beginOf(line, at));
    blocks.push({ ...block, settings, above: commands.take(index), preface });
    index = last;
    settings = new Map();
    preface = [];
  }
  commands.end();
  return blocks.map(({ above, ...block }) => ({ ...block, command: above.command }));
}

/** A line before a result that says what was asked for, behind whatever a log puts before it. */
function prefaceIn(line: string, number: number): PrintedLine | null {
  const [, label, value] =
    (line.length <= LINE_CHARS && /(traffic request rate|max(?:imum)? request concurrency):\s{1,60}(\S{1,40})/i.exec(line)) || [];
  return label === undefined || value === undefined ? null : { label, value, line: number };
}

/** What a terminal shows of a line: what follows the last carriage return, without colours. */
function shown(line: string): string {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line;
  const visible = whole.slice(whole.lastIndexOf('\r') + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals set colours with them
  return visible.includes('\u001b') ? visible.replace(/\u001b\[[\d;]*m/g, '') : visible;
}

/** Where the ruler of a headline begins: what stands before it is a log's, and as long on each line. */
function beginOf(line: string, at: number): number {
  let begin = at;
  while (begin > 0 && (line[begin - 1] === '=' || (begin === at && line[begin - 1] === ' '))) begin -= 1;
  return begin;
}

type Found = Pick<PrintedBlock, 'line' | 'lines' | 'end' | 'cutLine'> & { last: number };

function blockFrom(all: readonly string[], headline: number, indent: number): Found {
  const lines: PrintedLine[] = [];
  let strange = 0;
  for (let index = headline + 1; index < all.length; index += 1) {
    const line = shown(all[index] ?? '');
    const own = line.slice(indent);
    const found = { line: headline + 1, lines, cutLine: null };
    if (/^\s*={10,}\s*$/.test(own.slice(0, LINE_CHARS)) || /^\s*={10,}\s*$/.test(line.slice(0, LINE_CHARS)))
      return { ...found, end: 'ruler', last: index };
    const at = line.indexOf(HEADLINE);
    if (at >= 0 && isHeadline(line, at)) return { ...found, end: 'other', last: index - 1 };
    const printed = printedLine(own, index + 1) ?? printedLine(line, index + 1);
    if (printed !== null) lines.push(printed);
    strange = printed !== null || /^\s*(?:-.*-)?\s*$/.test(own.slice(0, LINE_CHARS)) ? 0 : strange + 1;
    if (strange >= STRANGE) return { ...found, end: 'other', last: index };
  }
  // Only what stands behind a number says that it is whole.
  const cut = lines.at(-1)?.line === all.length && !/\s$/.test(all.at(-1) ?? '') ? all.length : null;
  return { line: headline + 1, lines: cut === null ? lines : lines.slice(0, -1), end: 'text', cutLine: cut, last: all.length };
}

/** The line as a label and a value; null where it is none. */
function printedLine(line: string, number: number): PrintedLine | null {
  if (line.length > LINE_CHARS) return null;
  const [, label, value] = /^\s{0,60}([A-Za-z][^:]{0,100}):\s{1,80}(\S.{0,100})$/.exec(line) ?? [];
  return label === undefined || value === undefined ? null : { label: label.trim(), value: value.trim(), line: number };
}
