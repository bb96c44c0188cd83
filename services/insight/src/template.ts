import { refer, referCount, referN, type TemplateSentence, type View } from '@chimera/agent';
import { extremes, fewestSuccesses, firstTokenMedians, spreads, throughputMedians } from '@chimera/evidence';
import { quotedName } from '@chimera/grounding';
import { type Fact, isPooled } from '@chimera/shared/domain';

/** What always holds, for a dataset that shows too few risks of its own. */
const GENERAL_RISKS: readonly TemplateSentence[] = [
  {
    text: 'The machine that was measured is not the one that serves.',
    mitigation: 'Record GPU, driver and engine version beside every result.',
  },
  { text: 'A result is read without what it was measured with.', mitigation: 'Keep model, settings and versions in the file itself.' },
];

/** The template narrator's words for insight; every number is a reference, and nothing is compared that no fact compares. */
export function insightTemplate(view: View): Record<string, TemplateSentence[]> {
  const known = what(view);
  return {
    summary: texts(summary(known)),
    performance: texts(performance(known)),
    findings: texts(findings(view, known)),
    recommendations: texts(recommendations(known)),
    risks: risks(known),
    conclusion: texts(conclusion(known)),
  };
}

type Known = ReturnType<typeof what>;

function what(view: View) {
  const throughput = throughputMedians(view);
  const quality = view.find('telemetry_series', { telemetry: 'quality' });
  return {
    artifacts: view.find('artifact_count'),
    read: view.find('artifact_count', { status: 'read' }),
    numbers: view.find('measurement_count'),
    series: view.find('series_count'),
    failed: view.find('failed_records'),
    failing: view.find('artifacts_with_failed_records'),
    unitless: view.find('series_without_unit'),
    throughput: throughput.filter((f) => !isPooled(f)),
    single: throughput.find((f) => isPooled(f) && ranOnce(f, throughput)) ?? null,
    quality: quality !== null && quality.value !== 0 ? quality : null,
    range: extremes(throughput),
    firstTokens: firstTokenMedians(view).filter((f) => !isPooled(f)),
    spread: spreads(view)[0] ?? null,
    constant: view.ofKind('doubt').find((f) => f.statistic === 'constant') ?? null,
  };
}

/** True where some of the configurations that a pooled series holds have a single value. */
function ranOnce(pooled: Fact, all: readonly Fact[]): boolean {
  const repeated = all
    .filter((f) => !isPooled(f) && f.scope === pooled.scope && f.metric === pooled.metric)
    .reduce((n, f) => n + (f.n ?? 0), 0);
  return repeated < (pooled.n ?? 0);
}

/** `ttft_s` in `reports/a.csv` (model gemma3). */
function place(fact: Fact): string {
  const labels = Object.entries(fact.labels).map(([key, value]) => `${key} ${quotedName(value)}`);
  return `${quotedName(fact.metric)} in ${quotedName(fact.scope)}${labels.length === 0 ? '' : ` (${labels.join(', ')})`}`;
}

function summary(k: Known): (string | null)[] {
  return [
    k.artifacts &&
      k.read &&
      k.numbers &&
      k.series &&
      `Of ${referCount(k.artifacts, 'artifact')}, ${refer(k.read)} could be read; ${referCount(k.numbers, 'number')} form ${refer(k.series)} series.`,
    k.range
      ? `The medians of **token throughput** lie between ${refer(k.range.least)} in ${quotedName(k.range.least.scope)} and ${refer(k.range.greatest)} in ${quotedName(k.range.greatest.scope)}; models and settings may differ, so this is no comparison.`
      : 'No two series state token throughput, so there is no range of it to report.',
    k.failed && k.failing && `**Failed records**: ${refer(k.failed)} in ${referCount(k.failing, 'artifact')}; none is counted as fast.`,
  ];
}

