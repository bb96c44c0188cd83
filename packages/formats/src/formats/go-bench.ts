import { canonicalLabel } from '@chimera/shared/domain';
import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addLabel, addNumber, type FieldMeaning, type FieldTable, type Labels } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import type { Format } from './format.ts';
import { isPrinted, type TextLine, textLines, warnAboutCutLine } from './printed-text.ts';

const over = 'repetitions';

/** What the testing package writes of itself; other units are a benchmark's own. */
const UNITS: FieldTable = {
  'ns/op': { metric: 'execution_time', statistic: 'value', unit: 'ns', over },
  'sec/op': { metric: 'execution_time', statistic: 'value', unit: 's', over, note: 'as benchstat prints it' },
  'MB/s': { metric: 'own', statistic: 'value', unit: 'MB/s', over },
  'B/op': { metric: 'own', statistic: 'value', unit: 'B/op', over, note: 'bytes that were allocated' },
  'allocs/op': { metric: 'own', statistic: 'value', unit: 'allocs/op', over },
};

/** What `go test -bench` prints, alone or among other lines. */
export const goBench: Format = {
  name: 'go-bench',
  tool: '`go test -bench`',
  signature: 'text with lines `BenchmarkName-8  1000  1234 ns/op`: a name, a count, and pairs of number and unit',
  detect: (content) => content.shape === 'text' && isPrinted(content.kind) && isGoBench(content.text),
  read(content, extract) {
    if (content.shape === 'text') readGoBench(extract, content.text);
  },
  fields: { 'of a line, by its units': UNITS },
  labels: { goos: 'os', goarch: 'architecture', pkg: 'package', cpu: 'cpu' },
  notes: [
    'Each line is one repetition (`-count`): lines of one name are samples of each other. How many operations a line is the mean of is not read.',
    'The name is the label `test`, whole: the `-8` behind it says how many processors Go used, where there are several.',
    'Lines `key: value` (`goos`, `pkg` and a user’s own) are labels of what is below them, until the same key stands without a value: equal names in two packages stay two tests.',
    'Any unit that a benchmark reports of itself is kept under its own name. Lines `Unit … better=higher` are not looked at: nothing of a unit’s own is judged.',
    'Where a log of the benchmark’s own stands behind its name the numbers stand alone on a line below: they are of that name.',
    'A benchmark that failed prints no number; it is a failed record.',
  ],
};

/** More keys than anybody sets; each is on every number. */
const KEYS = 64;

/** Lower-case letters behind the word are prose: `Benchmarking …`. */
const LINE = /^Benchmark(?![a-z])\S{0,500}[ \t]{1,100}\d{1,18}[ \t]{1,100}\S{1,40}[ \t]{1,100}\S/gm;
const NAME = /^Benchmark(?![a-z])\S{0,500}$/;
const COUNT = /^\d{1,18}$/;
const NUMBER = /^-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?$/;
const CONFIGURATION = /^([a-z][^\s:A-Z]{0,63}):(?:[ \t]{1,20}(\S.{0,400})|[ \t]{0,20})$/;
const FAILED = /^\s{0,20}(?:Benchmark\S{0,500}\s{1,20})?--- FAIL: (Benchmark\S{0,500})/;
const BROKEN = /^(?:panic: |fatal error: |FAIL[ \t]{1,20}\S)/;

/** Whether a text holds a line of a benchmark with a number and its unit. */
export function isGoBench(text: string): boolean {
  let tried = 0;
  for (const { index } of text.matchAll(LINE)) {
    const end = text.slice(index, index + 4_000).search(/[\r\n]/);
    if (pairsOf(text.slice(index, end < 0 ? index + 4_000 : index + end)) !== null) return true;
    tried += 1;
    if (tried > 100) return false;
  }
  return false;
}

type Pair = { number: string; unit: string };

/** The numbers of a line with their units; null where it is none of a benchmark. */
function pairsOf(line: string): { name: string; pairs: Pair[] } | null {
  const [name = '', count = '', ...words] = line.trimEnd().split(/[ \t]+/);
  if (!NAME.test(name) || !COUNT.test(count) || words.length === 0 || words.length % 2 === 1) return null;
  const pairs: Pair[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const [number = '', unit = ''] = words.slice(at, at + 2);
    if (!/^(?:[-+\d.]|NaN|[+-]?Inf)/.test(number) || !/^[^\d\s]\S{0,60}$/.test(unit)) return null;
    pairs.push({ number, unit });
  }
  return { name, pairs };
}

/** A line with what stands before the unit in the pointers of its numbers: `line 6`. */
export type GoLine = TextLine & { at: string };

