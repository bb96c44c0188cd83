import {
  type Choice,
  changed,
  choices,
  chosenLabels,
  coldStarts,
  fewestSuccesses,
  firstTokenMedians,
  isByLoad,
  isInOneFile,
  presentChanges,
  spreads,
  statedMiddles,
  throughputMedians,
  workLabels,
} from '@chimera/evidence';
import { quotedName } from '@chimera/grounding';
import type { Fact } from '@chimera/shared/domain';
import type { TemplateSentence } from '../../definition.ts';
import { refer, referBare, referCount, referN } from '../../refer.ts';
import type { View } from '../../view.ts';
import { campaignIn } from './campaign.ts';
import { campaignTemplate } from './campaign-template.ts';

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
  const campaign = campaignIn(view);
  if (campaign !== null) return campaignTemplate(campaign, view);
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
  const quality = view.find('telemetry_series', { telemetry: 'quality' });
  const found = choices(view);
  return {
    artifacts: view.find('artifact_count'),
    read: view.find('artifact_count', { status: 'read' }),
    numbers: view.find('measurement_count'),
    series: view.find('series_count'),
    failed: view.find('failed_records'),
    failing: view.find('artifacts_with_failed_records'),
    unitless: view.find('series_without_unit'),
    choices: found,
    shown: found.find(({ comparisons }) => comparisons.some(({ comparison }) => comparison?.verdict === 'better')) ?? null,
    few: found.find(({ needed }) => needed !== null) ?? null,
    byLoad: new Set(found.filter((choice) => isByLoad(choice, view)).map(({ best }) => best.id)),
    named: new Map(found.map((choice) => [choice.best.id, configuration(choice, view)])),
    inOneFile: new Set(found.filter((choice) => isInOneFile(choice, view)).map(({ best }) => best.id)),
    throughput: throughputMedians(view),
    statedThroughput: statedMiddles(view, 'output_token_throughput')[0] ?? null,
    statedFirstToken: statedMiddles(view, 'time_to_first_token')[0] ?? null,
    quality: quality !== null && quality.value !== 0 ? quality : null,
    firstTokens: firstTokenMedians(view),
    cold: coldStarts(view)[0] ?? null,
    spread: spreads(view)[0] ?? null,
    constant: view.ofKind('doubt').find((f) => f.statistic === 'constant') ?? null,
    worse: changed(view, 'worse'),
    better: changed(view, 'better'),
    past: presentChanges(view).find(({ fact }) => fact.unit === 'times') ?? null,
  };
}

/** Labels that a sentence names; the fact has all. */
const MOST_LABELS = 6;

/** The name of a label in a sentence: a file's own may be anything, and is quoted unless it is one plain word. */
function labelName(name: string): string {
  return /^[a-z][a-z0-9_]{0,40}$/i.test(name) ? name : quotedName(name);
}

/** `ttft_s` in `reports/a.csv` (model gemma3). */
function place(fact: Fact): string {
  const all = Object.entries(fact.labels).map(([key, value]) => `${labelName(key)} ${quotedName(value)}`);
  const labels = all.length > MOST_LABELS ? [...all.slice(0, MOST_LABELS), 'and others'] : all;
  return `${quotedName(fact.metric)} in ${quotedName(fact.scope)}${labels.length === 0 ? '' : ` (${labels.join(', ')})`}`;
}

/** What sets a choice apart, and the work that was done: `num_gpu 80` for `model gemma3`; its file where no label does. */
function configuration(choice: Choice, view: View): string {
  const named = (some: readonly (readonly [string, string])[]) =>
    some.map(([name, value]) => `${labelName(name)} ${quotedName(value)}`).join(', ');
  const own = chosenLabels(choice, view);
  const work = workLabels(choice.range?.labels ?? {});
  return `${own.length === 0 ? quotedName(choice.best.scope) : named(own)}${work.length === 0 ? '' : ` for ${named(work)}`}`;
}

/** `reports/a.csv`. */
function placeOnly({ scope }: Fact): string {
  return quotedName(scope);
}

/** `quantization` `q4_0`, `num_gpu` `80`. */
function labels(fact: Fact): string {
  const named = Object.entries(fact.labels).map(([key, value]) => `${labelName(key)} ${quotedName(value)}`);
  return named.length === 0 ? quotedName(fact.scope) : named.join(', ');
}

