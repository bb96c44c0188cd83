import { type CanonicalMetric, counted, type Fact, METRICS } from '@chimera/shared/domain';
import { frontOf } from './candidate-front.ts';
import { type Candidate, candidatesOf, WEIGHED } from './candidates.ts';
import { caveatsOf, comparisonClaim, comparisonFacts, comparisonOf, pairsOf, runs, sharedMetrics } from './comparisons.ts';
import { greatestOf, leastOf } from './extent.ts';
import { fact, shown } from './fact.ts';
import { configurationText, RUN_MEDIANS } from './group-facts.ts';
import { middleOf, type SampledGroup } from './groups.ts';
import { CHOSEN_BY } from './headline-metrics.ts';
import { differingLabels, type MeasuredConfiguration, type Study, varyingLabels } from './studies.ts';
import { judge, LEAST_RUNS, leastRuns, NOISE_FLOOR } from './verdict.ts';
import { LOAD_LABELS, workLabels } from './work-labels.ts';

/**
 * What a study says of its configurations: which one to choose and what it costs, how far they lie apart, how each compares
 * with the best in the one label that sets it apart, and how many runs are missing for that. Nothing for a single configuration.
 * @param before the candidates of an earlier study that had nearly the same configurations
 */
export function studyFacts(study: Study, before: readonly Candidate[] = []): { facts: Fact[]; candidates: readonly Candidate[] } {
  const metric = metricOfChoice(study);
  if (metric === null) return { facts: [], candidates: [] };
  const candidates = candidatesOf(study, metric, before);
  const [best] = candidates;
  if (best === undefined || candidates.length < 2) return { facts: [], candidates };
  const chosenFrom = candidates.map(({ configuration }) => configuration);
  const known = new Set(chosenFrom);
  const facts = [
    choiceFact(metric, study, candidates),
    rangeFact(metric, study, candidates),
    ...costFacts(best, study, candidates),
    ...neededFact(metric, study, candidates),
    ...pairsOf(study, [...chosenFrom, ...study.configurations.filter((one) => !known.has(one))]).flatMap(comparisonFacts),
  ];
  return { facts, candidates };
}

/**
 * The first metric that two configurations or more have; where only the load sets them apart, a throughput or none. None either
 * where nothing but files tells them apart and no file says of which model: they may be of several.
 */
function metricOfChoice(study: Study): CanonicalMetric | null {
  const { configurations } = study;
  const names = varyingLabels(study);
  const byLoad = names.length > 0 && names.every((name) => LOAD_LABELS.has(name));
  const labels = configurations[0]?.labels ?? {};
  const unknownModel = names.length === 0 && Object.keys(labels).length > 0 && IDENTITY.every((name) => labels[name] === undefined);
  if (unknownModel || labels.saturated === 'yes') return null;
  return (
    CHOSEN_BY.find(
      (metric) =>
        configurations.filter(({ metrics }) => metrics.has(metric)).length > 1 && !(byLoad && METRICS[metric].direction === 'lower'),
    ) ?? null
  );
}

/** What says of what a file is. */
const IDENTITY = ['model', 'command', 'name', 'test', 'backend'];

function middleName({ group, digest }: SampledGroup): string {
  if (group.statistic !== 'value') return `median of ${group.statistic}`;
  return digest && digest.median === undefined ? RUN_MEDIANS : 'median';
}

