import { parseJson } from './json-document.ts';
import { warnAboutBareWords, warnAboutRepeatedKeys } from './json-losses.ts';
import type { JsonPlace } from './json-scan.ts';
import type { Limits } from './limits.ts';
import { Refusal } from './refusal.ts';
import { lineAt } from './text-lines.ts';
import type { Warnings } from './warnings.ts';

/** One document of a file that holds one per line. */
export type JsonLine = { line: number; value: object };

/**
 * Reads one JSON document a line; blank lines are allowed. A broken line is named in a warning, the others are read.
 * A line that is no object or list counts as broken: a bare number names nothing, and its end cannot be told.
 * @param text lines end with LF or CRLF
 * @throws Refusal where no line can be read, one nests too deep, or all together hold too many values
 */
export function readJsonLines(text: string, limits: Limits, warnings: Warnings): JsonLine[] {
  const lines = new JsonLineParser(limits, warnings);
  const read: JsonLine[] = [];
  let line = 0;
  let values = 0;
  for (const source of text.split('\n')) {
    line += 1;
    const parsed = lines.parse(source, { line, values });
    if (parsed === null) continue;
    read.push({ line, value: parsed.value });
    values += parsed.values;
  }
  lines.end();
  return read;
}

/** Parses lines one by one, and warns of broken ones: of the last one, which may be cut, when all were seen. */
export class JsonLineParser {
  readonly #limits: Limits;
  readonly #warnings: Warnings;
  #first: Broken | null = null;
  #last: Broken | null = null;
  #read = 0;
  #notNumbers = 0;

  constructor(limits: Limits, warnings: Warnings) {
    this.#limits = limits;
    this.#warnings = warnings;
  }

  /**
   * @param source without its line's end
   * @returns null where it is blank or broken
   * @throws Refusal where it nests too deep, or holds too many values together with those before it
   */
  parse(source: string, place: JsonPlace): ReadLine | null {
    if (source.trim() === '') return null;
    this.settle();
    const outcome = parseLine(source, this.#limits, place, this.#warnings);
    if ('what' in outcome) {
      this.#first ??= outcome;
      this.#last = outcome;
      return null;
    }
    this.#read += 1;
    this.#notNumbers += outcome.notNumbers;
    return outcome;
  }

  /** A line was read elsewhere, with bare words as given. */
  pass(notNumbers: number): void {
    this.settle();
    this.#read += 1;
    this.#notNumbers += notNumbers;
  }

  /** @throws Refusal where no line was read */
  end(): void {
    const [first, last] = [this.#first, this.#last];
    if (last?.cut === true) this.#warnings.endsInside();
    if (this.#read === 0)
      throw new Refusal(`not JSON lines: no line can be read; line ${first?.line ?? 1}: ${first?.what ?? 'it is blank'}`);
    if (last !== null) warnAboutLine(last, this.#warnings);
    warnAboutBareWords(this.#notNumbers, this.#warnings);
  }

  /** Another line comes that is not blank: the broken one before was not the last, so it is not cut. */
  settle(): void {
    if (this.#last === null) return;
    warnAboutLine({ ...this.#last, cut: false }, this.#warnings);
    this.#last = null;
  }
}

/** A line that is no document; `cut` if it ends where more is expected. */
type Broken = { line: number; what: string; cut: boolean };

/** A line that is a document: how many values it holds, how many bare words, and whether a key stands in it more than once. */
export type ReadLine = { value: object; values: number; notNumbers: number; repeats: boolean };

function parseLine(source: string, limits: Limits, place: JsonPlace, warnings: Warnings): ReadLine | Broken {
  const { line } = place;
  if (!/[[{]/.test(source[source.search(/\S/)] ?? '')) return { line, what: 'it does not begin with { or [', cut: false };
  const outcome = parseJson(source, limits, place);
  if ('fault' in outcome) return { line, what: `${outcome.fault.what} at column ${outcome.fault.offset + 1}`, cut: outcome.fault.atEnd };
  warnAboutRepeatedKeys(outcome, source, line, warnings);
  const { values, notNumbers, repeated } = outcome;
  return { value: Object(outcome.value), values, notNumbers, repeats: repeated.count > 0 };
}

function warnAboutLine({ line, what, cut }: Broken, warnings: Warnings): void {
  if (cut) warnings.add('cut lines', `line ${line} is cut off and was not read: ${what}`);
  else warnings.add('broken lines', `line ${line} is not valid JSON and was not read: ${what}`);
}

/** Whether a text that is no JSON document looks like one a line: at least two lines, the first of them a whole document. */
export function looksLikeJsonLines(text: string, limits: Limits): boolean {
  const start = text.search(/\S/);
  const end = text.indexOf('\n', start);
  if (start < 0 || end < 0 || !/\S/.test(text.slice(end))) return false;
  if (text[start] !== '{' && text[start] !== '[') return false;
  return 'value' in parseJson(text.slice(start, end), limits, { line: lineAt(text, start), values: 0 });
}