function summary(k: Known): (string | null)[] {
  const [first] = k.choices;
  return [
    k.artifacts &&
      k.read &&
      k.numbers &&
      k.series &&
      `Of ${referCount(k.artifacts, 'artifact')}, ${refer(k.read)} could be read; ${referCount(k.numbers, 'number')} form ${refer(k.series)} series.`,
    k.shown
      ? `The best **${words(k.shown.best)}** of those that did the same work belongs to ${nameOf(k, k.shown)}: ${refer(k.shown.best)}; that it is better than others is shown, not only observed.`
      : first
        ? `The best **${words(first.best)}** of those that did the same work belongs to ${nameOf(k, first)}: ${refer(first.best)}; that it is better than the next is not shown.`
        : 'No two configurations did the same work and were measured alike, so none can be chosen over another.',
    k.worse[0] ? `**Worse than before**: ${words(k.worse[0])} of ${labels(k.worse[0])} is ${refer(k.worse[0])} what it was.` : null,
    k.failed && k.failing && `**Failed records**: ${refer(k.failed)} in ${referCount(k.failing, 'artifact')}; none is counted as fast.`,
  ];
}

function nameOf(k: Known, { best }: Choice): string {
  return k.named.get(best.id) ?? labels(best);
}

/** Where a study lies: its file or, where it spans several, the work that was done. */
function placeOfStudy(k: Known, { best, range }: Choice): string {
  const work = workLabels(range?.labels ?? {}).map(([name, value]) => `${labelName(name)} ${quotedName(value)}`);
  if (k.inOneFile.has(best.id)) return `In ${quotedName(best.scope)}`;
  return work.length === 0 ? 'Over several files' : `For ${work.join(', ')}`;
}

/** How a metric is called in a sentence. */
function words(fact: Fact): string {
  return fact.metric.replaceAll('_', ' ');
}

function performance(k: Known): (string | null)[] {
  const [first] = k.throughput;
  const [latency] = k.firstTokens;
  return [
    first
      ? `The largest sample of **throughput** in one configuration is ${place(first)}: its median is ${refer(first)}.`
      : k.statedThroughput
        ? `**Throughput** stands once for each configuration, or as its files sum it up: ${refer(k.statedThroughput)} in ${placeOnly(k.statedThroughput)}.`
        : 'No file holds output token throughput, so it cannot be told.',
    latency
      ? `The largest sample of **time to first token** in one configuration is ${place(latency)}: its median is ${refer(latency)}.`
      : k.statedFirstToken
        ? `**Time to first token** stands as its files sum it up, without the values behind it: ${k.statedFirstToken.statistic === 'value' ? '' : `${k.statedFirstToken.statistic} `}${refer(k.statedFirstToken)} in ${placeOnly(k.statedFirstToken)}.`
        : 'No file holds a time to first token, so it cannot be told how long a user waits.',
    k.cold &&
      `**Cold starts** are kept apart: ${refer(k.cold.cold)} to the first token in ${quotedName(k.cold.cold.scope)}, and ${refer(k.cold.warm)} once the model is loaded.`,
    k.few?.range && k.few.needed
      ? `${placeOfStudy(k, k.few)}, ${referN(k.few.range)} configurations differ by up to ${referBare(k.few.range)} in ${words(k.few.best)}; ${referBare(k.few.needed)} more runs of ${k.few.needed.n === k.few.range.n ? 'each' : 'those that ran least'} are needed to show every difference.`
      : null,
  ];
}

