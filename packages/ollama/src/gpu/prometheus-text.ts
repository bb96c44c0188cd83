import { GpuFault, quoted } from './gpu-fault.ts';

/** One line of metrics: what stands after name and labels is text, which need not be a number. */
export interface MetricLine {
  name: string;
  labels: ReadonlyMap<string, string>;
  value: string;
}

const NAME = /[ \t]*([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*/y;
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"([^"\\]*(?:\\.[^"\\]*)*)"[ \t]*/y;
const CLOSE = /[ \t]*\}[ \t]*/y;
const VALUE = /[ \t]*(\S+)/y;

/**
 * The lines of the wanted metrics in the Prometheus text format (version 0.0.4, and OpenMetrics, whose lines look the same). Lines
 * of other metrics and comments are not looked at. Throws GpuFault, which names `from` and the line, where a wanted one is
 * malformed: it may belong to a GPU whose absence would make every sum too low.
 */
export function metricLines(text: string, wanted: ReadonlySet<string>, from: string): MetricLine[] {
  const found: MetricLine[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const name = take(NAME, line, 0);
    if (name === null || !wanted.has(name.groups[0] ?? '')) continue;
    const labels = new Map<string, string>();
    const afterLabels = line[name.end] === '{' ? takeLabels(line, name.end + 1, labels) : name.end;
    const value = afterLabels === null ? null : take(VALUE, line, afterLabels);
    if (value === null) {
      throw new GpuFault(`${from} answered what is no line of metrics (line ${index + 1}): ${quoted(line)}. Look at it in a browser.`);
    }
    found.push({ name: name.groups[0] ?? '', labels, value: value.groups[0] ?? '' });
  }
  return found;
}

/** Reads labels until the closing brace; returns where the line goes on, or null where they are malformed. */
function takeLabels(line: string, start: number, into: Map<string, string>): number | null {
  let at = start;
  for (;;) {
    const close = take(CLOSE, line, at);
    if (close !== null) return close.end;
    const label = take(LABEL, line, at);
    if (label === null) return null;
    into.set(label.groups[0] ?? '', withoutEscapes(label.groups[1] ?? ''));
    at = label.end;
    if (line[at] === ',') at += 1;
    else if (line[at] !== '}') return null;
  }
}

function withoutEscapes(text: string): string {
  return text.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}

/** What a sticky pattern finds exactly there. */
function take(pattern: RegExp, line: string, at: number): { groups: (string | undefined)[]; end: number } | null {
  pattern.lastIndex = at;
  const match = pattern.exec(line);
  return match === null ? null : { groups: match.slice(1), end: pattern.lastIndex };
}
