import { type CanonicalMetric, counted, type Fact, METRICS } from '@chimera/shared/domain';
import { type Candidate, WEIGHED } from './candidates.ts';
import { caveatsOf, comparisonClaim, comparisonFacts, comparisonOf, MOST_RANKED, pairsOf, runs, sharedMetrics } from './comparisons.ts';
import { greatestOf, leastOf } from './extent.ts';
import { fact, shown } from './fact.ts';
import { configurationText, RUN_MEDIANS } from './group-facts.ts';
import { middleOf, type SampledGroup } from './groups.ts';
import { CHOSEN_BY } from './headline-metrics.ts';
import type { Ranking } from './ranking.ts';
import { differingLabels, type MeasuredConfiguration, type Study, varyingLabels } from './studies.ts';
import { judge, LEAST_RUNS, leastRuns, NOISE_FLOOR } from './verdict.ts';
import { LOAD_LABELS, workLabels } from './work-labels.ts';

/**
 * What a study says of its configurations: which one to choose and what it costs, how far they lie apart, how each compares
 * with the best in the one label that sets it apart, and how many runs are missing for that. Nothing for a single configuration.
 * @param ranking of the study, by its `metricOfChoice`
 */
export function studyFacts(study: Study, ranking: Ranking): Fact[] {
  const [best, second] = ranking.best(2);
  if (best === undefined || second === undefined) return [];
  return [
    choiceFact(best, second, study, ranking),
    rangeFact(study, ranking),
    ...costFacts(best, study, ranking),
    ...neededFact(best, second, study, ranking),
    ...pairsOf(study, lookedAt(study, ranking)).flatMap(comparisonFacts),
  ];
}

/** The configurations that are compared: the best ones, then those that lack what is chosen by. */
function lookedAt(study: Study, ranking: Ranking): MeasuredConfiguration[] {
  const best = ranking.best(MOST_RANKED).map(({ configuration }) => configuration);
  if (best.length === MOST_RANKED) return best;
  const known = new Set(best);
  return [...best, ...study.configurations.filter((one) => !known.has(one))];
}

/**
 * The first metric that two configurations or more have; where only the load sets them apart, a throughput or none. None either
 * where nothing but files tells them apart and no file says of which model: they may be of several.
 */
export function metricOfChoice(study: Study): CanonicalMetric | null {
  const { configurations } = study;
  const names = varyingLabels(study);
  const byLoad = names.length > 0 && names.every((name) => LOAD_LABELS.has(name));
  const labels = configurations[0]?.labels ?? {};
  const unknownModel = names.length === 0 && Object.keys(labels).length > 0 && IDENTITY.every((name) => labels[name] === undefined);
  if (unknownModel || labels.saturated !== undefined) return null;
  return CHOSEN_BY.find((metric) => haveTwo(configurations, metric) && !(byLoad && METRICS[metric].direction === 'lower')) ?? null;
}

function haveTwo(configurations: readonly MeasuredConfiguration[], metric: CanonicalMetric): boolean {
  const first = configurations.findIndex(({ metrics }) => metrics.has(metric));
  return first >= 0 && configurations.findLastIndex(({ metrics }) => metrics.has(metric)) > first;
}

/** What says of what a file is. */
const IDENTITY = ['model', 'command', 'name', 'test', 'backend'];

function middleName({ group, digest }: SampledGroup): string {
  if (group.statistic !== 'value') return `median of ${group.statistic}`;
  return digest && digest.median === undefined ? RUN_MEDIANS : 'median';
}

function choiceFact(best: Candidate, second: Candidate, study: Study, { metric, size, front }: Ranking): Fact {
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
  const others = front - 1;
  const beside =
    others > 0
      ? ` ${counted(others, 'other')} of the ${size} ${others === 1 ? 'is' : 'are'} not worse in everything that was measured.`
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
    claim: `Of ${counted(size, 'configuration')}${workText(study)}, ${ownText(study, best.configuration)} has the best ${METRICS[metric].title}: ${shown({ value: best.value, unit })} (n = ${group.samples}) in ${group.scope}.${beside}${against}`,
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

/** Each candidate has one source at least. */
function sourcesOf(candidates: readonly Candidate[]): Fact['sources'] {
  return candidates.flatMap(({ group }) => group.group.sources).slice(0, MOST_SOURCES);
}

function scopeOf({ scope }: Study, best: Candidate | undefined): string {
  return scope ?? best?.group.group.scope ?? '/';
}

/** How far the configurations lie apart: what a change of settings could bring at most, as it was measured. */
function rangeFact(study: Study, ranking: Ranking): Fact {
  const { metric, size, fewestRuns } = ranking;
  const candidates = ranking.best(MOST_SOURCES);
  const ends = [candidates[0]?.value ?? Number.NaN, ranking.worst?.value ?? Number.NaN];
  const [least, greatest] = [leastOf(ends), greatestOf(ends)];
  const { unit } = METRICS[metric];
  const apart = (greatest / least - 1) * 100;
  const spread = Number.isFinite(apart) ? apart : null;
  return fact({
    kind: 'choice',
    metric,
    statistic: `range of medians${byText(study)}`,
    value: spread ?? greatest,
    unit: spread === null ? unit : '%',
    n: size,
    labels: study.work,
    scope: scopeOf(study, candidates[0]),
    claim: `${counted(size, 'configuration')}${workText(study)}, each run ${counted(fewestRuns, 'time')} at least, lie between ${shown({ value: least, unit })} and ${shown({ value: greatest, unit })} in ${METRICS[metric].title}${spread === null ? '' : `: within ${shown({ value: spread, unit: '%' })}`}.`,
    formula: 'greatest median over least median, less one',
    sources: sourcesOf(candidates),
  });
}

/** What the chosen one costs: by how much another is better in what was weighed beside it. */
function costFacts(best: Candidate, study: Study, ranking: Ranking): Fact[] {
  return WEIGHED.flatMap((metric, at): Fact[] => {
    const own = best.configuration.metrics.get(metric);
    if (own === undefined) return [];
    // A mean that one file states is no measure of the median that another's values have.
    const { n, least, greatest } = ranking.weighed(at, own.group.statistic);
    if (n < 2) return [];
    const { direction, unit, title } = METRICS[metric];
    const top = direction === 'lower' ? least : greatest;
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
function neededFact(best: Candidate, second: Candidate, study: Study, ranking: Ranking): Fact[] {
  const { n, best: few } = ranking.few(MOST_SOURCES);
  if (n === 0) return [];
  const family = Math.max(1, familyOf(best, second).length);
  const least = leastRuns(family);
  const needed = least - ranking.fewestRuns;
  const all = n === ranking.size;
  return [
    fact({
      kind: 'choice',
      metric: ranking.metric,
      statistic: `more runs needed${byText(study)}`,
      value: needed,
      unit: null,
      n,
      labels: study.work,
      scope: scopeOf(study, best),
      claim: `Not enough samples: ${counted(n, 'configuration')}${workText(study)} ${n === 1 ? 'has' : 'have'} fewer than ${LEAST_RUNS} runs, so no difference ${all ? '' : `from ${n === 1 ? 'it' : 'them'} `}can be shown; ${counted(needed, 'more run')} of ${n === 1 ? 'it' : 'each of these'} ${needed === 1 ? 'is' : 'are'} needed.`,
      formula: `${least}, the fewest runs a side that can show a difference in a family of ${counted(family, 'metric')}, less the fewest runs of a configuration`,
      sources: sourcesOf(few),
    }),
  ];
}