function choiceFact(metric: CanonicalMetric, study: Study, candidates: readonly Candidate[]): Fact {
  const [best, second] = candidates;
  if (!best || !second) throw new Error('A choice needs two candidates.');
  const { group } = best.group;
  const { unit } = METRICS[metric];
  const labels = differingLabels(best.configuration, second.configuration);
  const family = familyOf(best, second);
  const label = labels === null || labels.length === 0 ? 'file' : labels.join(', ');
  const about = {
    label,
    of: nameOf(best, labels),
    to: nameOf(second, labels),
    family: family.map((one) => one.metric),
    caveats: caveatsOf(best.configuration, second.configuration, label),
  };
  const judged = judge(family.map((one) => ({ metric: one.metric, of: runs(one.of), to: runs(one.to) }))).find(
    (one) => one.metric === metric,
  );
  const front = frontOf(metric, candidates);
  const others = front - 1;
  const beside =
    others > 0
      ? ` ${counted(others, 'other')} of the ${candidates.length} ${others === 1 ? 'is' : 'are'} not worse in everything that was measured.`
      : '';
  const against = judged ? ` Against the next: ${comparisonClaim(judged, about, unit, {})}` : '';
  return fact({
    kind: 'choice',
    metric,
    statistic: `best by ${middleName(best.group)}`,
    value: best.value,
    unit,
    n: group.samples,
    labels: best.configuration.labels,
    scope: group.scope,
    claim: `Of ${counted(candidates.length, 'configuration')}${workText(study)}, ${ownText(study, best.configuration)} has the best ${METRICS[metric].title}: ${shown({ value: best.value, unit })} (n = ${group.samples}) in ${group.scope}.${beside}${against}`,
    formula: `the ${METRICS[metric].direction === 'lower' ? 'least' : 'greatest'} median of the configurations that did the same work; of equal ones the least time to first token`,
    sources: group.sources,
    ...(best.configuration.derived.length > 0 ? { derivedLabels: [...best.configuration.derived] } : {}),
    ...(judged ? { comparison: comparisonOf(judged, about) } : {}),
  });
}

/** What is judged together of two configurations, as their comparison judges it: the verdict must not depend on who asks. */
function familyOf(best: Candidate, second: Candidate): ReturnType<typeof sharedMetrics> {
  const shared = sharedMetrics(best.configuration, second.configuration);
  const enough = shared.filter(({ of, to }) => Math.min(of.group.n, to.group.n) >= LEAST_RUNS);
  return enough.length > 0 ? enough : shared;
}

function nameOf({ configuration }: Candidate, labels: readonly string[] | null): string {
  if (labels === null || labels.length === 0) return configuration.scope;
  return labels.map((label) => configuration.labels[label] ?? '').join(', ');
}

/** What sets a configuration apart from the others of its study: its labels, or its file. */
function ownText(study: Study, { labels, derived, scope }: MeasuredConfiguration): string {
  const own = Object.fromEntries(varyingLabels(study).map((name) => [name, labels[name] ?? '']));
  return configurationText(own, derived) || scope;
}

/** The labels that tell the configurations of a study apart: a file may hold several studies of the same work. */
function byText({ work, configurations }: Study): string {
  const names = Object.keys(configurations[0]?.labels ?? {}).filter((name) => work[name] === undefined);
  return names.length === 0 ? '' : ` by ${names.sort().join(', ')}`;
}

function workText({ work }: Study): string {
  const text = workLabels(work)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
  return text === '' ? '' : ` of ${text}`;
}

/** Places that a fact about many configurations names. */
const MOST_SOURCES = 20;

function sourcesOf(candidates: readonly Candidate[]): Fact['sources'] {
  // Each has one source at least.
  return candidates
    .slice(0, MOST_SOURCES)
    .flatMap(({ group }) => group.group.sources)
    .slice(0, MOST_SOURCES);
}

function fewestRuns(candidates: readonly Candidate[]): number {
  let fewest = Number.POSITIVE_INFINITY;
  for (const { runs } of candidates) fewest = Math.min(fewest, runs);
  return fewest;
}

