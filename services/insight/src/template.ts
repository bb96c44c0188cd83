import { refer, referCount, referN, type TemplateSentence, type View } from '@chimera/agent';
import { extremes, fewestSuccesses, firstTokenMedians, spreads, throughputMedians } from '@chimera/evidence';
import { quotedName } from '@chimera/grounding';
import type { Fact } from '@chimera/shared/domain';

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
  return {
    artifacts: view.find('artifact_count'),
    read: view.find('artifact_count', { status: 'read' }),
    numbers: view.find('measurement_count'),
    series: view.find('series_count'),
    failed: view.find('failed_records'),
    failing: view.find('artifacts_with_failed_records'),
    unitless: view.find('series_without_unit'),
    throughput,
    range: extremes(throughput),
    firstTokens: firstTokenMedians(view),
    spread: spreads(view)[0] ?? null,
    constant: view.ofKind('doubt').find((f) => f.statistic === 'constant') ?? null,
  };
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
      ? `The medians of **token throughput** lie between ${refer(k.range.least)} in ${quotedName(k.range.least.scope)} and ${refer(k.range.greatest)} in ${quotedName(k.range.greatest.scope)}; the files may differ in model and settings, so this is no comparison.`
      : 'No two series state token throughput, so there is no range of it to report.',
    k.failed && k.failing && `**Failed records**: ${refer(k.failed)} in ${referCount(k.failing, 'artifact')}; none is counted as fast.`,
  ];
}

function performance(k: Known): (string | null)[] {
  const first = k.throughput[0];
  const latency = k.firstTokens[0];
  return [
    first
      ? `The largest sample of **throughput** is ${place(first)}: its median is ${refer(first)}.`
      : 'No artifact holds two or more values in tokens per second, so throughput cannot be told.',
    latency
      ? `The largest sample of **time to first token** is ${place(latency)}: its median is ${refer(latency)}.`
      : 'No artifact holds two or more times to first token, so it cannot be told how long a user waits.',
    'Medians are shown because averages hide cold starts; failed records are left out.',
    'Which configuration is faster is not decided here: that takes repeats of each setting that agree in everything else.',
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
    k.unitless && `**Units**: ${refer(k.unitless)} series state none; they are shown and never judged.`,
  ].filter((text) => text !== null);
  // The duty asks for findings; where the data holds few, what cannot be told is one.
  return found.length >= 2
    ? found
    : [
        ...found,
        'Whether one setting beats another cannot be told from these facts alone.',
        'No file holds repeats enough to show a difference.',
      ];
}

function recommendations(k: Known): string[] {
  return [
    k.throughput[0]
      ? `Repeat every setting before choosing by **throughput**: single runs cannot show a difference, however far apart they look; the largest sample here has ${referN(k.throughput[0])} values.`
      : 'Record output tokens and their duration for every request, so that **throughput** can be told at all.',
    k.spread
      ? `Keep cold and warm requests apart before comparing **time to first token** or any latency: ${quotedName(k.spread.metric)} in ${quotedName(k.spread.scope)} mixes them, or holds outliers.`
      : 'Record **time to first token** for every request, and mark the first one after a model was loaded.',
    'Measure **quality** beside speed, on the same outputs: a faster setting that answers worse is no gain, and a quantization is chosen by what it costs in quality.',
  ];
}

function risks(k: Known): TemplateSentence[] {
  const rows: (TemplateSentence | null)[] = [
    k.failed && {
      text: `Failed runs stored as zero look like the fastest (failed here: ${referCount(k.failed, 'record')}).`,
      mitigation: 'Write no number for a failed run, and count successes beside every average.',
    },
    {
      text: 'Settings with one run each differ by noise alone.',
      mitigation: 'Repeat each setting, in shuffled order, and judge medians with their intervals.',
    },
    k.unitless && {
      text: `Numbers without a unit are read in the wrong one: ${refer(k.unitless)} series state none.`,
      mitigation: 'Put the unit into the column or key, such as `_ms` or `_s`.',
    },
  ];
  return rows.flatMap((row) => (row === null ? [] : [row]));
}

function conclusion(k: Known): (string | null)[] {
  return [
    k.artifacts && k.series && `The dataset supports statements about ${refer(k.series)} series, each with its source.`,
    'What a change of settings would bring cannot be told until each setting was repeated and its quality measured.',
  ];
}

function texts(says: readonly (string | null)[]): TemplateSentence[] {
  return says.flatMap((text) => (text === null ? [] : [{ text }]));
}
