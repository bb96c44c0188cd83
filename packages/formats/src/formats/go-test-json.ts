import type { Content } from '../content.ts';
import { documentsOf, hasKeys } from '../documents.ts';
import type { Extract } from '../extract.ts';
import { textOf } from '../fields.ts';
import { isObject, type JsonObject } from '../json-value.ts';
import type { Format } from './format.ts';
import { type GoLine, goBench, isGoBench, readGoLines } from './go-bench.ts';

/** What `go test` prints, as events with its output cut in pieces. */
export const goTestJson: Format = {
  name: 'go-test-json',
  tool: '`go test -json -bench`, `test2json`',
  signature: 'JSON lines with `Action` and `Package` or `Output`, and among the outputs a line `BenchmarkName-8  1000  1234 ns/op`',
  detect: (content) => beginsWithEvent(content) && [...linesByPackage(content).values()].some((lines) => lines.some(isResult)),
  read(content, extract) {
    const packages = linesByPackage(content);
    for (const [name, lines] of packages) readGoLines(extract, lines, name === '' ? {} : { package: name });
    tellOthers(extract, content);
  },
  fields: goBench.fields,
  labels: { ...goBench.labels, Package: 'package' },
  notes: [
    'The outputs of a package are put together, also where those of several stand among each other, and read as [go-bench](#go-bench): labels and names are the same.',
    'A name and its numbers may stand in two events: the pointer leads to the event that ends the line.',
    'How long tests and packages took (`Elapsed`) is not read.',
  ],
};

/** Words of `Action` that begin such a file. */
const ACTIONS = new Set(['start', 'run', 'output', 'build-output', 'build-fail', 'pause', 'cont', 'pass', 'bench', 'fail', 'skip']);

function isEvent(value: unknown): value is JsonObject {
  return (
    isObject(value) &&
    ACTIONS.has(textOf(value.Action) ?? '') &&
    (hasKeys(value, 'Package') || hasKeys(value, 'Output') || hasKeys(value, 'ImportPath'))
  );
}

function beginsWithEvent(content: Content): boolean {
  const [first] = content.shape === 'jsonl' ? content.lines : [];
  return first !== undefined && isEvent(first.value);
}

function isResult({ text }: GoLine): boolean {
  return text.startsWith('Benchmark') && isGoBench(text);
}

/** The lines that each package printed, by its name. */
function linesByPackage(content: Content): Map<string, GoLine[]> {
  const packages = new Map<string, GoLine[]>();
  const open = new Map<string, GoLine>();
  for (const { at, value } of documentsOf(content)) {
    if (!isEvent(value) || value.Action !== 'output') continue;
    const output = textOf(value.Output);
    if (output === null) continue;
    const name = textOf(value.Package) ?? '';
    const lines = packages.get(name) ?? [];
    packages.set(name, lines);
    const pieces = output.split('\n');
    for (const [index, piece] of pieces.entries()) {
      const ended = index < pieces.length - 1;
      const before = open.get(name);
      // An output that ends with a line end leaves nothing open.
      if (!ended && piece === '') continue;
      const text = `${before?.text ?? ''}${piece}`;
      const line = { line: lineOf(at), at: `${at}/Output`, text: text.length > LINE_CHARS ? TOO_LONG : text, ended };
      if (before !== undefined) lines.pop();
      lines.push(ended ? { ...line, text: line.text.startsWith(TOO_LONG) ? '' : line.text.replace(/\r$/, '') } : line);
      if (ended) open.delete(name);
      else open.set(name, line);
    }
  }
  return packages;
}

/** Longest line that is looked at, and what stands for the beginning of a longer one. */
const LINE_CHARS = 4_000;
const TOO_LONG = '\0';

function lineOf(at: string): number {
  return Number(/^line (\d{1,15}) $/.exec(at)?.[1] ?? 1);
}

function tellOthers(extract: Extract, content: Content): void {
  for (const { at, value } of documentsOf(content))
    if (!isEvent(value)) extract.warnings.add('others', `${at.trim()}: no event of go test: it was not read`);
}