/** How far the configurations lie apart: what a change of settings could bring at most, as it was measured. */
function rangeFact(metric: CanonicalMetric, study: Study, candidates: readonly Candidate[]): Fact {
  // They are in order.
  const ends = [candidates[0]?.value ?? Number.NaN, candidates.at(-1)?.value ?? Number.NaN];
  const [least, greatest] = [leastOf(ends), greatestOf(ends)];
  const { unit } = METRICS[metric];
  const apart = (greatest / least - 1) * 100;
  const spread = Number.isFinite(apart) ? apart : null;
  const fewest = fewestRuns(candidates);
  return fact({
    kind: 'choice',
    metric,
    statistic: `range of medians${byText(study)}`,
    value: spread ?? greatest,
    unit: spread === null ? unit : '%',
    n: candidates.length,
    labels: study.work,
    scope: study.scope ?? candidates[0]?.group.group.scope ?? '/',
    claim: `${counted(candidates.length, 'configuration')}${workText(study)}, each run ${counted(fewest, 'time')} at least, lie between ${shown({ value: least, unit })} and ${shown({ value: greatest, unit })} in ${METRICS[metric].title}${spread === null ? '' : `: within ${shown({ value: spread, unit: '%' })}`}.`,
    formula: 'greatest median over least median, less one',
    sources: sourcesOf(candidates),
  });
}

/** What the chosen one costs: by how much another is better in what was weighed beside it. */
function costFacts(best: Candidate, study: Study, candidates: readonly Candidate[]): Fact[] {
  return WEIGHED.flatMap((metric): Fact[] => {
    const own = best.configuration.metrics.get(metric);
    if (own === undefined) return [];
    // A mean that one file states is no measure of the median that another's values have.
    const values: number[] = [];
    const at = WEIGHED.indexOf(metric);
    for (const { configuration, weighed } of candidates) {
      const value = weighed[at] ?? null;
      if (value !== null && configuration.metrics.get(metric)?.group.statistic === own.group.statistic) values.push(value);
    }
    if (values.length < 2) return [];
    const { direction, unit, title } = METRICS[metric];
    const top = direction === 'lower' ? leastOf(values) : greatestOf(values);
    const mine = middleOf(own);
    // Less than what is called a difference is no cost.
    if (!Number.isFinite(mine / top) || Math.abs(mine / top - 1) < NOISE_FLOOR) return [];
    return [
      fact({
        kind: 'choice',
        metric,
        statistic: 'cost of the choice',
        value: mine / top,
        unit: 'times',
        n: own.group.samples,
        labels: best.configuration.labels,
        scope: own.group.scope,
        claim: `The ${title} of ${ownText(study, best.configuration)}${workText(study)} is ${shown({ value: mine, unit })}, ${shown({ value: mine / top, unit: 'times' })} the best of its study (${shown({ value: top, unit })}).`,
        formula: 'its median over the best median of the study',
        sources: own.group.sources,
      }),
    ];
  });
}

/** How many more runs each configuration needs before anything can be told of it; nothing where all have enough. */
function neededFact(metric: CanonicalMetric, study: Study, candidates: readonly Candidate[]): Fact[] {
  const few = candidates.filter((one) => one.runs < LEAST_RUNS);
  const [best, second] = candidates;
  if (few.length === 0 || best === undefined || second === undefined) return [];
  const family = Math.max(1, familyOf(best, second).length);
  const least = leastRuns(family);
  const needed = least - fewestRuns(few);
  const all = few.length === candidates.length;
  return [
    fact({
      kind: 'choice',
      metric,
      statistic: `more runs needed${byText(study)}`,
      value: needed,
      unit: null,
      n: few.length,
      labels: study.work,
      scope: study.scope ?? candidates[0]?.group.group.scope ?? '/',
      claim: `Not enough samples: ${counted(few.length, 'configuration')}${workText(study)} ${few.length === 1 ? 'has' : 'have'} fewer than ${LEAST_RUNS} runs, so no difference ${all ? '' : `from ${few.length === 1 ? 'it' : 'them'} `}can be shown; ${counted(needed, 'more run')} of ${few.length === 1 ? 'it' : 'each of these'} ${needed === 1 ? 'is' : 'are'} needed.`,
      formula: `${least}, the fewest runs a side that can show a difference in a family of ${counted(family, 'metric')}, less the fewest runs of a configuration`,
      sources: sourcesOf(few),
    }),
  ];
}
