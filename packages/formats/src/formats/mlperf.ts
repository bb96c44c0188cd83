import { excerpt } from '../excerpt.ts';
import type { Extract } from '../extract.ts';
import { addNumber, type FieldMeaning, type FieldTable } from '../fields.ts';
import { LiteralNumber } from '../json-value.ts';
import type { Format } from './format.ts';
import { MLPERF_RATES, MLPERF_TIMES, readMlperfSummaries } from './mlperf-summary.ts';

/** Scores of the accuracy scripts with a unit of their own; the others have none that is stated. */
const SCORE_UNITS: Readonly<Record<string, string>> = { tokens_per_sample: 'tokens', gen_tok_len: 'tokens' };

const SCORES: FieldTable = {
  'accuracy=…%': { metric: 'accuracy', statistic: 'value', unit: '%', over: 'runs' },
  'rouge1, rougeL, gen_len, …': { metric: 'own', statistic: 'value', unit: null, over: 'runs', note: 'under its own name' },
};

/** MLPerf: the summary that LoadGen writes of a run, and what the accuracy scripts print. */
export const mlperf: Format = {
  name: 'mlperf',
  tool: 'MLPerf Inference (`mlperf_log_summary.txt`, `accuracy.txt`)',
  signature:
    'text with `MLPerf Results Summary` and `SUT name :`; with a line `{…}` of scores or `accuracy=…%` and one of `hash=`; or with nothing but the counts of warnings and errors',
  detect: (content) => content.shape === 'text' && content.kind === 'text' && kindOf(content.text) !== null,
  read(content, extract) {
    if (content.shape !== 'text') return;
    const kind = kindOf(content.text);
    if (kind === 'summary') readMlperfSummaries(extract, content.text);
    else if (kind === 'scores') readScores(extract, content.text);
    else extract.warnings.add('accuracy mode', 'the summary of an accuracy run has no performance results: nothing was read from it');
  },
  fields: { 'of a run': MLPERF_RATES, 'over its requests': MLPERF_TIMES, 'of accuracy.txt': SCORES },
  labels: { Scenario: 'scenario', Mode: 'mode', target_qps: 'request_rate' },
  notes: [
    '`Result is : INVALID` fails the run: its numbers are kept as failed. Without that line nothing is read.',
    'A sample is one request. `Scheduled samples per second` is what came; a Server run that completed less than 0.9 of its target is labelled `saturated`.',
    'Time to output token is that of each request: time per output token. In Offline all samples come at once, so latency is mostly waiting: the label `scenario` keeps it apart.',
    'How many requests stand behind the statistics is not in the summary, nor are model and machine: they are in the path.',
    'Keys that stand twice are read once; where they differ a warning says so.',
    'Scores of accuracy.txt keep their names and have no unit, save a percentage that is written as one.',
  ],
};

/** Characters of a text that are looked at for what is no summary. */
const SMALL = 20_000;
const HASH = /^hash=[0-9a-f]{40,128}\s*$|\bhash=[0-9a-f]{40,128}\b/m;
const NUMBER = String.raw`(?:np\.(?:float|int)\d\d\()?(-?\d{1,15}(?:\.\d{1,18})?(?:e[+-]?\d{1,3})?)\)?`;
const DICTIONARY = new RegExp(`^\\{(?:'[A-Za-z0-9_@.-]{1,40}': ${NUMBER}(?:, |(?=\\})))+\\}\\s*$`, 'm');
const ACCURACY = /^accuracy=(\d{1,3}(?:\.\d{1,12})?)%/m;

function kindOf(text: string): 'summary' | 'scores' | 'counts' | null {
  if (/^MLPerf Results Summary\s*$/m.test(text) && /^SUT name : /m.test(text)) return 'summary';
  if (text.length > SMALL) return null;
  if (HASH.test(text) && (DICTIONARY.test(text) || ACCURACY.test(text))) return 'scores';
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const counts = /^(?:No|\d{1,9}) (?:warnings?|errors?) encountered(?: during test)?\.|^No performance results/i;
  return lines.some((line) => /errors? encountered during test/i.test(line)) && lines.every((line) => counts.test(line)) ? 'counts' : null;
}

function readScores(extract: Extract, text: string): void {
  const labels = { tool: 'mlperf', mode: 'AccuracyOnly' };
  // Only what stands behind a number says that it is whole.
  const lines = text.split('\n').slice(0, -1);
  extract.records += 1;
  for (const [index, line] of lines.entries()) {
    const [, percent] = ACCURACY.exec(line) ?? [];
    const accuracy: FieldMeaning = { metric: 'accuracy', statistic: 'value', unit: '%', over: 'runs' };
    if (percent !== undefined)
      addNumber(extract, new LiteralNumber(percent), accuracy, { labels, pointer: `line ${index + 1} column accuracy` });
    if (!DICTIONARY.test(line)) continue;
    for (const [, name = '', literal = ''] of line.matchAll(new RegExp(`'([^']{1,40})': ${NUMBER}`, 'g'))) {
      const unit = Object.hasOwn(SCORE_UNITS, name) ? (SCORE_UNITS[name] ?? null) : null;
      const own: FieldMeaning = { metric: 'own', statistic: 'value', unit, over: 'runs' };
      addNumber(extract, new LiteralNumber(literal), own, { labels, pointer: `line ${index + 1} column ${excerpt(name, 40)}` }, name);
    }
  }
}
