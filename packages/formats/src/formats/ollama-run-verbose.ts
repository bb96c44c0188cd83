import { canonicalLabel } from '@chimera/shared/domain';
import type { Extract } from '../extract.ts';
import { addLabel, type FieldMeaning, type FieldTable, type Labels } from '../fields.ts';
import { goDuration } from '../go-duration.ts';
import { type HeldNumber, heldNumber } from '../number-literal.ts';
import type { Format } from './format.ts';
import { addOutputRate, addPromptRate, OLLAMA_OVER, startedLabels, warnAboutUncounted } from './ollama-rates.ts';
import { startsOfRequests } from './ollama-starts.ts';
import { isVerbose, type VerboseName, type VerboseRun, verboseRuns } from './ollama-verbose-runs.ts';

const over = OLLAMA_OVER;
const duration = (metric: FieldMeaning['metric'], note?: string): FieldMeaning => ({
  metric,
  statistic: 'value',
  unit: 's',
  over,
  note: note === undefined ? 'or in the unit that it is printed in' : `${note}; or in the unit that it is printed in`,
});

const DURATIONS = {
  'total duration': duration('request_latency', 'includes the loading of the model'),
  'load duration': duration('load_duration'),
  'prompt eval duration': duration('prompt_eval_duration'),
  'eval duration': duration('eval_duration'),
} as const satisfies FieldTable;

/** Counts keep the names that the API has for them. */
const COUNTS = {
  'prompt eval count': { metric: 'own', statistic: 'value', unit: 'tokens', note: 'as `prompt_eval_count`' },
  'prompt eval cached': { metric: 'own', statistic: 'value', unit: 'tokens', note: 'as `prompt_eval_cached_count`' },
  'eval count': { metric: 'own', statistic: 'value', unit: 'tokens', note: 'as `eval_count`' },
} as const satisfies FieldTable;
const COUNT_NAMES = {
  'prompt eval count': 'prompt_eval_count',
  'prompt eval cached': 'prompt_eval_cached_count',
  'eval count': 'eval_count',
} as const;

const RATES: FieldTable = {
  'prompt eval rate': { metric: 'prompt_token_throughput', statistic: 'value', unit: 'tok/s', over },
  'eval rate': { metric: 'output_token_throughput', statistic: 'value', unit: 'tok/s', over, note: 'of two tokens at least' },
};

/** What `ollama run --verbose` prints behind each answer, alone or in a log. */
export const ollamaRunVerbose: Format = {
  name: 'ollama-run-verbose',
  tool: '`ollama run --verbose`',
  signature: 'text with lines `eval rate: … tokens/s` and `prompt eval rate:`, `eval duration:` or `total duration:`',
  detect: (content) => content.shape === 'text' && isVerbose(content.text, content.kind),
  read(content, extract) {
    if (content.shape === 'text') readRuns(extract, verboseRuns(content.text, extract));
  },
  fields: { 'of a run': { ...DURATIONS, ...COUNTS, ...RATES } },
  labels: {},
  notes: [
    'Durations are Go’s: one of a single unit (`12.97s`, `235.1ms`, `877µs`) keeps number and unit; one of minutes or hours (`1m2.3s`) is its sum in seconds.',
    'A log may hold several runs; the model is that of the last `ollama run` command above a run, options are those that the session says it has set.',
    'A rate of one token is left out, and so is the prompt’s where its tokens were not counted: it came from the cache.',
    'A prompt’s rate that is absurd is labelled `prompt_cache` suspected, and a warning says so.',
    'Where one run loaded its model (a second at least, and five times the median of the others; of a lone one: half of the whole), `start` says cold or warm of request latency and load duration.',
  ],
};

type Held = HeldNumber & { unit: string };

/** The number on a line of a run, or null. */
function numberOn(run: VerboseRun, name: VerboseName): (Held & { line: number }) | null {
  const found = run.lines.get(name);
  if (found === undefined) return null;
  const held = name.endsWith('duration') ? goDuration(found.text) : counted(found.text);
  return held === null ? null : { ...held, line: found.line };
}

const COUNTED = /^(\d{1,15}(?:\.\d{1,12})?) (token\(s\)|tokens?|tokens\/s)$/;

function counted(text: string): Held | null {
  const [, literal, what = ''] = COUNTED.exec(text) ?? [];
  const held = literal === undefined ? null : heldNumber(literal);
  return held === null ? null : { ...held, unit: what === 'tokens/s' ? 'tok/s' : 'tokens' };
}