function readGoBench(extract: Extract, text: string): void {
  readGoLines(
    extract,
    textLines(text).map((line) => ({ ...line, at: `line ${line.line}` })),
  );
}

/**
 * Reads what the tests of one package, or of several behind each other, print.
 * @param told labels that hold from the first line on
 */
export function readGoLines(extract: Extract, lines: readonly GoLine[], told: Labels = {}): void {
  const given: Record<string, string> = { tool: 'go test -bench', ...told };
  /** the labels of a test, which its repetitions share */
  const known = new Map<string, Labels>();
  /** the name that was printed last, where none of its numbers stands behind it */
  let open = '';
  for (const line of lines) {
    const [, key, value] = CONFIGURATION.exec(line.text) ?? [];
    if (key !== undefined) {
      if (value === undefined) delete given[canonicalLabel(key)];
      else setLabel(given, key, value, extract);
      known.clear();
    }
    const found = line.text.startsWith('Benchmark') ? pairsOf(line.text) : numbersAlone(line.text, open);
    open = found !== null || ENDS.test(line.text) ? '' : (NAMED.exec(line.text)?.[1] ?? open);
    if (found !== null) {
      const labels = known.get(found.name) ?? labelsOfTest(found.name, given, extract);
      known.set(found.name, labels);
      readLine(extract, line, found.pairs, labels);
    } else if (/^Benchmark(?![a-z])\S{0,500}[ \t]/.test(line.text) && !line.ended) warnAboutCutLine(extract, line);
    tellFailure(extract, line);
  }
}

/** A name behind which a log of the benchmark's own broke the line: its numbers stand alone below. */
const NAMED = /^(Benchmark(?![a-z])\S{0,500})[ \t]{1,100}(?!---)\S/;
const ALONE = /^\s{0,40}\d{1,18}[ \t]{1,100}\S{1,40}[ \t]{1,20}\S/;
const ENDS = /^(?:PASS|FAIL|ok[ \t]|--- |goos: |pkg: |panic: )/;

function numbersAlone(text: string, name: string): ReturnType<typeof pairsOf> {
  const found = name !== '' && ALONE.test(text) ? pairsOf(`${name} ${text.trim()}`) : null;
  // What the benchmark logged may be numbers too; a result begins with a time or a rate.
  return found !== null && Object.hasOwn(UNITS, found.pairs[0]?.unit ?? '') ? found : null;
}

/** Words of a user may not stand for the name of the test or of the tool. */
function setLabel(labels: Record<string, string>, key: string, value: string, extract: Extract): void {
  const name = canonicalLabel(key);
  if (name === 'test' || name === 'tool' || name === 'testing') return;
  if (Object.hasOwn(labels, name) || Object.keys(labels).length < KEYS) addLabel(labels, name, value, extract);
  else extract.warnings.add('keys', `there are more than ${KEYS} keys like "${excerpt(key, 40)}": the others are no labels`, 1);
}

function labelsOfTest(name: string, given: Labels, extract: Extract): Labels {
  const labels: Record<string, string> = { ...given };
  addLabel(labels, 'test', name, extract);
  return labels;
}

function tellFailure(extract: Extract, { at, text }: GoLine): void {
  const [, name] = FAILED.exec(text) ?? [];
  if (name !== undefined) {
    extract.records += 1;
    extract.fail({ pointer: at, reason: `the benchmark failed ("${excerpt(name, 80)}")` });
  } else if (BROKEN.test(text))
    extract.warnings.add('broken runs', `${at}: "${excerpt(text, 80)}": what it would have measured next may be missing`);
}

function readLine(extract: Extract, line: GoLine, pairs: readonly Pair[], labels: Labels): void {
  extract.records += 1;
  const seen = new Set<string>();
  for (const [index, { number, unit }] of pairs.entries()) {
    const pointer = `${line.at} column ${unit}`;
    const known: FieldMeaning | undefined = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
    // Where a line ends without a line end, a unit of somebody's own may go on.
    if (!line.ended && index === pairs.length - 1 && known === undefined) {
      warnAboutCutLine(extract, line);
      continue;
    }
    if (!NUMBER.test(number) || seen.has(unit)) {
      const why = seen.has(unit) ? 'stands there twice' : 'is no number';
      extract.warnings.add('numbers left out', `${pointer}: "${excerpt(number, 40)}" ${why}; it was not read`);
      continue;
    }
    seen.add(unit);
    const meaning: FieldMeaning = known ?? { metric: 'own', statistic: 'value', unit, over };
    addNumber(extract, new LiteralNumber(number), meaning, { labels, pointer }, unit);
  }
}
