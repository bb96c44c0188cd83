import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { hasPrefixes } from '../line-prefixes.ts';

/** One line of a text that a tool printed. */
export type TextLine = {
  /** 1-based */
  line: number;
  /** without its end; empty where it is too long to be one of a tool's */
  text: string;
  /** whether a line end stands behind it: a last line without one may be cut */
  ended: boolean;
};

/** Longest line that is looked at. */
const LINE_CHARS = 4_000;

/** The lines of a text. */
export function textLines(text: string): TextLine[] {
  const lines = text.split(/\r\n?|\n/);
  return lines.map((one, index) => ({ line: index + 1, text: one.length > LINE_CHARS ? '' : one, ended: index < lines.length - 1 }));
}

/** Whether a text may be what a tool printed: its name says text, or nothing that the content is. A page with tables is somebody's. */
export function isPrinted(kind: string): boolean {
  return kind === 'text' || kind === 'json' || kind === 'unknown';
}

/**
 * Whether lines stand as the tool printed them. With a colour or a time before each, names would begin with it: such a text is
 * declined, and comes again without them.
 */
export function isBare(text: string): boolean {
  return !hasPrefixes(text);
}

/** Says that the last line was not read, because it may be cut. */
export function warnAboutCutLine(extract: Extract, { line, text }: TextLine): void {
  extract.warnings.endsInside();
  extract.warnings.add('last line', `line ${line}, the last one ("${excerpt(text, 60)}"), has no line end and may be cut: it was not read`);
}