function findings(view: View, k: Known): (string | null)[] {
  const few = fewestSuccesses(view);
  const beaten = k.shown?.comparisons.find(({ comparison, unit }) => comparison?.verdict === 'better' && unit === 'times');
  const [first] = k.choices;
  const told = k.shown ?? first;
  const [cost] = told?.costs ?? [];
  const found = [
    beaten?.comparison &&
      k.shown &&
      `**${capital(words(beaten))}**: ${labelName(beaten.comparison.label)} ${quotedName(beaten.comparison.of)} reaches ${refer(beaten)} that of ${quotedName(beaten.comparison.to)}${k.inOneFile.has(k.shown.best.id) ? ` in ${quotedName(k.shown.best.scope)}` : ''}.`,
    told && cost && `**What it costs**: ${nameOf(k, told)} has ${refer(cost)} the best ${words(cost)} of its study.`,
    beaten === undefined &&
      told?.range?.unit === '%' &&
      `**${capital(words(told.best))}**: ${referN(told.range)} configurations differ by up to ${referBare(told.range)}, and none is shown to be better than another.`,
    k.better[0] && `**Better than before**: ${words(k.better[0])} of ${labels(k.better[0])} is ${refer(k.better[0])} what it was.`,
    k.past &&
      `**${k.past.change.verdict === 'worse' ? 'Worse' : 'Better'} than its earlier level**: ${words(k.past.fact)} of ${labels(k.past.fact)} is ${refer(k.past.fact)} what it was in earlier inventories.`,
    k.cold === null &&
      k.spread &&
      `**Cold starts or outliers**: ${place(k.spread)} reaches ${refer(k.spread)} its median over ${referN(k.spread)} values.`,
    few &&
      `**Few successes**: ${refer(few.succeeded)} of ${refer(few.records)} records in ${quotedName(few.succeeded.scope)} succeeded, and its averages rest on no more than these.`,
    k.constant &&
      `**Constant values**: all ${referN(k.constant)} values of ${place(k.constant)} are exactly ${refer(k.constant)}; it cannot be told what was measured.`,
    k.unitless && `**Units**: ${refer(k.unitless)} series state none; they are kept in the evidence and never judged.`,
  ].filter((text) => typeof text === 'string');
  // The duty asks for findings; where the data holds few, what cannot be told is one.
  return found.length >= 2
    ? found
    : [
        ...found,
        ...(k.choices.length === 0 ? ['Whether one setting beats another is not told by these facts.'] : []),
        'Every number that was read is in the evidence, with its source.',
      ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function recommendations(k: Known): string[] {
  return [
    throughputAdvice(k),
    k.cold || k.spread
      ? `Keep cold and warm requests apart before comparing **time to first token** or any latency: ${quotedName((k.cold?.cold ?? k.spread)?.scope ?? '')} holds both, or outliers.`
      : `${k.statedFirstToken || k.firstTokens.length > 0 ? 'Keep' : 'Record'} **time to first token** for every request, not only its average, and mark the first one after a model was loaded.`,
    k.quality
      ? `Weigh **quality** against speed for each configuration: ${referCount(k.quality, 'series', 'series')} here record it, and a faster setting that answers worse is no gain.`
      : 'Measure **quality** beside speed, on the same outputs: a faster setting that answers worse is no gain, and a quantization is chosen by what it costs in quality.',
  ];
}

function throughputAdvice(k: Known): string {
  if (k.shown) {
    const [cost] = k.shown.costs;
    const price = cost ? `, at ${refer(cost)} the best ${words(cost)}` : '';
    if (k.byLoad.has(k.shown.best.id))
      return `Choose the load by the wait that users accept: ${nameOf(k, k.shown)} reaches the highest **${words(k.shown.best)}**, ${refer(k.shown.best)}${price}.`;
    return `Choose ${nameOf(k, k.shown)} for **${words(k.shown.best)}**: ${refer(k.shown.best)}${price}.`;
  }
  if (k.few?.needed)
    return `Repeat the settings ${k.inOneFile.has(k.few.best.id) ? `in ${quotedName(k.few.best.scope)}` : `that ran beside ${quotedName(k.few.best.scope)}`}, ${referBare(k.few.needed)} more of each at least, before choosing one by **throughput**: so few runs cannot show a difference, however far apart two lie.`;
  const [first] = k.throughput;
  if (first)
    return `Measure a second configuration that differs in one setting from ${place(first)}, with as many repeats: **throughput** of one alone cannot be weighed.`;
  return 'Record output tokens and their duration for every request, so that **throughput** can be told at all.';
}

function risks(k: Known): TemplateSentence[] {
  const rows: (TemplateSentence | null)[] = [
    k.failed && {
      text: `Failed runs stored as zero look like the fastest (failed here: ${referCount(k.failed, 'record')}).`,
      mitigation: 'Write no number for a failed run, and count successes beside every average.',
    },
    k.few && {
      text: 'Settings with too few runs differ by noise alone.',
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
    k.shown
      ? k.quality
        ? 'Differences that are called better or worse are shown by repeated runs; all others are not.'
        : 'Differences that are called better are shown by repeated runs; what they cost in quality cannot be told.'
      : 'What a change of settings would bring cannot be told from these runs.',
  ];
}

function texts(says: readonly (string | null)[]): TemplateSentence[] {
  return says.flatMap((text) => (text === null ? [] : [{ text }]));
}