function readRuns(extract: Extract, all: readonly VerboseRun[]): void {
  const runs = all.filter((run) => isRun(run, extract));
  const starts = startsOfRequests(runs.map((run) => ({ load: numberOn(run, 'load duration'), total: numberOn(run, 'total duration') })));
  for (const [index, run] of runs.entries()) {
    extract.records += 1;
    const labels = labelsOf(run, extract);
    const started = startedLabels(labels, starts[index]);
    for (const [name, { metric }] of entriesOf(DURATIONS)) {
      const held = numberOn(run, name);
      const includes = name === 'total duration' || name === 'load duration';
      if (held !== null && held.value > 0) add(extract, metric, held, includes ? started : labels);
    }
    for (const [name, own] of entriesOf(COUNT_NAMES)) {
      const held = numberOn(run, name);
      if (held?.unit === 'tokens') add(extract, own, held, labels);
    }
    readRates(extract, run, labels);
  }
}

function entriesOf<Key extends string, Value>(table: Readonly<Record<Key, Value>>): [Key, Value][] {
  const keys: Key[] = [];
  for (const key in table) keys.push(key);
  return keys.map((key) => [key, table[key]]);
}

/** A single line may be what a model said; a run that only loaded a model has no rate. */
function isRun(run: VerboseRun, extract: Extract): boolean {
  const timed = numberOn(run, 'eval duration') !== null || numberOn(run, 'eval rate') !== null;
  if (timed && run.lines.size > 1) return true;
  const [first] = run.lines.values();
  const where = `line ${first?.line ?? 1}`;
  extract.warnings.add(
    'lines of no run',
    `${where} looks like a line of --verbose and is of no run that generated anything: it was passed over`,
  );
  return false;
}

function labelsOf({ model, options }: VerboseRun, extract: Extract): Labels {
  const labels: Record<string, string> = { engine: 'ollama', tool: 'ollama run --verbose' };
  if (model !== null) addLabel(labels, 'model', model, extract);
  for (const [name, value] of Object.entries(options)) addLabel(labels, canonicalLabel(name), value, extract);
  return labels;
}

function add(extract: Extract, metric: string, { value, text, unit, line }: Held & { line: number }, labels: Labels): void {
  const overThat = metric.endsWith('_count') ? {} : { over };
  extract.add({ metric, statistic: 'value', value, text, unit, n: null, ...overThat, labels, pointer: `line ${line}`, failed: false });
}

function readRates(extract: Extract, run: VerboseRun, labels: Labels): void {
  const count = numberOn(run, 'eval count')?.value ?? null;
  const rate = rateOn(extract, run, 'eval rate');
  const output = rate === null ? null : addOutputRate(extract, { rate: rate.value, tokens: count, labels, pointer: `line ${rate.line}` });
  if (rate !== null) warnWhereOther(extract, rate, count, numberOn(run, 'eval duration'));
  const prompt = rateOn(extract, run, 'prompt eval rate');
  if (prompt === null) return;
  const all = numberOn(run, 'prompt eval count')?.value ?? null;
  if (all === null) {
    warnAboutUncounted(extract, `line ${prompt.line}`);
    return;
  }
  const tokens = all - (numberOn(run, 'prompt eval cached')?.value ?? 0);
  addPromptRate(extract, { rate: prompt.value, tokens, labels, pointer: `line ${prompt.line}` }, output);
  warnWhereOther(extract, prompt, tokens, numberOn(run, 'prompt eval duration'));
}

function rateOn(extract: Extract, run: VerboseRun, name: 'eval rate' | 'prompt eval rate'): (Held & { line: number }) | null {
  const held = numberOn(run, name);
  const found = run.lines.get(name);
  if (found !== undefined && held?.unit !== 'tok/s')
    extract.warnings.add('rates left out', `line ${found.line}: the ${name} is no number of tokens/s; it was not read`);
  return held?.unit === 'tok/s' ? held : null;
}

/** A rate that its own count and duration do not give was not printed by one run, or was changed. */
function warnWhereOther(extract: Extract, rate: Held & { line: number }, tokens: number | null, time: Held | null): void {
  const seconds = time === null ? null : time.value / (SECOND.get(time.unit) ?? 1);
  if (tokens === null || tokens < 2 || seconds === null || seconds <= 0) return;
  const own = tokens / seconds;
  if (Math.abs(own - rate.value) <= 0.01 * own + 0.01) return;
  const made = Number(own.toPrecision(6));
  extract.warnings.add('contradictions', `line ${rate.line}: ${rate.value} tok/s is not what its count and duration give, ${made} tok/s`);
}

const SECOND: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['ms', 1e3],
  ['us', 1e6],
  ['ns', 1e9],
]);