function performance(k: Known): (string | null)[] {
  const [first] = k.throughput;
  const [latency] = k.firstTokens;
  return [
    first
      ? `The largest sample of **throughput** in one configuration is ${place(first)}: its median is ${refer(first)}.`
      : 'No configuration holds two or more values in tokens per second, so its throughput cannot be told.',
    latency
      ? `The largest sample of **time to first token** in one configuration is ${place(latency)}: its median is ${refer(latency)}.`
      : 'No configuration holds two or more times to first token, so it cannot be told how long a user waits.',
    k.single && `In ${quotedName(k.single.scope)} some configurations ran once; a median over all of them is that of none.`,
    'Which configuration is faster is not decided in this report.',
  ];
}

function findings(view: View, k: Known): (string | null)[] {
  const few = fewestSuccesses(view);
  const found = [
    k.spread && `**Cold starts or outliers**: ${place(k.spread)} reaches ${refer(k.spread)} its median over ${referN(k.spread)} values.`,
    few &&
      `**Few successes**: ${refer(few.succeeded)} of ${refer(few.records)} records in ${quotedName(few.succeeded.scope)} succeeded, and its averages rest on no more than these.`,
    k.constant &&
      `**Constant values**: all ${referN(k.constant)} values of ${place(k.constant)} are exactly ${refer(k.constant)}; it cannot be told what was measured.`,
    k.unitless && `**Units**: ${refer(k.unitless)} series state none; they are kept in the evidence and never judged.`,
  ].filter((text) => text !== null);
  // The duty asks for findings; where the data holds few, what cannot be told is one.
  return found.length >= 2
    ? found
    : [
        ...found,
        'Whether one setting beats another is not told by these facts.',
        'Every number that was read is in the evidence, with its source.',
      ];
}

function recommendations(k: Known): string[] {
  return [
    throughputAdvice(k),
    k.spread
      ? `Keep cold and warm requests apart before comparing **time to first token** or any latency: ${quotedName(k.spread.metric)} in ${quotedName(k.spread.scope)} mixes them, or holds outliers.`
      : 'Record **time to first token** for every request, and mark the first one after a model was loaded.',
    k.quality
      ? `Weigh **quality** against speed for each configuration: ${referCount(k.quality, 'series', 'series')} here record it, and a faster setting that answers worse is no gain.`
      : 'Measure **quality** beside speed, on the same outputs: a faster setting that answers worse is no gain, and a quantization is chosen by what it costs in quality.',
  ];
}

function throughputAdvice(k: Known): string {
  if (k.single)
    return `Repeat the settings in ${quotedName(k.single.scope)} that ran once before choosing one by **throughput**: a single run cannot show a difference, however far apart two lie.`;
  const [first] = k.throughput;
  if (first)
    return `Compare **throughput** only between configurations that differ in one setting; each value here stands with its repeats, up to ${referN(first)} of one configuration.`;
  return 'Record output tokens and their duration for every request, so that **throughput** can be told at all.';
}

function risks(k: Known): TemplateSentence[] {
  const rows: (TemplateSentence | null)[] = [
    k.failed && {
      text: `Failed runs stored as zero look like the fastest (failed here: ${referCount(k.failed, 'record')}).`,
      mitigation: 'Write no number for a failed run, and count successes beside every average.',
    },
    k.single && {
      text: 'Settings with one run each differ by noise alone.',
      mitigation: 'Repeat each setting, in shuffled order, and judge medians with their intervals.',
    },
    k.unitless && {
      text: `Numbers without a unit are read in the wrong one: ${refer(k.unitless)} series state none.`,
      mitigation: 'Put the unit into the column or key, such as `_ms` or `_s`.',
    },
    k.quality === null
      ? { text: 'Speed is tuned at the cost of quality, unseen.', mitigation: 'Record a quality metric for every configuration.' }
      : null,
  ];
  const found = rows.flatMap((row) => (row === null ? [] : [row]));
  return found.length >= 2 ? found : [...found, ...GENERAL_RISKS].slice(0, 2);
}

function conclusion(k: Known): (string | null)[] {
  return [
    k.artifacts && k.series && `The dataset supports statements about ${refer(k.series)} series, each with its source.`,
    k.quality
      ? 'What a change of settings would bring is not told here: no configurations are compared yet.'
      : 'What a change of settings would bring cannot be told while no quality is measured.',
  ];
}

function texts(says: readonly (string | null)[]): TemplateSentence[] {
  return says.flatMap((text) => (text === null ? [] : [{ text }]));
}
