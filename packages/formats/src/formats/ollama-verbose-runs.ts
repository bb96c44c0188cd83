import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';

/** What a line of `--verbose` says, by its name. */
export type VerboseName =
  | 'total duration'
  | 'load duration'
  | 'prompt eval count'
  | 'prompt eval cached'
  | 'prompt eval duration'
  | 'prompt eval rate'
  | 'eval count'
  | 'eval duration'
  | 'eval rate';

/** One run as it was printed: its lines by name, and what was asked for before it. */
export type VerboseRun = {
  lines: ReadonlyMap<string, { line: number; text: string }>;
  model: string | null;
  /** what `/set parameter` set */
  options: Readonly<Record<string, string>>;
};

const NAMES =
  'total duration|load duration|prompt eval count|prompt eval cached|prompt eval duration|prompt eval rate|eval count|eval duration|eval rate';

/** Escape sequences of a terminal: a recorded session has them around its lines. */
const ESCAPE = String.fromCharCode(27);
const ESCAPES = new RegExp(`${ESCAPE}\\[[0-9;?]{0,16}[A-Za-z]`, 'g');
/** What may stand before a line: blanks, the marks of a quotation, escape sequences. */
const BEFORE = `^(?:[ \\t>|]|${ESCAPE}\\[[0-9;?]{0,16}[A-Za-z])*`;

const LINE = new RegExp(`^[ \\t>|]*(${NAMES}):[ \\t]+(\\S.{0,60})$`);
const RATE = new RegExp(`${BEFORE}eval rate:[ \\t]+\\S{1,20} tokens/s`, 'm');
const OTHER = new RegExp(`${BEFORE}(?:prompt eval rate|eval duration|total duration):[ \\t]+\\d`, 'm');

/** A row of dashes of a pipe table. */
const TABLE = /^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*\|/m;

/** Whether a text is what `--verbose` prints, or a log with it. A page with tables is left to those who read tables. */
export function isVerbose(text: string, kind: string): boolean {
  if (!RATE.test(text) || !OTHER.test(text)) return false;
  if (kind === 'markdown') return !TABLE.test(text);
  // The first line of a table has delimiters; prose before the first line of a run is no reason to call a text CSV.
  return kind !== 'csv' || LINE.test(text.trimStart().split(/[\r\n]/, 1)[0] ?? '');
}

/** Longest line that is looked at: what the model said may be long. */
const LINE_CHARS = 2_000;

/** Splits a log into its runs. Lines of one run follow each other; other text between them ends it. */
export function verboseRuns(text: string, extract: Extract): VerboseRun[] {
  const runs: VerboseRun[] = [];
  const session = new Session();
  let lines = new Map<string, { line: number; text: string }>();
  const close = (): void => {
    if (lines.size > 0) runs.push({ lines, model: session.model, options: session.options });
    lines = new Map();
  };
  const all = text.split(/\r\n?|\n/);
  for (const [index, raw] of all.entries()) {
    if (raw.length > LINE_CHARS) {
      close();
      continue;
    }
    const line = raw.replace(ESCAPES, '').trimEnd();
    const [, name, value] = LINE.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      if (lines.has(name) || (name === 'total duration' && lines.size > 0)) close();
      lines.set(name, { line: index + 1, text: value });
    } else if (line.replace(/[ \t>|]/g, '') !== '') {
      close();
      session.see(line);
    }
  }
  close();
  warnAboutEnd(all.at(-1) ?? '', extract);
  return runs;
}

const BEGUN = /^[ \t>|]*(?:prompt )?(?:total|load|eval) (?:duration|count|cached|rate):/;

/** A last line that has begun and shows no unit may be cut. */
function warnAboutEnd(last: string, extract: Extract): void {
  if (!BEGUN.test(last) || /(?:s|token\(s\))\s*$/.test(last)) return;
  extract.warnings.endsInside();
  extract.warnings.add('last line', `the last line ("${excerpt(last, 60)}") ends inside of a number: it was not read`);
}

/** Flags of `ollama run` that have a value behind them. */
const WITH_VALUE = new Set(['--format', '--keepalive', '--dimensions']);
const MODEL = /^[A-Za-z0-9][\w.\-/:@]{0,150}$/;
const SET = /^[ \t>|]*Set parameter '([a-z_]{1,32})' to '([^']{1,64})'/;

/** What a recorded session says of its model and its parameters. */
class Session {
  model: string | null = null;
  options: Readonly<Record<string, string>> = {};

  see(line: string): void {
    const [, name, value] = SET.exec(line) ?? [];
    if (name !== undefined && value !== undefined) this.options = { ...this.options, [name]: value };
    const at = line.search(/\bollama(?:\.exe)? run\s/);
    if (at < 0) return;
    this.model = modelOf(line.slice(at).split(/\s+/).slice(2));
    this.options = {};
  }
}

/** The first argument that is no flag. */
function modelOf(words: readonly string[]): string | null {
  for (let at = 0; at < words.length; at += 1) {
    const word = (words[at] ?? '').replace(/^["']|["']$/g, '');
    if (!word.startsWith('-')) return MODEL.test(word) ? word : null;
    if (WITH_VALUE.has(word)) at += 1;
  }
  return null;
}
